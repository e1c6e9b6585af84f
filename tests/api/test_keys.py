"""`Idempotency-Key` of staff: what it answers once its thing is gone, and that no body is an empty one."""

import pytest

from tests.api.asking import event_body, refused, taken, type_body
from tests.support.world import make_event

MADE = [
    ("/events", event_body()),
    ("/events/{event}/ticket-types", type_body(name="Balcony")),
    ("/events/{event}/pools", {"name": "House", "capacity": 5, "ticketTypeIds": []}),
    ("/discounts", {"code": "SPRING", "percentage": 10}),
    ("/tax-rates", {"name": "VAT", "ratePercentage": 7, "inclusive": True}),
]


@pytest.mark.parametrize(("path", "body"), MADE, ids=[path for path, _ in MADE])
async def test_key_of_a_thing_that_is_deleted_says_so(office, database, untouched, path, body):
    event = await make_event(database, office.organization)
    at = path.format(event=event.id)
    made = taken(await office.ask("POST", at, body, Idempotency_Key="one"), 201)
    assert (await office.ask("DELETE", f"{at}/{made['id']}")).status_code == 204
    async with untouched(office.organization):
        answer = await office.ask("POST", at, body, Idempotency_Key="one")
        refused(answer, 409, "state_conflict", "Idempotency-Key", "deleted")

    assert taken(await office.ask("POST", at, body, Idempotency_Key="two"), 201)["id"] != made["id"]


async def test_key_of_what_was_never_there_is_not_found(office, untouched):
    at = "/events/0190a000-0000-7000-8000-000000000000/ticket-types"
    async with untouched(office.organization):
        refused(await office.ask("POST", at, type_body(), Idempotency_Key="one"), 404, "not_found")


@pytest.mark.parametrize(("first", "second"), [(None, {}), ({}, None)])
async def test_no_body_is_an_empty_one_to_a_key(office, shop, database, untouched, first, second):
    order = await shop.order(await make_event(database, office.organization))
    at = f"/orders/{order['id']}/cancellation"
    cancelled = taken(await office.ask("POST", at, first, Idempotency_Key="one"))
    async with untouched(office.organization):
        assert taken(await office.ask("POST", at, second, Idempotency_Key="one")) == cancelled
