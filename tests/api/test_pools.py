"""Areas that ticket types share: what is taken, what is refused, and that they count every place of their types."""

import asyncio
from uuid import uuid4

import pytest

from foyer.domains.events import create_pool
from foyer.domains.events.rules import POOLS_MAX
from foyer.domains.events.types import SharedPoolDraft, TicketTypeDraft
from tests.api.asking import bearing, refused, taken
from tests.support.installation import imbalances
from tests.support.world import make_event, make_organization

VIP = {"name": "VIP area", "capacity": 40}

REFUSALS = [
    *(({"name": name}, "name") for name in ("", "  ", "\x00", "x" * 121, 5, True, None, ["VIP"])),
    *(({"capacity": places}, "capacity") for places in (-1, 2_000_000_000, 10**30, 1.5, "40", True, None, [40])),
    *(({"ticketTypeIds": value}, field) for value, field in (
        ([str(uuid4())], "ticketTypeIds[0]"), (["x"], "ticketTypeIds[0]"), ("x", "ticketTypeIds"), (5, "ticketTypeIds"),
    )),
    *(({name: value}, name) for name, value in {
        "id": str(uuid4()), "eventId": str(uuid4()), "held": 1, "sold": 1, "available": 1, "version": 3, "nosuch": 1,
        "ticket_type_ids": [],
    }.items()),
]  # fmt: skip


@pytest.fixture
async def event(database, organization):
    """Three free types of 10 places each."""
    kinds = [
        TicketTypeDraft(name=name, quantity=10, is_free=True, max_per_order=10) for name in ("Box", "Floor", "Hall")
    ]  # fmt: skip
    return await make_event(database, organization, *kinds)


@pytest.fixture
def path(event):
    return f"/events/{event.id}/pools"


@pytest.fixture
def kinds(event):
    return [str(kind.id) for kind in event.ticket_types]


def counts(pool):
    return pool["capacity"], pool["held"], pool["sold"], pool["available"]


async def test_area_is_made_shown_and_listed(office, event, path, kinds):
    answer = await office.ask("POST", path, {**VIP, "name": " VIP \n area ", "ticketTypeIds": kinds[:2]})

    made = taken(answer, 201)
    assert answer.headers["etag"] == '"1"'
    assert answer.headers["cache-control"] == "private, no-store"
    wanted = {
        **VIP, "eventId": str(event.id), "ticketTypeIds": sorted(kinds[:2]), "held": 0, "sold": 0, "available": 40, "version": 1,
    }  # fmt: skip
    assert {name: made[name] for name in wanted} == wanted
    assert set(made) == {*wanted, "id", "createdAt", "updatedAt"}
    assert taken(await office.ask("GET", f"{path}/{made['id']}")) == made
    other = await office.make(path, name="Aisle", capacity=0)
    assert (other["ticketTypeIds"], other["available"]) == ([], 0)
    assert taken(await office.ask("GET", path)) == {"items": [other, made]}


async def test_odd_area_is_refused_by_the_name_of_its_field(office, path, untouched):
    made = await office.make(path, **VIP)
    async with untouched(office.organization):
        answers = [
            (await office.ask("POST", path, {**VIP, "name": "Other", **change}), field)
            for change, field in REFUSALS
        ]
        answers += [
            (await office.ask("PATCH", f"{path}/{made['id']}", change), field) for change, field in REFUSALS
        ]
        answers += [(await office.ask("POST", path, {"capacity": 5}), "name")]
        answers += [(await office.ask("POST", path, {"name": "Other"}), "capacity")]
    for answer, field in answers:
        refused(answer, 422, "invalid_field", field)


async def test_types_are_those_of_the_event(office, path, kinds, untouched):
    other = await office.event()
    foreign = (await office.type(other["id"]))["id"]
    made = await office.make(path, **VIP)
    async with untouched(office.organization):
        for answer in (
            await office.ask("POST", path, {**VIP, "name": "Other", "ticketTypeIds": [kinds[0], foreign]}),
            await office.ask("PATCH", f"{path}/{made['id']}", {"ticketTypeIds": [kinds[0], foreign]}),
        ):
            refused(answer, 422, "invalid_field", "ticketTypeIds[1]")


async def test_name_is_taken_once_within_the_event(office, path, untouched):
    await office.make(path, **VIP)
    second = await office.make(path, name="Second", capacity=1)
    async with untouched(office.organization):
        for answer in (
            await office.ask("POST", path, {**VIP, "name": " vip AREA "}),
            await office.ask("PATCH", f"{path}/{second['id']}", {"name": "vip area"}),
        ):
            refused(answer, 422, "invalid_field", "name", "already")

    other = await office.event()
    await office.make(f"/events/{other['id']}/pools", **VIP)


