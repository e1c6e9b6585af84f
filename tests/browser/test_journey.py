"""From a shop's home to “already used” at the door, through a real browser, with and without a script."""

import io
from pathlib import Path

import httpx
import pytest
import zxingcpp
from axe_playwright_python.async_playwright import Axe
from PIL import Image
from playwright.async_api import Browser, Page

from foyer.domains.events.types import TicketTypeDraft
from foyer.infra.db.engine import Database
from tests.support.serving import Served
from tests.support.world import Organization, make_event, make_organization

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1440, "height": 900}
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}


@pytest.fixture
async def shop(database: Database) -> Organization:
    shop = await make_organization(
        database, name="Nordlicht Festival", primary_color="#58188f", secondary_color="#f6a31c", service_fee_bps=500,
        service_fee_fixed=50,
    )  # fmt: skip
    await make_event(
        database, shop,
        TicketTypeDraft(name="Come along", description="One seat", quantity=20, is_free=True),
        TicketTypeDraft(name="Patron", quantity=20, price=18900, sort_order=1),
        TicketTypeDraft(name="Gone", quantity=0, is_free=True, sort_order=2),
        title="Crew evening", short_description="Meet the people who build it.",
    )  # fmt: skip
    return shop


async def buy(page: Page, served: Served, shop: Organization, *, has_script: bool) -> None:
    """Walk from the home to the order page; on the way, make one mistake and see that nothing typed is lost."""
    event = shop.events[0]
    await page.goto(f"{served.base_url}/{shop.slug}")
    await page.get_by_role("link", name="Crew evening").first.click()
    if has_script:
        for _ in range(2):
            await page.get_by_role("button", name="One more of Come along").click()
    else:
        await page.get_by_label("How many of Come along").fill("2")
    await page.locator("button[data-reserve]:visible").first.click()
    await page.wait_for_url("**/carts/*")
    await page.get_by_label("First name").first.fill("Mira")
    await page.get_by_label("Last name").first.fill("Óskarsdóttir")
    await page.get_by_label("Email", exact=True).fill("mira@lund")
    await page.get_by_role("button", name="Get 2 tickets").click()
    assert await page.get_by_label("First name").first.input_value() == "Mira"
    assert await page.get_by_label("Email", exact=True).input_value() == "mira@lund"
    assert "no ending" in await page.locator("#email-error").inner_text()
    await page.get_by_label("Email", exact=True).fill("mira@lund.example")
    await page.get_by_role("button", name="Get 2 tickets").click()
    await page.wait_for_url("**/orders/*")
    assert "You’re in." in await page.locator("h1").inner_text()
    assert event.title in await page.locator("main").inner_text()


async def scan(page: Page) -> str:
    """Read the first QR code from its own picture, as a steward's camera does."""
    picture = await page.locator(".qr").first.screenshot()
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    assert len(found) == 1
    return found[0].text


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_a_ticket_is_bought_and_admitted_once(
    browser: Browser, served: Served, shop: Organization, pictures, size, has_script
):
    context = await browser.new_context(viewport=size, java_script_enabled=has_script)
    page = await context.new_page()
    complaints: list[str] = []
    page.on(
        "console",
        lambda message: complaints.append(message.text) if "Content Security" in message.text else None,
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))

    await buy(page, served, shop, has_script=has_script)

    await page.screenshot(path=pictures / f"order-{size['width']}.png", full_page=True)
    qr = await scan(page)
    async with httpx.AsyncClient(base_url=served.base_url, headers=shop.door) as door:
        body = {"eventId": str(shop.events[0].id), "qr": qr}
        first, second = (
            await door.post("/api/v1/check-ins", json=body),
            await door.post("/api/v1/check-ins", json=body),
        )
    assert (first.json()["result"], first.json()["ticket"]["holder"]) == ("admitted", "Mira Óskarsdóttir")
    assert second.json()["result"] == "already_used"
    await page.reload()
    assert "Used" in await page.locator(".ticket").first.inner_text()
    assert complaints == []
    await context.close()


async def look_at(page: Page, name: str, pictures: Path, *schemes: str) -> dict[str, list[str]]:
    """In light and in dark, or as told: what axe finds, and whether the page scrolls sideways. A picture of the last is kept."""
    found = {}
    schemes = schemes or ("dark", "light")
    for scheme in schemes:
        await page.emulate_media(color_scheme=scheme)
        seen = await Axe().run(page, options=RULES)
        wide = await page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        wrong = [
            f"{one['id']}: {node['html']}" for one in seen.response["violations"] for node in one["nodes"]
        ]
        found[f"{name}-{scheme}"] = wrong + (["scrolls sideways"] if wide > 0 else [])
    await page.screenshot(path=pictures / f"{name}-{schemes[-1]}.png", full_page=True)
    return found


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_every_page_is_accessible(browser: Browser, served: Served, shop: Organization, pictures, size):
    # Without motion, so that no colour is on its way to another one while it is looked at.
    context = await browser.new_context(viewport=size, reduced_motion="reduce", bypass_csp=True)
    page = await context.new_page()
    event = shop.events[0]
    findings: dict[str, list[str]] = {}

    async def look(name: str) -> None:
        findings.update(await look_at(page, f"{name}-{size['width']}", pictures))

    for name, path in {
        "landing": "", "home": shop.slug, "event": f"{shop.slug}/events/{event.slug}", "missing": f"{shop.slug}/no/where",
        "search": f"{shop.slug}?q=nothing+like+it",
    }.items():  # fmt: skip
        await page.goto(f"{served.base_url}/{path}")
        await look(name)
    await page.goto(f"{served.base_url}/{shop.slug}/events/{event.slug}")
    await page.get_by_role("button", name="One more of Come along").click()
    await page.locator("button[data-reserve]:visible").first.click()
    await page.wait_for_url("**/carts/*")
    await look("checkout")
    await page.get_by_role("button", name="Get 1 ticket").click()
    await look("checkout-errors")
    await page.get_by_label("First name").first.fill("Mira")
    await page.get_by_label("Last name").first.fill("Berg")
    await page.get_by_label("Email", exact=True).fill("mira@lund.example")
    await page.get_by_role("button", name="Get 1 ticket").click()
    await page.wait_for_url("**/orders/*")
    await look("order")

    assert {name: found for name, found in findings.items() if found} == {}
    await context.close()
