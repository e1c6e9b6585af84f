"""From nothing to an office of one's own, with and without a script; then the way through a forgotten password."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from foyer.domains.identity import fresh_confirmation_link, fresh_reset_link
from foyer.domains.organizations import organization_by_slug
from foyer.infra.db.engine import Database
from tests.support.serving import Served

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


@dataclass
class Nia:
    """Somebody with a page, whose mails are written by the test."""

    page: Page
    served: Served
    database: Database
    pictures: Path
    slug: str
    has_script: bool

    @property
    def email(self) -> str:
        return f"nia@{self.slug}.example"

    async def looks(self, name: str) -> None:
        if self.has_script:
            await clean(self.page, self.pictures, name)

    async def mail(self, write) -> str:
        """The link of a mail to her."""
        house = await organization_by_slug(self.database, self.slug)
        assert house is not None
        async with self.database.batch(house) as connection:
            user_id = await connection.fetchval("SELECT id FROM users WHERE organization_id = $1", house)
        async with self.database.write(house) as tx:
            return (await write(tx, user_id, self.served.base_url)).url

    async def signs_up(self, name: str) -> None:
        page = self.page
        await page.goto("/")
        await page.get_by_role("link", name="Make an organization").click()
        await page.get_by_label("Organization", exact=True).fill(name)
        if self.has_script:
            await page.keyboard.press("Tab")
        else:
            await page.get_by_role("button", name="Check").click()
        await expect(page.get_by_label("Address of the shop")).to_have_value(self.slug)
        await expect(page.get_by_role("status")).to_contain_text("is free")
        await page.get_by_role("button", name="Make the organization").click()
        await expect(page.get_by_role("alert")).to_contain_text("things need a look")
        await self.looks("sign-up-refused")
        await page.get_by_label("Your name").fill("Nia Neu")
        await page.get_by_label("Email").fill(self.email)
        await page.get_by_label("Password").fill(PASSWORD)
        await page.get_by_role("button", name="Make the organization").click()
        await page.wait_for_url("**/office**")

    async def proves_her_address(self) -> None:
        page = self.page
        await expect(page.get_by_text("Confirm your address.")).to_be_visible()
        await page.goto(await self.mail(fresh_confirmation_link))
        await page.get_by_role("button", name="This is my address").click()
        await page.get_by_role("link", name="To the office").click()
        await page.goto("/office/account")
        await expect(page.get_by_text("Confirm your address.")).to_have_count(0)
        await expect(page.get_by_text("Confirmed", exact=True)).to_be_visible()
        await self.looks("account")

    async def sets_a_new_password(self) -> None:
        page = self.page
        await page.goto(await self.mail(fresh_reset_link))
        await self.looks("new-password")
        await page.get_by_label("New password").fill("another few words")
        await page.get_by_role("button", name="Set the password").click()
        await expect(page.get_by_role("status")).to_contain_text("Your new password counts")

    async def signs_in(self, password: str) -> None:
        await self.page.get_by_label("Email").fill(self.email)
        await self.page.get_by_label("Password").fill(password)
        await self.page.get_by_role("button", name="Sign in").click()


@pytest.mark.parametrize("has_script", [True, False], ids=["with a script", "without one"])
async def test_organizer_signs_up_and_finds_the_way_back(
    browser: Browser, served, database, pictures, has_script
):
    context = await browser.new_context(base_url=served.base_url)
    if not has_script:
        await context.route("**/*.js", lambda route: route.abort())
    page = await context.new_page()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    last = "mit" if has_script else "ohne"
    nia = Nia(page, served, database, pictures, f"haus-am-see-{last}", has_script)

    await nia.signs_up(f"Haus am See {last}")
    await nia.proves_her_address()
    await page.set_viewport_size(WIDE)
    await page.locator("summary", has_text="Your account").click()
    await page.get_by_role("button", name="Sign out").first.click()
    await expect(page.get_by_role("status")).to_contain_text("You are signed out.")
    await nia.sets_a_new_password()
    await nia.signs_in(PASSWORD)
    await expect(page.get_by_role("alert")).to_contain_text("is not right")
    await expect(page.get_by_label("Email")).to_have_value(nia.email)
    await nia.looks("sign-in-refused")
    await nia.signs_in("another few words")
    await page.wait_for_url("**/office**")

    assert said == []
    await context.close()
