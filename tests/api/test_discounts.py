"""Discount codes, as staff write them: what is taken, what is refused, how uses are counted."""

import asyncio
from collections import Counter as Count
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from foyer.domains.events.types import TicketTypeDraft
from tests.api.asking import bearing, pool_of, refused, taken
from tests.support.world import make_event, make_organization

PERCENT = {"code": "SUMMER", "percentage": 12.5}
FIXED = {"code": "FIVER", "amount": 500, "currency": "EUR"}
DAY = timedelta(days=1)

REFUSALS = [
    *(({"code": code}, "code") for code in ("", " ", "A B", "-A", "_A", "É", "x" * 41, "A/B", "\x00", 5, True, None, ["A"])),
    *(({"percentage": value}, "percentage") for value in (0, -1, 100.01, 0.001, 12.345, 1e300, "10", True, None, [10], {})),
    ({"amount": 500}, "percentage"),
    ({"currency": "EUR"}, "currency"),
    ({"percentage": None, "amount": 500}, "currency"),
    *(({"percentage": None, "amount": value, "currency": "EUR"}, "amount") for value in (0, -1, 10**12 + 1, 1.5, "5", True)),
    *(({"percentage": None, "amount": 500, "currency": value}, "currency") for value in ("eur", "EURO", "XAU", "", 5, None)),
    *(({"ticketTypeIds": value}, field) for value, field in (
        ([str(uuid4())], "ticketTypeIds[0]"), (["x"], "ticketTypeIds[0]"), ("x", "ticketTypeIds"), ({"a": 1}, "ticketTypeIds"),
    )),
    *(({"minimumQuantity": value}, "minimumQuantity") for value in (0, -1, 1_001, 10**20, 1.5, "2", True)),
    *(({name: value}, name) for name in ("maxUses", "usesPerCustomer")
      for value in (0, -1, 2_000_000_000, 10**20, 1.5, "2", True, [])),
    *(({name: value}, name) for name in ("startsAt", "endsAt")
      for value in ("tomorrow", "2031-06-01", "2031-06-01T00:00:00", 1_900_000_000, "1969-12-31T23:59:59Z", "2201-01-01T00:00:00Z")),
    ({"startsAt": "2031-06-02T00:00:00Z", "endsAt": "2031-06-01T00:00:00Z"}, "endsAt"),
    *(({name: value}, name) for name, value in {
        "id": str(uuid4()), "uses": 5, "held": 5, "state": "active", "version": 7, "createdAt": "2031-01-01T00:00:00Z",
        "percentBps": 10, "nosuch": 1, "max_uses": 1,
    }.items()),
]  # fmt: skip


@pytest.fixture
async def event(database, organization):
    kinds = [TicketTypeDraft(name=name, quantity=50, price=1_000) for name in ("Seat", "Stand")]
    return await make_event(database, organization, *kinds)


def at(moment):
    return moment.isoformat().replace("+00:00", "Z")


async def held_in(owner_sql, discount, *, held=0, sold=0):
    """Put uses into a code's pool, as carts and orders do."""
    await owner_sql.execute(
        "UPDATE pools SET held = $2, sold = $3 FROM discounts d WHERE d.pool_id = pools.id AND d.id = $1",
        discount["id"], held, sold,
    )  # fmt: skip


async def test_code_is_made_shown_and_listed(office, owner_sql):
    answer = await office.ask("POST", "/discounts", {**PERCENT, "code": " Summer-2031 "})

    made = taken(answer, 201)
    assert answer.headers["etag"] == '"1"'
    assert answer.headers["cache-control"] == "private, no-store"
    wanted = {
        "code": "Summer-2031", "percentage": 12.5, "amount": None, "currency": None, "ticketTypeIds": [], "minimumQuantity": 1,
        "maxUses": None, "usesPerCustomer": None, "startsAt": None, "endsAt": None, "uses": 0, "held": 0, "state": "active",
        "version": 1,
    }  # fmt: skip
    assert {name: made[name] for name in wanted} == wanted
    assert set(made) == {*wanted, "id", "createdAt", "updatedAt"}
    assert taken(await office.ask("GET", f"/discounts/{made['id']}")) == made
    assert taken(await office.ask("GET", "/discounts")) == {"items": [made], "nextCursor": None}
    assert await pool_of(owner_sql, "discounts", made["id"]) == (2_000_000_000, 0, 0)


