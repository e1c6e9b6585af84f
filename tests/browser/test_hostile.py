"""A browser reads pages otherwise than a parser does: in it, too, nothing that was typed runs."""

import re
from pathlib import Path

from playwright.async_api import Browser, expect

from foyer.infra.db.engine import Database
from tests.support.hostile_shop import hostile_buyer, hostile_shop
from tests.support.serving import Served

FORMS = re.compile(r"/(transfer|attendee|tickets)(?:/[0-9a-f-]{36})?\?key=")
KINDS = {"transfer", "attendee", "tickets"}
"""Where an order leads on: its tickets, and the forms about them."""
GONE = """UPDATE pools SET sold = capacity WHERE organization_id = $1
AND id IN (SELECT pool_id FROM ticket_types WHERE organization_id = $1 AND event_id = $2)"""
LATER = "UPDATE ticket_types SET sales_start_date = foyer_now() + interval '2 days' WHERE organization_id = $1 AND event_id = $2"


async def test_browser_runs_nothing_that_was_typed(
    browser: Browser, served: Served, database: Database, owner_sql, pictures: Path
):
    shop = await hostile_shop(database, events=4)
    gone, later = shop.events[2:]
    await owner_sql.execute(GONE, shop.id, gone.id)
    await owner_sql.execute(LATER, shop.id, later.id)
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
    for event in shop.events[:2]:
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
        forms = {found[1]: way for way in ways if (found := FORMS.search(way or ""))}
        assert forms.keys() == KINDS
        for kind, way in forms.items():
            await page.goto(f"{served.base_url}{way}")
            await page.screenshot(path=pictures / f"hostile-{kind}-390.png", full_page=True)

    for event, form in ((gone, "waiting"), (later, "remind")):
        await page.goto(f"{served.base_url}/{shop.slug}/events/{event.slug}/widget")
        await page.goto(f"{served.base_url}/{shop.slug}/events/{event.slug}")
        await page.locator(f"#{form}-email").fill("mira@lund.example")
        await page.locator(f"#{form} button[data-busy]").click()
        await expect(page.locator(".state .mini")).to_be_visible()
    await page.goto(f"{served.base_url}/{shop.slug}/widget")

    assert complaints == []
    assert [url for url in asked if not url.startswith(served.base_url)] == []
    await context.close()
