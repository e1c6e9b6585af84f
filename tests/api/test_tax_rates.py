"""Tax rates: what is taken, what is refused, who uses them."""

import asyncio
from collections import Counter as Count
from uuid import uuid4

import pytest

from foyer.domains.events.types import TicketTypeDraft
from tests.api.asking import bearing, refused, taken
from tests.support.world import make_event, make_organization

VAT = {"name": "VAT", "ratePercentage": 19, "inclusive": True, "country": "DE"}

REFUSALS = [
    *(({"name": name}, "name") for name in ("", "  ", "\x00", "x" * 61, 5, True, ["VAT"], None)),
    *(({"ratePercentage": rate}, "ratePercentage")
      for rate in (-1, -0.01, 100.01, 101, 19.255, 0.001, 1e300, 1e-9, "19", "19.5", True, None, [19], {"a": 1})),
    *(({"inclusive": value}, "inclusive") for value in ("yes", 1, 0, None, [])),
    *(({"country": value}, "country") for value in ("XX", "DEU", "  ", 5, ["DE"])),
    *(({name: value}, name) for name, value in {
        "id": str(uuid4()), "version": 3, "createdAt": "2031-01-01T00:00:00Z", "rateBps": 1900, "nosuch": 1, "is_inclusive": True,
    }.items()),
]  # fmt: skip


async def test_tax_rate_is_made_shown_and_listed(office):
    answer = await office.ask("POST", "/tax-rates", {**VAT, "name": "  VAT \n full ", "country": " de "})

    made = taken(answer, 201)
    assert answer.headers["etag"] == '"1"'
    assert answer.headers["cache-control"] == "private, no-store"
    assert {name: made[name] for name in VAT} == {**VAT, "name": "VAT full"}
    assert set(made) == {*VAT, "id", "version", "createdAt", "updatedAt"}
    shown = await office.ask("GET", f"/tax-rates/{made['id']}")
    assert taken(shown) == made
    assert shown.headers["etag"] == '"1"'
    assert taken(await office.ask("GET", "/tax-rates")) == {"items": [made], "nextCursor": None}


@pytest.mark.parametrize("rate", [0, 100, 7.5, 19.25, 0.01, 99.99, 33.33])
async def test_every_percentage_of_two_decimals_survives(office, owner_sql, rate):
    made = await office.make("/tax-rates", **{**VAT, "ratePercentage": rate})

    assert made["ratePercentage"] == rate
    stored = await owner_sql.fetchval("SELECT rate_bps FROM tax_rates WHERE id = $1", made["id"])
    assert stored == round(rate * 100)


async def test_country_may_be_left_out(office):
    body = {name: value for name, value in VAT.items() if name != "country"}

    assert (await office.make("/tax-rates", **body))["country"] is None
    assert (await office.make("/tax-rates", **{**body, "name": "Other", "country": None}))["country"] is None


async def test_odd_tax_rate_is_refused_by_the_name_of_its_field(office, untouched):
    made = await office.make("/tax-rates", **VAT)
    async with untouched(office.organization):
        answers = [
            (await office.ask("POST", "/tax-rates", {**VAT, "name": "Other", **change}), field)
            for change, field in REFUSALS
        ]
        answers += [
            (await office.ask("PATCH", f"/tax-rates/{made['id']}", change), field)
            for change, field in REFUSALS
        ]
        answers += [
            (await office.ask("POST", "/tax-rates", {key: VAT[key] for key in VAT if key != name}), name)
            for name in ("name", "ratePercentage", "inclusive")
        ]
    for answer, field in answers:
        refused(answer, 422, "invalid_field", field)


async def test_everything_wrong_is_told_at_once(office):
    answer = await office.ask(
        "POST", "/tax-rates", {**VAT, "name": "", "ratePercentage": 101, "country": "XX"}
    )

    problem = refused(answer, 422, "invalid_field", "name")
    assert [one["field"] for one in problem["errors"]] == ["name", "ratePercentage", "country"]


