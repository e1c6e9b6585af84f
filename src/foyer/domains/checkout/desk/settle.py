"""What becomes of placed orders: they are settled with tickets, or dropped with their places. Single actions share it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from foyer.domains.carts import Taken, Use, behind, hold_uses, lower_uses, move_uses, shift, tickets_in
from foyer.domains.checkout.facts import OrderCancelled, OrderConfirmed
from foyer.domains.events import Sale, draw_together, read_sale
from foyer.domains.events.types import EventStatus
from foyer.domains.inventory import lock_pools, move_places, shortage
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
from foyer.kernel.language import said
from foyer.kernel.text import email_key


class Settling(NamedTuple):
    """A locked order that is paid, or approved and free: how, and who says so."""

    locked: LockedOrder
    method: str
    payment_id: str | None
    actor: Actor

    @property
    def order(self) -> Order:
        return self.locked.order


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
    connection: Connection, counter: Counter, settling: Sequence[Settling], *, now: datetime
) -> list[Conflict | None]:
    """Confirm locked orders, each named once: their places are sold, their tickets issued.

    One that was given up for not being paid comes back where its places are still free. Its code counts as used again, also
    where its buyer has used it elsewhere meanwhile: what is paid is paid.

    Args:
        connection: in a transaction that came through the gate, and holds the locks of the orders.
        counter: their event.
        settling: the orders; who comes first gets the last places.
        now: the moment of it.

    Returns:
        For each in its place None where it is confirmed, or why it cannot be; nothing is written for such a one, and what has
        to be locked to drop it is.
    """
    refused = [_unsettled(one.order) for one in settling]
    some = [one for one, no in zip(settling, refused, strict=True) if no is None]
    if not some:
        return refused
    organization_id = counter.organization_id
    orders = [one.order for one in some]
    await hold_uses(connection, organization_id, uses_of(orders))
    whole = taken_by(orders)
    pools = await behind(connection, counter, whole)
    free = {
        pool.id: pool.free
        for pool in (await lock_pools(connection, organization_id, pools.places(whole))).values()
    }
    sale = await read_sale(connection, counter)
    answers: dict[UUID, Conflict | None] = {}
    moves: list[Move] = []
    for order in orders:
        places = pools.places(taken_by([order]))
        answers[order.id] = no = _unplaced(order, places, free, sale, now)
        if no is None:
            moves += _moved(order, places, free)
    confirmed = [one for one in some if answers[one.order.id] is None]
    if confirmed:
        back = [one.order for one in confirmed if one.order.status is OrderStatus.CANCELLED]
        await move_uses(connection, organization_id, uses_of(back), 1)
        await move_places(connection, organization_id, moves)
        await _confirm(connection, counter, confirmed, now=now)
    return [no or answers[one.order.id] for one, no in zip(settling, refused, strict=True)]


def _unsettled(order: Order) -> Conflict | None:
    """Why an order cannot be confirmed by what it is itself."""
    if order.status is OrderStatus.CANCELLED and order.cancel_reason is not CancelReason.UNPAID:
        return Conflict(said("The order was cancelled; it cannot come back."), field="status")
    return ORDER.refusal(order.status, OrderStatus.CONFIRMED)


def _unplaced(
    order: Order, places: Mapping[UUID, int], free: Mapping[UUID, int], sale: Sale | None, now: datetime
) -> Conflict | None:
    """Why an order cannot be confirmed by its event and what is left of it."""
    if sale is None or sale.terms.status is EventStatus.CANCELLED:
        return Conflict(said("The event is cancelled, so nothing is confirmed any more."), field="status")
    if order.status is OrderStatus.PENDING:
        return None
    if sale.terms.ends_at <= now:
        return Conflict(said("The event is over, so nobody could use the tickets."), field="status")
    if shortage(places, free) is not None:
        return SoldOut(said("The places of this order have gone to somebody else."))
    return None


def _moved(order: Order, places: Mapping[UUID, int], free: dict[UUID, int]) -> list[Move]:
    """What an order held is sold from now on; one that comes back takes what is free."""
    if order.status is OrderStatus.PENDING:
        return [Move(pool, held=-count, sold=count) for pool, count in places.items()]
    for pool, count in places.items():
        free[pool] -= count
    return [Move(pool, sold=count) for pool, count in places.items()]


async def _confirm(
    connection: Connection, counter: Counter, settled: Sequence[Settling], *, now: datetime
) -> None:
    tickets = [ticket for one in settled for ticket in tickets_for(one.order, _people(one.locked.attendees))]
    await issue_tickets(connection, counter, tickets, now=now)
    confirmed = [Confirmed(one.order.id, one.method, one.payment_id) for one in settled]
    await confirm_orders(connection, counter.organization_id, confirmed, now=now)
    stated = [
        (one.actor, OrderConfirmed(order_id=one.order.id, event_id=counter.event_id)) for one in settled
    ]
    await publish_many(connection, counter.organization_id, stated)


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
