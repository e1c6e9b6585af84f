"""Money that goes back: whole, in parts until nothing is left, never more; with it the tickets end and their places are free."""

import asyncio
from itertools import permutations
from uuid import UUID, uuid4

import pytest

from foyer.domains.checkout import follow_up, perform_refund
from foyer.domains.events.types import TicketTypeDraft
from tests.api.asking import facts_of, pool_of, refused, taken
from tests.api.selling import buyer, pools_of, ticket_states
from tests.support.sandbox import SandboxProvider, Trouble

BALANCE = (
    "SELECT a.kind, sum(CASE WHEN l.debit_account_id = a.id THEN l.amount ELSE -l.amount END)::bigint FROM ledger_accounts a"
    " JOIN ledger_transfers l ON l.organization_id = a.organization_id AND a.id IN (l.debit_account_id, l.credit_account_id)"
    " WHERE a.organization_id = $1 GROUP BY a.kind"
)


async def balances(owner_sql, till):
    rows = await owner_sql.fetch(BALANCE, till.organization.id)
    return {row[0]: row[1] for row in rows if row[1]}


async def refund_facts(owner_sql, till):
    return [fact for fact in await facts_of(owner_sql, till.organization) if "refund" in fact]


def states(order):
    return order["status"], order["paymentStatus"], order["refundedAmount"]


async def test_whole_order_goes_back(till, owner_sql, untouched):
    event = await till.event()
    order = await till.paid(event, 2, 1, 1)

    refund = taken(await till.refund(order, reason=" Ill\x00 "), 201)

    assert (refund["status"], refund["amount"], refund["currency"], refund["reason"]) == (
        "completed",
        5_899,
        "EUR",
        "Ill",
    )
    assert (refund["orderId"], refund["userId"]) == (order["id"], str(till.organization.user_id))
    assert sorted((line["quantity"], line["amount"]) for line in refund["lines"]) == [
        (1, 0),
        (1, 999),
        (2, 4_900),
    ]
    after = await till.show(order)
    assert states(after) == ("refunded", "refunded", 5_899)
    assert after["refunds"] == taken(await till.get(f"/orders/{order['id']}/refunds"))["items"] == [refund]
    assert await ticket_states(owner_sql, order) == {"refunded": 4}
    assert await pools_of(owner_sql, event) == [(0, 0)] * 4
    moved = taken(await till.get("/transactions", orderId=order["id"]))["items"]
    assert [(one["type"], one["amount"], one["id"] == refund["transactionId"]) for one in moved] == [
        ("refund", 5_899, True),
        ("purchase", 5_899, False),
    ]
    assert sum((await balances(owner_sql, till)).values()) == 0
    assert await refund_facts(owner_sql, till) == ["order.refunded"]
    async with untouched(till.organization):
        refused(await till.refund(order), 409, "state_conflict", "status")
        refused(await till.post(f"/orders/{order['id']}/cancellation"), 409, "state_conflict", "status")


@pytest.mark.parametrize("turns", [*permutations([(1, 0), (1, 2), (0, 1)])], ids=str)
async def test_parts_come_to_the_whole_exactly(till, owner_sql, turns):
    """In whatever order tickets go back, their amounts add up to what was paid."""
    taken(await till.post("/tax-rates", {"name": "VAT", "ratePercentage": 7, "inclusive": False}), 201)
    rate = taken(await till.get("/tax-rates"))["items"][0]["id"]
    kinds = (
        TicketTypeDraft(name="Odd", quantity=20, price=333, tax_rate_id=UUID(rate)),
        TicketTypeDraft(name="Odder", quantity=20, price=1_001, tax_rate_id=UUID(rate)),
    )
    event = await till.event(*kinds)
    order = await till.paid(event, 2, 3)
    gone, back = [0, 0], 0
    for turn in turns:
        refund = taken(await till.refund(order, *turn), 201)
        gone = [before + now for before, now in zip(gone, turn, strict=True)]
        back += refund["amount"]
        assert refund["amount"] == turn[0] * (333 + 23) + turn[1] * (1_001 + 70)
        is_whole = gone == [2, 3]
        status = "refunded" if is_whole else "partial_refund"
        assert states(await till.show(order)) == (status, status, back)
        left = 5 - sum(gone)
        assert await pools_of(owner_sql, event) == [(0, left), (0, 2 - gone[0]), (0, 3 - gone[1])]
        counts = await ticket_states(owner_sql, order)
        assert (counts.get("valid", 0), counts["refunded"]) == (left, sum(gone))

    assert back == order["total"] == 2 * 356 + 3 * 1_071
    assert await refund_facts(owner_sql, till) == ["order.refunded"] * 3


