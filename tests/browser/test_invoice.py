"""What costs something, through a real browser: a code, an invoice, the organizer's word, tickets; and every state to look at."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, Page

from foyer.domains.events import create_discount, create_tax_rate
from foyer.domains.events.types import DiscountDraft, EventStaff, TaxRateDraft, TicketTypeDraft
from foyer.infra.db.engine import Database
from tests.browser.test_journey import DESKTOP, PHONE, look_at, scan
from tests.support.serving import Served
from tests.support.world import Organization, make_event, make_organization


@dataclass
class Till:
    """A shop that sells by invoice and on request, with the office behind it."""

    shop: Organization
    event: EventStaff
    http: httpx.AsyncClient

    async def _ask(self, path: str, body: object, token: str | None = None) -> dict[str, Any]:
        headers = self.shop.staff if token is None else {"Authorization": f"Bearer {token}"}
        answer = await self.http.post(f"/api/v1{path}", json=body, headers=headers)
        assert answer.is_success, answer.text
        return answer.json()

    async def cart(self, *counts: int) -> dict[str, Any]:
        kinds = [kind.id for kind in self.event.ticket_types]
        items = [
            {"ticketTypeId": str(kind), "quantity": count}
            for kind, count in zip(kinds, counts, strict=False) if count
        ]  # fmt: skip
        body = {"eventId": str(self.event.id), "items": items}
        return (await self.http.post(f"/api/v1/shops/{self.shop.slug}/carts", json=body)).json()

    async def order(self, *counts: int) -> dict[str, Any]:
        cart = await self.cart(*counts)
        body = {"customer": {"email": "mira@lund.example", "firstName": "Mira"}, "paymentMethod": "manual"}
        return await self._ask(f"/shops/{self.shop.slug}/carts/{cart['id']}/checkout", body, cart["token"])

    async def pay(self, order_id: str) -> None:
        await self._ask(f"/orders/{order_id}/payment", None)

    async def refund(self, order: dict[str, Any], quantity: int) -> None:
        item = {"orderItemId": order["items"][0]["id"], "quantity": quantity}
        await self._ask(f"/orders/{order['id']}/refunds", {"items": [item]})

    async def refuse(self, order: dict[str, Any]) -> None:
        body = {"decision": "refuse", "reason": "The tour is full."}
        await self._ask(f"/orders/{order['id']}/approval", body)

    def link(self, order: dict[str, Any]) -> str:
        return f"{self.http.base_url}/{self.shop.slug}/orders/{order['id']}?key={order['token']}"


@pytest.fixture
async def till(database: Database, served: Served) -> AsyncIterator[Till]:
    shop = await make_organization(
        database, name="Nordlicht Festival", service_fee_bps=500, service_fee_fixed=50
    )
    async with database.write(shop.id) as tx:
        vat = await create_tax_rate(
            tx, TaxRateDraft(name="VAT", rate_percentage=19, inclusive=True), actor=shop.owner
        )
        await create_discount(tx, DiscountDraft(code="EARLY10", percentage=10), actor=shop.owner)
    event = await make_event(
        database, shop, TicketTypeDraft(name="Seat", quantity=50, price=18_900, tax_rate_id=vat.id),
        TicketTypeDraft(name="Tour", quantity=50, price=3_000, requires_approval=True, sort_order=1),
        title="Lantern Night",
    )  # fmt: skip
    async with httpx.AsyncClient(base_url=served.base_url, trust_env=False) as http:
        yield Till(shop, event, http)


async def buy(page: Page, served: Served, till: Till, *, has_script: bool) -> None:
    """Two seats by invoice; a wrong code first, and nothing that was typed is lost on the way."""
    await page.goto(f"{served.base_url}/{till.shop.slug}/events/{till.event.slug}")
    if has_script:
        for _ in range(2):
            await page.get_by_role("button", name="One more of Seat").click()
    else:
        await page.get_by_label("How many of Seat").fill("2")
    await page.locator("button[data-reserve]:visible").first.click()
    await page.wait_for_url("**/carts/*")
    await page.get_by_label("First name").first.fill("Mira")
    await page.get_by_label("Email", exact=True).fill("mira@lund.example")
    code = page.get_by_label("Discount code")
    await code.fill("NEVER")
    await code.press("Enter")
    await page.wait_for_selector("#discountCode-error")
    assert "There is no such code." in await page.locator("#discountCode-error").inner_text()
    assert await code.input_value() == "NEVER"
    if has_script:
        assert await page.evaluate("document.activeElement.id") == "discountCode"
    await code.fill("early10")
    await page.get_by_role("button", name="Apply").click()
    await page.wait_for_selector(".code-on")
    assert "You save €37.80" in await page.locator(".code-on").inner_text()
    assert await page.get_by_label("First name").first.input_value() == "Mira"
    assert await page.get_by_label("Email", exact=True).input_value() == "mira@lund.example"
    await page.get_by_role("button", name="Place order — €358.22 by invoice").click()
    await page.wait_for_url("**/orders/*")


@pytest.mark.parametrize(
    ("size", "has_script"), [(PHONE, True), (DESKTOP, False)], ids=["phone, script", "desktop, no script"]
)
async def test_tickets_bought_by_invoice_come_once_the_money_is_there(
    browser: Browser, served: Served, till: Till, size, has_script
):
    context = await browser.new_context(viewport=size, java_script_enabled=has_script)
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: complaints.append(message.text) if "Content Security" in message.text else None,
    )

    await buy(page, served, till, has_script=has_script)

    assert "Almost there" in await page.locator("h1").inner_text()
    assert "€358.22" in await page.locator(".ticket").inner_text()
    assert await page.locator(".qr[role=img]").count() == 0
    order_id = page.url.partition("?")[0].rpartition("/")[2]
    await till.pay(order_id)
    await page.reload()
    assert "You’re in." in await page.locator("h1").inner_text()
    body = {"eventId": str(till.event.id), "qr": await scan(page)}
    admitted = await till.http.post("/api/v1/check-ins", json=body, headers=till.shop.door)
    assert (admitted.json()["result"], admitted.json()["ticket"]["holder"]) == ("admitted", "Mira")
    assert complaints == []
    await context.close()


async def test_order_that_waits_is_given_up_with_the_keyboard(browser: Browser, till: Till):
    order = await till.order(2)
    context = await browser.new_context(viewport=PHONE)
    page = await context.new_page()
    await page.goto(till.link(order))

    await page.locator("#give-up summary").focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")

    await page.get_by_text("You cancelled it").wait_for()
    await page.get_by_role("link", name="Back to the event").click()
    await page.wait_for_url(f"**/events/{till.event.slug}")
    await context.close()


async def look(page: Page, name: str, pictures: Path) -> dict[str, list[str]]:
    """On a phone and on a desk; only what is wrong is told."""
    found = {}
    for size in (PHONE, DESKTOP):
        await page.set_viewport_size(size)
        found |= await look_at(page, f"{name}-{size['width']}", pictures)
    return {where: wrong for where, wrong in found.items() if wrong}


async def states(till: Till) -> dict[str, str]:
    """An order in each state that costs something, by name."""
    made = {name: await till.order(*counts) for name, counts in {
        "unpaid": (2,), "requested": (0, 1), "refused": (0, 1), "partly": (3,), "refunded": (1,),
    }.items()}  # fmt: skip
    for name in ("partly", "refunded"):
        await till.pay(made[name]["id"])
        await till.refund(made[name], 1)
    await till.refuse(made["refused"])
    return {f"order-{name}": till.link(order) for name, order in made.items()}


async def test_every_state_of_an_order_is_accessible(browser: Browser, till: Till, pictures):
    context = await browser.new_context(bypass_csp=True, reduced_motion="reduce")
    page = await context.new_page()
    found: dict[str, list[str]] = {}
    for name, link in (await states(till)).items():
        await page.goto(link)
        if name == "order-unpaid":
            await page.locator("#give-up summary").click()
        found |= await look(page, name, pictures)
    assert found == {}
    await context.close()


async def test_checkout_is_accessible_with_and_without_a_code(
    browser: Browser, served: Served, till: Till, pictures
):
    context = await browser.new_context(bypass_csp=True, reduced_motion="reduce")
    page = await context.new_page()
    cart = await till.cart(1, 1)
    await context.add_cookies([{"name": "foyer-shop", "value": cart["sessionId"], "url": served.base_url}])
    await page.goto(f"{served.base_url}/{till.shop.slug}/carts/{cart['id']}")
    found = await look(page, "checkout-request", pictures)
    for code, shown in (("NEVER", "#discountCode-error"), ("EARLY10", ".code-on")):
        await page.get_by_label("Discount code").fill(code)
        await page.get_by_role("button", name="Apply").click()
        await page.wait_for_selector(shown)
        found |= await look(page, f"checkout-{code.lower()}", pictures)
    assert found == {}
    await context.close()
