"""Events in the office: written, refused, edited by two at once, published, copied, ended."""

import re
from datetime import timedelta

import pytest

from foyer.domains.events.types import DiscountDraft, SharedPoolDraft, TicketTypeDraft
from tests.api.asking import untouched_by
from tests.support.world import make_event, today
from tests.web.conftest import words
from tests.web.seat import findings, focused, form_of, seated, went_to

SEAT = TicketTypeDraft(name="Seat", quantity=40, price=1_050)
BALCONY = TicketTypeDraft(name="Balcony", quantity=10, price=2_000)


@pytest.fixture
async def seat(client, organization):
    async with seated(client, organization) as seat:
        yield seat


@pytest.fixture
def untouched(owner_sql):
    return untouched_by(owner_sql)


def new_event(**changes):
    day = today() + timedelta(days=40)
    return {
        "title": "Nacht der Lieder", "description": "<p>Songs &amp; more.</p>", "category": "Music",
        "startDate": day.isoformat(), "endDate": day.isoformat(), "timeZone": "Asia/Tokyo", "tags": "songs, night,songs",
        **changes,
    }  # fmt: skip


async def row(owner_sql, event_id):
    return await owner_sql.fetchrow("SELECT * FROM events WHERE id = $1", event_id)


async def test_event_is_written_with_every_field_and_published(seat, owner_sql):
    path = went_to(await seat.fill("/office/events/new", **new_event(locationType="hybrid")))
    at = path.partition("?")[0]
    event_id = at.rpartition("/")[2]
    page = await seat.open(path)
    assert "Created." in words(page) + page
    assert "3 hours, Asia/Tokyo (UTC+9, no daylight saving time)" in words(page)
    assert "One thing to do first" in words(page)
    refused = await seat.send(f"{at}/publication", {})
    assert refused.status_code == 422
    assert "Add a ticket type first." in words(refused.text)

    texts = {
        "shortDescription": "Short", "venueName": "Hall", "address": "Street 1", "zipCode": "24103", "city": "Kiel", "state": "SH",
        "country": "DE", "virtualEventUrl": "https://meet.example.org/x", "startTime": "18:30", "endTime": "23:00",
    }  # fmt: skip
    went_to(await seat.fill(at, **texts))
    terms = {
        "visibility": "unlisted", "slug": "nacht-der-lieder", "salesStartDate": "2026-01-01T10:00", "capacity": "500",
        "currency": "JPY", "seoTitle": "S", "seoDescription": "D", "serviceFeePercentage": "2.5", "serviceFeeFixed": "80",
        "manualPaymentHours": "24", "approvalHours": "48", "series": "Nights",
    }  # fmt: skip
    went_to(await seat.fill(f"{at}/settings", **terms))
    kept = await row(owner_sql, event_id)
    assert {name: kept[column] for name, column in (
        ("shortDescription", "short_description"), ("venueName", "venue_name"), ("address", "address"), ("zipCode", "zip_code"),
        ("city", "city"), ("state", "state"), ("country", "country"), ("virtualEventUrl", "virtual_event_url"),
    )} == {name: texts[name] for name in texts if not name.endswith("Time")}  # fmt: skip
    assert (kept["location_type"], kept["tags"], kept["visibility"], kept["slug"]) == (
        "hybrid", ["songs", "night"], "unlisted", "nacht-der-lieder",
    )  # fmt: skip
    assert kept["sales_start_date"].isoformat() == "2026-01-01T01:00:00+00:00"
    assert (kept["service_fee_bps"], kept["service_fee_fixed"], kept["currency"]) == (250, 80, "JPY")
    assert (kept["manual_payment_hours"], kept["approval_hours"], kept["seo_title"]) == (24, 48, "S")
    assert kept["series_id"] is not None
    # What the settings page showed is what it keeps: sending it untouched changes nothing.
    went_to(await seat.fill(f"{at}/settings"))
    went_to(await seat.fill(at))
    again = await row(owner_sql, event_id)
    assert {k: v for k, v in again.items() if k not in {"version", "updated_at"}} == {
        k: v for k, v in kept.items() if k not in {"version", "updated_at"}
    }

    went_to(await seat.fill(f"{at}/tickets/new", name="Pass", price="3800", quantity="40"))
    page = await seat.open(at)
    assert "¥3,975" in words(page), "3,800 and 2.5 % and 80 of fee"
    assert went_to(await seat.send(f"{at}/publication", {})) == f"{at}?done=published"
    assert (await row(owner_sql, event_id))["status"] == "published"
    log = await owner_sql.fetch(
        "SELECT action FROM audit WHERE organization_id = $1 ORDER BY id", seat.organization.id
    )
    assert [one["action"] for one in log] == [
        "event.created", *["event.updated"] * 4, "ticket_type.created", "event.published",
    ]  # fmt: skip