async def test_used_tickets_go_back_last(till, owner_sql):
    event = await till.event()
    order = await till.paid(event, 2)
    tickets = taken(await till.get(f"/orders/{order['id']}/tickets"))["items"]
    body = {"eventId": str(event.id), "code": tickets[0]["code"]}
    taken(await till.client.post("/api/v1/check-ins", json=body, headers=till.organization.door))

    taken(await till.refund(order, 1), 201)

    after = taken(await till.get(f"/orders/{order['id']}/tickets"))["items"]
    assert [one["status"] for one in after] == ["used", "refunded"]
    refund_at_door = await till.client.post(
        "/api/v1/check-ins", json={**body, "code": tickets[1]["code"]}, headers=till.organization.door
    )
    assert taken(refund_at_door)["result"] == "refunded"


async def test_places_of_a_refund_are_sold_again(till, owner_sql):
    event = await till.event(TicketTypeDraft(name="Last", quantity=1, price=500))
    order = await till.paid(event, 1)
    refused(await till.shop.reserve(event), 409, "sold_out", "items[0].quantity")
    taken(await till.refund(order), 201)

    await till.paid(event, 1, customer=buyer(email="kim@example.org"))


async def test_over_refund_is_refused(till, untouched):
    order = await till.paid(await till.event(), 3, 1)
    taken(await till.refund(order, 2), 201)
    first, second = order["items"][0]["id"], order["items"][1]["id"]
    path = f"/orders/{order['id']}/refunds"
    async with untouched(till.organization):
        for items, field in (
            ([(first, 2)], "items[0].quantity"),
            ([(second, 1), (first, 1), (first, 1)], "items[2].quantity"),
            ([(first, 10**30)], "items[0].quantity"),
            ([(first, 0)], "items[0].quantity"),
            ([(first, -1)], "items[0].quantity"),
            ([(str(uuid4()), 1)], "items[0].orderItemId"),
        ):
            body = {"items": [{"orderItemId": item, "quantity": count} for item, count in items]}
            refused(await till.post(path, body), 422, "invalid_field", field)


async def test_odd_refund_is_refused_by_the_name_of_its_field(till, untouched):
    order = await till.paid(await till.event(), 1)
    path, line = f"/orders/{order['id']}/refunds", str(uuid4())
    async with untouched(till.organization):
        for body, field in (
            ({"items": []}, "items"),
            ({"items": {}}, "items"),
            ({"items": [{}]}, "items[0].orderItemId"),
            ({"items": [{"orderItemId": "x", "quantity": 1}]}, "items[0].orderItemId"),
            ({"items": [{"orderItemId": line, "quantity": "1"}]}, "items[0].quantity"),
            ({"items": [{"orderItemId": line, "quantity": 1, "amount": 5}]}, "items[0].amount"),
            ({"amount": 5}, "amount"),
            ({"reason": "x" * 501}, "reason"),
            ({"reason": 5}, "reason"),
            ([], "body"),
        ):
            refused(await till.post(path, body), 422, "invalid_field", field)
        refused(await till.post(path), 400, "malformed")


async def test_what_was_not_paid_does_not_go_back(till, untouched):
    event = await till.event()
    waiting, free, mixed = (
        await till.order(event, 1),
        await till.order(event, 0, 0, 1),
        await till.paid(event, 1, 0, 1),
    )
    gone, dropped = await till.order(event, 1), await till.order(event, 0, 0, 1)
    for order in (gone, dropped):
        taken(await till.post(f"/orders/{order['id']}/cancellation"))
    async with untouched(till.organization):
        for order in (waiting, gone):
            refused(await till.refund(order), 409, "state_conflict", "status")
        for order in (free, dropped):
            refused(await till.refund(order), 409, "state_conflict", "items", "cost nothing")
        refused(await till.refund(mixed, 0, 1), 409, "state_conflict", "items", "cost nothing")
        refused(await till.refund({"id": uuid4(), "items": []}), 404, "not_found")
        refused(await till.get(f"/orders/{uuid4()}/refunds"), 404, "not_found")


