"""Orders for staff: lists and their questions, one order, what is noted about it."""

from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event as happening

from foyer.domains.events.types import TicketTypeDraft
from tests.api.asking import refused, taken
from tests.api.selling import buyer

APPROVED = TicketTypeDraft(name="Board", quantity=9, price=500, requires_approval=True)


async def numbers(till, **query):
    """The numbers of the orders that a list shows, over all its pages."""
    page = taken(await till.get("/orders", **query))
    found = [one["orderNumber"] for one in page["items"]]
    while page["nextCursor"]:
        page = taken(await till.get("/orders", **query, cursor=page["nextCursor"]))
        found += [one["orderNumber"] for one in page["items"]]
    return found


@contextmanager
def statements(client):
    """What the application sends while the block runs, BEGIN and COMMIT left out."""
    sent = []
    engine = client.desks.database._engine.sync_engine

    def note(_connection, _cursor, statement, *_rest):
        sent.append(statement)

    happening.listen(engine, "before_cursor_execute", note)
    yield sent
    happening.remove(engine, "before_cursor_execute", note)


async def test_one_order_carries_its_money_and_its_buyer(till):
    event = await till.event()
    placed = await till.order(event, 2, 1, 1, customer=buyer(phone="040 1", address={"country": "DE"}))

    answer = await till.get(f"/orders/{placed['id']}")
    order = taken(answer)

    assert (answer.headers["etag"], answer.headers["cache-control"]) == ('"1"', "private, no-store")
    same = (
        "id",
        "orderNumber",
        "items",
        "subtotal",
        "total",
        "currency",
        "status",
        "paymentStatus",
        "expiresAt",
    )
    assert {name: order[name] for name in same} == {name: placed[name] for name in same}
    assert (order["customer"]["phone"], order["customer"]["address"]["country"]) == ("040 1", "DE")
    assert (order["total"], order["refundedAmount"], order["refundDue"]) == (2 * 2_450 + 999, 0, 0)
    assert (order["notes"], order["userId"], order["approval"], order["refunds"]) == (None, None, None, [])
    assert [(one["provider"], one["amount"], one["status"]) for one in order["attempts"]] == [
        ("manual", order["total"], "pending")
    ]
    customer = taken(await till.get(f"/customers/{order['customerId']}"))
    assert customer["email"] == "jo@example.org"


async def test_order_from_the_box_office_names_its_seller(till):
    event = await till.event()
    kind = event.ticket_types[2]
    cart = taken(await till.shop.reserve(event, (kind.id, 1), headers=till.organization.staff), 201)
    order = taken(await till.shop.check_out(cart), 201)

    assert (await till.show(order))["userId"] == str(till.organization.user_id)


async def test_list_is_the_newest_first_and_shows_what_is_due(till):
    event, off = await till.event(), await till.event()
    orders = [await till.paid(off, 1), await till.order(event, 1), await till.order(event, 0, 0, 1)]
    await till.call_off(off)

    page = taken(await till.get("/orders"))

    assert [one["id"] for one in page["items"]] == [one["id"] for one in reversed(orders)]
    assert [one["refundDue"] for one in page["items"]] == [0, 0, 2_450]
    assert page["nextCursor"] is None
    assert "attempts" not in page["items"][0]
    assert [one["status"] for one in (await till.show(orders[0]))["refunds"]] == ["due"]


async def test_page_of_many_asks_no_more_than_a_page_of_one(till):
    event = await till.event()
    for _ in range(6):
        await till.order(event, 1, 1)
    with statements(till.client) as few:
        taken(await till.get("/orders", limit=1))
    with statements(till.client) as many:
        assert len(taken(await till.get("/orders"))["items"]) == 6
    with statements(till.client) as one:
        taken(await till.get("/orders/" + (await till.order(event, 1))["id"]))

    assert len(few) == len(many) <= 6
    assert len(one) <= 30


async def test_pages_stay_whole_while_orders_are_placed(till):
    event = await till.event()
    old = [(await till.order(event, 0, 0, 1))["orderNumber"] for _ in range(5)]
    seen, cursor = [], {}
    while cursor is not None:
        page = taken(await till.get("/orders", limit=2, **cursor))
        seen += [one["orderNumber"] for one in page["items"]]
        await till.order(event, 0, 0, 1)
        cursor = {"cursor": page["nextCursor"]} if page["nextCursor"] else None

    assert seen == old[::-1]


