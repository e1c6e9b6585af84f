"""Settling in batches: each order hears what becomes of it, in its place, and what is wrong with one does not touch the others."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest
from msgspec.structs import replace

from foyer.domains.carts import Replay
from foyer.domains.checkout import mark_many_paid
from foyer.domains.checkout.desk import Handed, RefundAsk, Settled, Told
from foyer.domains.events.types import TicketTypeDraft
from foyer.domains.orders.types import OrderStatus, PaymentStatus
from foyer.domains.payments import refunds_of_order
from foyer.domains.payments.types import Outcome, PaymentState, RefundState
from foyer.infra.idempotency import KEPT
from foyer.kernel.errors import Conflict, FoyerError, IdempotencyMismatch, NotFound
from foyer.kernel.ids import uuid7
from tests.support.trade import trading

SEAT = TicketTypeDraft(name="Seat", quantity=6, price=1_000)
HASHES = [bytes([number]) * 32 for number in range(3)]


@pytest.fixture
async def trade(app_url: str):
    async with trading(app_url, clock_offset=timedelta(seconds=1)) as trade:
        yield trade


async def order_of(trade, event, method="manual", count=1):
    return await trade.buy(event, {event.ticket_types[0].id: count}, "jo@example.org", method)


def charge_of(trade, order):
    (charge,) = [one for one in trade.sandbox.charges.values() if one.intent.order_id == order.id]
    return charge


def paid(trade, order, reference=None):
    charge = charge_of(trade, order)
    state = PaymentState(Outcome.SUCCEEDED, reference or charge.reference)
    return Told(order.id, charge.intent.key, state, is_direct=False)


async def settle(trade, event, *asks):
    """All in one batch; refusals as values."""
    clerk, counter = trade.desks.till.settle, trade.counter(event.id)
    return await asyncio.gather(*(clerk.ask(counter, ask) for ask in asks), return_exceptions=True)


def handed(trade, order, replay=None):
    return Handed(order.id, uuid7(), trade.organization.owner, replay)


async def tally(owner_sql, trade, table):
    return await owner_sql.fetchval(f"SELECT count(*) FROM {table} WHERE organization_id = $1", trade.id)


async def test_each_hears_in_its_place_what_becomes_of_it(trade, owner_sql) -> None:
    event = await trade.event(SEAT)
    board = await trade.event(replace(SEAT, requires_approval=True))
    here, again, gone, card = [
        await order_of(trade, event, method) for method in ("manual", "manual", "manual", "sandbox")
    ]
    asked, nobody = await order_of(trade, board), uuid7()
    await trade.cancel(gone.id)

    wanted = [here.id, nobody, gone.id, asked.id, card.id, again.id]
    told = await mark_many_paid(trade.desks.till, trade.id, wanted, actor=trade.organization.owner)

    assert list(told) == wanted
    assert [type(one) for one in told.values()] == [
        type(None), NotFound, Conflict, Conflict, Conflict, type(None),
    ]  # fmt: skip
    assert [told[order.id].field for order in (gone, asked, card)] == ["status", "approval", "paymentMethod"]
    states = [(await trade.order(one.id)).status.value for one in (here, gone, asked, card, again)]
    assert states == ["confirmed", "cancelled", "pending", "pending", "confirmed"]
    assert [await tally(owner_sql, trade, table) for table in ("tickets", "transactions")] == [2, 2]
    query = "SELECT subject_id FROM audit WHERE organization_id = $1 AND action = 'order.paid' ORDER BY id"
    assert [row[0] for row in await owner_sql.fetch(query, trade.id)] == [here.id, again.id]
    assert await trade.audit() == []


async def test_order_in_one_batch_often_is_settled_once(trade, owner_sql) -> None:
    event = await trade.event(SEAT)
    cash, card = await order_of(trade, event), await order_of(trade, event, "sandbox")
    twice = paid(trade, card)

    heard = await settle(trade, event, *(handed(trade, cash) for _ in range(20)), twice, twice)
    later = await settle(trade, event, twice)

    assert [type(one) for one in heard[:20]] == [Settled, *[Conflict] * 19]
    assert heard[20:] == [Settled.CONFIRMED, Settled.CONFIRMED]
    assert later == [Settled.NOTED]
    assert [await tally(owner_sql, trade, table) for table in ("tickets", "transactions")] == [2, 2]
    assert trade.desks.till.settle.tally.batches == 3, (
        "the payment was begun, then all at once, then once more"
    )


async def test_payment_that_cannot_be_written_leaves_its_neighbours_alone(trade) -> None:
    """Its provider gives it the name of another one."""
    event = await trade.event(SEAT)
    orders = [await order_of(trade, event, "sandbox") for _ in range(5)]
    asks = [paid(trade, order) for order in orders]
    await settle(trade, event, asks[0])
    asks[3] = paid(trade, orders[3], charge_of(trade, orders[0]).reference)

    heard = await settle(trade, event, *asks[1:])

    assert [one for place, one in enumerate(heard, 1) if place != 3] == [Settled.CONFIRMED] * 3
    assert isinstance(heard[2], asyncpg.UniqueViolationError)
    assert (await trade.order(orders[3].id)).status is OrderStatus.PENDING
    assert await trade.audit() == []


async def test_late_payments_take_what_is_left_in_their_order(trade) -> None:
    event = await trade.event(SEAT, manual_payment_hours=1)
    late = [await order_of(trade, event, "sandbox", 2) for _ in range(3)]
    trade.jump(timedelta(hours=2))
    await trade.sweep()
    await trade.reserve(event.id, {event.ticket_types[0].id: 1})
    standing = await order_of(trade, event, "sandbox")

    heard = await settle(trade, event, *(paid(trade, order) for order in (*late, standing)))

    assert heard == [Settled.CONFIRMED, Settled.CONFIRMED, Settled.OWED, Settled.CONFIRMED]
    third = await trade.order(late[2].id)
    assert (third.status, third.payment_status) == (OrderStatus.CANCELLED, PaymentStatus.PAID)
    assert await trade.audit() == []


async def test_what_stands_after_a_lost_connection_is_found(trade) -> None:
    event = await trade.event(SEAT)
    written, other = handed(trade, await order_of(trade, event)), handed(trade, await order_of(trade, event))
    rival = handed(trade, await trade.order(other.order_id))
    await settle(trade, event, written, rival)

    desk, counter = trade.desks.till.settle.desk, trade.counter(event.id)
    async with trade.database.batch(trade.id) as connection:
        found = await desk.recall(connection, counter, [written, other])
    assert found == [Settled.CONFIRMED, None], "a rival's word is not ours"


async def test_key_settles_once_and_not_two_orders(trade, owner_sql) -> None:
    event = await trade.event(SEAT)
    one, two, three = [await order_of(trade, event) for _ in range(3)]
    mine, theirs = Replay(HASHES[0], "pay", HASHES[1]), Replay(HASHES[0], "pay", HASHES[2])

    heard = await settle(
        trade, event, handed(trade, one, mine), handed(trade, two, theirs), handed(trade, one, mine)
    )
    again = await settle(trade, event, handed(trade, one, mine))
    trade.jump(KEPT + timedelta(minutes=1))
    fresh = await settle(trade, event, handed(trade, three, theirs))

    assert heard[0] == heard[2] == Settled.CONFIRMED == again[0]
    assert isinstance(heard[1], IdempotencyMismatch)
    assert (await trade.order(two.id)).status is OrderStatus.PENDING
    assert fresh == [Settled.CONFIRMED]
    assert await tally(owner_sql, trade, "idempotency") == 1
    assert not [no for no in (*again, *fresh) if isinstance(no, FoyerError)]


async def test_of_two_answers_to_one_refund_the_first_counts(trade, owner_sql) -> None:
    """Money that went back must not be told as kept: it would be given back again."""
    event = await trade.event(SEAT)
    order = await order_of(trade, event)
    await trade.mark_paid(order.id)
    await trade.begin_refund(order.id)
    async with trade.database.read(trade.id) as tx:
        (one,) = await refunds_of_order(tx, order.id)
    said = RefundState(Outcome.SUCCEEDED, None), RefundState(Outcome.FAILED, None, error="Asked already.")

    clerk, counter = trade.desks.till.refund, trade.counter(event.id)
    await asyncio.gather(*(clerk.ask(counter, RefundAsk(one, state, is_direct=True)) for state in said))

    assert clerk.tally.largest == 2, "they came in one batch"
    assert (await trade.order(order.id)).status is OrderStatus.REFUNDED
    query = "SELECT status FROM refunds WHERE organization_id = $1"
    assert [row[0] for row in await owner_sql.fetch(query, trade.id)] == ["completed"]
    assert await trade.audit() == []
