"""A phone at the door with a camera of its own: the page reads the tickets itself, keeps what it could not send, and says so."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import httpx
import pytest
import zxingcpp
from axe_playwright_python.async_playwright import Axe
from PIL import Image
from playwright.async_api import Browser, Page, async_playwright, expect

from foyer.domains.events.types import EventStaff, TicketTypeDraft
from foyer.domains.identity import begin_session
from foyer.domains.identity.types import Visit
from foyer.infra.db.engine import Database
from tests.api.asking import Shop
from tests.browser.filming import film
from tests.browser.test_journey import PHONE, RULES
from tests.lanes import slowness
from tests.support.serving import Served
from tests.support.world import Organization, make_event
from tests.web.doors import new_device

MOST_MILLISECONDS = 300
SECONDS = 0.7


@pytest.fixture
async def sold(served: Served, database: Database, organization: Organization):
    """An event and its three tickets, each for somebody else."""
    kind = TicketTypeDraft(name="Standing", quantity=50, is_free=True)
    event = await make_event(database, organization, kind, title="Lantern Night")
    names = ("Hanne Sørby", "Bjarne Ott", "Petra Wilms")
    guests = [
        {"ticketTypeId": str(event.ticket_types[0].id), "firstName": first, "lastName": last}
        for first, last in (name.split() for name in names)
    ]
    async with httpx.AsyncClient(base_url=served.base_url) as client:
        order = await Shop(client, organization).order(event, (event.ticket_types[0].id, 3), attendees=guests)
    return event, order["tickets"]


@asynccontextmanager
async def filmed(executable: str, flags: list[str]) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(
            executable_path=executable, args=[*flags, "--no-first-run"]
        )
        yield chromium
        await chromium.close()


async def paired(page: Page, served: Served, code: str, event: EventStaff) -> list[str]:
    """Pair as a steward does: the link of the QR, one press. What the browser complained about meanwhile comes back."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
    await page.goto(f"{served.base_url}/door/pair#{code}")
    await expect(page.get_by_label("Pairing code")).to_have_value(code)
    assert "#" not in page.url
    await page.get_by_role("button", name="Pair").click()
    await page.wait_for_url(f"**/door/events/{event.id}")
    return complaints


async def results(owner_sql, event_id: UUID) -> list[str]:
    query = "SELECT result FROM scans WHERE event_id = $1 ORDER BY id"
    return [row[0] for row in await owner_sql.fetch(query, event_id)]


async def test_camera_reads_a_ticket_and_admits_it_once(
    served: Served,
    database: Database,
    organization: Organization,
    sold,
    owner_sql,
    tmp_path,
    pictures,
    executable,
):
    event, tickets = sold
    _, code = await new_device(database, organization, event.id)
    flags = film(tmp_path / "camera.y4m", [tickets[0]["qrCode"], tickets[1]["qrCode"]], seconds=SECONDS)
    async with filmed(executable, flags) as browser:
        context = await browser.new_context(viewport=PHONE, permissions=["camera"])
        page = await context.new_page()
        complaints = await paired(page, served, code, event)
        door = page.locator("#door")
        await page.locator('#door[data-tone="admitted"]').wait_for(timeout=15_000)
        await page.screenshot(path=pictures / "door-admitted.png")
        await page.locator('#door[data-tone="used"]').wait_for(timeout=15_000)
        await expect(door).to_contain_text("Already used")
        await expect(door).to_contain_text("through North gate")
        await expect(page.locator('[data-slot="admitted"]')).to_have_text("2")
        await page.screenshot(path=pictures / "door-used.png")
        took = await page.evaluate("performance.getEntriesByName('scan').map((one) => one.duration)")
        await context.close()

    assert (await results(owner_sql, event.id))[:3] == ["admitted", "admitted", "already_used"]
    # The fastest: the others wait for whatever else this machine does meanwhile.
    assert min(took) < MOST_MILLISECONDS * slowness(), took
    assert complaints == []


