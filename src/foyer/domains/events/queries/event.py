"""Reads of events and ticket types for staff, and what else is asked of one event."""

from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Select, or_, select

from foyer.domains.events.models import EventRow, TicketTypePoolRow, TicketTypeRow
from foyer.domains.events.queries.series import names_of_series
from foyer.domains.events.types import (
    EventFilter,
    EventStaff,
    EventStatus,
    HolderTerms,
    TicketTypeStaff,
    Visibility,
)
from foyer.domains.inventory import pools_by_id, shown_capacity
from foyer.domains.inventory.types import Pool
from foyer.infra.db.tx import ReadTx, among, own
from foyer.kernel.errors import NotFound
from foyer.kernel.language import said
from foyer.kernel.money import bps_to_percent
from foyer.kernel.paging import Page, read_cursor, write_cursor
from foyer.kernel.text import tidy_line

NO_EVENT = said("There is no such event.")
NO_TYPE = said("There is no such ticket type.")


def one_event(tx: ReadTx, event_id: UUID) -> Select[EventRow]:
    return select(EventRow).where(own(EventRow, tx), EventRow.id == event_id, EventRow.deleted_at.is_(None))


def one_type(tx: ReadTx, event_id: UUID, type_id: UUID) -> Select[TicketTypeRow]:
    return select(TicketTypeRow).where(
        own(TicketTypeRow, tx),
        TicketTypeRow.event_id == event_id,
        TicketTypeRow.id == type_id,
        TicketTypeRow.deleted_at.is_(None),
    )


async def event_for_staff(tx: ReadTx, event_id: UUID) -> EventStaff:
    """One event with its ticket types.

    Raises:
        NotFound: it does not exist, is deleted, or belongs to another organization.
    """
    row = await tx.first(one_event(tx, event_id))
    if row is None:
        raise NotFound(NO_EVENT)
    return (await _staff_views(tx, [row]))[0]


async def events_for_staff(
    tx: ReadTx, wanted: EventFilter | None = None, *, cursor: str | None, limit: int
) -> Page[EventStaff]:
    """Events, the newest first."""
    wanted = wanted or EventFilter()
    query = select(EventRow).where(own(EventRow, tx), EventRow.deleted_at.is_(None))
    if wanted.status is not None:
        query = query.where(EventRow.status == wanted.status.value)
    if wanted.visibility is not None:
        query = query.where(EventRow.visibility == wanted.visibility.value)
    if search := tidy_line(wanted.search):
        pattern = "%" + search.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") + "%"
        query = query.where(
            or_(*(column.ilike(pattern) for column in (EventRow.title, EventRow.venue_name, EventRow.city)))
        )
    if (after := read_cursor(cursor)) is not None:
        query = query.where(EventRow.id < after)
    rows = await tx.all(query.order_by(EventRow.id.desc()).limit(limit + 1))
    more = write_cursor(rows[limit - 1].id) if len(rows) > limit else None
    return Page(await _staff_views(tx, rows[:limit]), more)


async def event_titles(tx: ReadTx, event_ids: Collection[UUID]) -> dict[UUID, str]:
    """What these events are called, deleted ones too."""
    query = select(EventRow.id, EventRow.title).where(own(EventRow, tx), among(EventRow.id, event_ids))
    return {event_id: str(title) for event_id, title in await tx.rows(query)}


async def type_names(tx: ReadTx, type_ids: Collection[UUID]) -> dict[UUID, str]:
    """What these ticket types are called, deleted ones too."""
    query = select(TicketTypeRow.id, TicketTypeRow.name).where(
        own(TicketTypeRow, tx), among(TicketTypeRow.id, type_ids)
    )
    return {type_id: str(name) for type_id, name in await tx.rows(query)}


async def _staff_views(tx: ReadTx, rows: Sequence[EventRow]) -> list[EventStaff]:
    types = await types_of(tx, [row.id for row in rows])
    own_pools = {row.pool_id for row in rows} | {kind.pool_id for kind in types}
    drawn = await pools_behind(tx, [kind.id for kind in types])
    pools = await pools_by_id(tx, own_pools.union(*drawn.values()))
    views: dict[UUID, list[TicketTypeStaff]] = {row.id: [] for row in rows}
    for kind in types:
        views[kind.event_id].append(
            type_view(kind, pools[kind.pool_id], [pools[pool] for pool in drawn[kind.id]])
        )
    series = await names_of_series(tx, {row.series_id for row in rows if row.series_id})
    return [
        event_view(
            row, pools[row.pool_id], views[row.id], series=series[row.series_id] if row.series_id else None
        )
        for row in rows
    ]


