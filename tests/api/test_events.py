"""Events, as staff write them: what is taken, what is refused, and what a refusal leaves alone."""

import asyncio
from datetime import timedelta

import pytest

from tests.api.asking import event_body, facts_of, refused, taken
from tests.support.world import make_event, today

TOO_LONG = {
    "title": 200, "category": 60, "shortDescription": 300, "venueName": 200, "address": 300, "city": 100, "state": 100,
    "zipCode": 20, "seoTitle": 200, "seoDescription": 400,
}  # fmt: skip

REFUSALS = [
    *(({name: value}, name) for name in ("title", "description", "category") for value in (None, "", "  \t ", "\x00")),
    *(({name: None}, name) for name in ("startDate", "endDate", "startTime", "endTime", "timeZone")),
    *(({name: "x" * (most + 1)}, name) for name, most in TOO_LONG.items()),
    ({"description": "x" * 20_001}, "description"),
    *(({"startTime": clock}, "startTime") for clock in ("24:00", "9:00", "19:60", "19.00", "", "19:00:00", "-1:00", "٠٩:٠٠")),
    ({"endTime": "25:00"}, "endTime"),
    *(({"timeZone": zone}, "timeZone") for zone in ("", "CET", "Mars/Base", "europe/berlin", "UTC+1", "../../etc/passwd")),
    ({"startDate": "2031-06-12"}, "endDate"),
    ({"endTime": "18:59"}, "endDate"),
    ({"startDate": "2031-02-30"}, "startDate"),
    ({"startDate": "11.06.2031"}, "startDate"),
    ({"startDate": "0001-01-01", "startTime": "00:00"}, "startDate"),
    ({"startDate": "2031-03-30", "startTime": "02:30"}, "startTime"),
    ({"startDate": "2031-03-30", "endDate": "2031-03-30", "startTime": "01:00", "endTime": "02:30"}, "endTime"),
    ({"timeZone": "America/New_York", "startDate": "2031-03-09", "startTime": "02:30"}, "startTime"),
    ({"salesStartDate": "2031-06-02T00:00:00Z", "salesEndDate": "2031-06-01T00:00:00Z"}, "salesEndDate"),
    ({"salesEndDate": "2031-06-11T20:00:01Z"}, "salesEndDate"),
    ({"salesStartDate": "2031-06-02T00:00:00"}, "salesStartDate"),
    ({"salesStartDate": "2031-06-02"}, "salesStartDate"),
    ({"locationType": "lunar"}, "locationType"),
    ({"visibility": "secret"}, "visibility"),
    ({"country": "DEU"}, "country"),
    ({"country": "XX"}, "country"),
    *(({"currency": code}, "currency") for code in ("eur", "XXZ", "EURO", "")),
    *(({name: url}, name) for name in ("virtualEventUrl", "featuredImage")
      for url in ("javascript:alert(1)", "example.org", "https://a:b@example.org", "")),
    ({"galleryImages": ["https://example.org/1", "data:,x"]}, "galleryImages[1]"),
    ({"galleryImages": ["https://example.org/1"] * 21}, "galleryImages"),
    ({"tags": [f"tag {number}" for number in range(21)]}, "tags"),
    ({"tags": ["x" * 41]}, "tags"),
    ({"capacity": -1}, "capacity"),
    ({"capacity": 2_000_000_000}, "capacity"),
    ({"capacity": 10**30}, "capacity"),
    *(({"slug": slug}, "slug") for slug in ("", "Nordlicht", "a b", "-a", "a_b", "x" * 64, "admin", "events")),
    # the wrong kind is never made to fit
    *(({"title": value}, "title") for value in (5, True, ["a"], {"a": 1})),
    *(({"capacity": value}, "capacity") for value in ("5", 5.5, True, [5])),
    ({"tags": "a,b"}, "tags"),
    ({"tags": {"0": "a"}}, "tags"),
    ({"salesStartDate": 1_900_000_000}, "salesStartDate"),
    # nothing that is kept by the server can be written
    *(({name: value}, name) for name, value in {
        "id": "0190a000-0000-7000-8000-000000000000", "organizationId": "0190a000-0000-7000-8000-000000000000",
        "status": "published", "totalTicketsSold": 5, "totalRevenue": 5, "createdAt": "2027-01-01T00:00:00Z",
        "createdBy": "0190a000-0000-7000-8000-000000000000", "version": 7, "ticketTypes": [], "startsAt": "2031-06-11T17:00:00Z",
        "nosuch": 1, "start_date": "2031-06-11",
    }.items()),
]  # fmt: skip