async def test_name_is_taken_once_in_whatever_letters(office, stranger, client, untouched):
    await office.make("/tax-rates", **VAT)
    other = await office.make("/tax-rates", **{**VAT, "name": "Reduced"})
    async with untouched(office.organization):
        for answer in (
            await office.ask("POST", "/tax-rates", {**VAT, "name": " vat "}),
            await office.ask("PATCH", f"/tax-rates/{other['id']}", {"name": "VAT"}),
        ):
            refused(answer, 422, "invalid_field", "name", "already")

    theirs = await client.post("/api/v1/tax-rates", json=VAT, headers=stranger.staff)
    assert taken(theirs, 201)["name"] == "VAT"


async def test_name_is_taken_once_however_many_want_it_at_once(office, owner_sql):
    answers = await asyncio.gather(*(office.ask("POST", "/tax-rates", VAT) for _ in range(6)))

    assert Count(answer.status_code for answer in answers) == {201: 1, 422: 5}
    for answer in answers:
        if answer.status_code == 422:
            refused(answer, 422, "invalid_field", "name", "already")
    rows = "SELECT count(*) FROM tax_rates WHERE organization_id = $1"
    assert await owner_sql.fetchval(rows, office.organization.id) == 1


async def test_change_names_what_changes(office):
    made = await office.make("/tax-rates", **VAT)

    answer = await office.ask("PATCH", f"/tax-rates/{made['id']}", {"ratePercentage": 16, "country": None})

    changed = taken(answer)
    assert (changed["ratePercentage"], changed["country"], changed["name"]) == (16, None, "VAT")
    assert changed["version"] > made["version"]
    assert answer.headers["etag"] == f'"{changed["version"]}"'
    assert changed["updatedAt"] > made["updatedAt"]


async def test_stale_tag_is_refused(office, untouched):
    made = await office.make("/tax-rates", **VAT)
    path = f"/tax-rates/{made['id']}"
    changed = taken(await office.ask("PATCH", path, {"name": "MwSt"}, If_Match='"1"'))
    async with untouched(office.organization):
        refused(await office.ask("PATCH", path, {"name": "TVA"}, If_Match='"1"'), 412, "precondition_failed")
        refused(await office.ask("DELETE", path, If_Match='"1"'), 412, "precondition_failed")

    gone = await office.ask("DELETE", path, If_Match=f'"{changed["version"]}"')
    assert (gone.status_code, gone.content) == (204, b"")


async def test_same_key_makes_one(office):
    answers = [await office.ask("POST", "/tax-rates", VAT, Idempotency_Key="once") for _ in range(2)]

    assert [taken(answer, 201)["id"] for answer in answers] == [answers[0].json()["id"]] * 2
    other = {**VAT, "name": "Other"}
    refused(
        await office.ask("POST", "/tax-rates", other, Idempotency_Key="once"),
        422,
        "idempotency_mismatch",
        "Idempotency-Key",
    )


async def test_list_goes_on_page_by_page(office):
    made = [
        (await office.make("/tax-rates", **{**VAT, "name": f"Rate {number}"}))["id"] for number in range(5)
    ]
    seen, cursor = [], ""
    while cursor is not None:
        page = taken(await office.ask("GET", f"/tax-rates?limit=2{cursor and f'&cursor={cursor}'}"))
        seen += [one["id"] for one in page["items"]]
        cursor = page["nextCursor"]

    assert seen == made[::-1]
    refused(await office.ask("GET", "/tax-rates?limit=0"), 422, "invalid_field", "limit")
    refused(await office.ask("GET", "/tax-rates?cursor=x"), 422, "invalid_field", "cursor")


