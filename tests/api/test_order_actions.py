"""What staff do with orders: paid by hand, cancelled, approved, refused; each told once, and what is not possible changes nothing."""

import asyncio
from uuid import UUID, uuid4

import pytest

from foyer.domains.events.types import TicketTypeDraft
from tests.api.asking import facts_of, refused, taken
from tests.api.selling import buyer, pools_of, ticket_states

BOARD = TicketTypeDraft(name="Board", quantity=9, price=500, requires_approval=True)
GUEST = TicketTypeDraft(name="Guest list", quantity=9, is_free=True, requires_approval=True)


async def told(owner_sql, till):
    """The facts about orders, in the order in which they were told."""
    return [fact for fact in await facts_of(owner_sql, till.organization) if not fact.startswith("event.")]


async def money(owner_sql, order):
    """What moved for an order: kinds and amounts."""
    query = "SELECT type, amount FROM transactions WHERE order_id = $1 ORDER BY id"
    return [tuple(row) for row in await owner_sql.fetch(query, UUID(order["id"]))]


async def check_in(till, event, ticket):
    body = {"eventId": str(event.id), "code": ticket["code"]}
    return taken(await till.client.post("/api/v1/check-ins", json=body, headers=till.organization.door))


async def test_order_by_invoice_from_cart_to_door(till, owner_sql):
    event = await till.event()
    order = await till.order(
        event, 2, 0, 1, attendees=[{"ticketTypeId": str(event.ticket_types[0].id), "firstName": "Kim"}]
    )
    assert (order["status"], order["tickets"], order["total"]) == ("pending", [], 4_900)
    assert await pools_of(owner_sql, event) == [(3, 0), (2, 0), (0, 0), (1, 0)]

    paid = taken(await till.post(f"/orders/{order['id']}/payment"))

    assert (paid["status"], paid["paymentStatus"], paid["expiresAt"], paid["version"]) == (
        "confirmed",
        "paid",
        None,
        2,
    )
    assert [(one["status"], one["amount"]) for one in paid["attempts"]] == [("succeeded", 4_900)]
    assert await pools_of(owner_sql, event) == [(0, 3), (0, 2), (0, 0), (0, 1)]
    assert await money(owner_sql, order) == [("purchase", 4_900)]
    (transaction,) = taken(await till.get("/transactions", orderId=order["id"]))["items"]
    assert (transaction["type"], transaction["amount"], transaction["currency"]) == ("purchase", 4_900, "EUR")
    assert (transaction["status"], transaction["userId"]) == ("completed", str(till.organization.user_id))
    held = taken(await till.shop.show_order(order))
    assert [one["attendeeInfo"]["firstName"] for one in held["tickets"]] == ["Kim", "Jo", "Jo"]
    assert (await check_in(till, event, held["tickets"][0]))["result"] == "admitted"
    assert await told(owner_sql, till) == ["order.placed", "order.confirmed", "ticket.admitted"]


async def test_payment_is_taken_once(till, owner_sql, untouched):
    order = await till.order(await till.event(), 1)
    path = f"/orders/{order['id']}/payment"
    first = taken(await till.post(path, idempotency_key="pay-1"))
    async with untouched(till.organization):
        assert taken(await till.post(path, idempotency_key="pay-1")) == first
        refused(await till.post(path), 409, "state_conflict", "status")
        refused(await till.post(path, idempotency_key="pay-2"), 409, "state_conflict", "status")
        another = await till.post(f"/orders/{order['id']}/cancellation", idempotency_key="pay-1")
        refused(another, 422, "idempotency_mismatch", "Idempotency-Key")
    assert await told(owner_sql, till) == ["order.placed", "order.confirmed"]


