"""Tickets open where there is no network, once they were opened where there is one."""

import httpx
import pytest
from playwright.async_api import Browser, Error, expect

from foyer.domains.checkout import cancel_event
from foyer.domains.events.types import TicketTypeDraft
from foyer.infra.db.engine import Database
from tests.api.asking import Shop
from tests.browser.test_journey import PHONE
from tests.support.serving import Served
from tests.support.world import make_event, make_organization

KEPT = "This page opens without a connection, too."
ADDRESSES = """caches.open("foyer-tickets").then((kept) => kept.keys())
  .then((all) => all.map((one) => one.url).filter((url) => url.includes("key=")))"""


async def test_order_opens_without_a_network_and_nothing_else_does(
    browser: Browser, served: Served, database: Database
):
    house = await make_organization(database)
    event = await make_event(database, house, TicketTypeDraft(name="Seat", quantity=9, is_free=True))
    async with httpx.AsyncClient(base_url=served.base_url, trust_env=False) as other:
        order = await Shop(other, house).order(event)
    home = f"{served.base_url}/{house.slug}"
    address = f"{home}/orders/{order['id']}?key={order['token']}"
    context = await browser.new_context(viewport=PHONE)
    page = await context.new_page()
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    await page.goto(address)
    await expect(page.get_by_text(KEPT)).to_be_visible(timeout=20_000)
    await page.goto(f"{address}&saved=1")
    await expect(page.get_by_text(KEPT)).to_be_visible(timeout=20_000)
    assert wrong == []
    assert await page.evaluate(ADDRESSES) == [address]

    await context.set_offline(True)
    await page.goto(address)
    await expect(page.get_by_role("heading", name="You’re in.")).to_be_visible()
    await expect(page.get_by_role("img", name="Code of ticket 1 of 1")).to_be_visible()
    styled = "() => [...document.styleSheets].filter((sheet) => sheet.cssRules.length > 0).length"
    assert await page.evaluate(styled) >= 4
    for elsewhere in (home, f"{home}/orders", address.replace("?key=", "/guests?key=")):
        with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
            await page.goto(elsewhere)

    await context.set_offline(False)
    async with database.write(house.id) as tx:
        await cancel_event(tx, event.id, actor=house.owner)
    await page.goto(address)
    await context.set_offline(True)
    await page.goto(address)
    await expect(page.locator(".qr[role=img]")).to_have_count(0)
    await context.close()