async def test_what_is_scanned_without_a_network_is_kept_told_and_sent_once(
    browser: Browser,
    served: Served,
    database: Database,
    organization: Organization,
    sold,
    owner_sql,
    pictures,
):
    event, tickets = sold
    _, code = await new_device(database, organization, event.id)
    context = await browser.new_context(viewport=PHONE)
    page = await context.new_page()
    complaints = await paired(page, served, code, event)
    door = page.locator("#door")

    async def scan_by_hand(text: str) -> None:
        await page.keyboard.type(text)
        await page.keyboard.press("Enter")

    await scan_by_hand(tickets[0]["code"])
    await expect(door).to_contain_text("Hanne Sørby")
    await context.set_offline(True)
    await scan_by_hand(tickets[1]["qrCode"])
    await expect(door).to_contain_text("Offline: 1 scan waiting")
    await scan_by_hand(tickets[0]["code"])
    await expect(door).to_contain_text("Offline: 2 scans waiting")
    for sentence in ("Not checked", "No network", "Nobody has verified this ticket"):
        await expect(door).to_contain_text(sentence)
    assert await door.get_attribute("data-tone") == "unsure"
    assert await results(owner_sql, event.id) == ["admitted"]
    await page.screenshot(path=pictures / "door-offline.png")
    await context.set_offline(False)
    late = page.get_by_role("dialog", name="Sent later")
    await expect(late).to_contain_text("2 scans sent: 1 admitted, 1 not good.", timeout=15_000)
    await expect(late).to_contain_text("Already used · Hanne Sørby")
    await late.get_by_role("button", name="Close").click()
    await expect(door).to_contain_text("Synced")
    await expect(page.locator('[data-slot="admitted"]')).to_have_text("2")

    assert await results(owner_sql, event.id) == ["admitted", "admitted", "already_used"]
    assert complaints == []
    await context.close()


@pytest.mark.parametrize("is_busy", [False, True], ids=["lost", "busy"])
async def test_answer_that_did_not_come_is_asked_for_again_and_admits_still(
    browser: Browser, served: Served, database: Database, organization: Organization, sold, owner_sql, is_busy
):
    event, tickets = sold
    _, code = await new_device(database, organization, event.id)
    context = await browser.new_context(viewport=PHONE)
    page = await context.new_page()
    await paired(page, served, code, event)
    sent: list[str] = []

    async def lose_the_first(route) -> None:
        sent.append(route.request.post_data)
        if len(sent) > 1:
            await route.continue_()
        elif is_busy:
            await route.fulfill(status=503, headers={"Retry-After": "1"}, json={"code": "busy"})
        else:
            await route.fetch()
            await route.abort()

    await page.route("**/scans", lose_the_first)
    await page.keyboard.type(tickets[0]["code"])
    await page.keyboard.press("Enter")
    await expect(page.locator("#door")).to_contain_text("Admitted")
    await page.get_by_role("button", name="Undo").click()
    await expect(page.locator("#door")).to_contain_text("Taken back")

    assert "scanId=" in sent[0]
    assert sent == [sent[0]] * 2
    assert await results(owner_sql, event.id) == ["admitted", "undone"]
    await context.close()