async def test_many_payments_at_once_are_one(till, owner_sql):
    event = await till.event()
    order = await till.order(event, 2)

    answers = await asyncio.gather(*(till.post(f"/orders/{order['id']}/payment") for _ in range(6)))

    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 5
    assert await money(owner_sql, order) == [("purchase", 4_900)]
    assert await ticket_states(owner_sql, order) == {"valid": 2}
    assert await pools_of(owner_sql, event) == [(0, 2), (0, 2), (0, 0), (0, 0)]
    assert await told(owner_sql, till) == ["order.placed", "order.confirmed"]


async def test_what_cannot_be_paid_is_refused(till, untouched):
    event = await till.event(BOARD, GUEST, TicketTypeDraft(name="Free", quantity=5, is_free=True))
    asked, guest, free = (
        await till.order(event, 1),
        await till.order(event, 0, 1),
        await till.order(event, 0, 0, 1),
    )
    gone = await till.order(event, 1)
    taken(await till.post(f"/orders/{gone['id']}/cancellation"))
    async with untouched(till.organization):
        for order, field in ((asked, "approval"), (guest, "approval"), (free, "status"), (gone, "status")):
            refused(await till.post(f"/orders/{order['id']}/payment"), 409, "state_conflict", field)
        refused(await till.post(f"/orders/{uuid4()}/payment"), 404, "not_found")
        refused(
            await till.post(f"/orders/{asked['id']}/payment", {"amount": 1}), 422, "invalid_field", "amount"
        )


async def test_waiting_order_is_cancelled(till, owner_sql, untouched):
    event = await till.event()
    order = await till.order(event, 2, 1)

    gone = taken(await till.post(f"/orders/{order['id']}/cancellation"))

    assert (gone["status"], gone["cancelReason"], gone["paymentStatus"]) == ("cancelled", "staff", "failed")
    assert [one["status"] for one in gone["attempts"]] == ["cancelled"]
    assert await pools_of(owner_sql, event) == [(0, 0), (0, 0), (0, 0), (0, 0)]
    assert await money(owner_sql, order) == []
    assert await told(owner_sql, till) == ["order.placed", "order.cancelled"]
    async with untouched(till.organization):
        refused(await till.post(f"/orders/{order['id']}/cancellation"), 409, "state_conflict", "status")


async def test_free_order_is_cancelled_with_its_tickets(till, owner_sql):
    event = await till.event()
    order = await till.order(event, 0, 0, 2)

    gone = taken(await till.post(f"/orders/{order['id']}/cancellation", idempotency_key="stop"))
    again = taken(await till.post(f"/orders/{order['id']}/cancellation", idempotency_key="stop"))

    assert again == gone
    assert (gone["status"], gone["cancelReason"], gone["version"]) == ("cancelled", "staff", 2)
    assert await ticket_states(owner_sql, order) == {"cancelled": 2}
    assert await pools_of(owner_sql, event) == [(0, 0), (0, 0), (0, 0), (0, 0)]
    assert (await check_in(till, event, order["tickets"][0]))["result"] == "cancelled"
    assert await told(owner_sql, till) == ["order.confirmed", "order.cancelled"]


async def test_what_cannot_be_cancelled_is_refused(till, untouched):
    event = await till.event()
    paid, inside = await till.paid(event, 1), await till.order(event, 0, 0, 2)
    assert (await check_in(till, event, inside["tickets"][1]))["result"] == "admitted"
    async with untouched(till.organization):
        refused(
            await till.post(f"/orders/{paid['id']}/cancellation"),
            409,
            "state_conflict",
            "paymentStatus",
            "refund",
        )
        refused(
            await till.post(f"/orders/{inside['id']}/cancellation"), 409, "state_conflict", "status", "door"
        )
        refused(await till.post(f"/orders/{uuid4()}/cancellation"), 404, "not_found")
        refused(
            await till.post(f"/orders/{paid['id']}/cancellation", {"reason": "x"}),
            422,
            "invalid_field",
            "reason",
        )


async def decide(till, order, decision="approve", **more):
    headers = {name: more.pop(name) for name in ("idempotency_key",) if name in more}
    return await till.post(f"/orders/{order['id']}/approval", {"decision": decision, **more}, **headers)


