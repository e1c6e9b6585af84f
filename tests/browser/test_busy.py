"""Too much at once: the page waits, tries again by itself, and takes along what was chosen. Nothing is bought twice by it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from foyer.infra.db.engine import Database
from tests.browser.test_components import SIDEWAYS
from tests.browser.test_journey import RULES
from tests.support.serving import Served
from tests.support.world import Organization, make_event, make_organization


@pytest.fixture
async def shop(database: Database) -> Organization:
    shop = await make_organization(database, name="Nordlicht Festival", primary_color="#58188f")
    await make_event(database, shop, title="Nordlicht 2027")
    return shop


@asynccontextmanager
async def busy(owner_sql: asyncpg.Connection, shop: Organization) -> AsyncIterator[None]:
    """Somebody holds the places of this shop, so that nobody gets at them."""
    async with owner_sql.transaction():
        await owner_sql.execute("SELECT FROM pools WHERE organization_id = $1 FOR UPDATE", shop.id)
        yield


async def bought(owner_sql: asyncpg.Connection, shop: Organization) -> list[int]:
    query = "SELECT quantity FROM cart_items WHERE organization_id = $1"
    return [row[0] for row in await owner_sql.fetch(query, shop.id)]


async def choose_two(page: Page, served: Served, shop: Organization, *, has_script: bool = True) -> None:
    await page.goto(f"{served.base_url}/{shop.slug}/events/{shop.events[0].slug}")
    if has_script:
        await page.locator("[data-more]:visible").click(click_count=2)
    else:
        await page.locator("input[data-total]").fill("2")
    await page.locator("button[data-reserve]:visible").first.click()
    await expect(page.locator("h1")).to_have_text("Very busy right now")
    await expect(page.locator(".mini strong")).to_have_text("Your choice of 2 tickets is kept")


async def test_page_gets_through_by_itself(
    browser: Browser, served: Served, shop: Organization, owner_sql, pictures: Path
):
    context = await browser.new_context(viewport={"width": 390, "height": 844}, bypass_csp=True)
    page = await context.new_page()
    async with busy(owner_sql, shop):
        await choose_two(page, served, shop)
        await expect(page.locator("[role=status]")).to_contain_text("Trying again in")
        await page.locator("[data-stop]").click()
        for told in ("[role=status]", "[data-next]"):
            await expect(page.locator(told)).to_contain_text("Stopped")
        await expect(page.locator("[data-again]")).to_be_focused()
        await page.screenshot(path=pictures / "busy-390.png", full_page=True)
        seen = await Axe().run(page, options=RULES)
        assert [one["id"] for one in seen.response["violations"]] == []
        assert await page.evaluate(SIDEWAYS) <= 0
        assert await bought(owner_sql, shop) == []
        await page.locator("[data-again]").click()
        await expect(page.locator("[role=status]")).to_contain_text("Trying again in")
    await page.wait_for_url("**/carts/*", timeout=15_000)

    assert await bought(owner_sql, shop) == [2]
    await context.close()


async def test_page_without_a_script_gets_through_by_its_button(
    browser: Browser, served: Served, shop: Organization, owner_sql
):
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    async with busy(owner_sql, shop):
        await choose_two(page, served, shop, has_script=False)
        assert await page.locator("[data-stop]:visible").count() == 0
    await page.get_by_role("button", name="Try again now").click()
    await page.wait_for_url("**/carts/*")

    assert await bought(owner_sql, shop) == [2]
    await context.close()
