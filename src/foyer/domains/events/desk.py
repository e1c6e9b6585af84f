"""Terms of sale as the desks read them: the types before the lock of the pools, the event under it."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from foyer.domains.events.facts import EventCompleted
from foyer.domains.events.types import DiscountTerms, EventStatus, SaleTerms, TaxTerms, TypeTerms, Visibility
from foyer.domains.inventory.types import Pool
from foyer.infra.batching import Counter
from foyer.infra.db.tx import Connection
from foyer.infra.outbox import publish_many
from foyer.kernel.actor import system
from foyer.kernel.time import Window

# The columns that terms are made of: of an event and of its house, of a ticket type and of one of its pools.
_OF_EVENT = """foyer_now(), e.status, e.visibility, e.starts_at, e.ends_at, e.sales_start_date, e.sales_end_date, e.time_zone, e.currency,
       coalesce(e.service_fee_bps, s.service_fee_bps),
       coalesce(e.service_fee_fixed, CASE WHEN s.default_currency = e.currency THEN s.service_fee_fixed ELSE 0 END),
       e.manual_payment_hours, e.approval_hours, s.allow_guest_checkout"""
_OF_TYPE = """t.id, t.name, t.price, t.min_per_order, t.max_per_order, t.sales_start_date, t.sales_end_date, t.is_hidden,
       t.requires_approval, d.pool_id, x.name, x.rate_bps, x.is_inclusive"""

_TYPES = f"""
SELECT {_OF_TYPE}
FROM ticket_types t
JOIN ticket_type_pools d ON d.organization_id = t.organization_id AND d.ticket_type_id = t.id
LEFT JOIN tax_rates x ON x.organization_id = t.organization_id AND x.id = t.tax_rate_id
WHERE t.organization_id = $1 AND d.organization_id = $1 AND t.event_id = $2 AND t.id = ANY($3::uuid[])
  AND t.deleted_at IS NULL
ORDER BY t.id, d.pool_id
"""  # noqa: S608 - names of our own columns

_EVENT = f"""
SELECT {_OF_EVENT}
FROM events e
JOIN organization_settings s ON s.organization_id = e.organization_id
WHERE e.organization_id = $1 AND s.organization_id = $1 AND e.id = $2 AND e.deleted_at IS NULL
"""  # noqa: S608 - names of our own columns

_OPEN = f"""
SELECT e.id, p.id, p.capacity, p.held, p.sold, e.version, {_OF_EVENT}, {_OF_TYPE}
FROM ticket_types t
JOIN ticket_type_pools d ON d.organization_id = t.organization_id AND d.ticket_type_id = t.id
JOIN pools p ON p.organization_id = d.organization_id AND p.id = d.pool_id
JOIN events e ON e.organization_id = t.organization_id AND e.id = t.event_id
JOIN organization_settings s ON s.organization_id = t.organization_id
LEFT JOIN tax_rates x ON x.organization_id = t.organization_id AND x.id = t.tax_rate_id
WHERE t.organization_id = $1 AND d.organization_id = $1 AND p.organization_id = $1 AND e.organization_id = $1
  AND s.organization_id = $1 AND t.id = ANY($2::uuid[]) AND t.event_id = ANY($3::uuid[]) AND t.deleted_at IS NULL
  AND e.deleted_at IS NULL
ORDER BY p.id, t.id FOR NO KEY UPDATE OF p
"""  # noqa: S608 - names of our own columns
_POOL, _VERSION, _SALE, _TYPE = slice(1, 5), 5, slice(6, 20), slice(20, None)
"""Where these stand in a row of `_OPEN`."""

_DISCOUNTS = """
SELECT d.id, d.code, d.percent_bps, d.amount, d.currency,
       array_remove(array_agg(t.ticket_type_id), NULL), d.minimum_quantity, d.starts_at, d.ends_at, d.uses_per_customer,
       d.pool_id, d.deleted_at IS NOT NULL
