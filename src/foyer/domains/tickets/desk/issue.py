"""Tickets issued with their orders, in batches."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

import msgspec

from foyer.domains.tickets.types import Attendee, TicketStatus
from foyer.infra.batching import Counter
from foyer.infra.db.engine import Connection
from foyer.kernel.errors import Conflict
from foyer.kernel.language import said


class NewTicket(NamedTuple):
    """A ticket to be issued."""

    id: UUID
    ticket_type_id: UUID
    order_id: UUID
    order_item_id: UUID
    code: str
    attendee: Attendee | None
    status: TicketStatus = TicketStatus.VALID
    generation: int = 1


ISSUED_AT_ONCE: Final = 2_000
"""A statement for more of them could take longer than a lane may, on a machine that has much to do."""

_ISSUE = """
INSERT INTO tickets (organization_id, id, event_id, ticket_type_id, order_id, order_item_id, code, attendee_info,
                     created_at, updated_at)
SELECT $1, id, $2, ticket_type_id, order_id, order_item_id, code, attendee_info, $3, $3
FROM unnest($4::uuid[], $5::uuid[], $6::uuid[], $7::uuid[], $8::text[], $9::jsonb[])
  AS new (id, ticket_type_id, order_id, order_item_id, code, attendee_info)
"""

_ISSUED = """
SELECT id, ticket_type_id, order_id, order_item_id, code, attendee_info::text, status, generation FROM tickets
WHERE organization_id = $1 AND order_id = ANY($2::uuid[]) AND transferred_at IS NULL ORDER BY id
"""


async def issue_tickets(
    connection: Connection, counter: Counter, new: Sequence[NewTicket], *, now: datetime
) -> None:
    # Most tickets of an order have one and the same holder, its buyer: each is written out once.
    holders = {id(ticket.attendee): ticket.attendee for ticket in new if ticket.attendee}
    written = {key: msgspec.json.encode(holder).decode() for key, holder in holders.items()}
    for start in range(0, len(new), ISSUED_AT_ONCE):
        some = new[start : start + ISSUED_AT_ONCE]
        await connection.execute(
            _ISSUE,
            *counter,
            now,
            [ticket.id for ticket in some],
            [ticket.ticket_type_id for ticket in some],
            [ticket.order_id for ticket in some],
            [ticket.order_item_id for ticket in some],
            [ticket.code for ticket in some],
            [written.get(id(ticket.attendee)) for ticket in some],
        )


async def issued_tickets(
    connection: Connection, organization_id: UUID, orders: Iterable[UUID]
) -> dict[UUID, list[NewTicket]]:
    """Tickets of orders that stand, by order; one that was handed on is not its buyer's to see."""
    found: dict[UUID, list[NewTicket]] = {order_id: [] for order_id in orders}
    for row in await connection.fetch(_ISSUED, organization_id, list(found)):
        info = msgspec.json.decode(row[5], type=Attendee) if row[5] else None
        found[row[2]].append(
            NewTicket(row[0], row[1], row[2], row[3], row[4], info, TicketStatus(row[6]), row[7])
        )
    return found


_CANCEL = """
UPDATE tickets SET status = 'cancelled', updated_at = $3
WHERE organization_id = $1 AND order_id = ANY($2::uuid[]) AND status = 'valid'
RETURNING ticket_type_id
"""

_LOCK = """
SELECT id, status FROM tickets WHERE organization_id = $1 AND order_id = ANY($2::uuid[]) ORDER BY id FOR NO KEY UPDATE
"""

_REFUND = """
UPDATE tickets SET status = 'refunded', updated_at = $4
FROM (
  SELECT t.id, row_number() OVER (PARTITION BY t.order_item_id ORDER BY t.id = ANY($5::uuid[]) DESC, t.status = 'used', t.id) AS place, wanted.quantity
  FROM tickets t
  JOIN unnest($2::uuid[], $3::int[]) AS wanted (order_item_id, quantity) ON wanted.order_item_id = t.order_item_id
  WHERE t.organization_id = $1 AND t.status IN ('valid', 'used')
) chosen
WHERE tickets.organization_id = $1 AND tickets.id = chosen.id AND chosen.place <= chosen.quantity
RETURNING tickets.ticket_type_id
"""


async def cancel_tickets(
    connection: Connection, organization_id: UUID, orders: Iterable[UUID], *, now: datetime
) -> list[UUID]:
    """End all good tickets of orders; returns the type of every ticket that ended.

    Raises:
        Conflict: one of them has been used; its holder is inside.
    """
    ids = list(orders)
    if any(row[1] == TicketStatus.USED for row in await connection.fetch(_LOCK, organization_id, ids)):
        raise Conflict(said("A ticket of this order has been used at the door."), field="status")
    return [row[0] for row in await connection.fetch(_CANCEL, organization_id, ids, now)]


async def refund_tickets(
    connection: Connection,
    organization_id: UUID,
    orders: Iterable[UUID],
    lines: Sequence[tuple[UUID, int]],
    *,
    named: Sequence[UUID] = (),
    now: datetime,
) -> list[UUID]:
    """End so many tickets of each line of orders, the named ones first, then unused ones; returns the type of each that ended."""
    await connection.fetch(_LOCK, organization_id, list(orders))
    line_ids, counts = [line_id for line_id, _ in lines], [count for _, count in lines]
    rows = await connection.fetch(_REFUND, organization_id, line_ids, counts, now, list(named))
    return [row[0] for row in rows]
