"""The office through a real browser: what its scripts add, that nothing breaks its content policy, and what axe finds."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page

from foyer.domains.events import event_for_staff
from foyer.domains.events.types import TicketTypeDraft
from foyer.domains.identity import begin_session
from foyer.domains.identity.types import Visit
from foyer.infra.db.engine import Database
from tests.support.serving import Served
from tests.support.world import Organization, make_event, make_organization

LONG = (
    "Die unendlich lange Nacht der Chöre, Kapellen und Blasorchester aus allen Gemeinden am großen Wasser, "
    * 2
)[:140]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}


@pytest.fixture
async def house(database: Database) -> Organization:
    house = await make_organization(
        database, name="مسرح المدينة", primary_color="#ffd400", secondary_color="#2f62f2"
    )
    types = [
        TicketTypeDraft(name=f"نور {place}", quantity=9, price=place * 100, sort_order=place)
        for place in range(3)
    ]
    await make_event(database, house, *types, title=LONG, publish=False)
    return house


async def sit_down(
    browser: Browser, served: Served, database: Database, house: Organization, **context
) -> Page:
    """A page of somebody who is signed in; it collects what the browser complains about."""
    async with database.write(house.id) as tx:
        session = await begin_session(tx, house.user_id, visit=Visit(device="Chromium", ip="192.0.2.1"))
    seat = await browser.new_context(reduced_motion="reduce", **context)
    await seat.add_cookies([{"name": "foyer-staff", "value": session.token, "url": served.base_url}])
    page = await seat.new_page()
    page.complaints = []  # type: ignore[attr-defined]
    page.on("console", lambda one: page.complaints.append(one.text) if one.type == "error" else None)  # type: ignore[attr-defined]
    return page


async def test_script_keeps_what_is_typed_moves_rows_and_shows_colours(browser, served, database, house):
    page = await sit_down(browser, served, database, house, viewport={"width": 1440, "height": 900})
    event = house.events[0]
    at = f"{served.base_url}/office/events/{event.id}"
    asked: list[str] = []

    async def stay(dialog) -> None:
        asked.append(dialog.type)
        await dialog.dismiss()

    page.on("dialog", stay)
    await page.goto(at)
    bar = page.locator("[data-unsaved]")
    assert not await bar.is_visible()
    await page.get_by_label("Title", exact=True).fill("Kurz")
    await page.get_by_label("Venue").fill("Elsewhere")
    assert "2 changes not saved" in await bar.inner_text()
    assert "Title, venue" in await bar.inner_text()
    await page.evaluate("document.querySelector('.tabs a[href$=settings]').click()")
    await page.wait_for_timeout(300)
    assert (asked, page.url) == (["beforeunload"], at)
    await bar.get_by_role("button", name="Discard").click()
    assert await page.get_by_label("Title", exact=True).input_value() == LONG
    assert not await bar.is_visible()
    await page.get_by_label("Title", exact=True).fill("Kurz")
    await bar.get_by_role("button", name="Save draft").click()
    await page.wait_for_url("**?done=saved")
    assert len(asked) == 1, "what is being saved is not asked about"

    await page.goto(f"{at}/tickets")
    grips = page.locator("[data-grip]")
    below = await grips.nth(2).bounding_box()
    await grips.nth(0).hover()
    await page.mouse.down()
    await page.mouse.move(below["x"] + 5, below["y"] + below["height"] + 8, steps=8)
    await page.mouse.up()
    await page.wait_for_url("**?done=moved")
    async with database.read(house.id) as tx:
        names = [kind.name for kind in (await event_for_staff(tx, event.id)).ticket_types]
    assert names == ["نور 1", "نور 2", "نور 0"]

    await page.goto(f"{served.base_url}/office/settings/look")
    await page.get_by_label("First colour", exact=True).fill("#0a7a3d")
    await page.locator("[data-tone=accent]", has_text="#0a7a3d").wait_for()
    accent = "getComputedStyle(document.querySelector('.try-out .button-main')).backgroundColor"
    assert await page.evaluate(accent) == "rgb(10, 122, 61)"
    assert page.complaints == []
    await page.context.close()


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1440, "light")])
async def test_pages_of_the_office_are_accessible_and_never_scroll_sideways(
    browser, served, database, house, width, scheme
):
    page = await sit_down(
        browser,
        served,
        database,
        house,
        viewport={"width": width, "height": 900},
        bypass_csp=True,
        color_scheme=scheme,
    )
    at, found = f"events/{house.events[0].id}", {}
    paths = [
        at,
        f"{at}/tickets",
        f"{at}/tickets/new",
        f"{at}/settings",
        "discounts/new",
        "settings",
        "settings/look",
    ]
    for path in paths:
        await page.goto(f"{served.base_url}/office/{path}")
        seen = await Axe().run(page, options=RULES)
        wrong = [
            f"{one['id']}: {node['html']}" for one in seen.response["violations"] for node in one["nodes"]
        ]
        if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append("scrolls sideways")
        found[path] = wrong
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
    await page.context.close()
