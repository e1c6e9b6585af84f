"""What a provider has said, written down: a payment, or a refund. The second transaction of intend, perform, record."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

import structlog

from foyer.domains.carts import Taken, lower_uses, shift
from foyer.domains.checkout.desk.settle import Settling, drop, revive, settle, uses_of
from foyer.domains.checkout.facts import OrderRefunded, RefundDue, RefundFailed
from foyer.domains.checkout.rules import RefundPart, after_refund
from foyer.domains.events import draw_together
from foyer.domains.orders import LockedOrder, Refunded, lock_orders, refund_orders
from foyer.domains.orders.types import CancelReason, Order, OrderStatus, PaymentStatus
from foyer.domains.payments import (
    answer_attempt,
    complete_refunds,
    fail_refund,
    named_tickets,
    open_refunds,
    record_purchases,
    refunded_quantities,
)
from foyer.domains.payments.types import (
    Attempt,
    AttemptStatus,
    NewRefund,
    Outcome,
    PaymentState,
    Purchase,
    Refund,
    RefundDone,
    RefundState,
    RefundStatus,
)
from foyer.domains.tickets import refund_tickets
from foyer.infra.batching import Counter
from foyer.infra.db.engine import Connection
from foyer.infra.outbox import publish_many
from foyer.kernel.actor import Actor, system
from foyer.kernel.errors import Conflict
from foyer.kernel.ids import uuid7

log = structlog.get_logger("foyer.checkout")


class Paid(NamedTuple):
    """Money that came for an order: by which method, under which name, less which fee."""

    method: str
    reference: str
    gateway_fee: int
    is_direct: bool
    user_id: UUID | None = None


async def record_payment(
    connection: Connection,
    counter: Counter,
    attempt: Attempt,
    state: PaymentState,
    *,
    is_direct: bool,
    now: datetime,
) -> bool:
    """Write down what a provider says of an attempt; whether money came that has to go back at once.

    A payment that comes after its order was given up takes the places again where they are still free; otherwise, or where
    the event is cancelled, it is refunded. What was written down before changes nothing.

    Raises:
        Conflict: the order is paid already, under another reference.
    """
    locked = (await lock_orders(connection, counter, [attempt.order_id]))[attempt.order_id]
    answered = await answer_attempt(connection, counter.organization_id, attempt.id, state, now=now)
    if state.status is not Outcome.SUCCEEDED:
        return False
    if answered.status is not AttemptStatus.SUCCEEDED:
        log.error("an order was paid twice", order_id=attempt.order_id, attempt_id=attempt.id)
        return False
    order, actor = locked.order, system(counter.organization_id)
    paid = Paid(attempt.provider, state.reference or str(attempt.id), state.gateway_fee, is_direct)
    if not await _write_down(connection, counter, order, paid, now=now):
        return False
    confirm = revive if order.status is OrderStatus.CANCELLED else settle
    await connection.execute("SAVEPOINT money")
    try:
        await confirm(
            connection, counter, Settling(locked, paid.method, paid.reference), actor=actor, now=now
        )
    except Conflict as refused:
        if order.status not in {OrderStatus.PENDING, OrderStatus.CANCELLED}:
            raise
        await connection.execute("ROLLBACK TO SAVEPOINT money")
        await _give_back(connection, counter, order, refused.detail, actor=actor, now=now)
        return True
    return False


async def receive(
    connection: Connection, counter: Counter, locked: LockedOrder, paid: Paid, *, actor: Actor, now: datetime
) -> None:
    """Take money for a locked order that somebody here has seen.

    Raises:
        Conflict: the order is not pending, or the event was cancelled.
    """
    if await _write_down(connection, counter, locked.order, paid, now=now):
        settling = Settling(locked, paid.method, paid.reference)
        await settle(connection, counter, settling, actor=actor, now=now)


async def _write_down(
    connection: Connection, counter: Counter, order: Order, paid: Paid, *, now: datetime
) -> bool:
    """Whether this money was not known yet, under its reference."""
    purchase = Purchase(
        uuid7(), order.id, order.total, order.currency, paid.method, None, paid.reference, paid.user_id,
        gateway_fee=paid.gateway_fee, is_direct=paid.is_direct,
    )  # fmt: skip
    return bool(await record_purchases(connection, counter.organization_id, [purchase], now=now))


CALLED_OFF: Final = "The event was cancelled."


async def _give_back(
    connection: Connection, counter: Counter, order: Order, reason: str, *, actor: Actor, now: datetime
) -> None:
    """Begin to refund a payment whose order cannot stand. One that still waits does so for an event that was cancelled."""
    if order.status is OrderStatus.PENDING:
        await drop(connection, counter, [order], CancelReason.EVENT_CANCELLED, actor=actor, now=now)
    kept = Refunded(order.id, 0, OrderStatus.CANCELLED, PaymentStatus.PAID)
    await refund_orders(connection, counter.organization_id, [kept], now=now)
    await owe(connection, counter, [order], status=RefundStatus.PENDING, reason=reason, actor=actor, now=now)


async def owe(
    connection: Connection,
    counter: Counter,
    orders: list[Order],
    *,
    status: RefundStatus,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Write down that everything still paid of these orders has to go back."""
    gone = await refunded_quantities(connection, counter.organization_id, [order.id for order in orders])
    new = []
    for order in orders:
        parts = remaining(order, gone)
        lines = tuple((part.line.id, part.quantity, part.amount) for part in parts)
        amount = order.total - order.refunded_amount
        new.append(
            NewRefund(
                uuid7(), order.id, order.payment_method, amount, order.currency, reason, None, status, lines
            )
        )
    await open_refunds(connection, counter, new, now=now)
    stated = [
        (actor, RefundDue(order_id=one.order_id, event_id=counter.event_id, amount=one.amount)) for one in new
    ]
    await publish_many(connection, counter.organization_id, stated)


