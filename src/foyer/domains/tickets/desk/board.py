"""What doors ask beside admitting: how many are in, who somebody is by name, what was scanned."""

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from asyncpg import Record

from foyer.domains.tickets.rules import as_result, holder_name, words_of
from foyer.domains.tickets.types import (
    CheckedInBy,
    DoorCounts,
    DoorTicket,
    FoundTicket,
    LoggedScan,
    TicketStatus,
)
from foyer.infra.batching import Counter
from foyer.infra.db.engine import Database
from foyer.infra.db.tx import ReadTx
from foyer.infra.fresh import Fresh
from foyer.kernel.ids import read_crockford

FOUND_MAX: Final = 20
SCANS_MAX: Final = 50
ORDER_NUMBER_LENGTH: Final = 8

# As `kernel.text.folded` does it; names without accents, most of them, are spared the work.
_FOLDED: Final = r"""
CASE WHEN octet_length(name) = char_length(name) THEN lower(name)
ELSE replace(replace(replace(replace(translate(regexp_replace(normalize(lower(name), NFKD), '[\u0300-\u036f]', '', 'g'),
  'øđðłı', 'oddli'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th') END
"""
_NAME: Final = """
coalesce(nullif(concat_ws(' ', t.attendee_info ->> 'firstName', t.attendee_info ->> 'lastName'), ''),
         CASE WHEN t.transferred_at IS NULL THEN concat_ws(' ', o.customer ->> 'firstName', o.customer ->> 'lastName')
         ELSE coalesce(t.attendee_info ->> 'email', '') END)
"""

_FOUND: Final = f"""
WITH named AS MATERIALIZED (
  SELECT t.id, o.order_number, {_NAME} AS name
  FROM tickets t JOIN orders o ON o.organization_id = t.organization_id AND o.id = t.order_id
  WHERE t.organization_id = $1 AND t.event_id = $2
), folded AS MATERIALIZED (
  SELECT id, order_number, {_FOLDED} AS name FROM named
), found AS (
  SELECT id, name FROM folded
  WHERE (cardinality($3::text[]) > 0 AND ' ' || name LIKE ALL($3::text[])) OR order_number = $4
  ORDER BY name, id LIMIT $5
)
SELECT t.id, t.ticket_type_id, k.name AS type_name, t.attendee_info::text, o.order_number, o.customer::text, t.status,
       t.checked_in_at, t.transferred_at IS NOT NULL AS is_handed_on,
       (SELECT count(*) FROM tickets s WHERE s.organization_id = $1 AND s.order_id = t.order_id AND s.id <= t.id) AS place,
       (SELECT count(*) FROM tickets s WHERE s.organization_id = $1 AND s.order_id = t.order_id) AS total
FROM found f
JOIN tickets t ON t.organization_id = $1 AND t.id = f.id
JOIN orders o ON o.organization_id = $1 AND o.id = t.order_id
JOIN ticket_types k ON k.organization_id = $1 AND k.id = t.ticket_type_id
ORDER BY f.name, f.id
"""  # noqa: S608 - texts of our own


async def search_tickets(tx: ReadTx, event_id: UUID, typed: str) -> list[FoundTicket]:
    """Tickets of an event whose holder's name has words that begin so, or that were ordered under this number.

    Nothing where fewer than two letters were typed; one more than `FOUND_MAX` where there are too many to show.
    """
    words = words_of(typed)
    if not words:
        return []
    number = read_crockford(typed)
    connection = await tx.desk()
    rows = await connection.fetch(
        _FOUND,
        tx.organization_id,
        event_id,
        [f"% {_literally(word)}%" for word in words],
        number if len(number) == ORDER_NUMBER_LENGTH else None,
        FOUND_MAX + 1,
    )
    return [
        FoundTicket(
            ticket=DoorTicket(
                id=row["id"],
                ticket_type_id=row["ticket_type_id"],
                ticket_type_name=row["type_name"],
                holder=_holder(row),
                order_number=row["order_number"],
                position=row["place"],
                order_tickets=row["total"],
            ),
            status=TicketStatus(row["status"]),
            checked_in_at=row["checked_in_at"],
        )
        for row in rows
    ]


def _holder(row: Record) -> str | None:
    return holder_name(row["attendee_info"], row["customer"], is_handed_on=row["is_handed_on"])


def _literally(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


_COUNTS: Final = """
SELECT (SELECT count(*) FROM tickets t WHERE t.organization_id = $1 AND t.event_id = $2 AND t.status = 'used'),
       (SELECT p.sold FROM events e JOIN pools p ON p.organization_id = e.organization_id AND p.id = e.pool_id
        WHERE e.organization_id = $1 AND e.id = $2)
"""


class DoorBoard:
    """How many are in, at most a second ago, however many doors want to know."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._counts: Fresh[Counter, DoorCounts] = Fresh(self._ask, most=1_000)
        self.counts = self._counts.get
        self.forget = self._counts.forget

    async def _ask(self, counter: Counter) -> DoorCounts:
        async with self._database.read(counter.organization_id) as tx:
            row = await (await tx.desk()).fetchrow(_COUNTS, *counter)
        assert row is not None, "a statement without FROM has one row"
        return DoorCounts(admitted=row[0], expected=row[1] or 0)


_LATEST: Final = """
SELECT s.id, s.created_at, s.result, s.ticket_id, k.name AS type_name, t.attendee_info::text, o.customer::text,
       t.transferred_at IS NOT NULL AS is_handed_on,
       d.id AS device_id, d.name AS device_name, u.id AS user_id, u.name AS user_name
FROM scans s
LEFT JOIN tickets t ON t.organization_id = s.organization_id AND t.id = s.ticket_id AND t.event_id = s.event_id
LEFT JOIN ticket_types k ON k.organization_id = s.organization_id AND k.id = t.ticket_type_id
LEFT JOIN orders o ON o.organization_id = s.organization_id AND o.id = t.order_id
LEFT JOIN devices d ON d.organization_id = s.organization_id AND d.id = s.device_id
LEFT JOIN users u ON u.organization_id = s.organization_id AND u.id = s.user_id
WHERE s.organization_id = $1 AND s.event_id = $2
ORDER BY s.id DESC LIMIT $3
"""


async def latest_scans(tx: ReadTx, event_id: UUID, *, limit: int = SCANS_MAX) -> list[LoggedScan]:
    """What was scanned at an event and what was taken back, the latest first."""
    rows = await (await tx.desk()).fetch(_LATEST, tx.organization_id, event_id, limit)
    return [
        LoggedScan(
            id=row["id"],
            created_at=row["created_at"],
            result=as_result(row["result"]),
            by=CheckedInBy(kind="device", id=row["device_id"], name=row["device_name"])
            if row["device_id"]
            else CheckedInBy(kind="user", id=row["user_id"], name=row["user_name"]),
            ticket_id=row["ticket_id"],
            ticket_type_name=row["type_name"],
            holder=_holder(row) if row["customer"] else None,
        )
        for row in rows
    ]


_LAST: Final = """
SELECT d.id, max(s.created_at)
FROM devices d JOIN scans s ON s.organization_id = d.organization_id AND s.device_id = d.id
WHERE d.organization_id = $1 AND d.id = ANY($2::uuid[])
GROUP BY d.id
"""


async def last_scans(tx: ReadTx, device_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """When each of these devices scanned last; those that never did are left out."""
    rows = await (await tx.desk()).fetch(_LAST, tx.organization_id, list(device_ids))
    return {row[0]: row[1] for row in rows}
