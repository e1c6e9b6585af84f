"""Writes of pools that several ticket types share.

A pool always counts the places of the types that draw on it, so whoever changes which do moves their places along. That happens
while no batch of the event is between reading what its types draw on and its end.
"""

from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

from sqlalchemy import delete

from foyer.domains.events import rules
from foyer.domains.events.actions.rows import live_types, lock_event, lock_one, require_open, unknown_types
from foyer.domains.events.desk import draw_alone
from foyer.domains.events.models import SharedPoolRow, TicketTypePoolRow
from foyer.domains.events.queries import NO_POOL, members, one_pool, shared_pool, shared_pools
from foyer.domains.events.types import SharedPool, SharedPoolDraft
from foyer.domains.inventory import close_pool, lock, move, open_pool, pools_by_id, resize
from foyer.infra.audit import differences, record
from foyer.infra.batching import Counter
from foyer.infra.db.constraints import in_words
from foyer.infra.db.tx import Tx, own
from foyer.kernel.actor import Actor
from foyer.kernel.errors import Conflict, Invalid
from foyer.kernel.ids import uuid7


async def create_pool(tx: Tx, event_id: UUID, draft: SharedPoolDraft, *, actor: Actor) -> SharedPool:
    """Let ticket types share a number of places; what is held and sold of them counts at once.

    Raises:
        NotFound, Invalid: see each.
        Conflict: the event is over or cancelled, has too many pools, or more places are taken than there will be.
    """
    own_pools = await _own_pools(tx, event_id)
    regular = _regular(draft, own_pools, standing=())
    if len(await shared_pools(tx, event_id)) >= rules.POOLS_MAX:
        raise Conflict(f"An event has at most {rules.POOLS_MAX} areas.")
    row = SharedPoolRow(
        organization_id=tx.organization_id,
        id=uuid7(),
        event_id=event_id,
        pool_id=await open_pool(tx, regular.capacity),
        name=regular.name,
    )
    tx.add(row)
    await _flush(tx)
    await _change(tx, row, regular, own_pools, standing=())
    record(tx, actor, "pool.created", "pool", row.id, {"name": [None, row.name]})
    return await shared_pool(tx, event_id, row.id)


async def edit_pool(
    tx: Tx,
    event_id: UUID,
    pool_id: UUID,
    revise: Callable[[SharedPoolDraft], SharedPoolDraft],
    *,
    actor: Actor,
    version: int | None = None,
) -> SharedPool:
    """Revise a shared pool: its name, its capacity, and which ticket types draw on it, with all places they have taken.

    Raises:
        NotFound, Invalid, PreconditionFailed: see each.
        Conflict: the event is over or cancelled, or more places are taken than there will be.
    """
    own_pools = await _own_pools(tx, event_id)
    row = await _lock_row(tx, event_id, pool_id, version)
    standing = await members(tx, row.pool_id)
    capacity = (await pools_by_id(tx, [row.pool_id]))[row.pool_id].capacity
    before = SharedPoolDraft(name=row.name, capacity=capacity, ticket_type_ids=standing)
    regular = _regular(revise(before), own_pools, standing=standing)
    row.name = regular.name
    row.updated_at = await tx.now()
    await _flush(tx)
    await _change(tx, row, regular, own_pools, standing=standing)
    record(tx, actor, "pool.updated", "pool", row.id, differences(before, regular))
    return await shared_pool(tx, event_id, pool_id)


async def delete_pool(
    tx: Tx, event_id: UUID, pool_id: UUID, *, actor: Actor, version: int | None = None
) -> None:
    """Take a shared pool away; its ticket types keep their places.

    Raises:
        NotFound, PreconditionFailed: see each.
        Conflict: the event is over or cancelled.
    """
    await _own_pools(tx, event_id)
    row = await _lock_row(tx, event_id, pool_id, version)
    await tx.execute(
        delete(TicketTypePoolRow).where(own(TicketTypePoolRow, tx), TicketTypePoolRow.pool_id == row.pool_id)
    )
    await tx.execute(delete(SharedPoolRow).where(own(SharedPoolRow, tx), SharedPoolRow.id == row.id))
    await close_pool(tx, row.pool_id)
    record(tx, actor, "pool.deleted", "pool", pool_id, {"name": [row.name, None]})


async def _own_pools(tx: Tx, event_id: UUID) -> dict[UUID, UUID]:
    """The pool of each live ticket type of an event, which is locked now, and drawn on by nobody else."""
    await draw_alone(await tx.desk(), Counter(tx.organization_id, event_id))
    require_open(await lock_event(tx, event_id))
    return {kind.id: kind.pool_id for kind in await live_types(tx, event_id)}


async def _lock_row(tx: Tx, event_id: UUID, pool_id: UUID, version: int | None) -> SharedPoolRow:
    return await lock_one(tx, one_pool(tx, event_id, pool_id), version, missing=NO_POOL, thing="area")


def _regular(
    draft: SharedPoolDraft, own_pools: Mapping[UUID, UUID], *, standing: Iterable[UUID]
) -> SharedPoolDraft:
    regular, found = rules.regular_pool(draft)
    known = {*own_pools, *standing}
    if found := [*found, *unknown_types(draft.ticket_type_ids, known)]:
        raise Invalid.of(found)
    return regular


async def _change(
    tx: Tx,
    row: SharedPoolRow,
    regular: SharedPoolDraft,
    own_pools: Mapping[UUID, UUID],
    *,
    standing: Iterable[UUID],
) -> None:
    """Write who draws on a pool, then lock every pool concerned and move the places of those who came and went."""
    before, after = set(standing), set(regular.ticket_type_ids)
    joining, leaving = after - before, before - after
    await tx.execute(
        delete(TicketTypePoolRow).where(
            own(TicketTypePoolRow, tx),
            TicketTypePoolRow.pool_id == row.pool_id,
            TicketTypePoolRow.ticket_type_id.in_(leaving),
        )
    )
    tx.add(
        *(
            TicketTypePoolRow(
                organization_id=tx.organization_id,
                ticket_type_id=type_id,
                pool_id=row.pool_id,
                event_id=row.event_id,
            )
            for type_id in joining
        )
    )
    await tx.flush()
    pools = await lock(tx, {row.pool_id, *(own_pools[type_id] for type_id in joining | leaving)})
    pool = pools[row.pool_id]
    come, gone = ([pools[own_pools[type_id]] for type_id in types] for types in (joining, leaving))
    places = rules.moved(pool, come, gone, capacity=regular.capacity)
    # Never more taken than there are, not even between two statements.
    if regular.capacity > pool.capacity:
        await resize(tx, pool, regular.capacity, field="capacity")
        await move(tx, [places])
    else:
        await move(tx, [places])
        after_move = pool._replace(held=pool.held + places.held, sold=pool.sold + places.sold)
        await resize(tx, after_move, regular.capacity, field="capacity")


async def _flush(tx: Tx) -> None:
    with in_words(uq_shared_pools_name=Invalid("The event has an area of this name already.", field="name")):
        await tx.flush()
