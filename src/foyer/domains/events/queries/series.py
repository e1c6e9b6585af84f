"""Reads of series: events that belong together, like the evenings of a run."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, select

from foyer.domains.events.models import EventRow, EventSeriesRow
from foyer.domains.events.types import EventDate, EventStatus, Visibility
from foyer.infra.db.tx import ReadTx, among, own

DATES_MAX = 60
NAMES_MAX = 200


async def series_names(tx: ReadTx) -> list[str]:
    """What the series of the organization are called that an event still belongs to, the newest first."""
    belonging = select(EventRow.id).where(
        own(EventRow, tx), EventRow.series_id == EventSeriesRow.id, EventRow.deleted_at.is_(None)
    )
    named = select(EventSeriesRow.name).where(own(EventSeriesRow, tx), belonging.exists())
    return list(await tx.all(named.order_by(EventSeriesRow.id.desc()).limit(NAMES_MAX)))


async def names_of_series(tx: ReadTx, series_ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of these series; nothing is asked where there are none."""
    if not series_ids:
        return {}
    query = select(EventSeriesRow.id, EventSeriesRow.name).where(
        own(EventSeriesRow, tx), among(EventSeriesRow.id, series_ids)
    )
    return {series_id: str(name) for series_id, name in await tx.rows(query)}


async def series_called(tx: ReadTx, name: str) -> UUID | None:
    """The series of this name, in small or large letters."""
    named = own(EventSeriesRow, tx), func.lower(EventSeriesRow.name) == func.lower(name)
    return await tx.first(select(EventSeriesRow.id).where(*named).order_by(EventSeriesRow.id).limit(1))


async def dates_beside(tx: ReadTx, row: EventRow) -> tuple[EventDate, ...]:
    """The other public events of its series that are to come, the next one first; nothing is asked where it is in none."""
    if row.series_id is None:
        return ()
    query = select(EventRow).where(
        own(EventRow, tx),
        EventRow.series_id == row.series_id,
        EventRow.id != row.id,
        EventRow.deleted_at.is_(None),
        EventRow.status == EventStatus.PUBLISHED.value,
        EventRow.visibility == Visibility.PUBLIC.value,
        EventRow.ends_at > await tx.now(),
    )
    found = await tx.all(query.order_by(EventRow.starts_at, EventRow.id).limit(DATES_MAX))
    return tuple(
        EventDate(id=one.id, slug=one.slug, title=one.title, starts_at=one.starts_at, time_zone=one.time_zone)
        for one in found
    )
