"""From sign-up to “already used” at a phone-sized door, and from a code by invoice to a friend who comes instead."""

import asyncio
import io
import re
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import cast

import asyncpg
import pytest
import zxingcpp
from PIL import Image
from playwright.async_api import Browser, BrowserContext, Locator, Page, expect

from foyer.domains.events import create_discount
from foyer.domains.events.types import DiscountDraft, TicketTypeDraft
from foyer.domains.identity import begin_session
from foyer.domains.identity.types import Visit
from foyer.infra.db.engine import Database
from tests.browser.test_journey import DESKTOP, PHONE
from tests.support.serving import Served, working
from tests.support.world import PASSWORD, make_event, make_organization, today

LINK = re.compile(r"https?://\S+")
MAIL_SECONDS = 60
SAME_CODE_MILLISECONDS = 3_100
"""The door looks away from a code that it has just read."""


@pytest.fixture
async def post_office(served: Served, app_url: str, owner_sql: asyncpg.Connection) -> AsyncIterator[Path]:
    """A worker beside the server; mails are kept in the directory that this gives.

    What other tests have left to do is taken from it: weeks of a demo's orders would stand before the first mail.
    """
    await owner_sql.execute("DELETE FROM jobs.pgqueuer")
    port = int(served.base_url.rpartition(":")[2])
    async with working(app_url, served.data, port):
        yield served.data / "mail"


async def letter(post_office: Path, to: str, about: str) -> EmailMessage:
    """The newest mail to somebody whose subject has this in it, as soon as it is there."""
    deadline = time.monotonic() + MAIL_SECONDS
    while time.monotonic() < deadline:
        kept = sorted(post_office.glob("*.eml"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in kept:
            mail = cast("EmailMessage", message_from_bytes(path.read_bytes(), policy=default))
            if to in str(mail["To"]) and about.lower() in str(mail["Subject"]).lower():
                return mail
        await asyncio.sleep(0.1)
    raise AssertionError(f"no mail about {about!r} came to {to}")


def links_in(mail: EmailMessage) -> list[str]:
    body = mail.get_body(("plain",))
    assert body is not None, "every mail has a text part"
    return LINK.findall(body.get_content())


async def read_code(picture: Locator) -> str:
    """What a camera reads from a picture on a page."""
    await picture.scroll_into_view_if_needed()
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(await picture.screenshot())))
    assert len(found) == 1
    return found[0].text


async def watched(browser: Browser, size: dict[str, int], complaints: list[str]) -> Page:
    context: BrowserContext = await browser.new_context(viewport=size, permissions=[])  # type: ignore[arg-type]
    context.set_default_timeout(10_000)
    page = await context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: complaints.append(message.text) if "Content Security" in message.text else None,
    )
    return page


async def pair(office: Page, phone: Page, name: str) -> None:
    """Add a door in the office and open the link in its code's picture on the phone."""
    await office.get_by_role("link", name="Check-in").first.click()
    await office.get_by_role("link", name="Pair a phone").first.click()
    await office.locator("#name").fill(name)
    await office.get_by_role("button", name="Show the pairing code").click()
    await phone.goto(await read_code(office.locator(".pairing-qr")))
    await phone.get_by_role("button", name="Pair").click()
    await phone.wait_for_url("**/door**")


async def hold_out(phone: Page, code: str) -> str:
    """Type a code as a hand scanner does; returns the word of the verdict, which is another one than before."""
    if not await phone.locator("#door").count():
        await phone.locator("a[href*='/door/events/']").first.click()
    word = phone.locator("[data-slot=word]")
    before = await word.inner_text()
    await phone.keyboard.type(code)
    await phone.keyboard.press("Enter")
    await expect(word).not_to_have_text(before)
    return await word.inner_text()


