"""Money that moved, as staff see it."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from foyer.domains.identity import issue_api_key
from tests.api.asking import Shop, bearing, refused, taken
from tests.support.world import make_event, take_money


@pytest.fixture
async def event(database, organization):
    return await make_event(database, organization)


async def paid(shop, database, event):
    """An order with money on record."""
    order = await shop.order(event)
    await take_money(database, shop.organization, order["id"])
    return order


async def listed(office, **query):
    answer = await office.ask(
        "GET", "/transactions?" + "&".join(f"{name}={value}" for name, value in query.items())
    )
    return taken(answer)


def moment(**ago):
    return (datetime.now(UTC) - timedelta(**ago)).isoformat().replace("+00:00", "Z")


async def test_staff_see_what_was_paid(office, shop, database, event):
    order = await paid(shop, database, event)
    (one,) = (await listed(office))["items"]

    assert taken(await office.ask("GET", f"/transactions/{one['id']}")) == one
    assert {name: one[name] for name in ("orderId", "type", "status", "amount", "currency", "paymentMethod")} == {
        "orderId": order["id"], "type": "purchase", "status": "completed", "amount": 1_250,
        "currency": "EUR", "paymentMethod": "manual",
    }  # fmt: skip
    assert set(one) == {
        "id", "orderId", "userId", "type", "amount", "currency", "paymentMethod", "paymentMethodId", "paymentIntentId",
        "status", "gatewayFee", "platformFee", "metadata", "errorMessage", "createdAt", "updatedAt",
    }  # fmt: skip


async def test_list_is_newest_first_and_pages_stand_while_rows_are_added(office, shop, database, event):
    orders = [(await paid(shop, database, event))["id"] for _ in range(5)]
    first = await listed(office, limit=2)
    await paid(shop, database, event)
    second = await listed(office, limit=2, cursor=first["nextCursor"])
    third = await listed(office, limit=2, cursor=second["nextCursor"])

    shown = [[one["orderId"] for one in page["items"]] for page in (first, second, third)]
    assert shown == [orders[4:2:-1], orders[2:0:-1], orders[:1]]
    assert third["nextCursor"] is None


async def test_list_is_filtered(office, shop, database, event):
    orders = [(await paid(shop, database, event))["id"] for _ in range(2)]
    for query, found in (
        ({"type": "purchase"}, 2),
        ({"type": "refund"}, 0),
        ({"status": "completed"}, 2),
        ({"status": "failed"}, 0),
        ({"orderId": orders[0]}, 1),
        ({"orderId": uuid4()}, 0),
        ({"createdFrom": moment(hours=1), "createdTo": moment(hours=-1)}, 2),
        ({"createdFrom": moment(hours=-1)}, 0),
        ({"createdTo": moment(hours=1)}, 0),
        ({"createdTo": "2031-06-11T12:00:00%2B02:00", "type": "purchase", "orderId": orders[1]}, 1),
    ):
        assert len((await listed(office, **query))["items"]) == found, query


@pytest.mark.parametrize(
    ("query", "field", "says"),
    [
        ("limit=0", "limit", "at least 1"),
        ("limit=101", "limit", "at most 100"),
        ("limit=many", "limit", "whole number"),
        ("cursor=nonsense", "cursor", "nextCursor"),
        ("type=gift", "type", "purchase, refund, chargeback, payout"),
        ("status=lost", "status", "pending, completed, failed, cancelled"),
        ("orderId=7", "orderId", "not an id"),
        ("createdFrom=yesterday", "createdFrom", "2027-06-11T19:30:00Z"),
        ("createdTo=2027-06-11", "createdTo", "2027-06-11T19:30:00Z"),
        ("createdTo=2027-06-11T19:30:00", "createdTo", "2027-06-11T19:30:00Z"),
        ("createdFrom=0001-01-01T00:00:00%2B14:00", "createdFrom", "no such moment"),
        ("createdTo=9999-12-31T23:59:59-12:00", "createdTo", "no such moment"),
    ],
)
async def test_question_that_cannot_be_read_is_refused_by_its_field(office, query, field, says):
    refused(await office.ask("GET", f"/transactions?{query}"), 422, "invalid_field", field, says)


async def test_money_of_another_organization_is_not_there(office, client, database, stranger):
    event = await make_event(database, stranger)
    order = await paid(Shop(client, stranger), database, event)
    theirs = (await client.get("/api/v1/transactions", headers=stranger.staff)).json()["items"][0]["id"]

    assert (await listed(office))["items"] == []
    assert (await listed(office, orderId=order["id"]))["items"] == []
    for transaction_id in (theirs, uuid4()):
        refused(await office.ask("GET", f"/transactions/{transaction_id}"), 404, "not_found")


async def test_needs_the_permission_to_see_orders(office, client, database, organization):
    async with database.write(organization.id) as tx:
        key = await issue_api_key(tx, user_id=organization.user_id, name="Door", scopes=("events:view",))
    for path in ("/transactions", f"/transactions/{uuid4()}"):
        answer = await client.get(f"/api/v1{path}", headers=bearing(key.secret))
        refused(answer, 403, "forbidden", None, "orders:view")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_nothing_is_written_through_it(office, shop, database, event, method, untouched, organization):
    await paid(shop, database, event)
    (one,) = (await listed(office))["items"]
    async with untouched(organization):
        for path in ("/transactions", f"/transactions/{one['id']}"):
            answer = await office.ask(method, path, {"status": "failed"})
            refused(answer, 405, "method_not_allowed")
