"""From nothing to an office of one's own, with and without a script; then the way through a forgotten password."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from foyer.domains.identity import fresh_confirmation_link, fresh_reset_link
from foyer.domains.organizations import organization_by_slug

PASSWORD = "a few words in a row"
NARROW, WIDE = {"width": 390, "height": 844}, {"width": 1440, "height": 900}


async def clean(page: Page, pictures, name: str) -> None:
    """Small and dark, wide and light: nothing that axe finds, and nothing that scrolls sideways."""
    for size, scheme in ((NARROW, "dark"), (WIDE, "light")):
        await page.set_viewport_size(size)
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = await Axe().run(page)
        told = [(one["id"], one["nodes"][0]["html"][:120]) for one in found.response["violations"]]
        assert told == [], (name, size, scheme)
        aside = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert aside <= 0, (name, size, scheme)
        await page.screenshot(path=pictures / f"{name}-{size['width']}-{scheme}.png", full_page=True)


@pytest.mark.parametrize("with_script", [True, False], ids=["with a script", "without one"])
async def test_organizer_signs_up_and_finds_the_way_back(
    browser: Browser, served, database, pictures, with_script
):
    context = await browser.new_context(base_url=served.base_url)
    if not with_script:
        await context.route("**/*.js", lambda route: route.abort())
    page = await context.new_page()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    name = f"Haus am See {'mit' if with_script else 'ohne'}"
    slug = f"haus-am-see-{'mit' if with_script else 'ohne'}"
    email = f"nia@{slug}.example"

    await page.goto("/")
    await page.get_by_role("link", name="Make an organization").click()
    await page.get_by_label("Organization", exact=True).fill(name)
    if with_script:
        await page.keyboard.press("Tab")
    else:
        await page.get_by_role("button", name="Check").click()
    await expect(page.get_by_label("Address of the shop")).to_have_value(slug)
    await expect(page.get_by_role("status")).to_contain_text("is free")
    await page.get_by_role("button", name="Make the organization").click()
    await expect(page.get_by_role("alert")).to_contain_text("things need a look")
    if with_script:
        await clean(page, pictures, "sign-up-refused")
    await page.get_by_label("Your name").fill("Nia Neu")
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Make the organization").click()
    await page.wait_for_url("**/office**")
    await expect(page.get_by_text("Confirm your address.")).to_be_visible()

    house = await organization_by_slug(database, slug)
    assert house is not None
    async with database.batch(house) as connection:
        user = await connection.fetchval("SELECT id FROM users WHERE organization_id = $1", house)
    async with database.write(house) as tx:
        link = await fresh_confirmation_link(tx, user, served.base_url)
    await page.goto(link.url)
    await page.get_by_role("button", name="This is my address").click()
    await page.get_by_role("link", name="To the office").click()
    await page.goto("/office/account")
    await expect(page.get_by_text("Confirm your address.")).to_have_count(0)
    await expect(page.get_by_text("Confirmed", exact=True)).to_be_visible()
    if with_script:
        await clean(page, pictures, "account")
        await page.set_viewport_size(WIDE)

    await page.locator("summary", has_text="Your account").click()
    await page.get_by_role("button", name="Sign out").first.click()
    await expect(page.get_by_role("status")).to_contain_text("You are signed out.")
    async with database.write(house) as tx:
        reset = await fresh_reset_link(tx, user, served.base_url)
    await page.goto(reset.url)
    if with_script:
        await clean(page, pictures, "new-password")
    await page.get_by_label("New password").fill("another few words")
    await page.get_by_role("button", name="Set the password").click()
    await expect(page.get_by_role("status")).to_contain_text("Your new password counts")
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("alert")).to_contain_text("is not right")
    await expect(page.get_by_label("E-mail")).to_have_value(email)
    if with_script:
        await clean(page, pictures, "sign-in-refused")
    await page.get_by_label("Password").fill("another few words")
    await page.get_by_role("button", name="Sign in").click()
    await page.wait_for_url("**/office**")

    assert said == []
    await context.close()
