"""Nothing typed at checkout is lost: a second tab, other tickets, the way back, a press too many."""

import asyncpg
import pytest
from playwright.async_api import Browser, Page, expect

from foyer.domains.events import add_question
from foyer.domains.events.types import EventStaff, QuestionDraft, QuestionScope, TicketTypeDraft
from foyer.infra.db.engine import Database
from tests.browser.test_journey import DESKTOP
from tests.support.serving import Served
from tests.support.world import Organization, make_event, make_organization


@pytest.fixture
async def asking(database: Database) -> tuple[Organization, EventStaff]:
    shop = await make_organization(database, name="Nordlicht Festival")
    kinds = [TicketTypeDraft(name=name, quantity=50, is_free=True) for name in ("Seat", "Tour")]
    event = await make_event(database, shop, *kinds, title="Open stage")
    async with database.write(shop.id) as tx:
        draft = QuestionDraft(label="Song", scope=QuestionScope.TICKET)
        await add_question(tx, event.id, draft, actor=shop.owner)
    return shop, event


async def choose(page: Page, *names: str) -> None:
    for name in names:
        await page.get_by_role("button", name=f"One more of {name}").click()
    await page.locator("button[data-reserve]:visible").first.click()
    await page.wait_for_url("**/carts/*")


async def test_what_was_typed_is_in_every_tab_and_stays_with_its_ticket(
    browser: Browser, served: Served, asking, owner_sql: asyncpg.Connection
):
    shop, event = asking
    at = f"{served.base_url}/{shop.slug}/events/{event.slug}"
    context = await browser.new_context(viewport=DESKTOP, reduced_motion="reduce")
    page = await context.new_page()
    await page.goto(at)
    await choose(page, "Seat", "Seat", "Tour")
    # What is refused stands where a way back may come to it: at the address of the cart, and not of the form.
    await page.get_by_role("button", name="Get 3 tickets").click()
    await expect(page.locator("#email")).to_have_attribute("aria-invalid", "true")
    assert "/checkout" not in page.url
    await page.reload()
    await expect(page.locator("#email")).not_to_have_attribute("aria-invalid", "true")
    await page.get_by_label("First name").first.fill("Mira")
    await page.get_by_label("Email", exact=True).fill("mira@lund.example")
    second = page.get_by_role("group", name="Seat 2 of 2")
    await second.get_by_label("First name").fill("Bo")
    await second.get_by_label("Song").fill("Air")
    tour = page.get_by_role("group", name="Tour")
    await expect(tour.get_by_role("option", name="Bo", exact=True)).to_have_count(1)
    await tour.get_by_label("Who takes this place?").select_option("Bo")
    await tour.get_by_label("Song").fill("Water")

    # A second tab, opened from nowhere: what stands in the first one is there, too.
    other = await context.new_page()
    await other.goto(page.url)
    twin = other.get_by_role("group", name="Seat 2 of 2")
    await expect(twin.get_by_label("Song")).to_have_value("Air")
    await expect(other.get_by_role("group", name="Tour").get_by_label("Song")).to_have_value("Water")

    # Other tickets: the ones that stay keep what was typed for them, and come back with it.
    await other.get_by_role("link", name="Change tickets").click()
    await other.wait_for_url("**/tickets?cart=*")
    await other.get_by_role("button", name="One less of Seat").click()
    await choose(other)
    await expect(other.get_by_role("group", name="Seat").get_by_label("Song")).to_have_value("")
    await expect(other.get_by_role("group", name="Tour").get_by_label("Song")).to_have_value("Water")

    # The first tab still shows three tickets. It is told, and shows two before anything is ordered.
    await page.get_by_role("button", name="Get 3 tickets").click()
    await expect(page.get_by_text("Your tickets were changed in another tab.")).to_be_visible()
    await expect(page.get_by_role("group", name="Tour").get_by_label("Song")).to_have_value("Water")
    await page.reload()
    await page.goto(other.url)
    await expect(page.get_by_role("group", name="Tour").get_by_label("Song")).to_have_value("Water")

    # A press too many, in both tabs: one order, and the way back leads to it.
    await page.get_by_role("button", name="Get 2 tickets").dblclick()
    await page.wait_for_url("**/orders/*")
    await other.get_by_role("button", name="Get 2 tickets").click()
    await other.wait_for_url("**/orders/*")
    await page.go_back()
    await page.wait_for_url("**/orders/*")
    assert page.url == other.url
    assert await owner_sql.fetchval("SELECT count(*) FROM orders WHERE event_id = $1", event.id) == 1
    said = await owner_sql.fetch("SELECT value::text FROM answers WHERE event_id = $1", event.id)
    assert [row[0] for row in said] == ['"Water"']
    await context.close()
