"""Taking events and ticket types away: only what nobody has a place of. Rows stay, hidden; their names are free again."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select

from foyer.domains.events.actions.rows import lock_event, require_open, require_version
from foyer.domains.events.desk import draw_alone
from foyer.domains.events.models import EventRow, TicketTypePoolRow, TicketTypeRow
from foyer.domains.events.queries import NO_TYPE
from foyer.domains.events.types import EventStatus
from foyer.domains.inventory import lock
from foyer.domains.inventory.types import Pool
from foyer.infra.audit import record
from foyer.infra.batching import Counter
from foyer.infra.db.tx import Tx, own
from foyer.kernel.actor import Actor
from foyer.kernel.errors import Conflict, NotFound


async def delete_event(tx: Tx, event_id: UUID, *, actor: Actor, version: int | None = None) -> None:
    """Delete an event nothing is sold or held of, with its ticket types.

    Raises:
        NotFound, PreconditionFailed: see each.
        Conflict: places are sold or held.
    """
    assert actor.user_id is not None, "events are deleted by staff"
    await draw_alone(await tx.desk(), Counter(tx.organization_id, event_id))
    row = await lock_event(tx, event_id, version)
    types = await _lock_types(tx, event_id)
    pools = await lock(tx, [row.pool_id])
    is_on_sale = row.status == EventStatus.PUBLISHED
    mend = "Cancel the event instead." if is_on_sale else "Refund or cancel its orders first."
    _require_nothing_taken(pools[row.pool_id], mend)
    await _bury(tx, row, types)
    row.deleted_at = row.updated_at = await tx.now()
    row.updated_by = actor.user_id
    record(tx, actor, "event.deleted", "event", event_id, {"title": [row.title, None]})
    await tx.flush()


async def delete_ticket_type(
    tx: Tx, event_id: UUID, type_id: UUID, *, actor: Actor, version: int | None = None
) -> None:
    """Delete a ticket type nothing is sold or held of.

    Raises:
        NotFound, PreconditionFailed: see each.
        Conflict: places are sold or held, or the event is over or cancelled.
    """
    await draw_alone(await tx.desk(), Counter(tx.organization_id, event_id))
    event = await lock_event(tx, event_id)
    require_open(event)
    row = next((kind for kind in await _lock_types(tx, event_id) if kind.id == type_id), None)
    if row is None:
        raise NotFound(NO_TYPE)
    require_version(row, version, "ticket type")
    pools = await lock(tx, [row.pool_id])
    _require_nothing_taken(pools[row.pool_id], "Set its quantity to that number to sell no more of it.")
    await _bury(tx, event, [row])
    record(tx, actor, "ticket_type.deleted", "ticket_type", type_id, {"name": [row.name, None]})
    await tx.flush()


async def _lock_types(tx: Tx, event_id: UUID) -> Sequence[TicketTypeRow]:
    query = select(TicketTypeRow).where(
        own(TicketTypeRow, tx), TicketTypeRow.event_id == event_id, TicketTypeRow.deleted_at.is_(None)
    )
    return await tx.lock(query.order_by(TicketTypeRow.id))


def _require_nothing_taken(pool: Pool, mend: str) -> None:
    if taken := pool.held + pool.sold:
        places = "1 place is" if taken == 1 else f"{taken} places are"
        raise Conflict(f"{places} sold or held, so this cannot be deleted. {mend}")


async def _bury(tx: Tx, event: EventRow, types: Sequence[TicketTypeRow]) -> None:
    """Hide types that nobody has a place of. They let go of their tax rate and of shared pools, so that those can go too."""
    now = await tx.now()
    for kind in types:
        kind.deleted_at = kind.updated_at = now
        kind.tax_rate_id = None
        await tx.execute(
            delete(TicketTypePoolRow).where(
                own(TicketTypePoolRow, tx),
                TicketTypePoolRow.ticket_type_id == kind.id,
                TicketTypePoolRow.pool_id.not_in([kind.pool_id, event.pool_id]),
            )
        )