async def test_approved_order_can_be_paid(till, owner_sql):
    event = await till.event(BOARD)
    order = await till.order(event, 2)
    assert (order["approval"]["status"], order["status"]) == ("requested", "pending")
    assert taken(await till.get(f"/orders/{order['id']}"))["attempts"] == []

    approved = taken(await decide(till, order))

    approval = approved["approval"]
    assert (approval["status"], approval["decidedBy"]) == ("approved", str(till.organization.user_id))
    assert (approved["status"], approved["paymentStatus"]) == ("pending", "pending")
    assert [(one["status"], one["amount"]) for one in approved["attempts"]] == [("pending", 1_000)]
    assert approved["expiresAt"] > order["expiresAt"]
    assert await pools_of(owner_sql, event) == [(2, 0), (2, 0)]
    assert taken(await till.post(f"/orders/{order['id']}/payment"))["status"] == "confirmed"
    assert await ticket_states(owner_sql, order) == {"valid": 2}
    assert await told(owner_sql, till) == ["order.placed", "order.approved", "order.confirmed"]


async def test_approved_free_order_is_confirmed(till, owner_sql):
    event = await till.event(GUEST)
    order = await till.order(event, 2)

    approved = taken(await decide(till, order))

    assert (approved["status"], approved["paymentStatus"], approved["expiresAt"]) == (
        "confirmed",
        "paid",
        None,
    )
    assert (approved["approval"]["status"], approved["attempts"]) == ("approved", [])
    assert await ticket_states(owner_sql, order) == {"valid": 2}
    assert await pools_of(owner_sql, event) == [(0, 2), (0, 2)]
    assert await money(owner_sql, order) == []
    assert sorted(await told(owner_sql, till)) == ["order.approved", "order.confirmed", "order.placed"]


@pytest.mark.parametrize("kind", [BOARD, GUEST], ids=["paid", "free"])
async def test_refused_order_gives_its_places_back(till, owner_sql, kind):
    event = await till.event(kind)
    order = await till.order(event, 2)

    answer = taken(await decide(till, order, "refuse", reason="  Members\x00 only. "))

    assert (answer["status"], answer["cancelReason"], answer["paymentStatus"]) == (
        "cancelled",
        "refused",
        "failed",
    )
    approval = answer["approval"]
    assert (approval["status"], approval["reason"], approval["decidedBy"]) == (
        "refused",
        "Members only.",
        str(till.organization.user_id),
    )
    assert await pools_of(owner_sql, event) == [(0, 0), (0, 0)]
    assert await ticket_states(owner_sql, order) == {}
    assert await told(owner_sql, till) == ["order.placed", "order.cancelled"]
    assert taken(await till.shop.show_order(order))["approval"]["reason"] == "Members only."


@pytest.mark.parametrize("decision", ["approve", "refuse"])
async def test_word_is_given_once(till, untouched, decision):
    order = await till.order(await till.event(BOARD), 1)
    first = taken(await decide(till, order, decision, idempotency_key="word"))
    async with untouched(till.organization):
        assert taken(await decide(till, order, decision, idempotency_key="word")) == first
        for word in ("approve", "refuse"):
            refused(await decide(till, order, word), 409, "state_conflict", "status")


async def test_what_cannot_be_decided_is_refused(till, untouched):
    event = await till.event(BOARD, TicketTypeDraft(name="Seat", quantity=5, price=100))
    asked, plain, gone = await till.order(event, 1), await till.order(event, 0, 1), await till.order(event, 1)
    taken(await till.post(f"/orders/{gone['id']}/cancellation"))
    async with untouched(till.organization):
        for word in ("approve", "refuse"):
            refused(await decide(till, plain, word), 409, "state_conflict", "approval")
            refused(await decide(till, gone, word), 409, "state_conflict", "status")
            refused(await decide(till, {"id": uuid4()}, word), 404, "not_found")
        for body, field in (
            ({"decision": "maybe"}, "decision"),
            ({"decision": None}, "decision"),
            ({}, "decision"),
            ({"decision": "approve", "reason": "x"}, "reason"),
            ({"decision": "refuse", "reason": "x" * 501}, "reason"),
            ({"decision": "refuse", "reason": 5}, "reason"),
            ({"decision": "refuse", "status": "x"}, "status"),
        ):
            refused(await till.post(f"/orders/{asked['id']}/approval", body), 422, "invalid_field", field)


