"""Tickets as PDF, calendars, pictures: for whoever may have them, and nobody else."""

import io
import re
from datetime import date, datetime, time, timedelta
from urllib.parse import urlsplit
from uuid import UUID

import pytest
import zxingcpp
from icalendar import Calendar
from PIL import Image
from pypdf import PdfReader

from foyer.domains.checkout import cancel_event
from foyer.domains.events import edit_event
from foyer.domains.events.types import TicketTypeDraft
from foyer.domains.tickets import Signer, held_ticket_pdf, tickets_of_order, transfer_ticket
from foyer.domains.tickets.documents import pdf as papers
from foyer.domains.tickets.types import Receiver
from foyer.infra.db.engine import Database
from foyer.infra.jobs import Tools
from foyer.infra.mail import post_for
from foyer.kernel.errors import NotFound
from foyer.kernel.ids import uuid7
from tests.support.pictures import picture
from tests.support.working import work_off
from tests.support.world import KEYRING, make_event

NASTY = 'Night;\\, "of"\\nATTENDEE:x <b>\u65e5\u672c</b>'


@pytest.fixture
async def event(database: Database, organization):
    return await make_event(
        database, organization, TicketTypeDraft(name="Child", quantity=9, is_free=True), title=NASTY, location_type="hybrid",
        virtual_event_url="https://meet.example.org/secret", slug="night",
    )  # fmt: skip


def beside(link: str, name: str) -> str:
    """The address of a document of an order, out of the link that opens the order."""
    parts = urlsplit(link)
    return f"{parts.path}/{name}?{parts.query}"


async def test_tickets_are_printed_for_the_holder_once_and_change_with_what_they_show(
    visitor, event, database, organization, owner_sql
):
    link = await visitor.order(event, 2)

    printed = await visitor.http.get(beside(link, "tickets.pdf"))
    again = await visitor.http.get(beside(link, "tickets.pdf"))

    assert (printed.status_code, printed.headers["content-type"]) == (200, "application/pdf")
    assert printed.headers["cache-control"] == "private, no-store"
    assert printed.headers["x-content-type-options"] == "nosniff"
    assert again.content == printed.content
    pages = PdfReader(io.BytesIO(printed.content)).pages
    assert ["Mira Berg" in page.extract_text() for page in pages] == [True, True]
    kept = "SELECT count(*) FROM files WHERE organization_id = $1 AND media_type = 'application/pdf'"
    assert await owner_sql.fetchval(kept, organization.id) == 1
    async with database.write(organization.id) as tx:
        await edit_event(
            tx,
            event.id,
            lambda draft: type(draft)(**{**_fields(draft), "title": "Day"}),
            actor=organization.owner,
        )
    other = await visitor.http.get(beside(link, "tickets.pdf"))
    assert "Day" in PdfReader(io.BytesIO(other.content)).pages[0].extract_text()
    assert await owner_sql.fetchval(kept, organization.id) == 2


def _fields(draft: object) -> dict[str, object]:
    return {name: getattr(draft, name) for name in draft.__struct_fields__}  # type: ignore[attr-defined]


async def test_documents_need_the_whole_link(visitor, event, stranger):
    link = await visitor.order(event, 1)
    path, key = urlsplit(link).path, urlsplit(link).query
    for name in ("tickets.pdf", "calendar.ics", f"invoices/{uuid7()}"):
        for asked in (
            f"{path}/{name}",
            f"{path}/{name}?key=fyc_x",
            f"{path.replace(visitor.shop.slug, stranger.slug)}/{name}?{key}",
        ):
            answer = await visitor.http.get(asked)
            assert answer.status_code == 404
            assert b"%PDF" not in answer.content
            assert "BEGIN:VCALENDAR" not in answer.text


