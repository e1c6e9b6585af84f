"""Whether the books balance: what is held in pools is what stands in carts."""

from typing import NamedTuple

import asyncpg

from benchmarks.world import Sold

_HELD = """
SELECT p.id, p.capacity, p.held,
       coalesce((SELECT sum(i.quantity) FROM cart_items i
                 JOIN carts c ON c.organization_id = i.organization_id AND c.id = i.cart_id AND c.status = 'active'
                 JOIN ticket_type_pools d ON d.organization_id = i.organization_id AND d.ticket_type_id = i.ticket_type_id
                 WHERE d.pool_id = p.id), 0)
FROM pools p WHERE p.organization_id = $1 AND p.id = ANY($2::uuid[])
"""

_BATCHES = """
SELECT count(*), sum(size), max(size)
FROM (SELECT count(*) AS size FROM carts WHERE organization_id = $1 AND event_id = $2 AND id > $3 GROUP BY created_at) AS batches
"""

_NEWEST = "SELECT id FROM carts WHERE organization_id = $1 AND event_id = $2 ORDER BY id DESC LIMIT 1"

FIRST = "00000000-0000-0000-0000-000000000000"


class Books(NamedTuple):
    """The pools of an event beside its carts: `oversold` and `astray` places are 0 when all is well."""

    held: int
    oversold: int
    astray: int


class Batches(NamedTuple):
    """How many transactions wrote the carts of a run, and how many carts each."""

    mean: float
    largest: int


async def balance(connection: "asyncpg.Connection[asyncpg.Record]", sold: Sold) -> Books:
    rows = await connection.fetch(_HELD, sold.organization_id, list(sold.pools))
    return Books(
        held=max(held for _, _, held, _ in rows),
        oversold=sum(max(0, held - capacity) for _, capacity, held, _ in rows),
        astray=sum(abs(held - wanted) for _, _, held, wanted in rows),
    )


async def newest(connection: "asyncpg.Connection[asyncpg.Record]", sold: Sold) -> str:
    return str(await connection.fetchval(_NEWEST, sold.organization_id, sold.event_id) or FIRST)


async def batches_since(
    connection: "asyncpg.Connection[asyncpg.Record]", sold: Sold, cart_id: str
) -> Batches:
    """The carts of one batch carry one moment, so moments are batches."""
    batches, carts, largest = await connection.fetchrow(  # type: ignore[misc] # an aggregate is always a row
        _BATCHES, sold.organization_id, sold.event_id, cart_id
    )
    return Batches(float(carts or 0) / max(batches, 1), largest or 0)
