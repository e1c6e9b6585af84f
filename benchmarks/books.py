"""Whether the books balance, and what a run has left in them."""

from datetime import datetime
from typing import NamedTuple

import asyncpg

from benchmarks.world import World
from foyer.kernel.ids import first_uuid7

_POOLS = """
WITH held AS (
  SELECT i.ticket_type_id, sum(i.quantity) AS places FROM cart_items i
  JOIN carts c ON c.organization_id = i.organization_id AND c.id = i.cart_id
  WHERE c.organization_id = $1 AND c.status = 'active' GROUP BY i.ticket_type_id
), sold AS (
  SELECT ticket_type_id, count(*) AS places FROM tickets
  WHERE organization_id = $1 AND status IN ('valid', 'used') GROUP BY ticket_type_id
)
SELECT p.id, p.capacity, p.held, p.sold, sum(coalesce(held.places, 0)), sum(coalesce(sold.places, 0))
FROM pools p
JOIN ticket_type_pools d ON d.organization_id = p.organization_id AND d.pool_id = p.id
LEFT JOIN held ON held.ticket_type_id = d.ticket_type_id
LEFT JOIN sold ON sold.ticket_type_id = d.ticket_type_id
WHERE p.organization_id = $1 GROUP BY p.id, p.capacity, p.held, p.sold
"""


class Books(NamedTuple):
    """All pools beside carts and tickets: `oversold` and `astray` places are 0 when all is well."""

    oversold: int
    astray: int


class Done(NamedTuple):
    """What has been written since a moment, and in which portions: rows of one transaction carry one moment."""

    rows: int
    batch: float
    largest: int


def balance(world: World) -> Books:
    """Count every pool against what draws on it."""
    rows = world.fetch(_POOLS, world.cast.organization_id)
    return Books(
        oversold=sum(max(0, held + sold - capacity) for _, capacity, held, sold, _, _ in rows),
        astray=sum(abs(held - in_carts) + abs(sold - issued) for _, _, held, sold, in_carts, issued in rows),
    )


def now(world: World) -> datetime:
    moment: datetime = world.fetch("SELECT foyer_now()")[0][0]
    return moment


def done_since(world: World, table: str, since: datetime, condition: str) -> Done:
    """Rows of a desk's table since a moment, where the condition holds."""
    query = f"""
        SELECT coalesce(sum(size), 0), coalesce(avg(size), 0), coalesce(max(size), 0)
        FROM (SELECT count(*) AS size FROM {table}
              WHERE organization_id = $1 AND id >= $2 AND created_at >= $3 AND {condition} GROUP BY created_at) AS batches
    """
    row: asyncpg.Record = world.fetch(query, world.cast.organization_id, first_uuid7(since), since)[0]
    return Done(int(row[0]), float(row[1]), row[2])
