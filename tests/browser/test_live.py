"""A page that is open says what others do meanwhile, and leaves alone what was typed."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import httpx
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Route, expect

from foyer.domains.events.types import TicketTypeDraft
from foyer.infra.db.engine import Database
from tests.browser.test_journey import DESKTOP, RULES
from tests.support.serving import Served
from tests.support.world import make_event, make_organization

SHIFTS = """window.shifts = []; new PerformanceObserver((list) => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) window.shifts.push(one.sources.map((source) => source.node?.outerHTML));
}).observe({ type: "layout-shift", buffered: true });"""


async def test_page_follows_what_others_take(browser: Browser, served: Served, database: Database):
    shop = await make_organization(database)
    event = await make_event(database, shop, TicketTypeDraft(name="Seat", quantity=27, is_free=True))
    address = f"{served.base_url}/{shop.slug}/events/{event.slug}"
    page = await browser.new_page(viewport=DESKTOP)
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    await page.add_init_script(SHIFTS)
    await page.goto(address)
    standing, typed = page.locator(".type-state"), page.get_by_label("How many of Seat")
    for _ in range(2):
        await page.get_by_role("button", name="One more of Seat").click()
    assert await standing.count() == 0
    # Behind the open sheet nothing else is heard.
    told = page.locator("[role=status][data-told]")
    await expect(told).to_have_text(["2 tickets, Free"] * 2)
    assert await told.evaluate_all("all => all.filter((one) => one.closest('dialog')).length") == 1
    assert await told.evaluate_all("all => all.filter((one) => one.closest('[data-chosen]')).length") == 0

    async with httpx.AsyncClient(base_url=served.base_url, trust_env=False) as other:

        async def reserve(count: int) -> None:
            body = {
                "eventId": str(event.id),
                "items": [{"ticketTypeId": str(event.ticket_types[0].id), "quantity": count}],
            }
            answer = await other.post(f"/api/v1/shops/{shop.slug}/carts", json=body)
            assert answer.status_code == 201, answer.text

        for count in (10, 10):
            await reserve(count)
        await expect(standing).to_have_text("7 left", timeout=10_000)
        await expect(page.locator("[data-said]")).to_have_text("Seat: 7 left")
        assert (await typed.input_value(), await typed.get_attribute("max")) == ("2", "7")
        await reserve(7)
        await expect(standing).to_have_text("Sold out")
    await expect(page.locator("[data-news]")).to_be_visible()
    assert await typed.input_value() == "2"
    assert await page.evaluate("window.shifts") == [], "what is said has had its place from the beginning"
    assert (await Axe().run(page, options=RULES)).response["violations"] == []
    await page.get_by_role("link", name="Show it").click()
    await expect(page.locator(".event-head .badge")).to_have_text("Sold out")
    assert wrong == []
    await page.close()


async def test_address_that_is_typed_under_the_tickets_stays(
    browser: Browser, served: Served, database: Database
):
    shop = await make_organization(database)
    opens = datetime.now(UTC) + timedelta(days=2)
    later = TicketTypeDraft(name="Later", quantity=9, is_free=True, sales_start_date=opens)
    event = await make_event(database, shop, TicketTypeDraft(name="Seat", quantity=1, is_free=True), later)
    page = await browser.new_page(viewport=DESKTOP)
    await page.goto(f"{served.base_url}/{shop.slug}/events/{event.slug}")
    typed = page.locator("[name=remind-email]")
    await typed.fill("mira@lund.example")
    await typed.blur()
    seat = {"ticketTypeId": str(event.ticket_types[0].id), "quantity": 1}
    async with httpx.AsyncClient(base_url=served.base_url, trust_env=False) as other:
        body = {"eventId": str(event.id), "items": [seat]}
        assert (await other.post(f"/api/v1/shops/{shop.slug}/carts", json=body)).status_code == 201

    await expect(page.locator("[data-news]")).to_be_visible()
    assert await typed.input_value() == "mira@lund.example"
    await page.close()


async def test_few_words_are_said_aloud(browser: Browser, served: Served, database: Database):
    shop = await make_organization(database)
    kinds = [TicketTypeDraft(name=name, quantity=99, is_free=True) for name in ("Seat", "Stand")]
    event = await make_event(database, shop, *kinds)
    address = f"{served.base_url}/{shop.slug}/events/{event.slug}"
    async with httpx.AsyncClient(trust_env=False) as other:
        news = (await other.get(f"{address}/live.json")).json()
    seat, stand = news["types"]
    lines = []
    for left, is_open in ((9, True), (8, True), (7, False)):
        seat["standing"] = [[f"{left} left", True]]
        stand |= {"isOpen": is_open, "standing": [] if is_open else [["Sold out", False]]}
        lines.append(f"data: {json.dumps(news)}\n\n")
    page = await browser.new_page(viewport=DESKTOP)

    async def tell(route: Route) -> None:
        await route.fulfill(content_type="text/event-stream", body="".join(lines))

    await page.route("**/live", tell)
    await page.goto(address)
    await page.evaluate("""() => {
      window.heard = [];
      const said = document.querySelector("[data-said]");
      new MutationObserver(() => window.heard.push(said.textContent)).observe(said, { childList: true });
    }""")
    await expect(page.locator(".type-state")).to_have_text(["7 left", "Sold out"])
    heard = await page.evaluate("window.heard")
    assert heard[:2] == ["Seat: 9 left", "Stand: Sold out"]
    await page.close()


async def test_button_is_free_again_after_a_sending_that_was_stopped(
    browser: Browser, served: Served, database: Database
):
    shop = await make_organization(database)
    event = await make_event(database, shop, TicketTypeDraft(name="Seat", quantity=9, is_free=True))
    page = await browser.new_page(viewport=DESKTOP)
    await page.clock.install()
    await page.goto(f"{served.base_url}/{shop.slug}/events/{event.slug}")
    await page.get_by_role("button", name="One more of Seat").click()
    button = page.locator("#reserve button[data-reserve]")
    await page.route("**/reserve", lambda route: route.abort("aborted"))
    async with page.expect_event("requestfailed"):
        await button.click(no_wait_after=True)
    await expect(button).to_have_text("Reserving")
    await page.unroute("**/reserve")
    await page.clock.run_for(16_000)
    await expect(button).to_have_text("Reserve 1 ticket")
    await button.click()
    await page.wait_for_url("**/carts/*")
    await page.close()


async def test_who_looks_away_asks_no_more(browser: Browser, served: Served, database: Database):
    shop = await make_organization(database)
    event = await make_event(database, shop, TicketTypeDraft(name="Seat", quantity=9, is_free=True))
    page = await browser.new_page(viewport=DESKTOP)
    listened, asked, told = [], [], asyncio.Event()

    async def full(route: Route) -> None:
        listened.append(route)
        await route.fulfill(status=503)

    async def slow(route: Route) -> None:
        asked.append(route)
        await told.wait()
        await route.continue_()

    async def look(is_hidden: str) -> None:
        seen = f"Object.defineProperty(document, 'hidden', {{ configurable: true, value: {is_hidden} }})"
        await page.evaluate(f"{seen}; document.dispatchEvent(new Event('visibilitychange'))")

    async def pass_until(happened: list[Route], count: int) -> None:
        async with asyncio.timeout(20):
            while len(happened) < count:
                await page.clock.run_for(5_000)

    await page.route("**/live", full)
    await page.route("**/live.json", slow)
    await page.clock.install()
    await page.goto(f"{served.base_url}/{shop.slug}/events/{event.slug}")
    await pass_until(asked, 1)
    before = len(listened)
    async with page.expect_response("**/live.json") as answer:
        await look("true")
        told.set()
    await (await answer.value).finished()
    for _ in range(20):
        await page.clock.run_for(60_000)
    assert (len(listened), len(asked)) == (before, 1)

    await look("false")
    await pass_until(asked, 3)
    assert len(listened) == before + 1
    await page.close()


async def test_opening_of_the_sale_is_counted_down_to(browser: Browser, served: Served, database: Database):
    shop = await make_organization(database)
    now = datetime.now(UTC).replace(microsecond=0)
    opens = now + timedelta(days=2, hours=1, minutes=3, seconds=5)
    event = await make_event(
        database, shop, TicketTypeDraft(name="Seat", quantity=9, is_free=True, sales_start_date=opens)
    )
    page = await browser.new_page(viewport=DESKTOP)
    await page.goto(f"{served.base_url}/{shop.slug}/events/{event.slug}")
    assert (await Axe().run(page, options=RULES)).response["violations"] == []
    await page.clock.install(time=now)
    await page.reload()
    cells = page.locator("[data-opens] p")
    await page.clock.pause_at(now + timedelta(seconds=5))
    await expect(cells).to_have_text(["2days", "1hour", "03minutes", "00seconds"])
    await page.clock.run_for(1000)
    await expect(cells).to_have_text(["2days", "1hour", "02minutes", "59seconds"])
    await page.clock.fast_forward(3 * 86_400_000)
    await expect(cells).to_have_text(["0days", "0hours", "00minutes", "00seconds"])
    await page.close()

    plain = await browser.new_context(java_script_enabled=False)
    page = await plain.new_page()
    await page.goto(f"{served.base_url}/{shop.slug}/events/{event.slug}")
    await expect(page.locator("[data-opens]")).to_be_hidden()
    await expect(page.get_by_text("On sale", exact=False).first).to_be_visible()
    await plain.close()
