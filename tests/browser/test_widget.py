"""Tickets on somebody else's website: chosen in a frame by keyboard, ordered in the shop; and the link that stays where frames do not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Locator, Page, expect

from foyer.domains.events.types import TicketTypeDraft
from foyer.infra.db.engine import Database
from tests.browser.test_journey import RULES
from tests.support.serving import Served
from tests.support.world import Organization, make_event, make_organization

HOST = """<!doctype html><html lang="en"><title>Theatre</title><meta name="viewport" content="width=device-width">
<main><h1>Theatre</h1><a href="{address}" data-foyer>Tickets: Night</a><p>Below</p></main><script src="{base}/widget.js" async></script>"""


@asynccontextmanager
async def theatre(address: str, base: str, header: str = "X-Theatre: open") -> AsyncIterator[str]:
    """The website of somebody else, on which the lines were pasted; a real one, for browsers ask where a page came from."""
    body = HOST.format(address=address, base=base).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n{header}\r\nConnection: close\r\n\r\n"

    async def answer(asked: asyncio.StreamReader, told: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            await asked.readuntil(b"\r\n\r\n")
            told.write(head.encode() + body)
            await told.drain()
        told.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


async def visit(seat: BrowserContext, website: str) -> tuple[Page, list[str]]:
    """The website in a browser, and what the browser complains about."""
    page = await seat.new_page()
    complaints: list[str] = []
    page.on("console", lambda one: complaints.append(one.text) if one.type == "error" else None)
    await page.goto(website)
    return page, complaints


async def a_night(database: Database) -> tuple[Organization, str]:
    shop = await make_organization(database)
    kinds = [
        TicketTypeDraft(name=f"Seat {row}", quantity=9, price=row * 500, sort_order=row) for row in range(3)
    ]
    event = await make_event(database, shop, *kinds, title="Night")
    return shop, f"/{shop.slug}/events/{event.slug}"


async def go_to(page: Page, button: Locator) -> None:
    """Press Tab until this has the focus."""
    for _ in range(30):
        if await button.evaluate("button => button === document.activeElement"):
            return
        await page.keyboard.press("Tab")
    raise AssertionError("the keyboard does not reach it")


async def heights(page: Page) -> tuple[int, int]:
    """How high the frame is, and what is in it."""
    inside = page.frame_locator("iframe").locator("body")
    high = await inside.evaluate("body => Math.ceil(body.getBoundingClientRect().height)")
    return await page.locator("iframe").evaluate("frame => frame.offsetHeight"), high


async def test_tickets_are_chosen_on_another_website_with_keys_alone(
    browser: Browser, served: Served, database: Database, pictures: Path
):
    shop, path = await a_night(database)
    async with theatre(f"{served.base_url}{path}", served.base_url) as website:
        seat = await browser.new_context(viewport={"width": 390, "height": 844})
        page, complaints = await visit(seat, website)
        frame = page.frame_locator("iframe[title='Tickets: Night']")
        await expect(frame.get_by_role("heading", level=1)).to_have_text("Night")
        await expect(page.get_by_text("Tickets: Night")).to_be_hidden()
        for scheme in ("dark", "light"):
            await page.emulate_media(color_scheme=scheme)
            await page.screenshot(path=pictures / f"widget-{scheme}.png", full_page=True)
            assert (await Axe().run(page, options=RULES)).response["violations"] == []

        before = await heights(page)
        assert before[0] == before[1] > 300
        await go_to(page, frame.get_by_role("button", name="One more of Seat 1"))
        await page.keyboard.press("Enter")
        reserve = frame.get_by_role("button", name="Reserve 1 ticket")
        await expect(reserve).to_be_visible()
        await expect(page.locator("iframe")).not_to_have_css("height", f"{before[0]}px")
        after = await heights(page)
        assert after[0] == after[1] > before[0]
        forged = "addEventListener('message', () => done(), {once: true}); postMessage({foyer: 'height', height: 5}, '*')"
        await page.evaluate(f"new Promise((done) => {{ {forged} }})")
        assert await heights(page) == after
        assert await seat.cookies() == []
        await go_to(page, reserve)
        await page.keyboard.press("Enter")
        await page.wait_for_url(f"{served.base_url}/{shop.slug}/carts/*")
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert complaints == []
        await seat.close()


async def test_link_stays_where_frames_or_scripts_are_not_allowed(
    browser: Browser, served: Served, database: Database
):
    _, path = await a_night(database)
    closed = "Content-Security-Policy: frame-src 'none'"
    for scripts, header in ((True, closed), (False, "X-Theatre: open")):
        async with theatre(f"{served.base_url}{path}", served.base_url, header) as website:
            seat = await browser.new_context(java_script_enabled=scripts)
            page, complaints = await visit(seat, website)
            await expect(page.locator("iframe")).to_have_count(int(scripts))
            link = page.get_by_role("link", name="Tickets: Night")
            await expect(link).to_be_visible()
            await link.click()
            await page.wait_for_url(f"{served.base_url}{path}")
            assert [one for one in complaints if "frame-src" in one or "Framing" in one] == complaints
            assert bool(complaints) is scripts
            await seat.close()