FROM discounts d
LEFT JOIN discount_ticket_types t ON t.organization_id = d.organization_id AND t.discount_id = d.id
WHERE d.organization_id = $1
  AND (d.id = ANY($2::uuid[]) OR (lower(d.code) = ANY($3::text[]) AND d.deleted_at IS NULL))
GROUP BY d.organization_id, d.id
"""

_DRAWN = """
SELECT ticket_type_id, pool_id FROM ticket_type_pools
WHERE organization_id = $1 AND event_id = $2 AND ticket_type_id = ANY($3::uuid[])
"""

_COMPLETE = """
UPDATE events SET status = 'completed', version = version + 1, updated_at = foyer_now()
WHERE organization_id = $1 AND id = $2 AND status = 'published' AND deleted_at IS NULL AND ends_at <= foyer_now()
"""


_TOGETHER = "SELECT pg_advisory_xact_lock_shared({})"
_ALONE = "SELECT pg_advisory_xact_lock($1)"


def gate(counters: Sequence[Counter]) -> str:
    """The locks of `draw_together` as text, for a clerk to open its batches with: they cost no message of their own."""
    if len(counters) == 1:
        return _TOGETHER.format(_drawing(counters[0]))
    numbers = ",".join(str(_drawing(counter)) for counter in counters)
    return f"{_TOGETHER.format('number')} FROM unnest('{{{numbers}}}'::bigint[]) AS number"


async def draw_together(connection: Connection, counter: Counter) -> None:
    """Keep what this event's types draw on as it is, to the end of the transaction.

    Batches do not wait for each other here, only for someone who draws alone; whoever does takes this before all other locks.
    Others take it before those of carts and of uses of codes, for which batches wait that are through already.
    """
    await connection.execute(gate([counter]))


async def draw_alone(connection: Connection, counter: Counter) -> None:
    """Wait until nobody relies on what this event's types draw on, and let nobody before this transaction ends.

    The first lock of its transaction: whoever waits here keeps nobody else waiting.
    """
    await connection.execute(_ALONE, _drawing(counter))


def _drawing(counter: Counter) -> int:
    """The number under which PostgreSQL knows the gate of this event."""
    named = b"drawing" + counter.organization_id.bytes + counter.event_id.bytes
    return int.from_bytes(hashlib.blake2b(named, digest_size=8).digest(), "big", signed=True)


class Sale(NamedTuple):
    """An event at one instant of the database's clock."""

    now: datetime
    terms: SaleTerms


async def read_types(
    connection: Connection, counter: Counter, wanted: Iterable[UUID]
) -> dict[UUID, TypeTerms]:
    """The types among these ids that the event has; what they draw on stays so for whoever came through the gate."""
    return _types(map(tuple, await connection.fetch(_TYPES, *counter, list(wanted))))


def _types(rows: Iterable[Sequence[Any]]) -> dict[UUID, TypeTerms]:
    """The types behind rows of `_OF_TYPE`, of which there is one for each of their pools."""
    known: dict[UUID, Sequence[Any]] = {}
    pools: dict[UUID, list[UUID]] = {}
    for row in rows:
        known[row[0]] = row
        pools.setdefault(row[0], []).append(row[9])
    return {type_id: _type_terms(row, tuple(pools[type_id])) for type_id, row in known.items()}


def _type_terms(row: Sequence[Any], pools: tuple[UUID, ...]) -> TypeTerms:
    tax = None if row[10] is None else TaxTerms(row[10], row[11], row[12])
    return TypeTerms(
        row[0], row[1], row[2], row[3], row[4], Window(row[5], row[6]), row[7], row[8], tax, pools
    )


class Opened(NamedTuple):
    """An event as a batch sells from it. The pools are locked, what was read beside them is as old as the wait for that lock."""

    sale: Sale
    version: int
    """Of the event: whoever writes by these terms asks whether it still is this one."""
    types: dict[UUID, TypeTerms]
    pools: dict[UUID, Pool]