async def test_places_taken_before_come_along(office, shop, event, path, kinds, owner_sql):
    box, floor, hall = kinds
    await shop.order(event, (box, 3))
    await shop.cart(event, (box, 2), (floor, 4))
    await shop.order(event, (hall, 5))

    made = await office.make(path, name="VIP area", capacity=9, ticketTypeIds=[box, floor])

    assert counts(made) == (9, 6, 3, 0)
    assert await imbalances(owner_sql, office.organization.id) == []
    refused(await shop.reserve(event, (floor, 1)), 409, "sold_out", "items[0].quantity", "sold out")
    await shop.cart(event, (hall, 1))
    left = {kind["name"]: kind["availableQuantity"] for kind in (await office.show(event.id))["ticketTypes"]}
    assert left == {"Box": 0, "Floor": 0, "Hall": 4}


async def test_area_too_small_for_what_is_taken_is_refused(office, shop, event, path, kinds, untouched):
    box, floor, hall = kinds
    await shop.order(event, (box, 3))
    await shop.cart(event, (floor, 4))
    await shop.order(event, (hall, 2))
    made = await office.make(path, name="VIP area", capacity=7, ticketTypeIds=[box, floor])
    one = f"{path}/{made['id']}"
    async with untouched(office.organization):
        for method, at, change, least in (
            ("POST", path, {"name": "Other", "capacity": 8, "ticketTypeIds": kinds}, 9),
            ("PATCH", one, {"capacity": 6}, 7),
            ("PATCH", one, {"ticketTypeIds": kinds}, 9),
            ("PATCH", one, {"ticketTypeIds": kinds, "capacity": 8}, 9),
            ("PATCH", one, {"ticketTypeIds": [box, hall], "capacity": 4}, 5),
        ):
            answer = await office.ask(method, at, change)
            refused(answer, 409, "state_conflict", "capacity", f"less than {least}")


async def test_types_come_and_go_with_their_places(office, shop, event, path, kinds, owner_sql):
    box, floor, hall = kinds
    await shop.order(event, (box, 3))
    await shop.cart(event, (floor, 4))
    await shop.order(event, (hall, 2))
    await shop.cart(event, (hall, 1))
    made = await office.make(path, name="VIP area", capacity=7, ticketTypeIds=[box, floor])
    one = f"{path}/{made['id']}"

    async def change(**changes):
        found = taken(await office.ask("PATCH", one, changes))
        assert await imbalances(owner_sql, office.organization.id) == []
        return found

    grown = await change(ticketTypeIds=kinds, capacity=10)
    assert (counts(grown), grown["ticketTypeIds"]) == ((10, 5, 5, 0), sorted(kinds))
    assert grown["version"] > made["version"]
    swapped = await change(ticketTypeIds=[hall], capacity=3)
    assert counts(swapped) == (3, 1, 2, 0)
    exchanged = await change(ticketTypeIds=[box, floor], capacity=7)
    assert counts(exchanged) == (7, 4, 3, 0)
    renamed = await change(name="Gallery", capacity=50)
    assert (renamed["name"], counts(renamed)) == ("Gallery", (50, 4, 3, 43))
    emptied = await change(ticketTypeIds=None, capacity=0)
    assert (counts(emptied), emptied["ticketTypeIds"]) == ((0, 0, 0, 0), [])


async def test_what_is_sold_and_given_back_afterwards_counts(office, shop, event, path, kinds, owner_sql):
    made = await office.make(path, name="VIP area", capacity=6, ticketTypeIds=kinds[:2])
    cart = await shop.cart(event, (kinds[0], 2), (kinds[1], 1), (kinds[2], 5))
    await shop.order(event, (kinds[1], 2))

    async def stands():
        assert await imbalances(owner_sql, office.organization.id) == []
        return counts(taken(await office.ask("GET", f"{path}/{made['id']}")))

    assert await stands() == (6, 3, 2, 1)
    refused(await shop.reserve(event, (kinds[0], 2)), 409, "sold_out", "items[0].quantity", "only 1 left")
    taken(await shop.check_out(cart), 201)
    assert await stands() == (6, 0, 5, 1)
    last = await shop.cart(event, (kinds[0], 1))
    assert await stands() == (6, 1, 5, 0)
    assert (await shop.drop(last)).status_code == 204
    assert await stands() == (6, 0, 5, 1)


async def test_one_type_may_stand_in_several_areas(office, shop, event, path, kinds, owner_sql):
    wide = await office.make(path, name="House", capacity=6, ticketTypeIds=kinds)
    narrow = await office.make(path, name="Gallery", capacity=3, ticketTypeIds=kinds[:2])
    await shop.order(event, (kinds[0], 2), (kinds[2], 2))

    shown = {one["id"]: counts(one) for one in taken(await office.ask("GET", path))["items"]}
    assert shown == {wide["id"]: (6, 0, 4, 2), narrow["id"]: (3, 0, 2, 1)}
    refused(await shop.reserve(event, (kinds[1], 2)), 409, "sold_out", "items[0].quantity", "only 1 left")
    refused(await shop.reserve(event, (kinds[2], 3)), 409, "sold_out", "items[0].quantity", "only 2 left")
    assert await imbalances(owner_sql, office.organization.id) == []