async def test_code_with_everything(office, event, owner_sql):
    ids = sorted(str(kind.id) for kind in event.ticket_types)
    body = {
        **FIXED, "ticketTypeIds": ids, "minimumQuantity": 3, "maxUses": 7, "usesPerCustomer": 2,
        "startsAt": "2031-06-01T02:00:00+02:00", "endsAt": "2031-06-02T00:00:00Z",
    }  # fmt: skip
    made = await office.make("/discounts", **body)

    assert {name: made[name] for name in body} == {**body, "startsAt": "2031-06-01T00:00:00Z"}
    assert (made["percentage"], made["state"]) == (None, "scheduled")
    assert await pool_of(owner_sql, "discounts", made["id"]) == (7, 0, 0)


async def test_odd_code_is_refused_by_the_name_of_its_field(office, untouched):
    made = await office.make("/discounts", **PERCENT)
    async with untouched(office.organization):
        answers = [
            (await office.ask("POST", "/discounts", {**PERCENT, "code": "OTHER", **change}), field)
            for change, field in REFUSALS
        ]
        answers += [
            (await office.ask("PATCH", f"/discounts/{made['id']}", change), field)
            for change, field in REFUSALS
        ]
        answers += [(await office.ask("POST", "/discounts", {"percentage": 5}), "code")]
        answers += [(await office.ask("POST", "/discounts", {"code": "OTHER"}), "percentage")]
    for answer, field in answers:
        refused(answer, 422, "invalid_field", field)


async def test_everything_wrong_is_told_at_once(office):
    answer = await office.ask(
        "POST", "/discounts", {"code": "", "percentage": 0, "minimumQuantity": 0, "maxUses": 0}
    )

    problem = refused(answer, 422, "invalid_field", "code")
    assert [one["field"] for one in problem["errors"]] == ["code", "percentage", "minimumQuantity", "maxUses"]


async def test_code_is_taken_once_in_whatever_letters(office, client, stranger, untouched):
    await office.make("/discounts", **PERCENT)
    other = await office.make("/discounts", **FIXED)
    async with untouched(office.organization):
        for answer in (
            await office.ask("POST", "/discounts", {**PERCENT, "code": "summer"}),
            await office.ask("PATCH", f"/discounts/{other['id']}", {"code": "SuMmEr"}),
        ):
            refused(answer, 422, "invalid_field", "code", "already")

    theirs = await client.post("/api/v1/discounts", json=PERCENT, headers=stranger.staff)
    assert taken(theirs, 201)["code"] == "SUMMER"
    recased = taken(await office.ask("PATCH", f"/discounts/{other['id']}", {"code": "fiver"}))
    assert recased["code"] == "fiver"


async def test_code_is_taken_once_however_many_want_it_at_once(office, owner_sql):
    spellings = ("summer", "SUMMER", "Summer", "sUMMER", "SUMmer", "suMMer")
    answers = await asyncio.gather(
        *(office.ask("POST", "/discounts", {**PERCENT, "code": code}) for code in spellings)
    )

    assert Count(answer.status_code for answer in answers) == {201: 1, 422: 5}
    for answer in answers:
        if answer.status_code == 422:
            refused(answer, 422, "invalid_field", "code", "already")
    rows = "SELECT (SELECT count(*) FROM discounts WHERE organization_id = $1), (SELECT count(*) FROM pools WHERE organization_id = $1)"
    assert tuple(await owner_sql.fetchrow(rows, office.organization.id)) == (1, 1)


