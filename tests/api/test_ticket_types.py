"""Ticket types, as staff write them."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from foyer.domains.events.types import TicketTypeDraft
from tests.api.asking import pool_of, refused, taken
from tests.support.world import make_event

REFUSALS = [
    *(({"name": name}, "name") for name in (None, "", "  ", "x" * 121, 5)),
    ({"description": "x" * 1001}, "description"),
    ({"price": None}, "price"),
    ({"price": -1}, "price"),
    ({"price": 10**12 + 1}, "price"),
    ({"price": 10**40}, "price"),
    *(({"price": price}, "price") for price in ("1000", 10.5, 10.0, True, [1])),
    ({"price": 1000, "isFree": True}, "isFree"),
    ({"price": 0, "isFree": False}, "isFree"),
    ({"price": None, "isFree": False}, "price"),
    ({"isFree": "yes"}, "isFree"),
    *(({"quantity": quantity}, "quantity") for quantity in (None, -1, 2_000_000_000, 10**30, "10", 1.5, True)),
    ({"minPerOrder": 0}, "minPerOrder"),
    ({"minPerOrder": -1}, "minPerOrder"),
    ({"minPerOrder": 1001}, "minPerOrder"),
    ({"minPerOrder": 5, "maxPerOrder": 4}, "maxPerOrder"),
    ({"maxPerOrder": 0}, "maxPerOrder"),
    ({"maxPerOrder": 1001}, "maxPerOrder"),
    ({"sortOrder": 1_000_001}, "sortOrder"),
    ({"sortOrder": "1"}, "sortOrder"),
    ({"metadata": {"a": "x" * 8200}}, "metadata"),
    ({"metadata": []}, "metadata"),
    ({"metadata": "a"}, "metadata"),
    ({"isHidden": "no"}, "isHidden"),
    ({"requiresApproval": 1}, "requiresApproval"),
    ({"salesStartDate": "2031-06-02T00:00:00Z", "salesEndDate": "2031-06-01T00:00:00Z"}, "salesEndDate"),
    ({"salesEndDate": "2031-06-11T20:00:01Z"}, "salesEndDate"),
    ({"salesStartDate": "tomorrow"}, "salesStartDate"),
    *(({name: 5}, name) for name in ("availableQuantity", "sold", "held", "id", "eventId", "version", "currency", "min_per_order")),
]  # fmt: skip


async def test_odd_type_is_refused_by_the_name_of_its_field(office, untouched):
    event = await office.event()
    kind = await office.type(event["id"])
    async with untouched(office.organization):
        answers = [
            (await office.add_type(event["id"], **{"name": "Other", **changes}), field)
            for changes, field in REFUSALS
        ]
        cases = [case for case in REFUSALS if None not in case[0].values()]
        answers += [(await office.edit_type(kind, change), field) for change, field in cases]
    for answer, field in answers:
        refused(answer, 422, "invalid_field", field)


async def test_type_has_defaults(office):
    event = await office.event()
    answer = await office.add_type(event["id"])

    kind = taken(answer, 201)
    assert answer.headers["etag"] == '"1"'
    wanted = {
        "eventId": event["id"], "name": "Seat", "description": None, "price": 1000, "quantity": 10, "minPerOrder": 1,
        "maxPerOrder": 10, "salesStartDate": None, "salesEndDate": None, "isHidden": False, "isFree": False,
        "requiresApproval": False, "sortOrder": 0, "availableQuantity": 10, "held": 0, "sold": 0, "metadata": {}, "version": 1,
    }  # fmt: skip
    assert {name: kind[name] for name in wanted} == wanted
    assert taken(await office.ask("GET", f"/events/{event['id']}/ticket-types/{kind['id']}")) == kind
    assert (await office.show(event["id"]))["ticketTypes"] == [kind]


async def test_free_and_a_price_of_nothing_are_the_same(office):
    event = await office.event()
    said = await office.type(event["id"], name="Said", price=None, isFree=True)
    meant = await office.type(event["id"], name="Meant", price=0)

    assert (said["price"], said["isFree"], meant["price"], meant["isFree"]) == (0, True, 0, True)
    assert taken(await office.edit_type(said, {"price": 500}))["isFree"] is False
    alone = await office.edit_type(said, {"isFree": True})
    refused(alone, 422, "invalid_field", "isFree", "send the price")
    assert (await office.show(event["id"]))["ticketTypes"][0]["price"] == 500
    assert taken(await office.edit_type(said, {"isFree": True, "price": 0}))["price"] == 0
    taken(await office.edit_type(said, {"price": 500}))
    assert taken(await office.edit_type(said, {"isFree": True, "price": None}))["price"] == 0
    refused(await office.edit_type(said, {"isFree": False}), 422, "invalid_field", "isFree")


async def test_name_is_unique_within_the_event(office, untouched):
    event, other = await office.event(), await office.event()
    await office.type(event["id"], name="Balcony")
    second = await office.type(event["id"], name="Floor")
    async with untouched(office.organization):
        refused(await office.add_type(event["id"], name=" BALCONY "), 422, "invalid_field", "name", "already")
        refused(await office.edit_type(second, {"name": "balcony"}), 422, "invalid_field", "name", "already")

    assert (await office.type(other["id"], name="Balcony"))["name"] == "Balcony"


async def test_most_per_order_follows_the_least_where_it_is_not_said(office):
    event = await office.event()

    assert (await office.type(event["id"], minPerOrder=20))["maxPerOrder"] == 20
    assert (await office.type(event["id"], name="Other", minPerOrder=2, maxPerOrder=2))["maxPerOrder"] == 2


async def test_types_stand_in_sort_order_and_ties_stay_put(office):
    event = await office.event()
    names = {}
    for name, order in (("a", 5), ("b", -1), ("c", 5), ("d", 0), ("e", 5)):
        names[(await office.type(event["id"], name=name, sortOrder=order))["id"]] = name
        await asyncio.sleep(0.002)

    for _ in range(3):
        listed = taken(await office.ask("GET", f"/events/{event['id']}/ticket-types"))["items"]
        assert "".join(names[one["id"]] for one in listed) == "bdace"
    assert [one["id"] for one in (await office.show(event["id"]))["ticketTypes"]] == [
        one["id"] for one in listed
    ]


async def test_metadata_comes_back_as_it_was(office, shop):
    metadata = {"a": [1, {"b": None}, "\xfc\U0001f389"], "c": 1.5, "d": True, "": {}}
    event = await office.event()
    kind = await office.type(event["id"], metadata=metadata)

    assert kind["metadata"] == metadata
    assert taken(await office.edit_type(kind, {"metadata": None}))["metadata"] == {}


async def test_unprintable_metadata_is_refused_or_kept(office):
    """Text that PostgreSQL cannot keep in JSON must not be our mistake."""
    event = await office.event()

    assert (await office.add_type(event["id"], metadata={"a": "\x00"})).status_code in {201, 422}


async def test_quantity_cannot_go_below_what_is_taken(office, shop, database, untouched):
    event = await make_event(database, office.organization)
    free = event.ticket_types[0]
    await shop.order(event, (free.id, 3))
    await shop.cart(event, (free.id, 2))
    kind = {"eventId": event.id, "id": free.id}
    async with untouched(office.organization):
        refused(
            await office.edit_type(kind, {"quantity": 4}), 409, "state_conflict", "quantity", "less than 5"
        )

    changed = taken(await office.edit_type(kind, {"quantity": 5}))
    assert (changed["quantity"], changed["sold"], changed["held"], changed["availableQuantity"]) == (
        5,
        3,
        2,
        0,
    )


async def test_what_is_left_is_the_smallest_of_all_pools(office, shop, database, owner_sql):
    kinds = [
        TicketTypeDraft(name=name, quantity=quantity, is_free=True) for name, quantity in (("a", 4), ("b", 9))
    ]
    event = await make_event(database, office.organization, *kinds, capacity=6)
    first, second = event.ticket_types

    def left(shown):
        return [one["availableQuantity"] for one in shown["ticketTypes"]]

    assert left(await office.show(event.id)) == [4, 6]
    await shop.order(event, (first.id, 3))
    assert left(await office.show(event.id)) == [1, 3]
    await shop.cart(event, (second.id, 2))
    assert left(await office.show(event.id)) == [1, 1] == left(taken(await shop.offer(event.id)))
    assert await pool_of(owner_sql, "events", event.id) == (6, 2, 3)
    refused(await shop.reserve(event, (second.id, 2)), 409, "sold_out", "items[0].quantity", "only 1 left")
    await shop.cart(event, (first.id, 1))
    assert left(await office.show(event.id)) == [0, 0]
    assert (await office.show(event.id))["totalTicketsSold"] == 3


async def test_new_price_leaves_carts_and_orders_alone(office, shop, database):
    event = await make_event(
        database, office.organization, TicketTypeDraft(name="Seat", quantity=9, price=1000)
    )
    kind = {"eventId": event.id, "id": event.ticket_types[0].id}
    cart = await shop.cart(event)
    taken(await office.edit_type(kind, {"price": 2000, "name": "Better seat"}))

    kept = taken(await shop.look(cart))
    assert [(line["name"], line["unitPrice"]) for line in kept["items"]] == [("Seat", 1000)]
    assert kept["total"] == cart["total"] == 1000
    assert (await shop.cart(event))["total"] == 2000


async def test_stale_tag_is_refused(office, untouched):
    event = await office.event()
    kind = await office.type(event["id"])
    changed = taken(await office.edit_type(kind, {"quantity": 20}, If_Match='"1"'))
    assert changed["version"] > 1
    async with untouched(office.organization):
        refused(await office.edit_type(kind, {"quantity": 30}, If_Match='"1"'), 412, "precondition_failed")


async def test_two_changes_at_once_both_stand(office, owner_sql):
    event = await office.event()
    kind = await office.type(event["id"])
    transaction = owner_sql.transaction()
    await transaction.start()
    await owner_sql.execute(
        "UPDATE ticket_types SET price = 7700, version = version + 1 WHERE id = $1", kind["id"]
    )
    waiting = asyncio.create_task(office.edit_type(kind, {"name": "Floor"}))
    await asyncio.sleep(0.3)
    await transaction.commit()
    await waiting

    stands = (await office.show(event["id"]))["ticketTypes"][0]
    assert (stands["name"], stands["price"]) == ("Floor", 7700)


async def test_event_cannot_end_before_a_types_sales(office, untouched):
    event = await office.event()
    await office.type(event["id"], salesEndDate="2031-06-11T19:00:00Z")
    async with untouched(office.organization):
        refused(
            await office.edit(event["id"], {"endTime": "20:00"}),
            422,
            "invalid_field",
            "endDate",
            "ticket type",
        )

    assert taken(await office.edit(event["id"], {"endTime": "21:00"}))["endsAt"] == "2031-06-11T19:00:00Z"


async def test_type_is_found_only_under_its_event(office):
    event, other = await office.event(), await office.event()
    kind = await office.type(event["id"])

    refused(await office.ask("GET", f"/events/{other['id']}/ticket-types/{kind['id']}"), 404, "not_found")
    refused(await office.edit_type({**kind, "eventId": other["id"]}, {"price": 1}), 404, "not_found")


async def test_type_may_be_added_while_the_event_is_sold(office, shop, database):
    event = await make_event(database, office.organization)
    late = await office.type(event.id, name="Late", price=None, isFree=True)

    assert (await shop.cart(event, (late["id"], 1)))["items"][0]["name"] == "Late"


async def test_moment_is_answered_in_utc_whatever_it_was_written_in(office):
    event = await office.event()
    moment = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    written = moment.isoformat()

    kind = await office.type(event["id"], salesStartDate=written)
    moved = taken(await office.edit_type(kind, {"salesStartDate": "2031-01-01T02:00:00+02:00"}))

    assert kind["salesStartDate"] == moment.isoformat().replace("+00:00", "Z")
    assert moved["salesStartDate"] == "2031-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("price", 10**12 + 1, "1000000000000 minor units of the currency"),
        ("price", None, "minor units of the currency, like 1250 for EUR 12.50"),
        ("quantity", 2_000_000_000, "1999999999"),
    ],
)
async def test_refusal_names_the_limit(office, field, value, says):
    event = await office.event()
    refused(await office.add_type(event["id"], **{field: value}), 422, "invalid_field", field, says)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("capacity", 2_000_000_000, "1999999999"),
        ("serviceFeeFixed", 10**12 + 1, "1000000000000 minor units of the currency"),
    ],
)
async def test_refusal_of_an_event_names_the_limit(office, field, value, says):
    refused(await office.create(**{field: value}), 422, "invalid_field", field, says)