async def test_questions_of_the_list(till):
    event, other = await till.event(), await till.event(APPROVED, PAIDLESS)
    paid = await till.paid(event, 1)
    waiting = await till.order(event, 1, customer=buyer(email="kim@example.org"))
    free = await till.order(event, 0, 0, 1)
    asked = await till.order(other, 1)
    gone = await till.order(other, 0, 1)
    taken(await till.post(f"/orders/{gone['id']}/cancellation"))
    given = taken(await till.get(f"/orders/{waiting['id']}"))["customerId"]
    every = [one["orderNumber"] for one in (gone, asked, free, waiting, paid)]

    async def asks(*orders, **query):
        assert await numbers(till, **query) == [one["orderNumber"] for one in orders], query

    assert await numbers(till) == every
    await asks(asked, waiting, status="pending")
    await asks(free, paid, status="confirmed")
    await asks(gone, status="cancelled")
    await asks(gone, free, paid, paymentStatus="paid")
    await asks(asked, approval="requested")
    await asks(approval="approved")
    await asks(gone, asked, eventId=other.id)
    await asks(eventId=uuid4())
    await asks(waiting, customerId=given)
    await asks(customerId=uuid4())
    await asks(gone, free, paymentMethod="free")
    await asks(asked, waiting, paid, paymentMethod="manual")
    await asks(paymentMethod="nosuch")
    await asks(waiting, email=" KIM@Example.ORG ")
    await asks(email="ki@example.org")
    await asks(asked, status="pending", eventId=other.id, paymentMethod="manual")
    assert await numbers(till, q="") == await numbers(till, limit=2) == every


PAIDLESS = TicketTypeDraft(name="Floor", quantity=9, is_free=True)


async def test_moments_of_the_list(till):
    event = await till.event()
    first, second = await till.order(event, 0, 0, 1), await till.order(event, 0, 0, 1)
    at = datetime.fromisoformat(second["createdAt"])

    async def asks(*orders, **query):
        assert await numbers(till, **query) == [one["orderNumber"] for one in orders], query

    await asks(second, createdFrom=second["createdAt"])
    await asks(first, createdTo=second["createdAt"])
    await asks(createdFrom=(at + timedelta(seconds=1)).isoformat())
    await asks(second, first, createdFrom=first["createdAt"], createdTo=(at + timedelta(hours=1)).isoformat())
    await asks(second, first, createdFrom="0001-01-02T00:00:00Z", createdTo="9999-12-30T00:00:00Z")


async def test_search_is_by_what_stands_on_the_order(till):
    event = await till.event()
    people = [
        buyer(email="a_b%c@example.org", firstName="Änne", lastName="O’Neill"),
        buyer(email="axb@example.org", firstName="Jo", lastName="van der Berg"),
        buyer(email="z@example.org", firstName="100%", lastName="J\\o"),
    ]
    orders = [await till.order(event, 0, 0, 1, customer=one) for one in people]

    async def search(text):
        found = await numbers(till, q=text)
        return sorted(orders.index(one) for one in orders if one["orderNumber"] in found)

    number = orders[0]["orderNumber"]
    assert (
        await search(number)
        == await search(number.lower())
        == await search(f" {number[:4]}-{number[4:]} ")
        == [0]
    )
    assert {0, 1} <= set(await search("a"))
    assert await search("A_B%") == [0]
    assert await search("änne") == await search("ÄNNE o’") == await search("o’neill") == [0]
    assert await search("jo van der") == await search("VAN DER") == [1]
    assert await search("der Berg") == await search("berg") == []
    assert await search("100%") == await search("j\\") == [2]
    assert await search("%") == await search("_") == await search("\\") == await search("--") == []
    assert await search("' OR 1=1 --") == []
    assert len(await numbers(till, q="\x00")) == 3  # nothing is left of it, so nothing is asked


ODD = [
    ({"status": "lost"}, "status"),
    ({"status": ""}, "status"),
    ({"paymentStatus": "due"}, "paymentStatus"),
    ({"approval": "yes"}, "approval"),
    ({"eventId": "x"}, "eventId"),
    ({"customerId": "1"}, "customerId"),
    ({"email": "jo"}, "email"),
    ({"email": ""}, "email"),
    ({"paymentMethod": "x" * 101}, "paymentMethod"),
    ({"q": "x" * 201}, "q"),
    ({"createdFrom": "2027-06-11"}, "createdFrom"),
    ({"createdFrom": "2027-06-11T10:00:00"}, "createdFrom"),
    ({"createdFrom": "17"}, "createdFrom"),
    ({"createdTo": "0001-01-01T00:00:00+14:00"}, "createdTo"),
    ({"nosuch": "1"}, "nosuch"),
    ({"Status": "pending"}, "Status"),
]


