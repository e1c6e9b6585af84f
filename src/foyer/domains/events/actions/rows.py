"""Rows under their locks."""

from collections.abc import Collection, Sequence
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Select, select

from foyer.domains.events.models import EventRow, TicketTypeRow
from foyer.domains.events.queries import NO_EVENT, NO_TYPE, one_event
from foyer.domains.events.types import EventStatus
from foyer.infra.db.base import Versioned
from foyer.infra.db.tx import Tx, own
from foyer.kernel.errors import Conflict, Finding, NotFound, PreconditionFailed

Row = TypeVar("Row", bound=Versioned)


async def lock_one(tx: Tx, query: Select[Row], version: int | None, *, missing: str, thing: str) -> Row:
    """The one row of a query, under its lock; `version` is the one that whoever changes it has seen, None where that does not matter.

    Raises:
        NotFound: there is none, in the words of `missing`.
        PreconditionFailed: somebody else was quicker to change this `thing`.
    """
    locked = await tx.lock(query)
    if not locked:
        raise NotFound(missing)
    require_version(locked[0], version, thing)
    return locked[0]


def require_version(row: Versioned, version: int | None, thing: str) -> None:
    """Stop whoever has seen another version than the one that is locked now."""
    if version is not None and version != row.version:
        raise PreconditionFailed(f"Somebody changed this {thing} in between; load it again.")


async def lock_event(tx: Tx, event_id: UUID, version: int | None = None) -> EventRow:
    return await lock_one(tx, one_event(tx, event_id), version, missing=NO_EVENT, thing="event")


def require_open(row: EventRow) -> None:
    if row.status not in {EventStatus.DRAFT, EventStatus.PUBLISHED}:
        raise Conflict(f"The event is {row.status}; it cannot be changed any more.", field="status")


async def live_types(tx: Tx, event_id: UUID) -> list[TicketTypeRow]:
    query = select(TicketTypeRow).where(
        own(TicketTypeRow, tx), TicketTypeRow.event_id == event_id, TicketTypeRow.deleted_at.is_(None)
    )
    return list(await tx.all(query))


def unknown_types(named: Sequence[UUID], known: Collection[UUID]) -> list[Finding]:
    """What is wrong with a list of ticket types of which some are none of the event's."""
    return [
        Finding(f"ticketTypeIds[{place}]", NO_TYPE)
        for place, type_id in enumerate(named)
        if type_id not in known
    ]
