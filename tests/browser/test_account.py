"""A buyer's account by a code from the mail, and a ticket that somebody else comes with."""

import httpx
import pytest
from playwright.async_api import expect

from foyer.domains.events.types import TicketTypeDraft
from foyer.infra.db.engine import Database
from tests.api.asking import CUSTOMER, Shop
from tests.browser.walking import CODE, walking
from tests.support.world import Organization, make_event, make_organization

FRIEND = "ida@lund.example"


@pytest.fixture
async def shop(database: Database) -> Organization:
    shop = await make_organization(database, name="Nordlicht Festival", primary_color="#ffd400")
    for title in ("Lantern Night", "Matinée"):
        await make_event(database, shop, TicketTypeDraft(name="Seat", quantity=9, is_free=True), title=title)
    return shop


async def test_ticket_is_found_by_a_code_and_handed_on(browser, served, shop, mailbox, pictures):
    letters = mailbox(shop)
    async with httpx.AsyncClient(base_url=served.base_url, trust_env=False) as client:
        for event in shop.events:
            await Shop(client, shop).order(event, (event.ticket_types[0].id, 2))
    async with walking(browser, served, shop, pictures, "account", color_scheme="dark") as walker:
        page = walker.page
        await page.goto(f"{walker.home}/orders")
        await walker.look("way-in")
        await page.get_by_label("Email").fill(CUSTOMER["email"])
        await page.get_by_role("button", name="Send me the code").click()
        code = page.get_by_label("Code from the mail")
        await expect(code).to_be_focused()
        await code.fill("00000000")
        await page.get_by_role("button", name="Show my tickets").click()
        await expect(page.locator("#code-error")).to_be_visible()
        await walker.look("wrong-code")
        letter = await letters.letter(CUSTOMER["email"], "Your orders")
        await code.fill(CODE.search(letter)[0])
        await page.get_by_role("button", name="Show my tickets").click()
        await expect(page.locator(".owned li")).to_have_count(2)
        await walker.look("orders")

        await page.get_by_role("link", name="Matinée").click()
        mine = page.locator(".qr[role=img]")
        await expect(mine).to_have_count(2)
        await page.locator("main h2 a[href*='/tickets/']").first.click()
        await walker.look("ticket")
        former = page.url
        await page.locator("a[href*='/transfer?']:visible").first.click()
        await page.get_by_label("Their email").fill("ida@lund")
        await page.get_by_role("button", name="Hand it on").click()
        await expect(page.get_by_role("alert")).to_be_focused()
        await walker.look("transfer-errors")
        await page.get_by_label("Their email").fill(FRIEND)
        await page.get_by_label("Their first name").fill("Ida")
        await page.get_by_role("button", name="Hand it on").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Your ticket is handed on")
        await expect(page.locator("main")).to_contain_text(FRIEND)
        await walker.look("handed-on")
        await page.goto(former)
        await expect(page.get_by_role("heading", level=1)).to_have_text("This ticket was handed on")

        await page.goto(f"{walker.home}/orders")
        await page.get_by_role("link", name="Matinée").click()
        await expect(mine).to_have_count(1)
        await expect(page.locator("main")).to_contain_text("1 ticket handed on")
        await walker.look("order-after")
        await page.goto(f"{walker.home}/orders")
        await page.get_by_role("button", name="Sign out").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Find your tickets")
        await expect(page.locator(".owned")).to_have_count(0)

    async with walking(browser, served, shop, pictures, "friend") as walker:
        await walker.page.goto(await letters.link(FRIEND, "Matinée", "/tickets/"))
        await expect(walker.page.get_by_role("heading", level=2).first).to_have_text("Ida")
        await expect(walker.page.locator(".qr[role=img]")).to_have_count(1)
        await walker.look("ticket")
