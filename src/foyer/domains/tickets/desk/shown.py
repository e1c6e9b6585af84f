"""What a steward is shown of the tickets that were held out."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from asyncpg import Record

from foyer.domains.tickets.rules import holder_name
from foyer.domains.tickets.types import CheckedInBy, CheckIn, DoorTicket, OtherEvent, ScanResult
from foyer.infra.db.engine import Connection
from foyer.kernel.errors import FoyerError

_SHOWN = """
SELECT t.id, t.ticket_type_id, k.name AS type_name, t.attendee_info::text, o.order_number, o.customer::text,
       p.place, p.total, t.checked_in_at, t.transferred_at IS NOT NULL AS is_handed_on, d.id AS device_id, d.name AS device_name, u.id AS user_id, u.name AS user_name,
       e.id AS event_id, e.title, e.start_date, e.end_date
FROM tickets t
JOIN ticket_types k ON k.organization_id = t.organization_id AND k.id = t.ticket_type_id
JOIN orders o ON o.organization_id = t.organization_id AND o.id = t.order_id
JOIN events e ON e.organization_id = t.organization_id AND e.id = t.event_id
CROSS JOIN LATERAL (
  SELECT count(*) FILTER (WHERE s.id <= t.id) AS place, count(*) AS total FROM tickets s
  WHERE s.organization_id = t.organization_id AND s.order_id = t.order_id
) p
LEFT JOIN devices d ON d.organization_id = t.organization_id AND d.id = t.checked_in_by_device_id
LEFT JOIN users u ON u.organization_id = t.organization_id AND u.id = t.checked_in_by_user_id
WHERE t.organization_id = $1 AND t.id = ANY($2::uuid[])
"""


class Verdict(NamedTuple):
    """What was decided about one scan, and of which ticket."""

    result: ScanResult
    ticket_id: UUID | None


async def show(
    connection: Connection, organization_id: UUID, verdicts: Sequence[Verdict | FoyerError]
) -> list[CheckIn | FoyerError]:
    """What a steward sees. Of a ticket of another event only what it is for, so that its holder can be sent there."""
    ids = {one.ticket_id for one in verdicts if isinstance(one, Verdict) and one.ticket_id}
    rows = await connection.fetch(_SHOWN, organization_id, list(ids))
    shown = {row["id"]: row for row in rows}
    return [one if isinstance(one, FoyerError) else _answer(one, shown) for one in verdicts]


def _answer(verdict: Verdict, shown: dict[UUID, Record]) -> CheckIn:
    row = shown.get(verdict.ticket_id) if verdict.ticket_id else None
    if row is None:
        return CheckIn(result=verdict.result)
    if verdict.result is ScanResult.WRONG_EVENT:
        other = OtherEvent(
            id=row["event_id"],
            title=row["title"],
            start_date=row["start_date"],
            end_date=row["end_date"],
            ticket_type_name=row["type_name"],
        )
        return CheckIn(result=verdict.result, other_event=other)
    return CheckIn(
        result=verdict.result,
        ticket=_ticket(row),
        checked_in_at=row["checked_in_at"],
        checked_in_by=_by(row),
    )


def _ticket(row: Record) -> DoorTicket:
    return DoorTicket(
        id=row["id"],
        ticket_type_id=row["ticket_type_id"],
        ticket_type_name=row["type_name"],
        holder=holder_name(row["attendee_info"], row["customer"], is_handed_on=row["is_handed_on"]),
        order_number=row["order_number"],
        position=row["place"],
        order_tickets=row["total"],
    )


def _by(row: Record) -> CheckedInBy | None:
    for kind in ("device", "user"):
        if row[f"{kind}_id"] is not None:
            return CheckedInBy(kind=kind, id=row[f"{kind}_id"], name=row[f"{kind}_name"])
    return None