async def test_refund_happens_once(till, owner_sql, untouched):
    order = await till.paid(await till.event(), 3)
    first = taken(await till.refund(order, 1), 201)
    body = {"items": [{"orderItemId": order["items"][0]["id"], "quantity": 1}]}
    path = f"/orders/{order['id']}/refunds"
    second = taken(await till.post(path, body, idempotency_key="back"), 201)
    async with untouched(till.organization):
        assert taken(await till.post(path, body, idempotency_key="back"), 201) == second
        refused(
            await till.post(path, {}, idempotency_key="back"), 422, "idempotency_mismatch", "Idempotency-Key"
        )
    assert first["id"] != second["id"]
    assert states(await till.show(order)) == ("partial_refund", "partial_refund", 4_900)
    assert await refund_facts(owner_sql, till) == ["order.refunded"] * 2


async def test_many_refunds_at_once_give_back_what_was_paid(till, owner_sql):
    event = await till.event()
    order = await till.paid(event, 2)

    answers = await asyncio.gather(*(till.refund(order, 1) for _ in range(6)))

    done = [answer for answer in answers if answer.status_code == 201]
    assert {answer.status_code for answer in answers} <= {201, 409, 422}
    assert 1 <= len(done) <= 2
    after = await till.show(order)
    assert after["refundedAmount"] == 2_450 * len(done)
    assert await ticket_states(owner_sql, order) in ({"refunded": 2}, {"refunded": 1, "valid": 1})
    assert len(await refund_facts(owner_sql, till)) == len(done)


async def test_event_that_was_called_off_is_repaid_by_hand(till, owner_sql, untouched):
    event = await till.event()
    order, part = await till.paid(event, 2), await till.paid(event, 2)
    taken(await till.refund(part, 1), 201)
    await till.call_off(event)
    assert [(await till.show(one))["refundDue"] for one in (order, part)] == [4_900, 2_450]
    async with untouched(till.organization):
        refused(await till.refund(order, 1), 409, "state_conflict", "items", "whole order")

    refund = taken(await till.refund(order), 201)

    assert (refund["status"], refund["amount"], refund["reason"]) == (
        "completed",
        4_900,
        "The event was cancelled.",
    )
    assert refund["userId"] == str(till.organization.user_id)
    assert taken(await till.refund(part), 201)["amount"] == 2_450
    for one, total in ((order, 4_900), (part, 4_900)):
        after = await till.show(one)
        assert (states(after), after["refundDue"]) == (("refunded", "refunded", total), 0)
    assert sorted(await refund_facts(owner_sql, till)) == ["order.refunded"] * 3 + ["refund.due"] * 2


async def test_order_of_several_kinds_may_keep_its_free_ticket(till, owner_sql):
    order = await till.paid(await till.event(), 1, 0, 1)

    taken(await till.refund(order, 1, 0), 201)

    assert states(await till.show(order)) == ("partial_refund", "refunded", 2_450)
    assert await ticket_states(owner_sql, order) == {"valid": 1, "refunded": 1}


@pytest.fixture
def card(client):
    """A provider that is far away, for the time of a test."""
    house, sandbox = client.desks, SandboxProvider()
    kept = house.providers
    knowing = (
        (house.place.desk, "_providers"),
        (house.till.settle.desk, "_providers"),
        (house.till, "providers"),
    )
    for who, name in (*knowing, (house, "providers")):
        setattr(who, name, {**kept, sandbox.name: sandbox})
    yield sandbox
    for who, name in (*knowing, (house, "providers")):
        setattr(who, name, kept)


async def paid_by_card(till, card, event, *counts):
    """An order paid with a card: the buyer pays, and what has become of it is asked."""
    house = till.client.desks
    placed = await till.order(event, *counts, paymentMethod="sandbox")
    attempt = (await till.show(placed))["attempts"][0]
    card.pay(attempt["reference"])
    await follow_up(house.till, till.organization.id, UUID(placed["id"]), UUID(attempt["id"]))
    return await till.show(placed)


async def test_card_is_repaid_by_its_provider(till, card, owner_sql):
    event = await till.event()
    order = await paid_by_card(till, card, event, 2)
    assert states(order) == ("confirmed", "paid", 0)

    refund = taken(await till.refund(order, 1), 201)

    assert (refund["status"], refund["provider"], refund["amount"]) == ("completed", "sandbox", 2_450)
    assert card.refunded(order["attempts"][0]["reference"]) == 2_450
    assert states(await till.show(order)) == ("partial_refund", "partial_refund", 2_450)