async def test_every_state_of_the_door_is_accessible(
    browser: Browser, served: Served, database: Database, organization: Organization, sold, pictures
):
    """The door looks the same in light and in dark; on the smallest phone nothing scrolls sideways."""
    event, tickets = sold
    _, code = await new_device(database, organization, event.id)
    context = await browser.new_context(viewport=PHONE, reduced_motion="reduce", bypass_csp=True)
    page = await context.new_page()
    findings: list[str] = []

    async def look(name: str) -> None:
        await page.screenshot(path=pictures / f"door-{name}.png")
        seen = await Axe().run(page, options=RULES)
        findings.extend(f"{name}: {one['id']}" for one in seen.response["violations"])
        await page.set_viewport_size({"width": 320, "height": 568})
        wide = await page.evaluate("document.documentElement.scrollWidth")
        findings.extend([f"{name}: {wide} wide"] if wide > 320 else [])
        await page.set_viewport_size(PHONE)

    await page.goto(f"{served.base_url}/door/pair")
    await look("pair")
    await page.get_by_label("Pairing code").fill("0" * 12)
    await page.get_by_role("button", name="Pair").click()
    await page.locator("#code-error").wait_for()
    await look("pair-wrong")
    await paired(page, served, code, event)
    await look("ready")
    for text, word in (
        (tickets[0]["code"], "Admitted"), (tickets[0]["qrCode"], "Already used"), ("0" * 16, "Do not admit"),
    ):  # fmt: skip
        await page.get_by_role("button", name="Type a code").click()
        await page.get_by_label("The code under the picture").fill(text)
        await page.keyboard.press("Enter")
        await expect(page.locator("#door h1")).to_have_text(word)
        await look(word.lower().replace(" ", "-"))
    await page.get_by_role("link", name="Search by name").click()
    await page.get_by_label("Name, or number").fill("bj")
    await page.get_by_role("button", name="Admit Bjarne Ott").wait_for()
    await look("search")
    await page.get_by_role("button", name="Admit Bjarne Ott").click()
    await expect(page.locator("#door")).to_contain_text("Bjarne Ott")

    assert findings == []
    await context.close()


async def test_picture_in_the_office_pairs_the_phone_that_scans_it(
    browser: Browser, served: Served, database: Database, organization: Organization, pictures
):
    event = await make_event(database, organization, title="Lantern Night")
    async with database.write(organization.id) as tx:
        visit = Visit(device="Chromium", ip="127.0.0.1")
        token = (await begin_session(tx, organization.user_id, visit=visit)).token
    office = await browser.new_context(bypass_csp=True, reduced_motion="reduce")
    await office.add_cookies([{"name": "foyer-staff", "value": token, "url": served.base_url}])
    page = await office.new_page()
    findings: list[str] = []

    async def look(name: str) -> None:
        for scheme in ("dark", "light"):
            await page.emulate_media(color_scheme=scheme)
            seen = await Axe().run(page, options=RULES)
            findings.extend(f"{name} {scheme}: {one['id']}" for one in seen.response["violations"])
        await page.set_viewport_size(PHONE)
        wide = await page.evaluate("document.documentElement.scrollWidth")
        findings.extend([f"{name}: {wide} wide"] if wide > PHONE["width"] else [])
        await page.screenshot(path=pictures / f"office-{name}-390.png", full_page=True)
        await page.set_viewport_size({"width": 1440, "height": 900})
        await page.screenshot(path=pictures / f"office-{name}-1440.png", full_page=True)

    await page.goto(f"{served.base_url}/office/check-in")
    await page.get_by_role("link", name="Pair a phone").first.click()
    await page.get_by_label("Name").fill("North gate")
    await look("device-new")
    await page.get_by_role("button", name="Show the pairing code").click()
    await look("device")
    picture = await page.get_by_role("img", name="QR code").screenshot()
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    phone = await browser.new_context(viewport=PHONE)
    steward = await phone.new_page()
    await steward.goto(found.text)
    await steward.get_by_role("button", name="Pair").click()
    await steward.wait_for_url(f"**/door/events/{event.id}")
    await expect(page.get_by_text("A phone is paired.")).to_be_visible(timeout=10_000)
    await page.get_by_role("link", name="To the doors").click()
    await expect(page.get_by_role("row", name="North gate")).to_contain_text("Paired")
    await look("check-in")

    assert found.text.startswith(f"{served.base_url}/door/pair#")
    assert "door/pair#" not in served.log.read_text()
    assert found.text.partition("#")[2] not in served.log.read_text()
    assert findings == []
    await phone.close()
    await office.close()