async def open_sales(
    connection: Connection, wanted: Mapping[Counter, Iterable[UUID]]
) -> dict[Counter, Opened]:
    """As `read_sale`, `read_types` and `lock_pools` in one message, for events of one organization and types of each.

    An event that is not there is left out.
    """
    (organization_id,) = {counter.organization_id for counter in wanted}
    ids = {type_id for types in wanted.values() for type_id in types}
    event_ids = [counter.event_id for counter in wanted]
    rows_of: dict[Counter, list[Sequence[Any]]] = {}
    for row in map(tuple, await connection.fetch(_OPEN, organization_id, list(ids), event_ids)):
        rows_of.setdefault(Counter(organization_id, row[0]), []).append(row)
    opened = {}
    for counter in wanted:
        if rows := rows_of.get(counter):
            pools = {row[1]: Pool(*row[_POOL]) for row in rows}
            types = _types(row[_TYPE] for row in rows)
            opened[counter] = Opened(_sale(rows[0][_SALE]), rows[0][_VERSION], types, pools)
        elif sale := await read_sale(connection, counter):
            opened[counter] = Opened(sale, 0, {}, {})
    return opened


async def read_sale(connection: Connection, counter: Counter) -> Sale | None:
    """The event's terms now; None when there is no such event."""
    row = await connection.fetchrow(_EVENT, *counter)
    return None if row is None else _sale(tuple(row))


def _sale(row: Sequence[Any]) -> Sale:
    terms = SaleTerms(
        EventStatus(row[1]), Visibility(row[2]), row[3], row[4], Window(row[5], row[6]), *row[7:14]
    )  # fmt: skip
    return Sale(row[0], terms)


async def read_discounts(
    connection: Connection, organization_id: UUID, *, ids: Iterable[UUID] = (), codes: Iterable[str] = ()
) -> list[DiscountTerms]:
    """Codes by their ids, deleted ones too, and those that go by these names now."""
    rows = await connection.fetch(_DISCOUNTS, organization_id, list(ids), [code.lower() for code in codes])
    return [
        DiscountTerms(
            id=row[0],
            code=row[1],
            percent_bps=row[2],
            amount=row[3],
            currency=row[4],
            ticket_types=frozenset(row[5]),
            minimum_quantity=row[6],
            window=Window(row[7], row[8]),
            uses_per_customer=row[9],
            pool_id=row[10],
            is_deleted=row[11],
        )
        for row in rows
    ]


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
    """The pools behind types, deleted ones too: where places go back to. It stays so for whoever came through the gate."""
    drawn: dict[UUID, list[UUID]] = {}
    for type_id, pool_id in await connection.fetch(_DRAWN, *counter, list(types)):
        drawn.setdefault(type_id, []).append(pool_id)
    return drawn


_CALLED_OFF = """
SELECT foyer_now() FROM events WHERE organization_id = $1 AND id = $2 AND status = 'cancelled' AND wound_up_at IS NULL
"""

_WOUND_UP = """
UPDATE events SET wound_up_at = foyer_now() WHERE organization_id = $1 AND id = $2 AND status = 'cancelled'
"""


async def called_off(connection: Connection, counter: Counter) -> datetime | None:
    """What time it is where an event was cancelled and is not wound up yet, also where it was deleted since; else None."""
    found: datetime | None = await connection.fetchval(_CALLED_OFF, *counter)
    return found


async def mark_wound_up(connection: Connection, counter: Counter) -> None:
    """Nothing is left to be done after the cancellation."""
    await connection.execute(_WOUND_UP, *counter)


_SERVING = """
SELECT d.id FROM devices d
WHERE d.organization_id = $1 AND d.id = ANY($3::uuid[]) AND (d.all_events OR EXISTS (
  SELECT FROM device_events e WHERE e.organization_id = $1 AND e.device_id = d.id AND e.event_id = $2))
"""


async def doors_serving(connection: Connection, counter: Counter, devices: Iterable[UUID]) -> set[UUID]:
    """The door devices among these that are meant for the event."""
    return {row[0] for row in await connection.fetch(_SERVING, *counter, list(devices))}
