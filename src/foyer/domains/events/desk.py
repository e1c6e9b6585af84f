"""Terms of sale as the desks read them: the types before the lock of the pools, the event under it."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from foyer.domains.events.facts import EventCompleted
from foyer.domains.events.types import EventStatus, SaleTerms, TypeTerms, Visibility
from foyer.infra.batching import Counter
from foyer.infra.db.engine import Connection
from foyer.infra.outbox import publish_many
from foyer.kernel.actor import system
from foyer.kernel.time import Window

_TYPES = """
SELECT t.id, t.name, t.price, t.min_per_order, t.max_per_order, t.sales_start_date, t.sales_end_date, t.is_hidden,
       t.requires_approval, p.pool_id
FROM ticket_types t
JOIN ticket_type_pools p ON p.organization_id = t.organization_id AND p.ticket_type_id = t.id
WHERE t.organization_id = $1 AND p.organization_id = $1 AND t.event_id = $2 AND t.id = ANY($3::uuid[])
  AND t.deleted_at IS NULL
ORDER BY t.id, p.pool_id
"""

_EVENT = """
SELECT foyer_now(), e.status, e.visibility, e.ends_at, e.sales_start_date, e.sales_end_date, e.time_zone, e.currency,
       coalesce(e.service_fee_bps, s.service_fee_bps),
       coalesce(e.service_fee_fixed, CASE WHEN s.default_currency = e.currency THEN s.service_fee_fixed ELSE 0 END),
       s.allow_guest_checkout
FROM events e
JOIN organization_settings s ON s.organization_id = e.organization_id
WHERE e.organization_id = $1 AND s.organization_id = $1 AND e.id = $2 AND e.deleted_at IS NULL
"""

_DRAWN = """
SELECT ticket_type_id, pool_id FROM ticket_type_pools
WHERE organization_id = $1 AND event_id = $2 AND ticket_type_id = ANY($3::uuid[])
"""

_COMPLETE = """
UPDATE events SET status = 'completed', version = version + 1, updated_at = foyer_now()
WHERE organization_id = $1 AND id = $2 AND status = 'published' AND deleted_at IS NULL AND ends_at <= foyer_now()
"""


class Sale(NamedTuple):
    """An event at one instant of the database's clock."""

    now: datetime
    terms: SaleTerms


async def read_types(
    connection: Connection, counter: Counter, wanted: Iterable[UUID]
) -> dict[UUID, TypeTerms]:
    """The types among these ids that the event has."""
    rows = await connection.fetch(_TYPES, *counter, list(wanted))
    pools: dict[UUID, list[UUID]] = {}
    for row in rows:
        pools.setdefault(row[0], []).append(row[9])
    return {
        row[0]: TypeTerms(row[0], row[1], row[2], row[3], row[4], Window(row[5], row[6]), row[7], row[8], tuple(pools[row[0]]))
        for row in rows
    }  # fmt: skip


async def read_sale(connection: Connection, counter: Counter) -> Sale | None:
    """The event's terms now; None when there is no such event."""
    row = await connection.fetchrow(_EVENT, *counter)
    if row is None:
        return None
    terms = SaleTerms(
        EventStatus(row[1]), Visibility(row[2]), row[3], Window(row[4], row[5]), *row[6:11]
    )  # fmt: skip
    return Sale(row[0], terms)


async def complete_if_over(connection: Connection, counter: Counter) -> bool:
    """Mark a published event completed once its end has passed; whether this call did it."""
    is_done = bool((await connection.execute(_COMPLETE, *counter)) == "UPDATE 1")
    if is_done:
        done = (system(counter.organization_id), EventCompleted(event_id=counter.event_id))
        await publish_many(connection, counter.organization_id, [done])
    return is_done


async def pools_drawn(
    connection: Connection, counter: Counter, types: Iterable[UUID]
) -> dict[UUID, list[UUID]]:
    """The pools behind types, deleted ones too: where places go back to."""
    drawn: dict[UUID, list[UUID]] = {}
    for type_id, pool_id in await connection.fetch(_DRAWN, *counter, list(types)):
        drawn.setdefault(type_id, []).append(pool_id)
    return drawn
