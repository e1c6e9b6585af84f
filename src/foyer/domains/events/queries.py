"""Reads of events and ticket types."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import nh3
from sqlalchemy import Select, or_, select, tuple_

from foyer.domains.events.models import DeviceEventRow, EventRow, TicketTypePoolRow, TicketTypeRow
from foyer.domains.events.types import (
    EventOnSale,
    EventPublic,
    EventStaff,
    EventStatus,
    SaleTerms,
    TicketTypeStaff,
    TypeOnSale,
    TypeTerms,
    Visibility,
)
from foyer.domains.identity import serves_all_events
from foyer.domains.inventory import pools_by_id, shown_capacity
from foyer.domains.inventory.types import Pool
from foyer.domains.organizations import fee_terms
from foyer.domains.organizations.types import FeeTerms
from foyer.infra.db.tx import ReadTx, own
from foyer.kernel.errors import NotFound
from foyer.kernel.paging import Page, read_cursor, write_cursor
from foyer.kernel.text import SLUG, tidy_line
from foyer.kernel.time import Window

NO_EVENT = "There is no such event."
NO_TYPE = "There is no such ticket type."
_PUBLIC_SAME = tuple(
    field for field in EventPublic.__struct_fields__
    if field not in {"description", "start_time", "end_time", "status"}
)  # fmt: skip


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
    tx: ReadTx, *, status: EventStatus | None, cursor: str | None, limit: int
) -> Page[EventStaff]:
    """Events, the newest first."""
    query = select(EventRow).where(own(EventRow, tx), EventRow.deleted_at.is_(None))
    if status is not None:
        query = query.where(EventRow.status == status.value)
    if (after := read_cursor(cursor)) is not None:
        query = query.where(EventRow.id < after)
    rows = await tx.all(query.order_by(EventRow.id.desc()).limit(limit + 1))
    more = write_cursor(rows[limit - 1].id) if len(rows) > limit else None
    return Page(await _staff_views(tx, rows[:limit]), more)


async def _staff_views(tx: ReadTx, rows: Sequence[EventRow]) -> list[EventStaff]:
    types = await _types_of(tx, [row.id for row in rows])
    own_pools = {row.pool_id for row in rows} | {kind.pool_id for kind in types}
    drawn = await pools_behind(tx, [kind.id for kind in types])
    pools = await pools_by_id(tx, own_pools.union(*drawn.values()))
    views: dict[UUID, list[TicketTypeStaff]] = {row.id: [] for row in rows}
    for kind in types:
        views[kind.event_id].append(
            type_view(kind, pools[kind.pool_id], [pools[pool] for pool in drawn[kind.id]])
        )
    return [event_view(row, pools[row.pool_id], views[row.id]) for row in rows]


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


async def _types_of(tx: ReadTx, event_ids: Iterable[UUID]) -> Sequence[TicketTypeRow]:
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


def event_view(row: EventRow, pool: Pool, types: list[TicketTypeStaff]) -> EventStaff:
    same = {name: getattr(row, name) for name in EventStaff.__struct_fields__ if hasattr(row, name)}
    derived = {
        "start_time": f"{row.start_time:%H:%M}",
        "end_time": f"{row.end_time:%H:%M}",
        "status": EventStatus(row.status),
        "visibility": Visibility(row.visibility),
        "capacity": shown_capacity(pool),
        "total_tickets_sold": pool.sold,
        "ticket_types": types,
    }
    return EventStaff(**{**same, **derived})


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


def public_view(row: EventRow) -> EventPublic:
    """What anybody may see. The description is HTML with everything dangerous taken out."""
    return EventPublic(
        **{name: getattr(row, name) for name in _PUBLIC_SAME},
        description=nh3.clean(row.description),
        start_time=f"{row.start_time:%H:%M}",
        end_time=f"{row.end_time:%H:%M}",
        status=EventStatus(row.status),
    )


async def coming_up(
    tx: ReadTx,
    *,
    search: str | None = None,
    category: str | None = None,
    tag: str | None = None,
    cursor: str | None = None,
    limit: int,
) -> Page[EventOnSale]:
    """Public events that are not over, the next one first, with their terms of sale."""
    query = _listed(await tx.now(), tx)
    search, category = tidy_line(search or ""), tidy_line(category or "")
    if search:
        pattern = "%" + search.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") + "%"
        searched = (
            EventRow.title, EventRow.city, EventRow.country, EventRow.venue_name, EventRow.short_description,
        )  # fmt: skip
        query = query.where(or_(*(column.ilike(pattern) for column in searched)))
    if category:
        query = query.where(EventRow.category == category)
    if tag := tidy_line(tag or ""):
        query = query.where(EventRow.tags.contains([tag]))
    if (after := read_cursor(cursor)) is not None:
        mark = select(EventRow.starts_at, EventRow.id).where(own(EventRow, tx), EventRow.id == after)
        query = query.where(tuple_(EventRow.starts_at, EventRow.id) > mark.scalar_subquery())
    rows = await tx.all(query.order_by(EventRow.starts_at, EventRow.id).limit(limit + 1))
    more = write_cursor(rows[limit - 1].id) if len(rows) > limit else None
    return Page(await _on_sale(tx, rows[:limit]), more)


def _listed(now: datetime, tx: ReadTx) -> Select[EventRow]:
    return select(EventRow).where(
        own(EventRow, tx),
        EventRow.deleted_at.is_(None),
        EventRow.status == EventStatus.PUBLISHED.value,
        EventRow.visibility == Visibility.PUBLIC.value,
        EventRow.ends_at > now,
    )


async def shop_categories(tx: ReadTx) -> list[str]:
    """Categories that public, coming events have."""
    listed = _listed(await tx.now(), tx).with_only_columns(EventRow.category)
    return list(await tx.all(listed.distinct().order_by(EventRow.category)))


async def on_sale(tx: ReadTx, *, event_id: UUID | None = None, slug: str | None = None) -> EventOnSale | None:
    """One event by id or slug with its terms of sale, whatever its state."""
    query = select(EventRow).where(own(EventRow, tx), EventRow.deleted_at.is_(None))
    if slug is not None and not SLUG.fullmatch(slug):
        return None
    row = await tx.first(
        query.where(EventRow.id == event_id) if slug is None else query.where(EventRow.slug == slug)
    )
    return None if row is None else (await _on_sale(tx, [row]))[0]


async def _on_sale(tx: ReadTx, rows: Sequence[EventRow]) -> list[EventOnSale]:
    if not rows:
        return []
    fees = await fee_terms(tx)
    kinds = await _types_of(tx, [row.id for row in rows])
    drawn = await pools_behind(tx, [kind.id for kind in kinds])
    pools = await pools_by_id(tx, set().union(*drawn.values()))
    types: dict[UUID, list[TypeOnSale]] = {row.id: [] for row in rows}
    for kind in kinds:
        free = max(0, min((pools[pool].free for pool in drawn[kind.id]), default=0))
        terms = _type_terms(kind, drawn[kind.id])
        types[kind.event_id].append(TypeOnSale(terms, kind.description, kind.sort_order, free))
    return [EventOnSale(public_view(row), _sale_terms(row, fees), tuple(types[row.id])) for row in rows]


def _sale_terms(row: EventRow, fees: FeeTerms) -> SaleTerms:
    return SaleTerms(
        status=EventStatus(row.status),
        visibility=Visibility(row.visibility),
        ends_at=row.ends_at,
        sales=Window(row.sales_start_date, row.sales_end_date),
        time_zone=row.time_zone,
        currency=row.currency,
        service_fee_bps=fees.service_fee_bps if row.service_fee_bps is None else row.service_fee_bps,
        service_fee_fixed=_fixed_fee(row, fees),
        allows_guests=fees.allow_guest_checkout,
    )


def _fixed_fee(row: EventRow, fees: FeeTerms) -> int:
    """The event's own fixed fee, or the organization's where the currencies agree: 50 cents is not ¥50."""
    if row.service_fee_fixed is not None:
        return row.service_fee_fixed
    return fees.service_fee_fixed if fees.default_currency == row.currency else 0


def _type_terms(row: TicketTypeRow, pools: Iterable[UUID]) -> TypeTerms:
    return TypeTerms(
        id=row.id,
        name=row.name,
        price=row.price,
        min_per_order=row.min_per_order,
        max_per_order=row.max_per_order,
        sales=Window(row.sales_start_date, row.sales_end_date),
        is_hidden=row.is_hidden,
        requires_approval=row.requires_approval,
        pools=tuple(sorted(pools)),
    )


async def may_serve(tx: ReadTx, device_id: UUID, event_id: UUID) -> bool:
    """Whether a door device is meant for this event."""
    if await serves_all_events(tx, device_id):
        return True
    named = select(DeviceEventRow.event_id).where(
        own(DeviceEventRow, tx), DeviceEventRow.device_id == device_id, DeviceEventRow.event_id == event_id
    )
    return await tx.first(named) is not None


async def joining_link(tx: ReadTx, event_id: UUID) -> str | None:
    """Where a virtual event takes place: for holders of a valid ticket and nobody else."""
    return await tx.first(
        select(EventRow.virtual_event_url).where(own(EventRow, tx), EventRow.id == event_id)
    )
