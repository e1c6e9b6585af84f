"""What the organizer asks, through a real browser: answered, kept over a reload and a cart that ended, seen in the office."""

import pytest
from playwright.async_api import Browser, Page

from foyer.domains.events import add_question
from foyer.domains.events.types import EventStaff, QuestionDraft, QuestionScope, QuestionType, TicketTypeDraft
from foyer.infra.db.engine import Database
from tests.browser.test_journey import DESKTOP, PHONE, look_at
from tests.support.serving import Served
from tests.support.world import Organization, make_event, make_organization

QUESTIONS = (
    QuestionDraft(label="Whom do you sing with?", sort_order=1),
    QuestionDraft(label="What do you bring?", type=QuestionType.CHOICES, options=["A song", "A cake", "نور"], sort_order=2),
    QuestionDraft(label="I accept the house rules", type=QuestionType.BOOLEAN, is_required=True, sort_order=3),
    QuestionDraft(label="T-shirt size", scope=QuestionScope.TICKET, type=QuestionType.CHOICE, options=["S", "M", "L"],
                  is_required=True),
    QuestionDraft(label="Born", scope=QuestionScope.TICKET, type=QuestionType.DATE),
)  # fmt: skip


@pytest.fixture
async def asking(database: Database) -> tuple[Organization, EventStaff]:
    shop = await make_organization(
        database, name="Nordlicht Festival", refund_policy="In full until a week before."
    )
    event = await make_event(
        database, shop, TicketTypeDraft(name="Seat", quantity=50, is_free=True), title="Open stage"
    )
    async with database.write(shop.id) as tx:
        for draft in QUESTIONS:
            await add_question(tx, event.id, draft, actor=shop.owner)
    return shop, event


async def reserve(page: Page, at: str) -> None:
    await page.goto(at)
    await page.get_by_role("button", name="One more of Seat").click()
    await page.locator("button[data-reserve]:visible").first.click()
    await page.wait_for_url("**/carts/*")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_what_was_typed_stays_and_what_is_missing_is_said_beside_it(
    browser: Browser, served: Served, asking, pictures, size
):
    shop, event = asking
    at = f"{served.base_url}/{shop.slug}/events/{event.slug}"
    context = await browser.new_context(viewport=size, reduced_motion="reduce", bypass_csp=True)
    page = await context.new_page()
    await reserve(page, at)
    await page.get_by_label("First name").first.fill("Mira")
    async with page.expect_response("**/contact") as kept:
        await page.get_by_label("Email", exact=True).fill("mira@lund.example")
        await page.get_by_label("Whom do you sing with?").fill("Ada & Bo")
    assert (await kept.value).status == 204
    await page.get_by_label("A cake").check()

    other = await context.new_page()
    await other.goto(page.url)
    assert await other.get_by_label("Email", exact=True).input_value() == "mira@lund.example"
    await other.close()
    await page.reload()
    assert await page.get_by_label("First name").first.input_value() == "Mira"
    assert await page.get_by_label("A cake").is_checked()
    await page.get_by_role("button", name="Give the places back").click()
    await page.wait_for_url("**/events/*")
    await reserve(page, at)
    assert await page.get_by_label("Whom do you sing with?").input_value() == "Ada & Bo"

    await page.get_by_role("button", name="Get 1 ticket").click()
    await page.wait_for_selector("p.error")
    assert "Tick this to go on." in await page.locator("main").inner_text()
    wrong = await look_at(page, f"questions-{size['width']}", pictures)
    await page.get_by_label("I accept the house rules").check()
    await page.get_by_label("T-shirt size").select_option("M")
    await page.get_by_role("button", name="Get 1 ticket").click()
    await page.wait_for_url("**/orders/*")
    assert {name: found for name, found in wrong.items() if found} == {}
    await context.close()