async def test_odd_event_is_refused_by_the_name_of_its_field(office, untouched):
    async with untouched(office.organization):
        answers = [(await office.create(**changes), field) for changes, field in REFUSALS]
    for answer, field in answers:
        refused(answer, 422, "invalid_field", field)


async def test_everything_wrong_is_told_at_once(office):
    answer = await office.create(title=" ", country="XX", capacity=-1, timeZone="CET")

    problem = refused(answer, 422, "invalid_field", "title")
    assert [one["field"] for one in problem["errors"]] == ["title", "country", "capacity", "timeZone"]
    assert {one["code"] for one in problem["errors"]} == {"invalid_field"}


async def test_event_is_a_draft_with_defaults(office, owner_sql):
    answer = await office.create()

    event = taken(answer, 201)
    assert answer.headers["etag"] == '"1"'
    assert answer.headers["cache-control"] == "private, no-store"
    assert (event["status"], event["visibility"], event["locationType"], event["currency"]) == (
        "draft",
        "public",
        "physical",
        "EUR",
    )
    assert (event["capacity"], event["totalTicketsSold"], event["totalRevenue"], event["ticketTypes"]) == (
        0,
        0,
        0,
        [],
    )
    assert (event["startsAt"], event["endsAt"]) == ("2031-06-11T17:00:00Z", "2031-06-11T20:00:00Z")
    assert (event["startDate"], event["startTime"]) == ("2031-06-11", "19:00")
    assert event["organizationId"] == str(office.organization.id)
    assert event["createdBy"] == event["updatedBy"] == str(office.organization.user_id)
    assert event["slug"] == "an-evening-2031"
    assert await office.show(event["id"]) == event
    assert await facts_of(owner_sql, office.organization) == []


async def test_limits_themselves_are_taken(office):
    full = {name: "x" * most for name, most in TOO_LONG.items()}
    event = await office.event(
        **full, description="x" * 20_000, tags=[f"{number:040}" for number in range(20)],
        galleryImages=[f"https://example.org/{number},a.jpg" for number in range(20)], capacity=1_999_999_999,
    )  # fmt: skip

    assert {name: event[name] for name in full} == full
    assert event["galleryImages"][0] == "https://example.org/0,a.jpg"
    assert (len(event["galleryImages"]), len(event["tags"]), event["capacity"]) == (20, 20, 1_999_999_999)


async def test_texts_are_tidied(office):
    event = await office.event(
        title="  Nord\u0000licht\t 2031 ",
        tags=["jazz", " jazz ", "", "blues"],
        country="de",
        venueName="  ",
        description=" a\nb ",
    )

    assert (event["title"], event["tags"], event["country"]) == ("Nordlicht 2031", ["jazz", "blues"], "DE")
    assert (event["venueName"], event["description"]) == (None, "a\nb")


@pytest.mark.parametrize(
    ("zone", "day", "clock", "starts_at"),
    [
        ("Europe/Berlin", "2031-10-26", "02:30", "2031-10-26T00:30:00Z"),
        ("America/New_York", "2031-11-02", "01:30", "2031-11-02T05:30:00Z"),
        ("Asia/Kolkata", "2031-06-11", "00:00", "2031-06-10T18:30:00Z"),
        ("UTC", "2031-06-11", "00:00", "2031-06-11T00:00:00Z"),
    ],
)
async def test_wall_clock_is_an_instant(office, zone, day, clock, starts_at):
    event = await office.event(timeZone=zone, startDate=day, endDate="2031-12-31", startTime=clock)

    assert (event["startsAt"], event["startTime"], event["startDate"]) == (starts_at, clock, day)


async def test_end_may_be_the_start(office):
    event = await office.event(endTime="19:00")

    assert event["startsAt"] == event["endsAt"]


async def test_sales_may_end_with_the_event_and_are_shown_in_utc(office):
    event = await office.event(
        salesStartDate="2031-06-01T00:00:00+02:00", salesEndDate="2031-06-11T22:00:00+02:00"
    )

    assert (event["salesStartDate"], event["salesEndDate"]) == (
        "2031-05-31T22:00:00Z",
        "2031-06-11T20:00:00Z",
    )


