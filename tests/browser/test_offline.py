"""Tickets open where there is no network, once they were opened where there is one."""

from collections.abc import AsyncIterator
from typing import NamedTuple

import httpx
import pytest
from playwright.async_api import Browser, BrowserContext, Error, Page, expect

from foyer.domains.checkout import cancel_event
from foyer.domains.events.types import EventStaff, TicketTypeDraft
from foyer.infra.db.engine import Database
from tests.api.asking import Shop
from tests.browser.test_journey import PHONE
from tests.support.serving import Served
from tests.support.world import Organization, make_event, make_organization

KEPT = "This page opens without a connection, too."
ADDRESSES = """caches.open("foyer-tickets").then((kept) => kept.keys())
  .then((all) => all.map((one) => one.url).filter((url) => url.includes("key=")))"""

ANSWERS = "(status) => { self.fetch = () => Promise.resolve(new Response('said', { status })); }"


class Buyer(NamedTuple):
    """Who has an order, and a phone."""

    house: Organization
    event: EventStaff
    address: str
    context: BrowserContext
    page: Page

    async def keeps(self) -> None:
        await expect(self.page.get_by_text(KEPT)).to_be_visible(timeout=20_000)


@pytest.fixture
async def buyer(browser: Browser, served: Served, database: Database) -> AsyncIterator[Buyer]:
    house = await make_organization(database)
    event = await make_event(database, house, TicketTypeDraft(name="Seat", quantity=9, is_free=True))
    async with httpx.AsyncClient(base_url=served.base_url, trust_env=False) as other:
        order = await Shop(other, house).order(event)
    address = f"{served.base_url}/{house.slug}/orders/{order['id']}?key={order['token']}"
    context = await browser.new_context(viewport=PHONE)
    yield Buyer(house, event, address, context, await context.new_page())
    await context.close()


async def test_order_opens_without_a_network_and_nothing_else_does(buyer: Buyer, database: Database):
    house, event, address, context, page = buyer
    home = address.partition("/orders/")[0]
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    await page.goto(address)
    await buyer.keeps()
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    await page.goto(f"{address}&saved=1")
    await buyer.keeps()
    assert wrong == []
    assert address not in asked, "what the worker has fetched is not fetched again"
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


async def test_what_is_kept_stands_in_for_a_network_that_says_nothing(buyer: Buyer):
    _, _, address, context, page = buyer
    await page.goto(address)
    await buyer.keeps()
    await page.reload()
    await buyer.keeps()
    (worker,) = context.service_workers
    mine = page.get_by_role("heading", name="You’re in.")

    await worker.evaluate("""async () => {
      await caches.delete("foyer-tickets");
      Cache.prototype.put = () => Promise.reject(new Error("no room"));
    }""")
    await page.goto(address)
    await expect(mine).to_be_visible()
    await buyer.keeps()
    await worker.evaluate(ANSWERS, 503)
    await page.goto(address)
    await expect(mine).to_be_visible()
    await worker.evaluate("""() => {
      const wait = self.setTimeout;
      self.setTimeout = (what, time) => wait(what, time / 100);
      self.fetch = () => new Promise(() => {});
    }""")
    await page.goto(address)
    await expect(mine).to_be_visible()

    for status, stays in ((429, True), (410, False)):
        await worker.evaluate(ANSWERS, status)
        said = await page.goto(address)
        assert said is not None
        assert said.status == status
        await page.wait_for_function(f"{ADDRESSES}.then((all) => (all.length > 0) === {str(stays).lower()})")
