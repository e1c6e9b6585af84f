"""Reads of pools that several ticket types share."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, func, select

from foyer.domains.events.models import SharedPoolRow, TicketTypePoolRow
from foyer.domains.events.queries.event import event_for_staff
from foyer.domains.events.types import SharedPool
from foyer.domains.inventory import pools_by_id
from foyer.infra.db.tx import ReadTx, own
from foyer.kernel.errors import NotFound

NO_POOL = "There is no such area."


def one_pool(tx: ReadTx, event_id: UUID, pool_id: UUID) -> Select[SharedPoolRow]:
    return select(SharedPoolRow).where(
        own(SharedPoolRow, tx), SharedPoolRow.event_id == event_id, SharedPoolRow.id == pool_id
    )


async def shared_pool(tx: ReadTx, event_id: UUID, pool_id: UUID) -> SharedPool:
    """One shared pool with its places as they stand.

    Raises:
        NotFound: no such event, or no such pool in it.
    """
    for pool in await shared_pools(tx, event_id):
        if pool.id == pool_id:
            return pool
    raise NotFound(NO_POOL)


async def shared_pools(tx: ReadTx, event_id: UUID) -> list[SharedPool]:
    """The shared pools of an event, by name.

    Raises:
        NotFound: no such event.
    """
    await event_for_staff(tx, event_id)
    query = select(SharedPoolRow).where(own(SharedPoolRow, tx), SharedPoolRow.event_id == event_id)
    return await _views(tx, await tx.all(query.order_by(func.lower(SharedPoolRow.name))))


async def members(tx: ReadTx, pool_id: UUID) -> list[UUID]:
    """The ticket types that draw on a pool, given by its place in the inventory."""
    query = select(TicketTypePoolRow.ticket_type_id).where(
        own(TicketTypePoolRow, tx), TicketTypePoolRow.pool_id == pool_id
    )
    return list(await tx.all(query.order_by(TicketTypePoolRow.ticket_type_id)))


async def _views(tx: ReadTx, rows: Sequence[SharedPoolRow]) -> list[SharedPool]:
    pools = await pools_by_id(tx, [row.pool_id for row in rows])
    query = select(TicketTypePoolRow.pool_id, TicketTypePoolRow.ticket_type_id).where(
        own(TicketTypePoolRow, tx), TicketTypePoolRow.pool_id.in_(list(pools))
    )
    named: dict[UUID, list[UUID]] = {pool_id: [] for pool_id in pools}
    for pool_id, type_id in await tx.rows(query.order_by(TicketTypePoolRow.ticket_type_id)):
        named[pool_id].append(type_id)
    return [
        SharedPool(
            id=row.id,
            event_id=row.event_id,
            name=row.name,
            ticket_type_ids=named[row.pool_id],
            capacity=pools[row.pool_id].capacity,
            held=pools[row.pool_id].held,
            sold=pools[row.pool_id].sold,
            available=pools[row.pool_id].free,
            version=row.version,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )
        for row in rows
    ]