async def test_from_sign_up_to_already_used(
    browser: Browser, served: Served, post_office: Path, pictures: Path
):
    complaints: list[str] = []
    office = await watched(browser, DESKTOP, complaints)
    await office.goto(f"{served.base_url}/sign-up")
    mark = f"{time.time_ns():x}"
    await office.get_by_label("Organization").fill(f"Quay House {mark}")
    await office.get_by_label("Your name").fill("Ola Holm")
    await office.get_by_label("Email").fill(f"ola-{mark}@quay.example")
    await office.get_by_label("Password").fill(PASSWORD)
    await office.get_by_role("button", name="Make the organization").click()
    await office.wait_for_url("**/office**")

    proof = links_in(await letter(post_office, f"ola-{mark}@quay.example", "confirm"))[0]
    await office.goto(proof)
    await office.get_by_role("button", name="This is my address").click()

    await office.goto(f"{served.base_url}/office/events/new")
    day = (today() + timedelta(days=20)).isoformat()
    for name, value in (
        ("title", "Quay concert"),
        ("description", "<p>Brass on the water.</p>"),
        ("category", "Music"),
        ("venueName", "Shed 4"),
        ("address", "Quay 4"),
        ("city", "Kiel"),
    ):
        await office.locator(f"#{name}").fill(value)
    for name, value in (("startDate", day), ("startTime", "19:30"), ("endDate", day), ("endTime", "22:00")):
        await office.locator(f"#{name}").fill(value)
    await office.locator("#timeZone").select_option("Europe/Berlin")
    await office.get_by_role("button", name="Create the draft").click()
    await office.get_by_role("link", name="Add ticket type").first.click()
    await office.locator("#name").fill("Standing")
    await office.locator("#quantity").fill("50")
    await office.get_by_role("button", name="Add ticket type").click()
    await office.get_by_role("link", name="Overview").first.click()
    await office.get_by_role("button", name="Publish").click()
    shop_link = await office.locator(".shop-link a").get_attribute("href")

    buyer = await watched(browser, PHONE, complaints)
    await buyer.goto(f"{served.base_url}{shop_link}")
    await buyer.get_by_role("button", name="One more of Standing").click()
    await buyer.locator("button[data-reserve]:visible").first.click()
    await buyer.get_by_label("First name").first.fill("Mira")
    await buyer.get_by_label("Last name").first.fill("Berg")
    await buyer.get_by_label("Email", exact=True).fill(f"mira-{mark}@lund.example")
    await buyer.get_by_role("button", name="Get 1 ticket").click()
    await buyer.wait_for_url("**/orders/*")
    ticket = await read_code(buyer.locator(".qr").first)
    mail = await letter(post_office, f"mira-{mark}@lund.example", "Quay concert")
    attached = {part.get_content_type() for part in mail.iter_attachments()}
    assert {"application/pdf", "text/calendar"} <= attached, mail["Subject"]

    phone = await watched(browser, PHONE, complaints)
    await pair(office, phone, "North gate")
    assert await hold_out(phone, ticket) == "Admitted"
    assert "Mira Berg" in await phone.locator(".panel").inner_text()
    await phone.screenshot(path=pictures / "door-390-light.png")
    await phone.wait_for_timeout(SAME_CODE_MILLISECONDS)
    assert await hold_out(phone, ticket) == "Already used"
    assert complaints == []
    for page in (office, buyer, phone):
        await page.context.close()


async def test_a_friend_comes_instead(
    browser: Browser, served: Served, database: Database, post_office: Path
):
    """A code and an invoice, marked as paid in the office, handed on, admitted under the new name; the former code is not."""
    complaints: list[str] = []
    house = await make_organization(database, name="Sheds", service_fee_bps=500, service_fee_fixed=50)
    event = await make_event(
        database, house, TicketTypeDraft(name="Stalls", quantity=20, price=4_000), title="Winter concert"
    )
    async with database.write(house.id) as tx:
        await create_discount(tx, DiscountDraft(code="EARLY10", percentage=10), actor=house.owner)
    mark = house.id.hex[-8:]

    buyer = await watched(browser, PHONE, complaints)
    await buyer.goto(f"{served.base_url}/{house.slug}/events/{event.slug}")
    await buyer.get_by_role("button", name="One more of Stalls").click()
    await buyer.locator("button[data-reserve]:visible").first.click()
    await buyer.get_by_label("First name").first.fill("Mira")
    await buyer.get_by_label("Last name").first.fill("Berg")
    await buyer.get_by_label("Email", exact=True).fill(f"mira-{mark}@lund.example")
    await buyer.locator("#discountCode").fill("early10")
    await buyer.locator("#discountCode").press("Enter")
    await buyer.get_by_text("You save €4.00").wait_for()
    # 40.00 less 10 % is 36.00, and 5 % of that and 0.50 are the fee.
    await buyer.get_by_role("button", name=re.compile("38[.,]30")).click()
    await buyer.wait_for_url("**/orders/*")
    order_link = buyer.url
    await letter(post_office, f"mira-{mark}@lund.example", "Winter concert")

    office = await watched(browser, DESKTOP, complaints)
    async with database.write(house.id) as tx:
        visit = Visit(device="Chromium", ip="192.0.2.1")
        token = (await begin_session(tx, house.user_id, visit=visit)).token
    await office.context.add_cookies([{"name": "foyer-staff", "value": token, "url": served.base_url}])
    await office.goto(f"{served.base_url}/office/orders")
    await office.get_by_role("row").filter(has_text="Mira Berg").get_by_role("link").first.click()
    await office.get_by_role("button", name="Mark as paid").click()
    await office.get_by_text("Paid").first.wait_for()

    await buyer.goto(order_link)
    former = await read_code(buyer.locator(".qr").first)
    await buyer.get_by_role("link", name="Transfer").first.click()
    await buyer.get_by_label("Their email").fill(f"ida-{mark}@example.org")
    await buyer.get_by_label("Their first name").fill("Ida")
    await buyer.get_by_label("Their last name").fill("Holm")
    await buyer.get_by_role("button", name="Hand it on").click()
    await buyer.get_by_text("Your ticket is handed on").wait_for()

    friend = await watched(browser, PHONE, complaints)
    mail = await letter(post_office, f"ida-{mark}@example.org", "Winter concert")
    await friend.goto(next(link for link in links_in(mail) if "/tickets/" in link))
    fresh = await read_code(friend.locator(".qr").first)
    assert fresh != former

    phone = await watched(browser, PHONE, complaints)
    await office.goto(f"{served.base_url}/office")
    await pair(office, phone, "Shed door")
    assert await hold_out(phone, former) == "Do not admit"
    assert await hold_out(phone, fresh) == "Admitted"
    assert "Ida Holm" in await phone.locator(".panel").inner_text()
    assert complaints == []
    for page in (office, buyer, friend, phone):
        await page.context.close()