async def test_address_of_an_event_is_its_own(office, untouched, stranger, client):
    first = await office.event(slug="gala")
    async with untouched(office.organization):
        refused(await office.create(slug="gala"), 422, "invalid_field", "slug", "Another event")
    second = await office.event(slug="ball")
    async with untouched(office.organization):
        refused(await office.edit(second["id"], {"slug": "gala"}), 422, "invalid_field", "slug")

    elsewhere = await client.post("/api/v1/events", json=event_body(slug="gala"), headers=stranger.staff)
    assert taken(elsewhere, 201)["slug"] == first["slug"] == "gala"


async def test_same_title_twice_gets_an_address_of_its_own(office):
    one, two = await office.event(), await office.event()

    assert one["slug"] == "an-evening-2031"
    assert two["slug"] == f"an-evening-2031-{two['id'].replace('-', '')[-8:]}"


@pytest.mark.parametrize("title", ["x" * 50, "x" * 200, "\xdf" * 50, "\U0001f389" * 50])
async def test_same_long_title_twice_is_taken(office, title):
    one, two = await office.event(title=title), await office.event(title=title)

    assert one["slug"] != two["slug"]


async def test_change_names_only_what_changes(office):
    event = await office.event(city="Kiel", tags=["a"], capacity=5)
    answer = await office.edit(event["id"], {"title": "Another evening", "city": None})

    changed = taken(answer)
    assert answer.headers["etag"] == f'"{changed["version"]}"'
    assert changed["version"] > event["version"]
    assert changed["updatedAt"] > event["updatedAt"]
    kept = {
        name: value for name, value in event.items() if name not in {"title", "city", "version", "updatedAt"}
    }
    assert changed == {
        **kept,
        "title": "Another evening",
        "city": None,
        "version": changed["version"],
        "updatedAt": changed["updatedAt"],
    }


async def test_odd_change_is_refused_as_a_new_event_would_be(office, untouched):
    event = await office.event()
    cases = [case for case in REFUSALS if None not in case[0].values()]
    async with untouched(office.organization):
        answers = [(await office.edit(event["id"], change), field) for change, field in cases]
    for answer, field in answers:
        refused(answer, 422, "invalid_field", field)


async def test_change_of_the_time_moves_the_instant(office):
    event = await office.event()

    changed = taken(await office.edit(event["id"], {"timeZone": "America/New_York"}))

    assert (changed["startTime"], changed["startsAt"]) == ("19:00", "2031-06-11T23:00:00Z")


async def test_stale_tag_is_refused(office, untouched):
    event = await office.event()
    changed = taken(await office.edit(event["id"], {"city": "Kiel"}, If_Match='"1"'))
    async with untouched(office.organization):
        answer = await office.edit(event["id"], {"city": "Bonn"}, If_Match='"1"')
        refused(answer, 412, "precondition_failed", None, "in between")
        refused(
            await office.edit(event["id"], {"city": "Bonn"}, If_Match="soon"),
            422,
            "invalid_field",
            "If-Match",
        )

    assert (
        taken(await office.edit(event["id"], {"city": "Bonn"}, If_Match=f'"{changed["version"]}"'))["city"]
        == "Bonn"
    )
    assert taken(await office.edit(event["id"], {"city": "Ulm"}, If_Match="*"))["city"] == "Ulm"


async def test_two_changes_at_once_both_stand(office, owner_sql):
    """The second waits for the first; what it does not name must not be set back."""
    event = await office.event()
    transaction = owner_sql.transaction()
    await transaction.start()
    await owner_sql.execute(
        "UPDATE events SET city = 'Kiel', version = version + 1 WHERE id = $1", event["id"]
    )
    waiting = asyncio.create_task(office.edit(event["id"], {"title": "Another evening"}))
    await asyncio.sleep(0.3)
    await transaction.commit()
    await waiting

    stands = await office.show(event["id"])
    assert (stands["title"], stands["city"]) == ("Another evening", "Kiel")


async def test_currency_is_fixed_once_a_type_exists(office, untouched):
    event = await office.event(currency="USD")
    assert taken(await office.edit(event["id"], {"currency": "JPY"}))["currency"] == "JPY"
    await office.type(event["id"])
    async with untouched(office.organization):
        refused(
            await office.edit(event["id"], {"currency": "EUR"}), 409, "state_conflict", "currency", "fixed"
        )
    assert taken(await office.edit(event["id"], {"currency": "JPY", "city": "Kiel"}))["city"] == "Kiel"