async def test_what_is_refused_stands_beside_its_field_and_nothing_typed_is_lost(seat, untouched, database):
    async with untouched(seat.organization):
        answer = await seat.fill(
            "/office/events/new", **new_event(title="", description="Ünïcode <b>", startDate="x", startTime="25:99")
        )  # fmt: skip
        assert answer.status_code == 422
        assert findings(answer.text).keys() == {"startDate"}
        assert focused(answer.text) == ["startDate"]
        back = form_of(answer.text, "/office/events/new")
        assert (back["description"], back["startDate"]) == (["Ünïcode <b>"], ["x"])
        answer = await seat.fill("/office/events/new", **new_event(title="", timeZone="Mars/Base"))
        assert findings(answer.text).keys() == {"title", "timeZone"}
        assert focused(answer.text) == ["title"]
    event = await make_event(database, seat.organization, SEAT, publish=False)
    at = f"/office/events/{event.id}"
    async with untouched(seat.organization):
        answer = await seat.fill(at, locationType="virtual", virtualEventUrl="http:/stream")
        assert list(findings(answer.text)) == ["virtualEventUrl"]
        wrong = {"capacity": "many", "serviceFeeFixed": "1.234", "salesStartDate": "tomorrow"}
        answer = await seat.fill(f"{at}/settings", **wrong)
        assert findings(answer.text).keys() == wrong.keys()
        answer = await seat.fill(f"{at}/settings", capacity="12.5", slug="NO", approvalHours="0")
        assert list(findings(answer.text)) == ["capacity"]
        answer = await seat.fill(f"{at}/settings", slug="NO", approvalHours="0")
        assert findings(answer.text).keys() == {"slug", "approvalHours"}


async def test_of_two_who_edit_at_once_the_second_sees_both_and_loses_nothing(seat, database, owner_sql):
    event = await make_event(database, seat.organization, SEAT, publish=False, venue_name="Hall")
    at = f"/office/events/{event.id}"
    mine = form_of(await seat.open(at), at)
    went_to(await seat.fill(at, title="Theirs", city="Bergen"))
    answer = await seat.send(at, {**mine, "title": "Mine", "description": "Long words of mine"})

    assert answer.status_code == 412
    assert (await row(owner_sql, event.id))["title"] == "Theirs"
    assert "Stored now: Theirs." in words(answer.text)
    assert "Stored now: Bergen." in words(answer.text)
    back = form_of(answer.text, at)
    assert (back["title"], back["description"]) == (["Mine"], ["Long words of mine"])
    went_to(await seat.send(at, back))
    assert (await row(owner_sql, event.id))["title"] == "Mine"


async def test_list_searches_filters_and_turns_pages(seat, database, stranger):
    assert "No events yet" in words(await seat.open("/office/events"))
    for number in range(26):
        await make_event(
            database, seat.organization, publish=number == 0, title=f"Night {number:02}", city="Kiel"
        )
    await make_event(database, stranger, title="Night of strangers")
    page = await seat.open("/office/events")
    assert len(re.findall(r"Night \d\d</a>", page)) == 25
    older = re.search(r'href="(/office/events\?cursor=[^"]+)"', page)
    assert re.findall(r"Night \d\d</a>", await seat.open(older[1])) == ["Night 00</a>"]
    assert re.findall(r"Night \d\d</a>", await seat.open("/office/events?status=published")) == [
        "Night 00</a>"
    ]
    assert re.findall(r"Night \d\d</a>", await seat.open("/office/events?q=t+17&visibility=public")) == [
        "Night 17</a>"
    ]
    assert "No event matches" in words(await seat.open("/office/events?q=%25&cursor=broken"))
    assert "strangers" not in page