async def test_change_names_what_changes(office, event):
    ids = [str(kind.id) for kind in event.ticket_types]
    made = await office.make("/discounts", **PERCENT, ticketTypeIds=ids[:1], maxUses=5)
    path = f"/discounts/{made['id']}"

    moved = taken(await office.ask("PATCH", path, {"ticketTypeIds": ids[1:]}))
    assert (moved["ticketTypeIds"], moved["maxUses"], moved["percentage"]) == (ids[1:], 5, 12.5)
    assert moved["version"] > made["version"]
    fixed = taken(await office.ask("PATCH", path, {"percentage": None, "amount": 250, "currency": "EUR"}))
    assert (fixed["percentage"], fixed["amount"], fixed["currency"]) == (None, 250, "EUR")
    opened = taken(await office.ask("PATCH", path, {"maxUses": None, "ticketTypeIds": None}))
    assert (opened["maxUses"], opened["ticketTypeIds"]) == (None, [])
    answer = await office.ask("PATCH", path, {"maxUses": 9})
    assert taken(answer)["version"] > opened["version"]
    assert answer.headers["etag"] == f'"{answer.json()["version"]}"'
    assert taken(await office.ask("GET", path)) == answer.json()


async def test_stale_tag_is_refused(office, untouched):
    made = await office.make("/discounts", **PERCENT)
    path = f"/discounts/{made['id']}"
    changed = taken(await office.ask("PATCH", path, {"maxUses": 3}, If_Match='"1"'))
    async with untouched(office.organization):
        stale = await office.ask("PATCH", path, {"percentage": 50}, If_Match='"1"')
        refused(stale, 412, "precondition_failed")
        refused(await office.ask("DELETE", path, If_Match='"1"'), 412, "precondition_failed")

    gone = await office.ask("DELETE", path, If_Match=f'"{changed["version"]}"')
    assert (gone.status_code, gone.content) == (204, b"")


async def test_two_changes_at_once_both_stand(office):
    made = await office.make("/discounts", **PERCENT)
    path = f"/discounts/{made['id']}"
    changes = ({"minimumQuantity": 2}, {"usesPerCustomer": 3}, {"maxUses": 40}, {"percentage": 20})

    answers = await asyncio.gather(*(office.ask("PATCH", path, change) for change in changes))

    assert {answer.status_code for answer in answers} == {200}
    stands = taken(await office.ask("GET", path))
    assert [stands[name] for change in changes for name in change] == [2, 3, 40, 20]


async def test_fewer_uses_than_are_taken_are_refused(office, owner_sql, untouched):
    made = await office.make("/discounts", **PERCENT, maxUses=10)
    path = f"/discounts/{made['id']}"
    await held_in(owner_sql, made, held=2, sold=3)
    async with untouched(office.organization):
        refused(
            await office.ask("PATCH", path, {"maxUses": 4}), 409, "state_conflict", "maxUses", "at least 5"
        )

    full = taken(await office.ask("PATCH", path, {"maxUses": 5}))
    assert (full["uses"], full["held"], full["maxUses"], full["state"]) == (3, 2, 5, "exhausted")
    assert taken(await office.ask("PATCH", path, {"maxUses": 6}))["state"] == "active"
    assert taken(await office.ask("PATCH", path, {"maxUses": None}))["maxUses"] is None


async def test_ticket_types_are_those_of_the_organization(
    office, client, stranger, database, event, untouched
):
    theirs = (await make_event(database, stranger)).ticket_types[0].id
    mine = [str(kind.id) for kind in event.ticket_types]
    made = await office.make("/discounts", **PERCENT, ticketTypeIds=[mine[0], mine[0]])
    assert made["ticketTypeIds"] == mine[:1]
    async with untouched(office.organization, stranger):
        for answer in (
            await office.ask("POST", "/discounts", {**FIXED, "ticketTypeIds": [mine[0], str(theirs)]}),
            await office.ask("PATCH", f"/discounts/{made['id']}", {"ticketTypeIds": [mine[0], str(theirs)]}),
        ):
            refused(answer, 422, "invalid_field", "ticketTypeIds[1]")


