"""The order in which ticket types stand in the shop."""

from collections.abc import Sequence
from uuid import UUID

from foyer.domains.events.actions.rows import live_types, lock_event, require_open
from foyer.domains.events.queries import ticket_types_for_staff
from foyer.domains.events.types import TicketTypeStaff
from foyer.infra.audit import record
from foyer.infra.db.tx import Tx
from foyer.kernel.actor import Actor
from foyer.kernel.errors import Conflict

STEP = 10
"""Room between two neighbours, for whoever sets an order of their own through the API."""


async def order_ticket_types(
    tx: Tx, event_id: UUID, type_ids: Sequence[UUID], *, actor: Actor
) -> list[TicketTypeStaff]:
    """Set the order of all ticket types of an event.

    Raises:
        NotFound: no such event.
        Conflict: the event is over or cancelled, or its ticket types are others by now.
    """
    event = await lock_event(tx, event_id)
    require_open(event)
    types = {kind.id: kind for kind in await live_types(tx, event_id)}
    if set(types) != set(type_ids) or len(types) != len(type_ids):
        raise Conflict("The ticket types of this event have changed in between; look at the list again.")
    before = [kind.id for kind in await ticket_types_for_staff(tx, event_id)]
    if before != list(type_ids):
        now = await tx.now()
        for place, type_id in enumerate(type_ids, 1):
            types[type_id].sort_order = place * STEP
            types[type_id].updated_at = now
        names = {"order": [[types[one].name for one in order] for order in (before, type_ids)]}
        record(tx, actor, "event.ticket_types_ordered", "event", event_id, names)
        await tx.flush()
    return await ticket_types_for_staff(tx, event_id)