@pytest.mark.parametrize("path", ["/orders", "/orders/export"])
async def test_odd_questions_are_refused_by_name(till, path):
    for query, field in ODD:
        refused(await till.get(path, **query), 422, "invalid_field", field)


async def test_odd_pages_are_refused_by_name(till):
    for query, field in (
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=x", "limit"),
        ("cursor=%25", "cursor"),
        ("cursor=", "cursor"),
        ("cursor=AAAA", "cursor"),
        ("status=pending&status=confirmed", "status"),
        ("q=%00%00&q=", "q"),
    ):
        refused(await till.get(f"/orders?{query}"), 422, "invalid_field", field)


async def test_notes_are_for_staff(till, owner_sql):
    event = await till.event()
    order = await till.order(event, 1)

    noted = await till.ask(
        "PATCH", f"/orders/{order['id']}", {"notes": " Sits with\u202e\n\x00the Fabers. "}, if_match='"1"'
    )

    assert taken(noted)["notes"] == "Sits with\nthe Fabers."
    assert (noted.json()["version"], noted.headers["etag"]) == (2, '"2"')
    assert "Fabers" not in (await till.shop.show_order(order)).text
    assert (await till.show(order))["notes"] == "Sits with\nthe Fabers."
    for nothing in (None, "", "  \n"):
        taken(await till.ask("PATCH", f"/orders/{order['id']}", {"notes": "x"}))
        assert taken(await till.ask("PATCH", f"/orders/{order['id']}", {"notes": nothing}))["notes"] is None
    longest = "ä" * 5_000
    assert taken(await till.ask("PATCH", f"/orders/{order['id']}", {"notes": longest}))["notes"] == longest


async def test_nothing_but_notes_can_be_written(till, untouched):
    order = await till.order(await till.event(), 1)
    async with untouched(till.organization):
        for body, field in (
            ({"notes": "x" * 5_001}, "notes"),
            ({"notes": 5}, "notes"),
            ({}, "notes"),
            ({"notes": None, "status": "confirmed"}, "status"),
            ({"notes": "x", "total": 0}, "total"),
            ([], "body"),
        ):
            answer = await till.ask("PATCH", f"/orders/{order['id']}", body)
            refused(answer, 422, "invalid_field", field)


async def test_notes_are_not_written_over_somebody_elses(till, untouched):
    order = await till.order(await till.event(), 1)
    path = f"/orders/{order['id']}"
    taken(await till.ask("PATCH", path, {"notes": "first"}, if_match='"1"'))
    async with untouched(till.organization):
        refused(
            await till.ask("PATCH", path, {"notes": "second"}, if_match='"1"'), 412, "precondition_failed"
        )
        refused(
            await till.ask("PATCH", path, {"notes": "second"}, if_match="1"), 422, "invalid_field", "If-Match"
        )
        refused(await till.ask("PATCH", f"/orders/{uuid4()}", {"notes": "x"}), 404, "not_found")


async def test_tickets_of_an_order_need_their_own_permission(till):
    order = await till.order(await till.event(), 0, 0, 2)

    tickets = taken(await till.get(f"/orders/{order['id']}/tickets"))["items"]

    assert [(one["code"], one["qrCode"]) for one in tickets] == [
        (one["code"], one["qrCode"]) for one in order["tickets"]
    ]
    shown = (await till.get(f"/orders/{order['id']}")).text
    assert not any(one["code"] in shown or one["qrCode"] in shown for one in tickets)
    refused(await till.get(f"/orders/{uuid4()}/tickets"), 404, "not_found")


@pytest.mark.parametrize(
    ("role", "may"),
    [("owner", "notes refund"), ("admin", "notes refund"), ("manager", "notes refund"), ("support", "notes"), ("analyst", "")],
)  # fmt: skip
async def test_roles_as_published(till, untouched, role, may):
    order = await till.paid(await till.event(), 1)
    member = await till.colleague(role)

    taken(await member.get("/orders"))
    taken(await member.get(f"/orders/{order['id']}"))
    taken(await member.get(f"/orders/{order['id']}/refunds"))
    taken(await member.get(f"/orders/{order['id']}/tickets"))
    tried = {
        "notes": member.ask("PATCH", f"/orders/{order['id']}", {"notes": "x"}),
        "refund": member.refund(order),
    }
    for name, asking in tried.items():
        if name in may.split():
            assert (await asking).status_code in {200, 201}
        else:
            needed = "orders:edit" if name == "notes" else "orders:refund"
            async with untouched(till.organization):
                refused(await asking, 403, "forbidden", None, needed)
