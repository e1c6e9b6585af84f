"""A browser reads pages otherwise than a parser does: in it, too, nothing that was typed runs."""

import re
from pathlib import Path

from playwright.async_api import Browser

from foyer.infra.db.engine import Database
from tests.support.hostile_shop import hostile_buyer, hostile_shop
from tests.support.serving import Served

FORMS = re.compile(r"/(guests|transfer|attendee|tickets)(?:/[0-9a-f-]{36})?\?key=")
"""Where an order leads on: its tickets, and the forms about them."""


async def test_browser_runs_nothing_that_was_typed(
    browser: Browser, served: Served, database: Database, pictures: Path
):
    shop = await hostile_shop(database, events=2)
    context = await browser.new_context(viewport={"width": 390, "height": 844})
    page = await context.new_page()
    complaints: list[str] = []
    asked: list[str] = []
    page.on("dialog", lambda dialog: complaints.append(f"dialog {dialog.message}"))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None
    )
    page.on("request", lambda request: asked.append(request.url))
    await page.add_init_script("globalThis.boom = () => alert('boom')")

    await page.goto(f"{served.base_url}/{shop.slug}")
    for event in shop.events:
        await page.goto(f"{served.base_url}/{shop.slug}/events/{event.slug}")
        await page.screenshot(path=pictures / "hostile-390.png", full_page=True)
        await page.locator("[data-more]:visible").first.click()
        await page.locator("a.bar-sum").click()
        await page.keyboard.press("Escape")
        await page.locator("button[data-reserve]:visible").first.click()
        await page.wait_for_url("**/carts/*")
        for name, text in hostile_buyer(3).items():
            await page.locator(f"[name='{name}']").fill(text)
        await page.get_by_role("button", name="Get 1 ticket").click()
        await page.wait_for_url("**/orders/*")
        order = page.locator("main")
        ways = [await one.get_attribute("href") for one in await order.get_by_role("link").all()]
        for way in {one for one in ways if FORMS.search(one or "")}:
            await page.goto(f"{served.base_url}{way}")
            await page.screenshot(path=pictures / f"hostile-{FORMS.search(way)[1]}-390.png", full_page=True)

    assert complaints == []
    assert [url for url in asked if not url.startswith(served.base_url)] == []
    await context.close()
