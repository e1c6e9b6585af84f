"""What becomes of placed orders: one is settled with tickets, many are dropped with their places. Single actions share it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from foyer.domains.carts import Taken, Use, behind, lower_uses, raise_uses, shift, tickets_in
from foyer.domains.checkout.facts import OrderCancelled, OrderConfirmed
from foyer.domains.events import Sale, draw_together, read_sale
from foyer.domains.events.types import EventStatus
from foyer.domains.inventory import allocate, lock_pools, move_places
from foyer.domains.inventory.types import Move
from foyer.domains.orders import ORDER, Confirmed, LockedOrder, cancel_orders, confirm_orders
from foyer.domains.orders.types import CancelReason, Order, OrderStatus
from foyer.domains.payments import close_attempts
from foyer.domains.payments.types import AttemptStatus
from foyer.domains.tickets import NewTicket, cancel_tickets, issue_tickets
from foyer.domains.tickets.types import Attendee
from foyer.infra.batching import Counter
from foyer.infra.db.engine import Connection
from foyer.infra.outbox import publish_many
from foyer.kernel.actor import Actor
from foyer.kernel.errors import Conflict, SoldOut
from foyer.kernel.ids import ticket_code, uuid7
from foyer.kernel.text import email_key


class Settling(NamedTuple):
    """An order that is paid, or approved and free."""

    locked: LockedOrder
    method: str
    payment_id: str | None


def tickets_for(order: Order, people: Mapping[UUID, Iterable[Attendee]]) -> list[NewTicket]:
    """The tickets of an order: one for each place, with who was named for it, or else with its buyer."""
    named = {type_id: iter(attendees) for type_id, attendees in people.items()}
    buyer = order.customer
    default = Attendee(
        first_name=buyer.first_name, last_name=buyer.last_name, email=buyer.email, phone=buyer.phone
    )
    nobody: Iterator[Attendee] = iter(())
    return [
        NewTicket(
            id=uuid7(),
            ticket_type_id=line.ticket_type_id,
            order_id=order.id,
            order_item_id=line.id,
            code=ticket_code(),
            attendee=next(named.get(line.ticket_type_id, nobody), default),
        )
        for line in order.items
        if line.ticket_type_id is not None
        for _ in range(line.quantity)
    ]


def taken_by(orders: Iterable[Order]) -> Taken:
    """The places and the uses of codes behind orders."""
    whole = list(orders)
    lines = [(line.ticket_type_id, line.quantity) for order in whole for line in order.items]
    return Taken(tickets_in(lines), [order.discount_id for order in whole if order.discount_id])


async def settle(
    connection: Connection, counter: Counter, settling: Settling, *, actor: Actor, now: datetime
) -> None:
    """Confirm a locked pending order: its places are sold, its tickets issued.

    Raises:
        Conflict: the order is not pending, or the event was cancelled.
    """
    order = settling.locked.order
    ORDER.require(order.status, OrderStatus.CONFIRMED)
    if order.status is not OrderStatus.PENDING:
        raise Conflict("The order was cancelled; its places went back.", field="status")
    await shift(connection, counter, taken_by([order]), held=-1, sold=1)
    await _require_standing_event(connection, counter)
    await _confirm(connection, counter, settling, actor=actor, now=now)


async def revive(
    connection: Connection, counter: Counter, settling: Settling, *, actor: Actor, now: datetime
) -> None:
    """Confirm one locked order that was cancelled for not being paid, where its places are still free.

    Its code counts as used again, also where its buyer has used it elsewhere meanwhile: what is paid is paid.

    Raises:
        SoldOut: they are not.
        Conflict: the order cannot come back, or the event is cancelled or over.
    """
    order = settling.locked.order
    if order.cancel_reason is not CancelReason.UNPAID:
        raise Conflict("The order was cancelled; it cannot come back.", field="status")
    await draw_together(connection, counter)
    await raise_uses(connection, counter.organization_id, uses_of([order]))
    taken = taken_by([order])
    places = (await behind(connection, counter, taken)).places(taken)
    pools = await lock_pools(connection, counter.organization_id, places)
    sale = await _require_standing_event(connection, counter)
    if sale.terms.ends_at <= now:
        raise Conflict("The event is over, so nobody could use the tickets.", field="status")
    if allocate([places], {pool.id: pool.free for pool in pools.values()})[0] is not None:
        raise SoldOut("The places of this order have gone to somebody else.")
    moves = [Move(pool, sold=count) for pool, count in places.items()]
    await move_places(connection, counter.organization_id, moves)
    await _confirm(connection, counter, settling, actor=actor, now=now)


async def _require_standing_event(connection: Connection, counter: Counter) -> Sale:
    sale = await read_sale(connection, counter)
    if sale is None or sale.terms.status is EventStatus.CANCELLED:
        raise Conflict("The event is cancelled, so nothing is confirmed any more.", field="status")
    return sale


async def _confirm(
    connection: Connection, counter: Counter, settling: Settling, *, actor: Actor, now: datetime
) -> None:
    order = settling.locked.order
    await issue_tickets(connection, counter, tickets_for(order, _people(settling.locked.attendees)), now=now)
    confirmed = Confirmed(order.id, settling.method, settling.payment_id)
    await confirm_orders(connection, counter.organization_id, [confirmed], now=now)
    stated = (actor, OrderConfirmed(order_id=order.id, event_id=counter.event_id))
    await publish_many(connection, counter.organization_id, [stated])


async def drop(
    connection: Connection,
    counter: Counter,
    orders: Sequence[Order],
    reason: CancelReason,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Cancel locked orders, all waiting or all standing: places and uses of codes go back, the tickets that are left end.

    Raises:
        Conflict: an order cannot be cancelled from where it is.
    """
    if not orders:
        return
    for order in orders:
        ORDER.require(order.status, OrderStatus.CANCELLED)
    ids = [order.id for order in orders]
    is_pending = orders[0].status is OrderStatus.PENDING
    taken = taken_by(orders)
    if not is_pending:
        ended = await cancel_tickets(connection, counter.organization_id, ids, now=now)
        taken = Taken([(kind, 1) for kind in ended], taken.discounts)
    await draw_together(connection, counter)
    await lower_uses(connection, counter.organization_id, uses_of(orders))
    await shift(connection, counter, taken, held=-1 if is_pending else 0, sold=0 if is_pending else -1)
    await cancel_orders(connection, counter, ids, reason, now=now)
    await close_attempts(connection, counter.organization_id, ids, to=AttemptStatus.CANCELLED, now=now)
    stated = [
        (actor, OrderCancelled(order_id=order_id, event_id=counter.event_id, reason=reason))
        for order_id in ids
    ]
    await publish_many(connection, counter.organization_id, stated)


def uses_of(orders: Iterable[Order]) -> list[Use]:
    return [Use(order.discount_id, email_key(order.customer.email)) for order in orders if order.discount_id]


def attendees_json(people: Mapping[UUID, Sequence[Attendee]]) -> bytes | None:
    """Who was named, for the time in which there are no tickets yet."""
    named = [
        {"ticketTypeId": type_id, "attendee": attendee}
        for type_id, attendees in people.items()
        for attendee in attendees
    ]
    return msgspec.json.encode(named) if named else None


def _people(named: Iterable[Mapping[str, Any]]) -> dict[UUID, list[Attendee]]:
    people: dict[UUID, list[Attendee]] = {}
    for one in named:
        attendee = msgspec.convert(one["attendee"], Attendee)
        people.setdefault(UUID(one["ticketTypeId"]), []).append(attendee)
    return people