@pytest.mark.parametrize("trouble", [Trouble.AWAY, Trouble.ANSWER_LOST])
async def test_refund_that_nobody_answered_is_asked_for_again(till, card, owner_sql, untouched, trouble):
    event = await till.event()
    order = await paid_by_card(till, card, event, 2)
    card.troubles.append(trouble)

    refund = taken(await till.refund(order, 1), 201)

    assert refund["status"] == "pending"
    assert states(await till.show(order)) == ("confirmed", "paid", 0)
    assert await ticket_states(owner_sql, order) == {"valid": 2}
    async with untouched(till.organization):
        refused(await till.refund(order, 1), 409, "state_conflict", "status", "on its way")
    house = till.client.desks
    await perform_refund(house.till, till.organization.id, UUID(order["id"]))
    assert states(await till.show(order)) == ("partial_refund", "partial_refund", 2_450)
    assert card.refunded(order["attempts"][0]["reference"]) == 2_450
    assert await refund_facts(owner_sql, till) == ["order.refunded"]


async def test_refund_that_fails_leaves_everything_as_it_was(till, card, owner_sql):
    event = await till.event()
    order = await paid_by_card(till, card, event, 2)
    card.slow_refunds = True
    pending = taken(await till.refund(order), 201)
    card.fail_refund(UUID(pending["id"]))
    house = till.client.desks
    await perform_refund(house.till, till.organization.id, UUID(order["id"]))

    (failed,) = taken(await till.get(f"/orders/{order['id']}/refunds"))["items"]

    assert (failed["status"], failed["errorMessage"]) == ("failed", "The account is closed.")
    assert states(await till.show(order)) == ("confirmed", "paid", 0)
    assert await ticket_states(owner_sql, order) == {"valid": 2}
    assert await refund_facts(owner_sql, till) == ["refund.failed"]
    card.slow_refunds = False
    assert taken(await till.refund(order), 201)["status"] == "completed"


async def test_card_is_not_paid_by_hand(till, card, untouched):
    order = await till.order(await till.event(), 1, paymentMethod="sandbox")
    async with untouched(till.organization):
        refused(await till.post(f"/orders/{order['id']}/payment"), 409, "state_conflict", "paymentMethod")


async def test_approved_order_is_sent_to_its_provider(till, card):
    board = TicketTypeDraft(name="Board", quantity=9, price=500, requires_approval=True)
    order = await till.order(await till.event(board), 1, paymentMethod="sandbox")
    assert card.charges == {}

    approved = taken(await till.post(f"/orders/{order['id']}/approval", {"decision": "approve"}))

    (attempt,) = approved["attempts"]
    assert (attempt["status"], list(card.charges)) == ("pending", [UUID(attempt["id"])])


async def test_late_money_goes_back_and_can_be_sent_again(till, card, owner_sql):
    """The order was cancelled, then money came; giving it back failed, and is done by hand, in two steps."""
    event = await till.event()
    placed = await till.order(event, 2, paymentMethod="sandbox")
    taken(await till.post(f"/orders/{placed['id']}/cancellation"))
    attempt = (await till.show(placed))["attempts"][0]
    card.pay(attempt["reference"])
    card.slow_refunds = True
    house, ids = till.client.desks, (till.organization.id, UUID(placed["id"]))
    await follow_up(house.till, *ids, UUID(attempt["id"]))
    await perform_refund(house.till, *ids)
    order = await till.show(placed)
    assert (states(order), [one["status"] for one in order["refunds"]]) == (
        ("cancelled", "paid", 0),
        ["pending"],
    )
    card.fail_refund(UUID(order["refunds"][0]["id"]))
    await perform_refund(house.till, *ids)
    card.slow_refunds = False

    taken(await till.refund(order, 1), 201)
    assert states(await till.show(order)) == ("cancelled", "partial_refund", 2_450)
    taken(await till.refund(order), 201)
    assert states(await till.show(order)) == ("cancelled", "refunded", 4_900)
    assert await pools_of(owner_sql, event) == [(0, 0)] * 4


async def test_what_is_left_of_a_repaid_order_can_be_cancelled(till, owner_sql, untouched):
    event = await till.event()
    order = await till.paid(event, 2, 0, 1)
    path = f"/orders/{order['id']}/cancellation"
    taken(await till.refund(order, 1), 201)
    async with untouched(till.organization):
        refused(await till.post(path), 409, "state_conflict", "paymentStatus", "refund it")
    taken(await till.refund(order, 1), 201)
    assert states(await till.show(order)) == ("partial_refund", "refunded", 4_900)
    assert await ticket_states(owner_sql, order) == {"refunded": 2, "valid": 1}

    taken(await till.post(path))

    assert states(await till.show(order)) == ("cancelled", "refunded", 4_900)
    assert await ticket_states(owner_sql, order) == {"refunded": 2, "cancelled": 1}
    assert await pool_of(owner_sql, "events", event.id) == (2_000_000_000, 0, 0)
