"""Every component in every state, in three brands: looked at by axe, photographed, and used with a keyboard."""

from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page

from tests.browser.test_journey import RULES
from tests.support.serving import Served

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SHIFTS = """() => new Promise((done) => {
    let sum = 0;
    new PerformanceObserver((list) => { for (const one of list.getEntries()) sum += one.value; })
        .observe({ type: "layout-shift", buffered: true });
    setTimeout(() => done(sum), 300);
})"""

HOLDER = "document.activeElement === document.body ? 'the browser itself' : document.activeElement.closest('dialog')?.id ?? 'the page'"


async def opened(browser: Browser, served: Served, width: int, scheme: str) -> Page:
    context = await browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        reduced_motion="reduce",
        bypass_csp=True,
    )
    page = await context.new_page()
    await page.goto(f"{served.base_url}/dev/components", wait_until="networkidle")
    return page


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (1440, "dark")])
async def test_components_are_readable_in_every_brand(
    browser: Browser, served: Served, pictures: Path, width, scheme
):
    page = await opened(browser, served, width, scheme)

    await page.screenshot(path=pictures / f"components-{width}-{scheme}.png", full_page=True)
    seen = await Axe().run(page, options=RULES)

    assert [(one["id"], node["html"]) for one in seen.response["violations"] for node in one["nodes"]] == []
    assert await page.evaluate(SIDEWAYS) == 0
    await page.context.close()


async def test_components_fit_the_narrowest_phone(browser: Browser, served: Served, pictures: Path):
    page = await opened(browser, served, 320, "light")

    await page.screenshot(path=pictures / "components-320-light.png", full_page=True)

    assert await page.evaluate(SIDEWAYS) == 0
    await page.context.close()


async def test_dialog_is_used_with_a_keyboard_and_gives_the_focus_back(browser: Browser, served: Served):
    page = await opened(browser, served, 1440, "light")
    way_in = page.get_by_role("link", name="Refund tickets").first
    await way_in.focus()

    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Refund tickets")
    held = set()
    for _ in range(6):
        await page.keyboard.press("Tab")
        held.add(await page.evaluate(HOLDER))
    assert held <= {"refund-nordlicht", "the browser itself"}
    assert "refund-nordlicht" in held
    await page.keyboard.press("Escape")

    assert not await dialog.is_visible()
    assert await way_in.evaluate("one => one === document.activeElement")
    await page.context.close()


async def test_dialog_opens_from_its_link_without_a_script(browser: Browser, served: Served):
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(f"{served.base_url}/dev/components")

    await page.get_by_role("link", name="Refund tickets").first.click()
    assert await page.locator("#refund-nordlicht").is_visible()
    await page.locator("#refund-nordlicht .dialog-foot a").click()

    assert not await page.locator("#refund-nordlicht").is_visible()
    await context.close()


async def test_nothing_moves_when_the_faces_arrive(browser: Browser, served: Served):
    """The stand-in has the measures of the face: swapping them leaves every line where it was."""
    page = await opened(browser, served, 1440, "light")

    assert await page.evaluate(SHIFTS) < 0.02
    await page.context.close()