async def test_rate_in_use_stays(office, untouched):
    rate = await office.make("/tax-rates", **VAT)
    event = await office.event()
    first = await office.type(event["id"], taxRateId=rate["id"])
    path = f"/tax-rates/{rate['id']}"
    async with untouched(office.organization):
        refused(await office.ask("DELETE", path), 409, "state_conflict", None, "1 ticket type has")
    second = await office.type(event["id"], name="Balcony", taxRateId=rate["id"])
    async with untouched(office.organization):
        refused(await office.ask("DELETE", path), 409, "state_conflict", None, "2 ticket types have")

    taken(await office.edit_type(first, {"taxRateId": None}))
    gone = await office.ask("DELETE", f"/events/{event['id']}/ticket-types/{second['id']}")
    assert gone.status_code == 204
    assert (await office.ask("DELETE", path)).status_code == 204
    refused(await office.ask("GET", path), 404, "not_found")
    refused(await office.ask("DELETE", path), 404, "not_found")
    assert taken(await office.ask("GET", "/tax-rates"))["items"] == []
    await office.make("/tax-rates", **VAT)


async def test_rate_given_while_it_is_deleted_is_refused_on_one_side(office, owner_sql):
    """The delete has looked and found nobody; the type names the rate before the delete is done."""
    rate = await office.make("/tax-rates", **VAT)
    event = await office.event()
    kind = await office.type(event["id"])
    transaction = owner_sql.transaction()
    await transaction.start()
    await owner_sql.execute("UPDATE ticket_types SET tax_rate_id = $1 WHERE id = $2", rate["id"], kind["id"])
    waiting = asyncio.create_task(office.ask("DELETE", f"/tax-rates/{rate['id']}"))
    await asyncio.sleep(0.3)
    await transaction.commit()

    refused(await waiting, 409, "state_conflict", None, "just been given")


async def test_rate_deleted_while_it_is_given_is_refused_on_the_other_side(office, owner_sql):
    rate = await office.make("/tax-rates", **VAT)
    event = await office.event()
    kind = await office.type(event["id"])
    transaction = owner_sql.transaction()
    await transaction.start()
    await owner_sql.execute("DELETE FROM tax_rates WHERE id = $1", rate["id"])
    waiting = asyncio.create_task(office.edit_type(kind, {"taxRateId": rate["id"]}))
    await asyncio.sleep(0.3)
    await transaction.commit()

    refused(await waiting, 422, "invalid_field", "taxRateId")


async def test_type_names_a_rate_of_its_own_organization(office, client, stranger, untouched):
    theirs = taken(await client.post("/api/v1/tax-rates", json=VAT, headers=stranger.staff), 201)
    mine = await office.make("/tax-rates", **VAT)
    event = await office.event()
    kind = await office.type(event["id"], taxRateId=mine["id"])
    assert kind["taxRateId"] == mine["id"]
    assert (await office.type(event["id"], name="Untaxed"))["taxRateId"] is None
    async with untouched(office.organization, stranger):
        for value in (theirs["id"], str(uuid4()), "x", "", 5, True):
            added = await office.add_type(event["id"], name="Other", taxRateId=value)
            refused(added, 422, "invalid_field", "taxRateId")
            refused(await office.edit_type(kind, {"taxRateId": value}), 422, "invalid_field", "taxRateId")


async def test_new_rate_prices_new_carts_and_leaves_the_others(office, shop, database):
    rate = await office.make("/tax-rates", **{**VAT, "inclusive": False})
    event = await make_event(
        database, office.organization, TicketTypeDraft(name="Seat", quantity=9, price=1000)
    )
    kind = {"eventId": event.id, "id": event.ticket_types[0].id}
    taken(await office.edit_type(kind, {"taxRateId": rate["id"]}))
    before = await shop.cart(event)
    taken(await office.ask("PATCH", f"/tax-rates/{rate['id']}", {"ratePercentage": 7}))

    after = await shop.cart(event)

    assert (before["taxes"], before["total"]) == (190, 1190)
    assert (after["taxes"], after["total"]) == (70, 1070)
    assert taken(await shop.look(before))["total"] == 1190


@pytest.mark.parametrize("scope", ["events:view", "events:edit"])
async def test_reading_and_writing_are_different_permissions(client, database, scope):
    house = await make_organization(database, scopes=(scope,))
    listed = await client.get("/api/v1/tax-rates", headers=bearing(house.api_key))
    made = await client.post("/api/v1/tax-rates", json=VAT, headers=bearing(house.api_key))

    assert (listed.status_code, made.status_code) == ((200, 403) if scope == "events:view" else (403, 201))
