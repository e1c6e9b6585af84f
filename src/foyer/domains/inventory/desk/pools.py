"""Pools under the desks: locked in key order, read, changed by what SQL adds."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from foyer.domains.inventory.desk.sold_out import sold_out
from foyer.domains.inventory.rules import net
from foyer.domains.inventory.types import Move, Pool
from foyer.infra.db.engine import Connection

_LOCK = """
SELECT id, capacity, held, sold FROM pools
WHERE organization_id = $1 AND id = ANY($2::uuid[])
ORDER BY id FOR NO KEY UPDATE
"""

_MOVE = """
UPDATE pools SET held = pools.held + m.held, sold = pools.sold + m.sold
FROM unnest($2::uuid[], $3::int[], $4::int[]) AS m (id, held, sold)
WHERE pools.organization_id = $1 AND pools.id = m.id
"""

HOLD_PLACES: Final = """
UPDATE pools SET held = pools.held + m.held FROM unnest({pools}::uuid[], {places}::int[]) AS m (id, held)
WHERE pools.organization_id = $1 AND pools.id = m.id
"""
"""For a desk that holds places in the statement that writes what they are held for; the pools are locked already."""


async def lock_pools(
    connection: Connection, organization_id: UUID, pools: Iterable[UUID]
) -> dict[UUID, Pool]:
    """The pools as they are once nobody else can change them."""
    rows = await connection.fetch(_LOCK, organization_id, sorted(set(pools)))
    return {row[0]: Pool(*row) for row in rows}


async def move_places(connection: Connection, organization_id: UUID, moves: Iterable[Move]) -> None:
    """Change the counters of pools that are already locked.

    Raises:
        asyncpg.CheckViolationError: a pool would be oversold or fall below zero; nothing is changed.
    """
    if wanted := net(moves):
        await connection.execute(
            _MOVE,
            organization_id,
            [move.pool_id for move in wanted],
            [move.held for move in wanted],
            [move.sold for move in wanted],
        )
        sold_out.wipe(move.pool_id for move in wanted if move.held + move.sold < 0)
