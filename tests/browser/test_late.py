"""Somebody else was faster, and time ran out: what was typed is kept, and there is a way on from each."""

from uuid import UUID

import httpx
import pytest
from playwright.async_api import expect

from foyer.domains.events.types import TicketTypeDraft
from foyer.domains.waiting import offer_places
from tests.api.asking import Shop
from tests.browser.walking import walking
from tests.support.world import KEYRING, make_event, make_organization

ENDED = """UPDATE carts SET created_at = created_at - interval '1 hour', expires_at = foyer_now() - interval '1 second'
WHERE organization_id = $1 AND id = $2"""

LEFT = "({ dataset }) => Date.parse(dataset.until) - Date.parse(dataset.now)"


@pytest.fixture
async def shop(database):
    shop = await make_organization(database, name="Nordlicht Festival", primary_color="#58188f")
    await make_event(
        database, shop, TicketTypeDraft(name="Balcony", quantity=3, is_free=True),
        TicketTypeDraft(name="Floor", quantity=9, is_free=True, sort_order=1), title="Lantern Night",
    )  # fmt: skip
    return shop


async def test_who_was_too_late_comes_in_from_the_waiting_list(
    browser, served, shop, database, mailbox, pictures
):
    event, letters = shop.events[0], mailbox(shop)
    async with (
        httpx.AsyncClient(base_url=served.base_url, trust_env=False) as other,
        walking(browser, served, shop, pictures, "late") as walker,
    ):
        page = walker.page
        await page.goto(f"{walker.home}/events/{event.slug}")
        await walker.choose("Balcony", 3)
        await walker.choose("Floor", 1)
        faster = Shop(other, shop)
        cart = await faster.cart(event, (event.ticket_types[0].id, 2))
        await page.locator("button[data-reserve]:visible").first.click()
        await expect(page.get_by_role("alert")).to_be_focused()
        await expect(page.get_by_role("alert")).to_contain_text("Balcony")
        kept = [await page.get_by_label(f"How many of {name}").input_value() for name in ("Balcony", "Floor")]
        assert kept == ["3", "1"]
        await walker.look("one-left")

        last = await faster.cart(event, (event.ticket_types[0].id, 1))
        await page.locator("button[data-reserve]:visible").first.click()
        await expect(page.get_by_role("alert")).to_contain_text("sold out")
        await expect(page.get_by_label("How many of Floor")).to_have_value("1")
        way = await page.get_by_role("alert").get_by_role("link").get_attribute("href")
        await expect(page.locator(str(way))).to_be_visible()
        line = page.get_by_role("form", name="Join the waiting list")
        await expect(line.locator("#waiting-quantity")).to_have_value("3")
        await walker.look("sold-out")
        await line.get_by_label("Email").fill("mira@lund.example")
        await line.get_by_role("button", name="Put me on the list").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("You are on the waiting list")
        await walker.look("joined")

        await page.goto(await letters.link("mira@lund.example", "waiting list", "/waiting/"))
        await expect(page.locator("main")).to_contain_text("next in line")
        await walker.look("in-line")
        for one in (cart, last):
            assert (await faster.drop(one)).is_success
        await offer_places(database, KEYRING.new_session)
        await page.goto(await letters.link("mira@lund.example", "Lantern Night", "/waiting/"))
        await expect(page.get_by_role("heading", level=1)).to_have_text("There are places for you")
        await walker.look("offered")
        place = page.url
        await page.get_by_role("button", name="Take the 3 places").click()
        await page.wait_for_url("**/carts/*")
        await expect(page.locator("#email")).to_have_value("mira@lund.example")
        await walker.order()
        await expect(page.get_by_role("img", name="Code of ticket 1 of 3")).to_be_visible()
        await page.goto(place)
        await expect(page.get_by_role("heading", level=1)).to_have_text("You took your places")
        await walker.look("taken")


async def test_cart_that_ends_while_somebody_types_keeps_what_was_typed(
    browser, served, shop, owner_sql, pictures
):
    event = shop.events[0]
    async with walking(browser, served, shop, pictures, "expired", color_scheme="dark") as walker:
        page = walker.page
        await page.clock.install()
        await page.goto(f"{walker.home}/events/{event.slug}")
        await walker.choose("Floor", 2)
        await walker.reserve()
        checkout = page.url
        await expect(page.locator("[data-countdown]")).to_contain_text("what you typed stays here")
        await walker.say_who("mira@lund.example")
        announced = page.locator("[data-announce]")
        await expect(announced).to_be_empty()
        left = await page.locator("[data-countdown]").evaluate(LEFT)
        await page.clock.fast_forward(left - 100_000)
        await expect(announced).to_have_text(
            "Less than two minutes are left. After that your places go back on sale."
        )
        await walker.look("soon")

        await page.clock.fast_forward(100_000)
        told = page.get_by_role("alert")
        await expect(told).to_contain_text("Your places went back on sale. Nothing was taken.")
        await expect(page.locator("[data-countdown]")).to_be_hidden()
        await expect(page.locator("#email")).to_have_value("mira@lund.example")
        await walker.look("at-zero")
        await owner_sql.execute(ENDED, shop.id, UUID(checkout.rpartition("/")[2]))
        await page.locator(".pay button").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Your places went back on sale")
        await walker.look("gone")
        await page.get_by_role("button", name="Take the same 2 tickets").click()
        await page.wait_for_url(lambda url: "/carts/" in url and url != checkout)
        kept = [await page.locator(f"#{name}").input_value() for name in ("firstName", "lastName", "email")]
        assert kept == ["Mira", "Berg", "mira@lund.example"]
        await walker.order()
        await expect(page.get_by_role("img", name="Code of ticket 1 of 2")).to_be_visible()