async def ticket_types_for_staff(tx: ReadTx, event_id: UUID) -> list[TicketTypeStaff]:
    return (await event_for_staff(tx, event_id)).ticket_types


async def ticket_type_for_staff(tx: ReadTx, event_id: UUID, type_id: UUID) -> TicketTypeStaff:
    """Raises:
    NotFound: no such event, or no such type in it.
    """
    for kind in await ticket_types_for_staff(tx, event_id):
        if kind.id == type_id:
            return kind
    raise NotFound(NO_TYPE)


async def types_of(tx: ReadTx, event_ids: Iterable[UUID]) -> Sequence[TicketTypeRow]:
    query = select(TicketTypeRow).where(
        own(TicketTypeRow, tx),
        TicketTypeRow.event_id.in_(list(event_ids)),
        TicketTypeRow.deleted_at.is_(None),
    )
    return await tx.all(query.order_by(TicketTypeRow.sort_order, TicketTypeRow.id))


async def pools_behind(tx: ReadTx, type_ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """The pools that each of these types draws on, deleted types too: where places come from and go back to."""
    ids = list(type_ids)
    query = select(TicketTypePoolRow.ticket_type_id, TicketTypePoolRow.pool_id).where(
        own(TicketTypePoolRow, tx), TicketTypePoolRow.ticket_type_id.in_(ids)
    )
    drawn: dict[UUID, list[UUID]] = {type_id: [] for type_id in ids}
    for type_id, pool_id in await tx.rows(query):
        drawn[type_id].append(pool_id)
    return drawn


def event_view(row: EventRow, pool: Pool, types: list[TicketTypeStaff], *, series: str | None) -> EventStaff:
    same = {name: getattr(row, name) for name in EventStaff.__struct_fields__ if hasattr(row, name)}
    derived = {
        "start_time": f"{row.start_time:%H:%M}",
        "end_time": f"{row.end_time:%H:%M}",
        "status": EventStatus(row.status),
        "visibility": Visibility(row.visibility),
        "capacity": shown_capacity(pool),
        "service_fee_percentage": percentage(row.service_fee_bps),
        "series": series,
        "total_tickets_sold": pool.sold,
        "ticket_types": types,
    }
    return EventStaff(**{**same, **derived})


def percentage(bps: int | None) -> float | None:
    """As it stands on the wire: a number with at most two decimals."""
    return None if bps is None else float(bps_to_percent(bps))


def type_view(row: TicketTypeRow, pool: Pool, drawn: Sequence[Pool]) -> TicketTypeStaff:
    same = {
        name: getattr(row, name)
        for name in TicketTypeStaff.__struct_fields__
        if name != "metadata" and hasattr(row, name)
    }
    derived = {
        "is_free": row.price == 0,
        "quantity": pool.capacity,
        "available_quantity": max(0, min((one.free for one in drawn), default=0)),
        "held": pool.held,
        "sold": pool.sold,
        "metadata": row.metadata_,
    }
    return TicketTypeStaff(**{**same, **derived})


async def joining_link(tx: ReadTx, event_id: UUID) -> str | None:
    """Where a virtual event takes place: for holders of a valid ticket and nobody else."""
    return await tx.first(
        select(EventRow.virtual_event_url).where(own(EventRow, tx), EventRow.id == event_id)
    )


async def holder_terms(tx: ReadTx, event_id: UUID) -> HolderTerms:
    """What holders of tickets to an event that exists may still do."""
    row = await tx.one(select(EventRow).where(own(EventRow, tx), EventRow.id == event_id))
    closes_at = row.starts_at - timedelta(hours=row.changes_close_hours)
    return HolderTerms(EventStatus(row.status), row.time_zone, closes_at)


async def is_cancelled(tx: ReadTx, event_id: UUID) -> bool:
    """Whether the event was called off, whatever is still left of its sales."""
    status = await tx.first(select(EventRow.status).where(own(EventRow, tx), EventRow.id == event_id))
    return status == EventStatus.CANCELLED