async def test_calendar_of_an_order_has_the_way_in_and_that_of_the_event_has_not(
    visitor, event, database, organization
):
    link = await visitor.order(event, 1)

    mine = await visitor.http.get(beside(link, "calendar.ics"))
    everybodys = await visitor.open("/events/night/calendar.ics")

    for answer in (mine, everybodys):
        assert answer.headers["content-type"].startswith("text/calendar")
        raw = answer.content
        assert raw.count(b"\n") == raw.count(b"\r\n")
        assert max(len(line) for line in raw.split(b"\r\n")) <= 75
        (entry,) = Calendar.from_ical(raw).walk("VEVENT")
        assert str(entry["summary"]) == NASTY
        assert "attendee" not in entry
        assert entry["dtstart"].dt == event.starts_at
        assert Calendar.from_ical(raw).walk("VTIMEZONE")[0]["tzid"] == "Europe/Berlin"
        assert (str(entry["uid"]), str(entry["status"])) == (f"{event.id}@foyer", "CONFIRMED")
    assert b"meet.example.org/secret" in mine.content.replace(b"\r\n ", b"")
    assert b"meet.example" not in everybodys.content.replace(b"\r\n ", b"")
    in_german = await visitor.http.get(everybodys.url.path, headers={"Accept-Language": "de"})
    for answer, country in ((everybodys, "Germany"), (in_german, "Deutschland")):
        where = str(Calendar.from_ical(answer.content).walk("VEVENT")[0]["location"])
        assert where.endswith(f"Kiel, {country}"), where
    before = Calendar.from_ical(everybodys.content).walk("VEVENT")[0]["sequence"]
    async with database.write(organization.id) as tx:
        await cancel_event(tx, event.id, actor=organization.owner)
    (after,) = Calendar.from_ical((await visitor.http.get(beside(link, "calendar.ics"))).content).walk(
        "VEVENT"
    )
    assert str(after["status"]) == "CANCELLED"
    assert after["sequence"] > before


async def test_dates_of_a_series_stand_on_the_clocks_of_their_own_day(visitor, database, organization):
    """In between the clocks of New York go forward: the evening begins at the same hour, an hour earlier for the world."""
    seat, said = TicketTypeDraft(name="Seat", quantity=9, is_free=True), []
    for day, offset in ((date(2030, 3, 9), -5), (date(2030, 3, 10), -4)):
        event = await make_event(
            database, organization, seat, series="Spring", start_date=day, end_date=day, start_time="19:30",
            end_time="23:30", time_zone="America/New_York",
        )  # fmt: skip
        link = await visitor.order(event, 1)
        told = Calendar.from_ical((await visitor.http.get(beside(link, "calendar.ics"))).content)
        (entry,), (zone,) = told.walk("VEVENT"), told.walk("VTIMEZONE")
        begins = entry["dtstart"]
        assert (begins.params["tzid"], begins.dt) == ("America/New_York", event.starts_at)
        wall = datetime.combine(day, time(19, 30))
        assert begins.dt.replace(tzinfo=None) == wall
        assert zone.to_tz(lookup_tzid=False).utcoffset(wall) == timedelta(hours=offset)
        said.append(str(entry["uid"]))
    assert len(set(said)) == 2


async def test_ticket_has_a_calendar_of_its_own_until_it_is_somebody_elses(
    visitor, event, database, organization
):
    link = await visitor.order(event, 1)
    page = (await visitor.http.get(link)).text
    own = re.search(r'href="(/[^"]+/tickets/[^"/]+\?key=[^"]+)"', page)[1]
    address = own.replace("?", "/calendar.ics?")

    (entry,) = Calendar.from_ical((await visitor.http.get(address)).content).walk("VEVENT")

    assert str(entry["location"]) == "https://meet.example.org/secret"
    assert str(entry["url"]) == f"http://localhost:8000{own}"
    assert (await visitor.http.get(address[:-4])).status_code == 404
    async with database.write(organization.id) as tx:
        ticket_id = UUID(own.partition("?")[0].rpartition("/")[2])
        await transfer_ticket(tx, ticket_id, Receiver(email="ida@example.org"), actor=organization.owner)
    gone = await visitor.http.get(address)
    assert gone.headers["content-type"].startswith("text/html")
    assert "secret" not in gone.text


async def test_picture_is_served_where_it_can_do_nothing_and_only_as_its_owners(
    visitor, client, organization, stranger
):
    sent = picture("PNG", (300, 200)) + b"<script>alert(1)</script>"
    kept = await client.post(
        "/api/v1/images", content=sent, headers={**organization.staff, "Content-Type": "image/svg+xml"}
    )
    assert kept.status_code == 400
    kept = await client.post(
        "/api/v1/images", content=sent, headers={**organization.staff, "Content-Type": "image/png"}
    )
    address = kept.json()["address"]

    served = await visitor.http.get(address)

    assert kept.status_code == 201
    assert kept.json()["width"] == 300
    assert served.headers["content-type"] == "image/webp"
    assert served.headers["x-content-type-options"] == "nosniff"
    assert served.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert "immutable" in served.headers["cache-control"]
    assert Image.open(io.BytesIO(served.content)).size == (300, 200)
    assert b"script" not in served.content
    for other in (
        address.replace(str(organization.id), str(stranger.id)), address.replace(".webp", ".png"), address.replace(".webp", ".svg"),
        address.replace(".webp", ".webp.html"), address[:-6] + "0.webp", f"/media/{organization.id}/..%2f..%2fsecret.webp",
    ):  # fmt: skip
        assert (await visitor.http.get(other)).status_code == 404, other