async def test_area_that_is_deleted_lets_its_types_go(office, shop, event, path, kinds, owner_sql):
    made = await office.make(path, name="VIP area", capacity=4, ticketTypeIds=kinds[:2])
    await shop.order(event, (kinds[0], 2))
    cart = await shop.cart(event, (kinds[1], 2))
    refused(await shop.reserve(event, (kinds[0], 1)), 409, "sold_out", "items[0].quantity")

    gone = await office.ask("DELETE", f"{path}/{made['id']}")

    assert (gone.status_code, gone.content) == (204, b"")
    refused(await office.ask("GET", f"{path}/{made['id']}"), 404, "not_found")
    refused(await office.ask("DELETE", f"{path}/{made['id']}"), 404, "not_found")
    await shop.cart(event, (kinds[0], 8))
    assert (await shop.drop(cart)).status_code == 204
    assert await imbalances(owner_sql, office.organization.id) == []
    left = "SELECT count(*) FROM pools WHERE organization_id = $1"
    assert (
        await owner_sql.fetchval(left, office.organization.id) == 4
    )  # the event's own, and one for each type
    await office.make(path, **VIP)


async def test_stale_tag_is_refused(office, path, untouched):
    made = await office.make(path, **VIP)
    one = f"{path}/{made['id']}"
    changed = taken(await office.ask("PATCH", one, {"capacity": 41}, If_Match='"1"'))
    async with untouched(office.organization):
        refused(await office.ask("PATCH", one, {"capacity": 42}, If_Match='"1"'), 412, "precondition_failed")
        refused(await office.ask("DELETE", one, If_Match='"1"'), 412, "precondition_failed")

    assert (await office.ask("DELETE", one, If_Match=f'"{changed["version"]}"')).status_code == 204


async def test_same_key_makes_one(office, path):
    answers = [await office.ask("POST", path, VIP, Idempotency_Key="once") for _ in range(2)]

    assert [taken(answer, 201)["id"] for answer in answers] == [answers[0].json()["id"]] * 2
    other = await office.ask("POST", path, {**VIP, "capacity": 1}, Idempotency_Key="once")
    refused(other, 422, "idempotency_mismatch", "Idempotency-Key")


async def test_two_changes_at_once_both_stand(office, path, kinds):
    made = await office.make(path, **VIP)
    one = f"{path}/{made['id']}"
    changes = ({"name": "Gallery"}, {"capacity": 17}, {"ticketTypeIds": kinds[:1]})

    answers = await asyncio.gather(*(office.ask("PATCH", one, change) for change in changes))

    assert {answer.status_code for answer in answers} == {200}
    stands = taken(await office.ask("GET", one))
    assert [stands[name] for change in changes for name in change] == ["Gallery", 17, kinds[:1]]


async def test_areas_of_an_event_that_is_over_stay_as_they_are(office, event, path, untouched):
    made = await office.make(path, **VIP)
    taken(await office.ask("POST", f"/events/{event.id}/cancellation"))
    async with untouched(office.organization):
        for answer in (
            await office.ask("POST", path, {**VIP, "name": "Other"}),
            await office.ask("PATCH", f"{path}/{made['id']}", {"capacity": 1}),
            await office.ask("DELETE", f"{path}/{made['id']}"),
        ):
            refused(answer, 409, "state_conflict", "status", "cancelled")


async def test_area_is_found_only_under_its_event(office, path, untouched):
    made = await office.make(path, **VIP)
    other = await office.event()
    async with untouched(office.organization):
        for event_id in (other["id"], uuid4()):
            for method, body in (("GET", None), ("PATCH", {"capacity": 1}), ("DELETE", None)):
                answer = await office.ask(method, f"/events/{event_id}/pools/{made['id']}", body)
                refused(answer, 404, "not_found")
        refused(await office.ask("GET", f"/events/{uuid4()}/pools"), 404, "not_found")
        refused(await office.ask("POST", f"/events/{uuid4()}/pools", VIP), 404, "not_found")


async def test_there_are_only_so_many_areas(office, database, event, path, untouched):
    async with database.write(office.organization.id) as tx:
        for number in range(POOLS_MAX):
            await create_pool(
                tx,
                event.id,
                SharedPoolDraft(name=f"Area {number}", capacity=1),
                actor=office.organization.owner,
            )
    async with untouched(office.organization):
        refused(await office.ask("POST", path, VIP), 409, "state_conflict", None, f"at most {POOLS_MAX}")


@pytest.mark.parametrize("scope", ["events:view", "events:edit"])
async def test_reading_and_writing_are_different_permissions(client, database, scope):
    house = await make_organization(database, scopes=(scope,))
    event = await make_event(database, house)
    path = f"/api/v1/events/{event.id}/pools"
    listed = await client.get(path, headers=bearing(house.api_key))
    made = await client.post(path, json=VIP, headers=bearing(house.api_key))

    assert (listed.status_code, made.status_code) == ((200, 403) if scope == "events:view" else (403, 201))