async def test_nothing_is_confirmed_of_a_cancelled_event(till, untouched):
    event = await till.event(BOARD, GUEST, TicketTypeDraft(name="Seat", quantity=5, price=100))
    board, guest, seat = (
        await till.order(event, 1),
        await till.order(event, 0, 1),
        await till.order(event, 0, 0, 1),
    )
    taken(await till.post(f"/events/{event.id}/cancellation"))
    async with untouched(till.organization):
        refused(await decide(till, board), 409, "state_conflict", "status")
        refused(await decide(till, guest), 409, "state_conflict", "status")
        refused(await till.post(f"/orders/{seat['id']}/payment"), 409, "state_conflict", "status")


async def test_nothing_is_approved_of_an_event_that_is_over(till, owner_sql, untouched):
    event = await till.event(BOARD, GUEST)
    board, guest = await till.order(event, 1), await till.order(event, 0, 1)
    await owner_sql.execute(
        "UPDATE events SET starts_at = foyer_now() - interval '2 h', ends_at = foyer_now() - interval '1 h' WHERE id = $1",
        event.id,
    )
    async with untouched(till.organization):
        for order in (board, guest):
            refused(await decide(till, order), 409, "state_conflict", "status", "over")
    for order in (board, guest):
        taken(await decide(till, order, "refuse"))


async def test_support_acts_and_analysts_look(till, untouched):
    event = await till.event(BOARD, TicketTypeDraft(name="Seat", quantity=5, price=100))
    orders = [await till.order(event, 1), await till.order(event, 0, 1), await till.order(event, 0, 1)]
    analyst, support = await till.colleague("analyst"), await till.colleague("support")

    async def act(member):
        return [
            await decide(member, orders[0]),
            await member.post(f"/orders/{orders[1]['id']}/payment"),
            await member.post(f"/orders/{orders[2]['id']}/cancellation"),
        ]

    async with untouched(till.organization):
        for answer in await act(analyst):
            refused(answer, 403, "forbidden", None, "orders:edit")
    for answer in await act(support):
        taken(answer)


async def test_codes_come_back_with_their_orders(till, owner_sql):
    event = await till.event()
    taken(
        await till.post("/discounts", {"code": "ONCE", "percentage": 10, "maxUses": 1, "usesPerCustomer": 1}),
        201,
    )

    async def order_with_code(**changes):
        cart = await till.shop.cart(event, (event.ticket_types[0].id, 1))
        headers = {"Authorization": f"Bearer {cart['token']}"}
        path = f"{till.shop.path}/carts/{cart['id']}"
        answer = await till.client.patch(path, json={"discountCode": "once"}, headers=headers)
        if answer.status_code != 200:
            return answer
        return await till.shop.check_out(cart, paymentMethod="manual", **changes)

    first = taken(await order_with_code(), 201)
    assert (first["discountAmount"], first["total"]) == (245, 2_205)
    refused(await order_with_code(), 409, "code_exhausted", "discountCode")
    taken(await till.post(f"/orders/{first['id']}/cancellation"))
    second = taken(await order_with_code(), 201)
    taken(await till.post(f"/orders/{second['id']}/payment"))
    refused(
        await order_with_code(customer=buyer(email="kim@example.org")), 409, "code_exhausted", "discountCode"
    )
    taken(await till.refund(await till.show(second)), 201)
    taken(await order_with_code(customer=buyer(email="kim@example.org")), 201)