async def test_event_shows_pictures_of_its_own_house_only(client, organization, stranger, database):
    event = await make_event(database, organization)
    pictures = {}
    for house in (organization, stranger):
        kept = await client.post("/api/v1/images", content=picture(), headers=house.staff)
        pictures[house.id] = kept.json()["address"]
    path = f"/api/v1/events/{event.id}"

    for bad in (
        pictures[stranger.id],
        "/media/x.webp",
        "//evil.example/x.webp",
        "javascript:alert(1)",
        "/media/../x",
    ):
        answer = await client.patch(
            path, json={"featuredImage": bad, "galleryImages": [bad]}, headers=organization.staff
        )
        assert answer.status_code == 422, bad
    mine = pictures[organization.id]
    answer = await client.patch(
        path, json={"featuredImage": mine, "galleryImages": [mine]}, headers=organization.staff
    )
    assert answer.json()["featuredImage"] == mine


async def test_ticket_from_its_own_page_is_the_one_that_the_door_reads(
    visitor, event, client, organization, database
):
    link = await visitor.order(event, 1)
    order_id = UUID(urlsplit(link).path.rpartition("/")[2])
    async with database.read(organization.id) as tx:
        (ticket,) = await tickets_of_order(tx, order_id, Signer(KEYRING))
        bought = await papers.read_bought(tx, order_id, [ticket])
    key = KEYRING.holder_token("ticket", organization.id, ticket.id)

    printed = await visitor.http.get(f"/{organization.slug}/tickets/{ticket.id}/ticket.pdf?key={key}")

    assert ticket.code[:4] in PdfReader(io.BytesIO(printed.content)).pages[0].extract_text()
    data = papers.shown(bought, [ticket], "en", None)
    workshop = client._transport.app.app.state.workshop
    (page,) = await workshop.press.pictures(papers.TEMPLATE, data)
    with Image.open(io.BytesIO(page)) as image:
        (read,) = zxingcpp.read_barcodes(image)
    admitted = await client.post(
        "/api/v1/check-ins", json={"eventId": str(event.id), "qr": read.text}, headers=organization.door
    )
    assert admitted.json()["result"] == "admitted"
    wrong = await visitor.http.get(f"/{organization.slug}/tickets/{ticket.id}/ticket.pdf?key=fyc_x")
    assert wrong.status_code == 404


async def test_ticket_is_printed_for_the_generation_that_was_shown_alone(
    visitor, event, client, organization, database
):
    """Between the proof and the print it may be handed on: the giver would hold the code of its new holder."""
    link = await visitor.order(event, 1)
    workshop, signer = client._transport.app.app.state.workshop, Signer(KEYRING)
    async with database.write(organization.id) as tx:
        (ticket,) = await tickets_of_order(tx, UUID(urlsplit(link).path.rpartition("/")[2]), signer)
        receiver = Receiver(email="ida@example.org")
        await transfer_ticket(tx, ticket.id, receiver, actor=organization.owner)

    with pytest.raises(NotFound):
        await held_ticket_pdf(workshop, signer, organization.id, ticket.id, generation=1)
    printed = await held_ticket_pdf(workshop, signer, organization.id, ticket.id, generation=2)
    shown = PdfReader(io.BytesIO(printed)).pages[0].extract_text()
    assert ticket.code[:4] not in shown
    assert ("ida@example.org" in shown, "Mira" in shown) == (True, False)


async def test_papers_of_somebody_who_was_erased_are_gone_from_disk_too(
    visitor, event, client, organization, database, owner_sql
):
    link = await visitor.order(event, 1)
    assert (await visitor.http.get(beside(link, "tickets.pdf"))).status_code == 200
    workshop = client._transport.app.app.state.workshop
    kept = "SELECT content_hash FROM files WHERE organization_id = $1"
    (content_hash,) = [row[0] for row in await owner_sql.fetch(kept, organization.id)]
    assert await workshop.files.get(content_hash) is not None
    buyer = await owner_sql.fetchval(
        "SELECT customer_id FROM orders WHERE organization_id = $1", organization.id
    )

    erased = await client.post(f"/api/v1/customers/{buyer}/erasure", headers=organization.staff)
    settings = client._transport.app.app.state.settings
    await work_off(Tools(database, KEYRING, settings, workshop, post_for(settings)), organization.id)

    assert erased.is_success
    assert await owner_sql.fetch(kept, organization.id) == []
    assert await workshop.files.get(content_hash) is None
    again = await visitor.http.get(beside(link, "tickets.pdf"))
    assert b"Mira" not in again.content
