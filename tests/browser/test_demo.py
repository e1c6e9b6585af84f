"""The demo: loaded quickly, with books that agree; and every page of the office with something on it, looked at in both schemes."""

import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest
from playwright.async_api import Browser

from foyer.cli.demo.file import DemoOrganization
from foyer.cli.demo.load import load_missing
from foyer.domains.organizations import organization_by_slug
from foyer.infra.db.engine import Database
from tests.browser.test_journey import DESKTOP, PHONE, look_at
from tests.support.installation import imbalances
from tests.support.serving import Served, serving
from tests.support.world import settings_for

PAGES = {
    "office": "",
    "events": "/events",
    "orders": "/orders",
    "attendees": "/attendees",
    "customers": "/customers",
    "check-in": "/check-in",
    "discounts": "/discounts",
    "tax-rates": "/tax-rates",
    "settings": "/settings",
    "search": "/search?q=no",
    "account": "/account",
}


@dataclass(frozen=True)
class Demo:
    served: Served
    shops: list[DemoOrganization]


@pytest.fixture
async def demo(app_url: str, tmp_path: Path) -> AsyncIterator[Demo]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    shops = await load_missing(settings_for(tmp_path), app_url, [])
    async with serving(app_url, tmp_path, port, FOYER_DEMO="on") as served:
        yield Demo(served, shops)


async def test_demo_is_a_busy_house_whose_books_agree_and_whose_pages_anybody_can_use(
    browser: Browser, demo: Demo, database: Database, owner_sql: asyncpg.Connection, pictures: Path
):
    assert [one.slug for one in demo.shops] == ["nordlicht", "hanamichi", "blue-stoop"]
    ids = [await organization_by_slug(database, one.slug) for one in demo.shops]
    for organization_id in ids:
        assert organization_id is not None
        assert await imbalances(owner_sql, organization_id) == []
    query = "SELECT count(*) FROM {} WHERE organization_id = ANY($1::uuid[])"
    told = {
        name: await owner_sql.fetchval(query.format(name), ids)
        for name in ("orders", "scans", "refunds", "transfers", "discount_uses")
    }
    assert min(told.values()) > 5, told
    assert told["orders"] > 300
    assert await walk(browser, demo, PHONE, "dark", pictures) == {}
    assert await walk(browser, demo, DESKTOP, "light", pictures) == {}


async def walk(
    browser: Browser, demo: Demo, size: dict[str, int], scheme: str, pictures: Path
) -> dict[str, list[str]]:
    """Every page of the first shop's office; returns what axe finds, or where one scrolls sideways."""
    context = await browser.new_context(viewport=size, reduced_motion="reduce", bypass_csp=True)  # type: ignore[arg-type]
    page = await context.new_page()
    base, shop = demo.served.base_url, demo.shops[0]
    await page.goto(f"{base}/sign-in")
    await page.get_by_label("Email").fill(shop.owner.email)
    await page.get_by_label("Password").fill(shop.owner.password)
    await page.get_by_role("button", name="Sign in").click()
    await page.wait_for_url("**/office**")
    festival = next(event for event in shop.events if "Festival" in event.title)
    pages = PAGES | {
        "event-editor": f"/events/{festival.id}",
        "event-types": f"/events/{festival.id}/tickets",
        "event-settings": f"/events/{festival.id}/settings",
    }
    findings: dict[str, list[str]] = {}
    for name, path in pages.items():
        answer = await page.goto(f"{base}/office{path}")
        assert answer is not None
        assert answer.status == 200, path
        findings |= await look_at(page, f"{name}-{size['width']}", pictures, scheme)
    await page.goto(f"{base}/office/orders")
    order = await page.locator("td.row-key a").first.get_attribute("href")
    await page.goto(f"{base}{order}")
    findings |= await look_at(page, f"order-detail-{size['width']}", pictures, scheme)
    await context.close()
    return {name: found for name, found in findings.items() if found}