async def test_copy_takes_types_areas_and_codes_along_on_other_days(seat, database, owner_sql):
    from foyer.domains.events import create_discount, create_pool, discount, event_for_staff, shared_pools

    event = await make_event(database, seat.organization, SEAT, BALCONY, title="First", capacity=45)
    owner = seat.organization.owner
    async with database.write(seat.organization.id) as tx:
        ids = [kind.id for kind in event.ticket_types]
        await create_pool(
            tx, event.id, SharedPoolDraft(name="Hall", capacity=44, ticket_type_ids=ids), actor=owner
        )
        code = await create_discount(
            tx, DiscountDraft(code="HALF", percentage=50, ticket_type_ids=ids[:1]), actor=owner
        )  # fmt: skip
    day = event.start_date + timedelta(days=7)
    at = f"/office/events/{event.id}/copy"
    refused = await seat.fill(at, title="", startDate=day.isoformat())
    assert list(findings(refused.text)) == ["title"]
    assert (
        await owner_sql.fetchval(
            "SELECT count(*) FROM events WHERE organization_id = $1", seat.organization.id
        )
        == 1
    )
    path = went_to(await seat.fill(at, title="Second", startDate=day.isoformat(), discounts="on"))
    copy_id = path.partition("?")[0].rpartition("/")[2]
    async with database.read(seat.organization.id) as tx:
        copy, pools = await event_for_staff(tx, copy_id), await shared_pools(tx, copy_id)
        named = (await discount(tx, code.id)).ticket_type_ids
    assert (copy.title, copy.status.value, copy.start_date, copy.capacity) == ("Second", "draft", day, 45)
    assert copy.ends_at - copy.starts_at == event.ends_at - event.starts_at
    assert [(kind.name, kind.price, kind.quantity) for kind in copy.ticket_types] == [
        ("Seat", 1_050, 40),
        ("Balcony", 2_000, 10),
    ]
    assert [(pool.name, pool.capacity, set(pool.ticket_type_ids)) for pool in pools] == [
        ("Hall", 44, {kind.id for kind in copy.ticket_types})
    ]
    assert set(named) == {event.ticket_types[0].id, copy.ticket_types[0].id}


async def test_cancelling_says_what_it_costs_and_deleting_only_what_nobody_has(
    seat, database, owner_sql, visitor, untouched
):
    event = await make_event(
        database, seat.organization, TicketTypeDraft(name="Free", quantity=5, is_free=True)
    )
    draft = await make_event(database, seat.organization, SEAT, publish=False)
    await visitor.order(event, 2)
    at = f"/office/events/{event.id}"
    page = words(await seat.open(f"{at}/cancellation"))
    assert "Tickets that end 2" in page
    assert "Nothing was paid, so nothing goes back." in page
    async with untouched(seat.organization):
        refused = await seat.send(f"{at}/deletion", {})
        assert refused.status_code == 409
        assert "2 places are sold or held" in words(refused.text)
    assert went_to(await seat.send(f"{at}/cancellation", {})) == f"{at}?done=cancelled"
    over = await seat.open(at)
    assert "It can be read and copied, but not changed any more." in words(over)
    assert f'href="/office/orders?event={event.id}">its orders' in over
    assert (
        went_to(await seat.send(f"/office/events/{draft.id}/deletion", {})) == "/office/events?done=deleted"
    )
    assert (await row(owner_sql, draft.id))["deleted_at"] is not None


async def test_preview_shows_a_draft_to_staff_alone_with_its_description_made_safe(seat, database, visitor):
    event = await make_event(
        database, seat.organization, SEAT, TicketTypeDraft(name="Secret", quantity=1, price=5, is_hidden=True), publish=False,
        description='<p>Fine <img src=x onerror="alert(1)"><script>alert(2)</script></p>',
    )  # fmt: skip
    page = await seat.open(f"/office/events/{event.id}/preview")

    assert "Nothing can be reserved here." in words(page) + page
    assert "alert(" not in page
    assert "Secret" not in page
    assert (await visitor.open(f"/events/{event.slug}")).status_code == 404
