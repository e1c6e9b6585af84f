"""Writes of inventory outside the desks."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import delete, select, update

from foyer.domains.inventory.desk import sold_out
from foyer.domains.inventory.models import PoolRow
from foyer.domains.inventory.rules import net
from foyer.domains.inventory.types import Move, Pool
from foyer.infra.db.tx import Tx, own
from foyer.kernel.errors import Conflict
from foyer.kernel.ids import uuid7


async def open_pool(tx: Tx, capacity: int) -> UUID:
    """A new pool; `rules.pool_size` says what stands for no limit."""
    row = PoolRow(organization_id=tx.organization_id, id=uuid7(), capacity=capacity)
    tx.add(row)
    await tx.flush()
    return row.id


async def close_pool(tx: Tx, pool_id: UUID) -> None:
    """Remove a pool that nothing draws on any more."""
    await tx.execute(delete(PoolRow).where(own(PoolRow, tx), PoolRow.id == pool_id))


async def lock(tx: Tx, pools: Iterable[UUID]) -> dict[UUID, Pool]:
    """The pools, locked in key order until the end of the transaction; the last locks a transaction takes."""
    query = select(PoolRow).where(own(PoolRow, tx), PoolRow.id.in_(set(pools))).order_by(PoolRow.id)
    locked = {row.id: Pool(row.id, row.capacity, row.held, row.sold) for row in await tx.lock(query)}
    sold_out.wipe(locked)
    return locked


async def resize(tx: Tx, pool: Pool, capacity: int, *, field: str) -> None:
    """Change the capacity of a locked pool.

    Raises:
        Conflict: below what is sold and held; the sentence says the minimum.
    """
    taken = pool.held + pool.sold
    if capacity < taken:
        raise Conflict(f"{taken} places are sold or held, so this cannot be less than {taken}.", field=field)
    await tx.execute(update(PoolRow).where(own(PoolRow, tx), PoolRow.id == pool.id).values(capacity=capacity))


async def move(tx: Tx, moves: Iterable[Move]) -> None:
    """Change the counters of locked pools by what SQL adds."""
    for one in net(moves):
        await tx.execute(
            update(PoolRow)
            .where(own(PoolRow, tx), PoolRow.id == one.pool_id)
            .values(held=PoolRow.held + one.held, sold=PoolRow.sold + one.sold)
        )