async def test_code_for_a_type_that_is_gone_never_becomes_one_for_all(office, event):
    kept, gone = (str(kind.id) for kind in event.ticket_types)
    made = await office.make("/discounts", **PERCENT, ticketTypeIds=[gone])
    path = f"/discounts/{made['id']}"
    deleted = await office.ask("DELETE", f"/events/{event.id}/ticket-types/{gone}")
    assert deleted.status_code == 204

    assert taken(await office.ask("PATCH", path, {"percentage": 5}))["ticketTypeIds"] == [gone]
    assert taken(await office.ask("PATCH", path, {"ticketTypeIds": [kept]}))["ticketTypeIds"] == [kept]
    refused(
        await office.ask("PATCH", path, {"ticketTypeIds": [gone]}), 422, "invalid_field", "ticketTypeIds[0]"
    )


async def test_deleted_code_is_hidden_and_its_name_is_free(office, owner_sql):
    made = await office.make("/discounts", **PERCENT)
    path = f"/discounts/{made['id']}"
    assert (await office.ask("DELETE", path)).status_code == 204

    for answer in (
        await office.ask("GET", path),
        await office.ask("PATCH", path, {"percentage": 5}),
        await office.ask("DELETE", path),
    ):
        refused(answer, 404, "not_found")
    assert taken(await office.ask("GET", "/discounts"))["items"] == []
    again = await office.make("/discounts", **PERCENT)
    assert again["id"] != made["id"]
    kept = "SELECT deleted_at IS NOT NULL FROM discounts WHERE id = $1"
    assert await owner_sql.fetchval(kept, made["id"]) is True


async def test_list_is_searched_filtered_and_paged(office):
    now = datetime.now(UTC)
    spans = {
        "OPEN": {}, "OPENED": {"startsAt": at(now - DAY)}, "open-soon": {"startsAt": at(now + DAY)},
        "Over": {"endsAt": at(now - DAY)}, "UNTIL": {"endsAt": at(now + DAY)}, "O_EN": {},
    }  # fmt: skip
    for code, span in spans.items():
        await office.make("/discounts", code=code, percentage=5, **span)

    async def listed(query):
        found = taken(await office.ask("GET", f"/discounts?{query}"))
        return [one["code"] for one in found["items"]]

    assert await listed("") == list(spans)[::-1]
    assert await listed("q=open") == ["open-soon", "OPENED", "OPEN"]
    assert await listed("q=%20OPENE") == ["OPENED"]
    assert await listed("q=o_") == ["O_EN"]
    assert await listed("q=%25") == await listed("q=pen") == await listed("q=%5C") == []
    assert await listed("active=true") == ["O_EN", "UNTIL", "OPENED", "OPEN"]
    assert await listed("active=false") == ["Over", "open-soon"]
    assert await listed("active=true&q=op") == ["OPENED", "OPEN"]
    states = {one["code"]: one["state"] for one in taken(await office.ask("GET", "/discounts"))["items"]}
    assert states == {
        "OPEN": "active", "OPENED": "active", "open-soon": "scheduled", "Over": "ended", "UNTIL": "active", "O_EN": "active",
    }  # fmt: skip

    seen, cursor = [], ""
    while cursor is not None:
        page = taken(await office.ask("GET", f"/discounts?limit=2{cursor and f'&cursor={cursor}'}"))
        assert len(page["items"]) <= 2
        seen += [one["code"] for one in page["items"]]
        cursor = page["nextCursor"]
    assert seen == list(spans)[::-1]
    for query, field in (("limit=101", "limit"), ("cursor=x", "cursor"), ("active=maybe", "active")):
        refused(await office.ask("GET", f"/discounts?{query}"), 422, "invalid_field", field)


async def test_same_key_makes_one(office, owner_sql):
    answers = [await office.ask("POST", "/discounts", PERCENT, Idempotency_Key="once") for _ in range(2)]

    assert [taken(answer, 201)["id"] for answer in answers] == [answers[0].json()["id"]] * 2
    mismatch = await office.ask("POST", "/discounts", FIXED, Idempotency_Key="once")
    refused(mismatch, 422, "idempotency_mismatch", "Idempotency-Key")


async def test_codes_need_their_own_permission(client, database):
    for scopes, status in ((("discounts:manage",), 200), (("events:*", "orders:*"), 403)):
        house = await make_organization(database, scopes=scopes)
        listed = await client.get("/api/v1/discounts", headers=bearing(house.api_key))
        assert listed.status_code == status
