"""Writes of the buyer's flow outside the desk."""

from uuid import UUID

from foyer.domains.carts import end_carts
from foyer.domains.checkout.facts import EventCancelled
from foyer.domains.events import event_for_staff, stop_event
from foyer.domains.events.types import EventStaff
from foyer.infra.db.tx import Tx
from foyer.infra.outbox import publish
from foyer.kernel.actor import Actor


async def cancel_event(tx: Tx, event_id: UUID, *, actor: Actor) -> EventStaff:
    """Cancel a published event: nothing is sold or admitted from this commit on, and its carts end.

    Carts are set to have run out; the sweeper gives their places back. A cart made in the same moment cannot become an
    order, and runs out by itself.

    Raises:
        NotFound: no such event.
        Conflict: it is not published.
    """
    await end_carts(tx, event_id)
    await stop_event(tx, event_id, actor=actor)
    publish(tx, actor, EventCancelled(event_id=event_id))
    await tx.flush()
    return await event_for_staff(tx, event_id)
