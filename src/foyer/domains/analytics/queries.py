"""Sums over orders and tickets as they stand, for whoever looks at today."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from foyer.domains.analytics.types import EventDoor, EventSales, Gate, HourSales
from foyer.domains.inventory.types import UNLIMITED
from foyer.infra.db.tx import ReadTx

DOORS_OPEN_BEFORE: Final = timedelta(hours=12)
"""So long before an event begins people may be let in already."""
LATELY: Final = timedelta(minutes=5)
DOORS_MAX: Final = 5
NEAR_MAX: Final = 200

_SALES: Final = """
SELECT currency, hour, count(*), sum(tickets)::bigint, sum(revenue)::bigint,
       count(*) FILTER (WHERE is_by), coalesce(sum(tickets) FILTER (WHERE is_by), 0)::bigint,
       coalesce(sum(revenue) FILTER (WHERE is_by), 0)::bigint
FROM (
  SELECT o.currency, floor(extract(epoch FROM o.created_at - :since) / 3600)::int AS hour, o.created_at < :by AS is_by,
         o.total - o.refunded_amount AS revenue,
         (SELECT count(*) FROM tickets t
          WHERE t.organization_id = :tenant AND t.order_id = o.id AND t.status IN ('valid', 'used')) AS tickets
  FROM orders o
  WHERE o.organization_id = :tenant AND o.created_at >= :since AND o.created_at < :until
    AND o.status IN ('confirmed', 'partial_refund') {more}
) sold
GROUP BY currency, hour ORDER BY currency, hour
"""

_EVENTS: Final = """
WITH near AS (
  SELECT e.id, e.title, e.starts_at, e.ends_at, e.time_zone, e.currency, e.pool_id FROM events e
  WHERE e.organization_id = :tenant AND e.status = 'published' AND e.deleted_at IS NULL AND e.ends_at > :now {more}
  ORDER BY e.ends_at LIMIT :near
), shown AS (
  SELECT n.*, p.capacity, p.sold FROM near n JOIN pools p ON p.organization_id = :tenant AND p.id = n.pool_id
  ORDER BY p.sold DESC, n.starts_at, n.id LIMIT :most
)
SELECT s.id, s.title, s.starts_at, s.ends_at, s.time_zone, s.currency,
       CASE WHEN s.capacity = :unlimited THEN 0 ELSE s.capacity END, s.sold,
       (SELECT coalesce(sum(o.total - o.refunded_amount), 0)::bigint FROM orders o
        WHERE o.organization_id = :tenant AND o.event_id = s.id AND o.payment_status IN ('paid', 'partial_refund')),
       NOT EXISTS (SELECT FROM ticket_types k WHERE k.organization_id = :tenant AND k.event_id = s.id
                   AND k.deleted_at IS NULL AND k.price > 0)
FROM shown s ORDER BY s.sold DESC, s.starts_at, s.id
"""

_DOORS: Final = """
SELECT e.id, e.title, e.starts_at,
       (SELECT count(*) FROM tickets t WHERE t.organization_id = :tenant AND t.event_id = e.id AND t.status = 'used'),
       p.sold
FROM events e JOIN pools p ON p.organization_id = :tenant AND p.id = e.pool_id
WHERE e.organization_id = :tenant AND e.status = 'published' AND e.deleted_at IS NULL
  AND e.starts_at < :soon AND e.ends_at > :now {more}
ORDER BY e.starts_at, e.id LIMIT :most
"""

_GATES: Final = """
SELECT t.checked_in_by_device_id, coalesce(d.name, 'From the office'), count(*),
       count(*) FILTER (WHERE t.checked_in_at > :lately)
FROM tickets t LEFT JOIN devices d ON d.organization_id = :tenant AND d.id = t.checked_in_by_device_id
WHERE t.organization_id = :tenant AND t.event_id = :event AND t.status = 'used'
GROUP BY 1, 2 ORDER BY 3 DESC, 2 LIMIT :most
"""


async def sales_by_hour(
    tx: ReadTx, since: datetime, until: datetime, *, by: datetime, event_id: UUID | None
) -> list[HourSales]:
    """What was ordered between two moments and stands, hour by hour; hours without orders are left out.

    An order counts in the hour it was placed in, with what of it was paid and not given back, and with its good tickets.
    """
    more = "AND o.event_id = :event" if event_id else ""
    given = {"event": event_id} if event_id else {}
    rows = await tx.report(_SALES.format(more=more), since=since, until=until, by=by, **given)
    return [HourSales._make(row) for row in rows]


async def events_on_sale(
    tx: ReadTx, now: datetime, *, most: int, event_id: UUID | None = None
) -> list[EventSales]:
    """Of the `NEAR_MAX` published events that end next, those that have sold most."""
    more, given = _only(event_id)
    limits = {"near": NEAR_MAX, "most": most, "unlimited": UNLIMITED}
    rows = await tx.report(_EVENTS.format(more=more), now=now, **limits, **given)
    return [EventSales._make(row) for row in rows]


async def doors_open(tx: ReadTx, now: datetime, *, event_id: UUID | None = None) -> list[EventDoor]:
    """Events that may let people in at this moment, at most `DOORS_MAX`."""
    more, given = _only(event_id)
    soon = now + DOORS_OPEN_BEFORE
    rows = await tx.report(_DOORS.format(more=more), now=now, soon=soon, most=DOORS_MAX, **given)
    return [EventDoor._make(row) for row in rows]


async def gates_of(tx: ReadTx, event_id: UUID, now: datetime, *, most: int) -> Sequence[Gate]:
    """Who has admitted how many to an event, the busiest first."""
    rows = await tx.report(_GATES, event=event_id, lately=now - LATELY, most=most)
    return [Gate._make(row) for row in rows]


def _only(event_id: UUID | None) -> tuple[str, dict[str, object]]:
    return ("AND e.id = :event", {"event": event_id}) if event_id else ("", {})
