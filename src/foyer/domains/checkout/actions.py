"""What staff and buyers do with an order after it was placed, with an event that cannot take place, with a buyer who wants to go."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from foyer.domains.carts import Replay, forget_carts, forget_uses
from foyer.domains.checkout import rules
from foyer.domains.checkout.desk import (
    Handed,
    Settling,
    Till,
    drop,
    first_attempt,
    remaining,
    settle,
)
from foyer.domains.checkout.facts import EventCancelled, OrderApproved
from foyer.domains.checkout.types import Goodwill, NamedTickets, WantedRefund
from foyer.domains.customers import customer_for_staff, empty_customer, keys_of_others, lock_buyer
from foyer.domains.customers.facts import CustomerErased
from foyer.domains.events import draw_together, event_for_staff, read_sale, stop_event
from foyer.domains.events.types import EventStaff, EventStatus
from foyer.domains.identity import forget_buyer_codes
from foyer.domains.orders import (
    APPROVAL,
    NO_ORDER,
    ORDER,
    Decision,
    LockedOrder,
    addresses_of,
    await_payment,
    decide,
    events_of_orders,
    find_order,
    forget_buyer,
    lock_bought,
    lock_orders,
)
from foyer.domains.orders.types import (
    ApprovalStatus,
    CancelReason,
    Order,
    OrderStatus,
    PaymentStatus,
)
from foyer.domains.payments import (
    Provider,
    open_attempts,
    open_refund_of,
    open_refunds,
    refunded_quantities,
    start_refunds,
)
from foyer.domains.payments.types import NewRefund, RefundStatus
from foyer.domains.tickets import forget_attendees, lock_held, tickets_for_staff
from foyer.domains.waiting import forget_waiting
from foyer.infra.audit import record
from foyer.infra.batching import Counter
from foyer.infra.db.engine import Connection
from foyer.infra.db.tx import Tx
from foyer.infra.outbox import publish
from foyer.kernel.actor import Actor
from foyer.kernel.errors import Conflict, FoyerError, NotFound
from foyer.kernel.ids import uuid7
from foyer.kernel.language import said
from foyer.kernel.text import email_key


class _Hand(NamedTuple):
    """One locked order, with what its change is written by."""

    connection: Connection
    counter: Counter
    locked: LockedOrder
    now: datetime

    @property
    def order(self) -> Order:
        return self.locked.order


async def _take(tx: Tx, order_id: UUID) -> _Hand:
    found = await find_order(tx, order_id)
    if found is None:
        raise NotFound(NO_ORDER)
    connection = await tx.desk()
    counter = Counter(tx.organization_id, found.event_id)
    locked = await lock_orders(connection, counter, [order_id])
    return _Hand(connection, counter, locked[order_id], await tx.now())


async def mark_paid(
    till: Till, organization_id: UUID, order_id: UUID, *, actor: Actor, replay: Replay | None = None
) -> None:
    """Confirm a pending order whose buyer has paid the organizer directly, by transfer or at the box office.

    With `replay` once for its key: what that has settled before is settled.

    Raises:
        NotFound: no such order.
        Conflict: it is not pending, waits for approval, or is paid by a provider that tells us itself.
        IdempotencyMismatch: the key was used for something else.
    """
    wanted = Handed(order_id, uuid7(), actor, replay)
    if (refused := (await _hand_over(till, organization_id, [wanted]))[order_id]) is not None:
        raise refused


async def mark_many_paid(
    till: Till, organization_id: UUID, order_ids: Collection[UUID], *, actor: Actor
) -> dict[UUID, FoyerError | None]:
    """As `mark_paid`, each on its own: for each why it could not be, or None."""
    wanted = [Handed(order_id, uuid7(), actor) for order_id in dict.fromkeys(order_ids)]
    return await _hand_over(till, organization_id, wanted)


async def _hand_over(
    till: Till, organization_id: UUID, wanted: Sequence[Handed]
) -> dict[UUID, FoyerError | None]:
    async with till.database.read(organization_id) as tx:
        events = await events_of_orders(tx, [one.order_id for one in wanted])

    async def hand_over(one: Handed) -> FoyerError | None:
        if one.order_id not in events:
            return NotFound(NO_ORDER)
        try:
            await till.settle.ask(Counter(organization_id, events[one.order_id]), one)
        except FoyerError as refused:
            return refused
        return None

    outcomes = await asyncio.gather(*map(hand_over, wanted))
    return {one.order_id: outcome for one, outcome in zip(wanted, outcomes, strict=True)}


async def cancel_order(tx: Tx, order_id: UUID, *, actor: Actor, reason: CancelReason) -> None:
    """Cancel an order that nothing is paid for, or not any more: its places go back at once, its tickets end.

    A buyer may give up an order that waits; only staff cancel one that is confirmed.

    Raises:
        NotFound: no such order.
        Conflict: it was paid, so it has to be refunded; a ticket of it was used; or it is cancelled already.
    """
    hand = await _take(tx, order_id)
    ORDER.require(hand.order.status, OrderStatus.CANCELLED)
    if hand.order.status is not OrderStatus.PENDING:
        if reason is CancelReason.BUYER:
            raise Conflict(said("The order is confirmed; please ask the organizer."), field="status")
        if hand.order.total > hand.order.refunded_amount:
            raise Conflict(said("The order was paid; refund it instead."), field="paymentStatus")
    await drop(hand.connection, hand.counter, [hand.order], reason, actor=actor, now=hand.now)
    if reason is not CancelReason.BUYER:
        record(tx, actor, "order.cancelled", "order", order_id)


async def approve_order(tx: Tx, order_id: UUID, *, actor: Actor, providers: Mapping[str, Provider]) -> None:
    """Say yes: a free order is confirmed, any other one can be paid from now on.

    Raises:
        NotFound: no such order.
        Conflict: nothing is asked, it was decided before, or the event is cancelled or over.
    """
    hand = await _decide(tx, order_id, ApprovalStatus.APPROVED, actor=actor, reason=None)
    order = hand.order
    sale = await read_sale(hand.connection, hand.counter)
    assert sale is not None, "an event with orders is not deleted"
    if sale.terms.status is not EventStatus.PUBLISHED or sale.terms.ends_at <= hand.now:
        is_off = sale.terms.status is EventStatus.CANCELLED
        off, over = (
            said("The event is cancelled; refuse the order."),
            said("The event is over; refuse the order."),
        )
        raise Conflict(off if is_off else over, field="status")
    if not order.total:
        await draw_together(hand.connection, hand.counter)
        settling = Settling(hand.locked, order.payment_method, None, actor)
        (refused,) = await settle(hand.connection, hand.counter, [settling], now=hand.now)
        if refused is not None:
            raise refused
    else:
        until = rules.deadline(sale.terms, hand.now, sale.terms.manual_payment_hours)
        await await_payment(hand.connection, tx.organization_id, order_id, until=until, now=hand.now)
        attempt = first_attempt(order, providers[order.payment_method])
        await open_attempts(hand.connection, hand.counter, [attempt], now=hand.now)
    publish(tx, actor, OrderApproved(order_id=order_id, event_id=order.event_id))
    record(tx, actor, "order.approved", "order", order_id)
    await tx.flush()


async def refuse_order(tx: Tx, order_id: UUID, *, actor: Actor, reason: str | None) -> None:
    """Say no: the places go back, and the buyer is told, with the reason where one is given.

    Raises:
        NotFound, Conflict: as `approve_order`.
        Invalid: the reason is too long.
    """
    reason = rules.regular_reason(reason)
    hand = await _decide(tx, order_id, ApprovalStatus.REFUSED, actor=actor, reason=reason)
    await drop(hand.connection, hand.counter, [hand.order], CancelReason.REFUSED, actor=actor, now=hand.now)
    record(tx, actor, "order.refused", "order", order_id)


async def _decide(
    tx: Tx, order_id: UUID, status: ApprovalStatus, *, actor: Actor, reason: str | None
) -> _Hand:
    assert actor.user_id is not None, "staff decide"
    hand = await _take(tx, order_id)
    if hand.order.approval is None:
        raise Conflict(said("This order needs no approval."), field="approval")
    APPROVAL.require(hand.order.approval.status, status)
    decision = Decision(status, actor.user_id, reason)
    await decide(hand.connection, tx.organization_id, order_id, decision, now=hand.now)
    return hand


async def begin_refund(
    tx: Tx,
    order_id: UUID,
    wanted: Sequence[WantedRefund] | NamedTickets | Goodwill | None,
    *,
    actor: Actor,
    reason: str | None,
    version: int | None = None,
) -> UUID:
    """Intend a refund of tickets, of an amount, or of all that is left; `perform_refund` carries it out. Returns its id.

    With `version` only while the order is still the one that was looked at: who presses twice gives it back once.

    Never more goes back than is left of the payment: after an amount for goodwill the last tickets give back less than they cost.

    Raises:
        NotFound: no such order.
        Invalid: naming the line, the tickets or the amount, or the reason that is too long.
        Conflict: nothing was paid, nothing is left, another refund of this order is on its way, or it was changed in between.
    """
    reason = rules.regular_reason(reason)
    hand = await _take(tx, order_id)
    order = hand.order
    if version is not None and order.version != version:
        raise Conflict(said("Something happened to this order meanwhile; look at the numbers once more."))
    if order.payment_status not in {PaymentStatus.PAID, PaymentStatus.PARTIAL_REFUND}:
        raise Conflict(
            said("The payment is %(status)s; nothing can go back.", status=order.payment_status.value),
            field="status",
        )
    standing = (await open_refund_of(hand.connection, tx.organization_id, [order_id])).get(order_id)
    if standing is not None:
        if standing.status is not RefundStatus.DUE:
            raise Conflict(said("A refund of this order is on its way; wait for it."), field="status")
        if wanted is not None:
            raise Conflict(said("The whole order is due to be refunded; refund all of it."), field="items")
        begun = [standing.id]
        await start_refunds(
            hand.connection, tx.organization_id, begun, user_id=actor.user_id, reason=reason, now=hand.now
        )
        record(tx, actor, "order.refund_begun", "order", order_id, {"refund": [None, standing.id]})
        return standing.id
    left = order.total - order.refunded_amount
    if isinstance(wanted, Goodwill):
        amount, parts = rules.goodwill(wanted.amount, left, order.currency), []
    else:
        parts = await _refunded_parts(tx, hand, wanted)
        amount = min(left, sum(part.amount for part in parts))
    if not amount:
        raise Conflict(
            said("These tickets have cost nothing, so there is nothing to give back."), field="items"
        )
    refund = NewRefund(
        uuid7(), order_id, order.payment_method, amount, order.currency, reason, actor.user_id, RefundStatus.PENDING,
        tuple((part.line.id, part.quantity, part.amount) for part in parts),
        wanted.tickets if isinstance(wanted, NamedTickets) else (),
    )  # fmt: skip
    await open_refunds(hand.connection, hand.counter, [refund], now=hand.now)
    changes = {"refund": [None, refund.id], "amount": [None, amount], "currency": [None, order.currency]}
    record(tx, actor, "order.refund_begun", "order", order_id, changes)
    return refund.id


async def _refunded_parts(
    tx: Tx, hand: _Hand, wanted: Sequence[WantedRefund] | NamedTickets | None
) -> list[rules.RefundPart]:
    """The lines of which tickets go back, and how many of each."""
    order = hand.order
    gone = await refunded_quantities(hand.connection, tx.organization_id, [order.id])
    if wanted is None and order.status is OrderStatus.CANCELLED:
        return remaining(order, gone)
    if isinstance(wanted, NamedTickets):
        wanted = rules.lines_of(wanted.tickets, await tickets_for_staff(tx, order.id))
    return rules.refund_parts(order, wanted, {line_id: count for (_, line_id), count in gone.items()})


async def cancel_event(tx: Tx, event_id: UUID, *, actor: Actor) -> EventStaff:
    """Cancel a published event: nothing is sold or admitted from this commit on.

    The sweeper winds it up: carts end, pending orders are cancelled, paid ones are due to be refunded.

    Raises:
        NotFound: no such event.
        Conflict: it is not published.
    """
    await stop_event(tx, event_id, actor=actor)
    publish(tx, actor, EventCancelled(event_id=event_id))
    await tx.flush()
    return await event_for_staff(tx, event_id)


async def erase_customer(tx: Tx, customer_id: UUID, *, actor: Actor) -> None:
    """Take everything personal of a buyer out of the books: what they bought, paid and used still adds up.

    Their address is free again: whoever buys with it is a new customer.

    Raises:
        NotFound: no such customer.
        Conflict: they were erased before, or an order of theirs still waits.
    """
    known = await customer_for_staff(tx, customer_id)
    if known.email is None:
        raise Conflict(said("This customer was erased before."), field="erasedAt")
    connection, now, house = await tx.desk(), await tx.now(), tx.organization_id
    given = {known.email, *await addresses_of(connection, house, customer_id)}
    keys = {email_key(address) for address in given}
    keys -= await keys_of_others(connection, house, customer_id, keys)
    await forget_carts(connection, house, customer_id, sorted(keys), now=now)
    await lock_bought(connection, house, customer_id)
    await lock_held(connection, house, customer_id)
    if await lock_buyer(connection, house, customer_id):
        raise Conflict(said("This customer was erased before."), field="erasedAt")
    # Once more: an order that was being placed until now is known from here on, and no other one can follow.
    if OrderStatus.PENDING in await lock_bought(connection, house, customer_id):
        raise Conflict(
            said("An order of this customer still waits; settle or cancel it first."), field="status"
        )
    await forget_buyer(connection, house, customer_id, now=now)
    await forget_attendees(connection, house, customer_id, now=now)
    await forget_uses(connection, house, sorted(keys))
    await forget_buyer_codes(tx, sorted(keys))
    await forget_waiting(connection, house, customer_id)
    await empty_customer(connection, house, customer_id, now=now)
    publish(tx, actor, CustomerErased(customer_id=customer_id))
    record(tx, actor, "customer.erased", "customer", customer_id)
    await tx.flush()