def remaining(order: Order, gone: Mapping[tuple[UUID, UUID], int]) -> list[RefundPart]:
    """What is left of an order after what has gone back."""
    left = [(line, line.quantity - gone.get((order.id, line.id), 0)) for line in order.items]
    return [RefundPart(line, count) for line, count in left if count]


async def record_refund(
    connection: Connection,
    counter: Counter,
    refund: Refund,
    state: RefundState,
    *,
    is_direct: bool,
    now: datetime,
) -> None:
    """Write down what a provider says of a pending refund: when the money is back, its tickets end and their places are free."""
    locked = (await lock_orders(connection, counter, [refund.order_id]))[refund.order_id]
    if state.status is Outcome.PENDING:
        return
    organization_id = counter.organization_id
    if state.status is Outcome.FAILED:
        error = state.error or "The provider did not give the money back."
        if await fail_refund(connection, organization_id, refund.id, error, now=now):
            failed = RefundFailed(
                order_id=refund.order_id, event_id=counter.event_id, refund_id=refund.id, amount=refund.amount
            )
            await publish_many(connection, organization_id, [(system(organization_id), failed)])
        return
    order = locked.order
    done = RefundDone(refund.id, uuid7(), refund.user_id, state.gateway_fee, is_direct, state.reference)
    if not await complete_refunds(connection, organization_id, [done], now=now):
        return
    lines = {line.id: line for line in order.items}
    parts = [RefundPart(lines[line.order_item_id], line.quantity) for line in refund.lines]
    gone = await refunded_quantities(connection, organization_id, [order.id])
    before = {
        line_id: count - sum(part.quantity for part in parts if part.line.id == line_id)
        for (_, line_id), count in gone.items()
    }
    status, payment_status = after_refund(order, refund.amount, parts, before)
    if order.status is not OrderStatus.CANCELLED:
        ended = [(part.line.id, part.quantity) for part in parts]
        named = await named_tickets(connection, counter, refund.id)
        types = await refund_tickets(connection, organization_id, order.id, ended, named=named, now=now)
        is_whole = status is OrderStatus.REFUNDED
        codes = [order.discount_id] if is_whole and order.discount_id else []
        await draw_together(connection, counter)
        if is_whole:
            await lower_uses(connection, organization_id, uses_of([order]))
        await shift(connection, counter, Taken([(kind, 1) for kind in types], codes), sold=-1)
    refunded = Refunded(order.id, refund.amount, status, payment_status)
    await refund_orders(connection, organization_id, [refunded], now=now)
    fact = OrderRefunded(
        order_id=order.id, event_id=counter.event_id, refund_id=refund.id, amount=refund.amount
    )
    await publish_many(connection, organization_id, [(system(organization_id), fact)])
