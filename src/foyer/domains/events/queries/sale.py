"""Reads of what is on sale: what a shop shows, under which terms."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, or_, select, tuple_

from foyer.domains.events.models import EventRow, TaxRateRow, TicketTypeRow
from foyer.domains.events.queries.event import pools_behind, types_of
from foyer.domains.events.queries.series import dates_beside
from foyer.domains.events.rules import safe_prose
from foyer.domains.events.types import (
    EventOnSale,
    EventPublic,
    EventStatus,
    SaleTerms,
    TaxTerms,
    TypeOnSale,
    TypeTerms,
    Visibility,
)
from foyer.domains.inventory import pools_by_id
from foyer.domains.organizations import fee_terms
from foyer.domains.organizations.types import FeeTerms
from foyer.infra.db.tx import ReadTx, among, own
from foyer.kernel.paging import Page, read_cursor, write_cursor
from foyer.kernel.text import SLUG, tidy_line
from foyer.kernel.time import Window

_PUBLIC_SAME = tuple(
    field for field in EventPublic.__struct_fields__
    if field not in {"description", "start_time", "end_time", "status"}
)  # fmt: skip


def public_view(row: EventRow) -> EventPublic:
    """What anybody may see. The description is HTML with everything dangerous taken out."""
    return EventPublic(
        **{name: getattr(row, name) for name in _PUBLIC_SAME},
        description=safe_prose(row.description),
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
    days: int | None = None,
    cursor: str | None = None,
    limit: int,
) -> Page[EventOnSale]:
    """Public events that are not over, the next one first, with their terms of sale; those of the next `days`, if given."""
    now = await tx.now()
    query = _listed(now, tx)
    if days is not None:
        query = query.where(EventRow.starts_at < now + timedelta(days=days))
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


async def listed_addresses(tx: ReadTx, most: int) -> list[tuple[str, datetime]]:
    """Slugs of the public events that are not over, the next one first, each with when it was last changed."""
    listed = _listed(await tx.now(), tx).with_only_columns(EventRow.slug, EventRow.updated_at)
    rows = await tx.rows(listed.order_by(EventRow.starts_at, EventRow.id).limit(most))
    return [(slug, changed) for slug, changed in rows]


async def on_sale(tx: ReadTx, *, event_id: UUID | None = None, slug: str | None = None) -> EventOnSale | None:
    """One event by id or slug with its terms of sale, whatever its state."""
    query = select(EventRow).where(own(EventRow, tx), EventRow.deleted_at.is_(None))
    if slug is not None and not SLUG.fullmatch(slug):
        return None
    row = await tx.first(
        query.where(EventRow.id == event_id) if slug is None else query.where(EventRow.slug == slug)
    )
    if row is None:
        return None
    return (await _on_sale(tx, [row]))[0]._replace(dates=await dates_beside(tx, row))


async def events_shown(tx: ReadTx, event_ids: Collection[UUID]) -> dict[UUID, EventPublic]:
    """These events as anybody sees them, by id, whatever their state."""
    rows = await tx.all(select(EventRow).where(own(EventRow, tx), among(EventRow.id, event_ids)))
    return {row.id: public_view(row) for row in rows}


async def event_id_at(tx: ReadTx, slug: str) -> UUID | None:
    """Which event has this slug, whatever its state."""
    if not SLUG.fullmatch(slug):
        return None
    at = own(EventRow, tx), EventRow.slug == slug, EventRow.deleted_at.is_(None)
    return await tx.first(select(EventRow.id).where(*at))


async def _on_sale(tx: ReadTx, rows: Sequence[EventRow]) -> list[EventOnSale]:
    if not rows:
        return []
    fees = await fee_terms(tx)
    kinds = await types_of(tx, [row.id for row in rows])
    drawn = await pools_behind(tx, [kind.id for kind in kinds])
    pools = await pools_by_id(tx, set().union(*drawn.values()))
    taxes = await _taxes(tx, {kind.tax_rate_id for kind in kinds if kind.tax_rate_id})
    types: dict[UUID, list[TypeOnSale]] = {row.id: [] for row in rows}
    for kind in kinds:
        free = max(0, min((pools[pool].free for pool in drawn[kind.id]), default=0))
        terms = _type_terms(kind, drawn[kind.id], taxes)
        types[kind.event_id].append(TypeOnSale(terms, kind.description, kind.sort_order, free))
    return [EventOnSale(public_view(row), _sale_terms(row, fees), tuple(types[row.id])) for row in rows]


def _sale_terms(row: EventRow, fees: FeeTerms) -> SaleTerms:
    return SaleTerms(
        status=EventStatus(row.status),
        visibility=Visibility(row.visibility),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        sales=Window(row.sales_start_date, row.sales_end_date),
        time_zone=row.time_zone,
        currency=row.currency,
        service_fee_bps=fees.service_fee_bps if row.service_fee_bps is None else row.service_fee_bps,
        service_fee_fixed=_fixed_fee(row, fees),
        manual_payment_hours=row.manual_payment_hours,
        approval_hours=row.approval_hours,
        allows_guests=fees.allow_guest_checkout,
    )


def _fixed_fee(row: EventRow, fees: FeeTerms) -> int:
    """The event's own fixed fee, or the organization's where the currencies agree: 50 cents is not ¥50."""
    if row.service_fee_fixed is not None:
        return row.service_fee_fixed
    return fees.service_fee_fixed if fees.default_currency == row.currency else 0


async def _taxes(tx: ReadTx, ids: set[UUID]) -> dict[UUID, TaxTerms]:
    if not ids:
        return {}
    rows = await tx.all(select(TaxRateRow).where(own(TaxRateRow, tx), TaxRateRow.id.in_(ids)))
    return {row.id: TaxTerms(row.name, row.rate_bps, row.is_inclusive) for row in rows}


def _type_terms(row: TicketTypeRow, pools: Iterable[UUID], taxes: dict[UUID, TaxTerms]) -> TypeTerms:
    return TypeTerms(
        id=row.id,
        name=row.name,
        price=row.price,
        min_per_order=row.min_per_order,
        max_per_order=row.max_per_order,
        sales=Window(row.sales_start_date, row.sales_end_date),
        is_hidden=row.is_hidden,
        requires_approval=row.requires_approval,
        tax=taxes[row.tax_rate_id] if row.tax_rate_id else None,
        pools=tuple(sorted(pools)),
    )
