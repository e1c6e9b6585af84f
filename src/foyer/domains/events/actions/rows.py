"""Rows under their locks."""

from uuid import UUID

from sqlalchemy import select

from foyer.domains.events.models import EventRow, TicketTypeRow
from foyer.domains.events.queries import NO_EVENT, one_event
from foyer.domains.events.types import EventStatus
from foyer.infra.db.tx import Tx, own
from foyer.kernel.errors import Conflict, NotFound, PreconditionFailed


async def lock_event(tx: Tx, event_id: UUID, version: int | None = None) -> EventRow:
    locked = await tx.lock(one_event(tx, event_id))
    if not locked:
        raise NotFound(NO_EVENT)
    if version is not None and version != locked[0].version:
        raise PreconditionFailed("Somebody changed this event in between; load it again.")
    return locked[0]


def require_open(row: EventRow) -> None:
    if row.status not in {EventStatus.DRAFT, EventStatus.PUBLISHED}:
        raise Conflict(f"The event is {row.status}; it cannot be changed any more.", field="status")


async def live_types(tx: Tx, event_id: UUID) -> list[TicketTypeRow]:
    query = select(TicketTypeRow).where(
        own(TicketTypeRow, tx), TicketTypeRow.event_id == event_id, TicketTypeRow.deleted_at.is_(None)
    )
    return list(await tx.all(query))
