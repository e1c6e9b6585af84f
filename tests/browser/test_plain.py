"""A private event by its link, on the narrowest phone, in the dark, without a script: what it asks, a code, an invoice, tickets."""

import httpx
import pytest
from playwright.async_api import expect

from foyer.domains.events import add_question, create_access_link, create_discount
from foyer.domains.events.types import (
    AccessLinkDraft,
    DiscountDraft,
    QuestionDraft,
    QuestionScope,
    QuestionType,
    TicketTypeDraft,
    Visibility,
)
from foyer.infra.db.engine import Database
from tests.browser.walking import walking
from tests.support.world import KEYRING, Organization, make_event, make_organization

QUESTIONS = (
    QuestionDraft(label="Whom do you sing with?", sort_order=1),
    QuestionDraft(label="What do you bring?", type=QuestionType.CHOICES, options=["A song", "A cake"], sort_order=2),
    QuestionDraft(label="How many chairs?", type=QuestionType.NUMBER, sort_order=3),
    QuestionDraft(label="T-shirt size", scope=QuestionScope.TICKET, type=QuestionType.CHOICE, options=["S", "M"], is_required=True),
    QuestionDraft(label="Born", scope=QuestionScope.TICKET, type=QuestionType.DATE),
)  # fmt: skip


@pytest.fixture
async def shop(database: Database) -> Organization:
    shop = await make_organization(
        database, name="Nordlicht Festival", service_fee_bps=500, refund_policy="In full until a week before."
    )
    event = await make_event(
        database, shop, TicketTypeDraft(name="Seat", quantity=9, price=5_000),
        TicketTypeDraft(name="Press bench", quantity=9, price=18_900, is_hidden=True, sort_order=1),
        title="Open stage", visibility=Visibility.PRIVATE,
    )  # fmt: skip
    async with database.write(shop.id) as tx:
        for draft in QUESTIONS:
            await add_question(tx, event.id, draft, actor=shop.owner)
        await create_discount(tx, DiscountDraft(code="EARLY10", percentage=10), actor=shop.owner)
    return shop


async def test_private_event_is_bought_by_its_link_without_a_script(
    browser, served, shop, database, mailbox, pictures
):
    event = shop.events[0]
    async with database.write(shop.id) as tx:
        draft = AccessLinkDraft(name="Press", ticket_type_id=event.ticket_types[1].id)
        link = await create_access_link(tx, event.id, draft, keyring=KEYRING, actor=shop.owner)
    narrow = {"viewport": {"width": 320, "height": 640}, "color_scheme": "dark", "java_script_enabled": False}
    async with (
        httpx.AsyncClient(base_url=served.base_url, headers=shop.staff, trust_env=False) as office,
        walking(browser, served, shop, pictures, "plain", **narrow) as walker,
    ):
        page = walker.page
        await page.goto(f"{walker.home}/events/{event.slug}")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Nothing is here")
        await walker.glance("without-link")
        await page.goto(f"{walker.home}/access/{link.secret}")
        await expect(page.get_by_text("By private link")).to_be_visible()
        await page.get_by_label("How many of Press bench").fill("99")
        await page.locator("button[data-reserve]:visible").first.click()
        await expect(page.get_by_role("alert")).to_contain_text("Press bench")
        await expect(page.get_by_label("How many of Press bench")).to_have_value("99")
        await walker.glance("too-many")
        await page.get_by_label("How many of Press bench").fill("2")
        await walker.reserve()

        await walker.say_who("mira@lund.example")
        await page.get_by_label("A cake").check()
        await page.get_by_label("How many chairs?").fill("a few")
        await page.get_by_label("Born").first.fill("1990-05-01")
        await page.locator("#discountCode").fill("early10")
        await page.get_by_role("button", name="Apply").click()
        await expect(page.locator(".code-on")).to_contain_text("You save €37.80")
        await expect(page.get_by_label("A cake")).to_be_checked()
        await page.locator(".pay button").click()
        await expect(page.get_by_role("alert")).to_contain_text("need a look")
        await expect(page.get_by_label("How many chairs?")).to_have_value("a few")
        await expect(page.get_by_label("Born").first).to_have_value("1990-05-01")
        await walker.glance("checkout-errors")
        await page.get_by_label("How many chairs?").fill("2")
        for size in await page.get_by_label("T-shirt size").all():
            await size.select_option("M")
        # 189.00 less 10 %, and 5 % of that as a fee, twice.
        await expect(page.locator(".pay button")).to_have_text("Place order — €357.22 by invoice")
        await walker.order()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Almost there")
        await walker.glance("to-pay")
        order_id = page.url.partition("?")[0].rpartition("/")[2]
        assert (await office.post(f"/api/v1/orders/{order_id}/payment")).is_success
        await page.goto(await mailbox(shop).link("mira@lund.example", "Open stage", "/orders/"))
        await expect(page.get_by_role("heading", level=1)).to_have_text("You’re in.")
        await expect(page.get_by_role("img", name="Code of ticket 1 of 2")).to_be_visible()
        await walker.glance("order")
        answers = (await office.get(f"/api/v1/orders/{order_id}")).json()
        assert "A cake" in str(answers)