async def test_publishing_needs_a_type_and_a_future(office, untouched, owner_sql):
    event = await office.event()
    async with untouched(office.organization):
        answer = await office.ask("POST", f"/events/{event['id']}/publication")
        refused(answer, 422, "invalid_field", "ticketTypes", "ticket type")
    over = await office.event(startDate="2020-01-01", endDate="2020-01-01")
    await office.type(over["id"])
    async with untouched(office.organization):
        refused(
            await office.ask("POST", f"/events/{over['id']}/publication"),
            422,
            "invalid_field",
            "endDate",
            "over",
        )
    assert await facts_of(owner_sql, office.organization) == []


async def test_publishing_tells_once_and_warns(office, untouched, owner_sql):
    event = await office.event(locationType="hybrid")
    await office.type(event["id"])

    published = taken(await office.ask("POST", f"/events/{event['id']}/publication"))

    assert published["status"] == "published"
    assert [one["field"] for one in published["warnings"]] == ["venueName", "address", "virtualEventUrl"]
    assert await facts_of(owner_sql, office.organization) == ["event.published"]
    async with untouched(office.organization):
        answer = await office.ask("POST", f"/events/{event['id']}/publication")
        refused(answer, 409, "state_conflict", "status", "published")


async def test_cancelling_is_final(office, untouched, owner_sql):
    event = await office.event()
    kind = await office.type(event["id"])
    cancel, publish = (("POST", f"/events/{event['id']}/{verb}") for verb in ("cancellation", "publication"))
    async with untouched(office.organization):
        refused(await office.ask(*cancel), 409, "state_conflict", "status", "draft")
    taken(await office.ask(*publish))

    assert taken(await office.ask(*cancel))["status"] == "cancelled"
    assert await facts_of(owner_sql, office.organization) == ["event.published", "event.cancelled"]
    async with untouched(office.organization):
        refused(await office.ask(*cancel), 409, "state_conflict", "status", "cancelled")
        refused(await office.ask(*publish), 409, "state_conflict", "status", "cancelled")
        refused(await office.edit(event["id"], {"title": "Again"}), 409, "state_conflict", "status")
        refused(await office.add_type(event["id"], name="Late"), 409, "state_conflict", "status")
        refused(await office.edit_type(kind, {"price": 5}), 409, "state_conflict", "status")


async def test_capacity_cannot_go_below_what_is_taken(office, shop, database, untouched):
    event = await make_event(database, office.organization, capacity=8)
    await shop.order(event, (event.ticket_types[0].id, 3))
    await shop.cart(event, (event.ticket_types[0].id, 2))
    async with untouched(office.organization):
        answer = await office.edit(event.id, {"capacity": 4})
        refused(answer, 409, "state_conflict", "capacity", "less than 5")

    assert taken(await office.edit(event.id, {"capacity": 5}))["ticketTypes"][0]["availableQuantity"] == 0
    assert taken(await office.edit(event.id, {"capacity": 0}))["ticketTypes"][0]["availableQuantity"] == 5
    assert (await office.show(event.id))["totalTicketsSold"] == 3


async def test_unknown_event_is_not_found(office):
    missing = "0190a000-0000-7000-8000-000000000000"

    refused(await office.ask("GET", f"/events/{missing}"), 404, "not_found")
    refused(await office.edit(missing, {"title": "x"}), 404, "not_found")
    refused(await office.ask("GET", "/events/not-an-id"), 404, "not_found")


async def test_revenue_is_for_staff_only(office, shop, database):
    event = await make_event(database, office.organization)
    await shop.order(event)

    public = taken(await shop.offer(event.id))["event"]

    assert not {
        "totalRevenue",
        "totalTicketsSold",
        "virtualEventUrl",
        "createdBy",
        "capacity",
        "version",
    } & set(public)
    assert (await office.show(event.id))["totalRevenue"] == 0


async def test_event_that_has_begun_is_published_with_a_warning(office, database):
    day = today() - timedelta(days=1)
    event = await make_event(
        database, office.organization, publish=False, start_date=day, end_date=day + timedelta(days=3)
    )

    published = taken(await office.ask("POST", f"/events/{event.id}/publication"))

    assert published["warnings"] == [{"field": "startDate", "detail": "The event has begun already."}]
