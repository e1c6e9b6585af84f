"""Money that came in, written down with what becomes of its orders; what cannot stay is owed again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from foyer.domains.checkout.desk.settle import Settling, drop, settle
from foyer.domains.checkout.facts import RefundDue
from foyer.domains.checkout.rules import RefundPart
from foyer.domains.orders import LockedOrder, Refunded, refund_orders
from foyer.domains.orders.types import CancelReason, Order, OrderStatus, PaymentStatus
from foyer.domains.payments import open_refunds, record_purchases, refunded_quantities
from foyer.domains.payments.types import NewRefund, Purchase, RefundStatus
from foyer.infra.batching import Counter
from foyer.infra.db.engine import Connection
from foyer.infra.outbox import publish_many
from foyer.kernel.actor import Actor, system
from foyer.kernel.errors import Conflict
from foyer.kernel.ids import uuid7

CALLED_OFF: Final = "The event was cancelled."


class Receipt(NamedTuple):
    """Money that came for a locked order: by which method, under which name, less which fee."""

    transaction_id: UUID
    locked: LockedOrder
    method: str
    reference: str
    gateway_fee: int
    is_direct: bool
    actor: Actor
    goes_back: bool
    """It is here whatever becomes of its order: where that cannot stand, all of it is given back."""

    @property
    def order(self) -> Order:
        return self.locked.order


class Owed(NamedTuple):
    """An order of which everything still paid has to go back, and why."""

    order: Order
    reason: str


async def receive(
    connection: Connection, counter: Counter, receipts: Sequence[Receipt], *, now: datetime
) -> list[Conflict | None]:
    """Settle locked orders that were paid, each named once, and write down the money.

    Args:
        connection: as `settle`.
        counter: their event.
        receipts: what was paid, none of it known before.
        now: the moment of it.

    Returns:
        For each in its place None where it is confirmed, or why it cannot be. Such a payment is on its way back, or, where it
        may be refused, nothing is written for it.
    """
    settling = [Settling(one.locked, one.method, one.reference, one.actor) for one in receipts]
    refused = await settle(connection, counter, settling, now=now)
    outcome = list(zip(receipts, refused, strict=True))
    here = [one for one, no in outcome if no is None or one.goes_back]
    fresh = await record_purchases(
        connection, counter.organization_id, [_purchase(one) for one in here], now=now
    )
    assert len(fresh) == len(here), "money is written down with its order, whose lock is held"
    owed = [Owed(one.order, str(no.detail)) for one, no in outcome if no is not None and one.goes_back]
    await _give_back(connection, counter, owed, now=now)
    return refused


def _purchase(one: Receipt) -> Purchase:
    order = one.order
    return Purchase(
        one.transaction_id, order.id, order.total, order.currency, one.method, None, one.reference, one.actor.user_id,
        gateway_fee=one.gateway_fee, is_direct=one.is_direct,
    )  # fmt: skip


async def _give_back(
    connection: Connection, counter: Counter, owed: Sequence[Owed], *, now: datetime
) -> None:
    """Begin to refund payments whose orders cannot stand. One that still waits does so for an event that was cancelled."""
    if not owed:
        return
    actor = system(counter.organization_id)
    waiting = [one.order for one in owed if one.order.status is OrderStatus.PENDING]
    await drop(connection, counter, waiting, CancelReason.EVENT_CANCELLED, actor=actor, now=now)
    kept = [Refunded(one.order.id, 0, OrderStatus.CANCELLED, PaymentStatus.PAID) for one in owed]
    await refund_orders(connection, counter.organization_id, kept, now=now)
    await owe(connection, counter, owed, status=RefundStatus.PENDING, actor=actor, now=now)


async def owe(
    connection: Connection,
    counter: Counter,
    owed: Sequence[Owed],
    *,
    status: RefundStatus,
    actor: Actor,
    now: datetime,
) -> None:
    """Write down that everything still paid of these orders has to go back."""
    ids = [one.order.id for one in owed]
    gone = await refunded_quantities(connection, counter.organization_id, ids)
    new = []
    for order, reason in owed:
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
