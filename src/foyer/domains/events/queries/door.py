"""Reads of events for doors and the devices at them."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select

from foyer.domains.events.models import DeviceEventRow, EventRow
from foyer.domains.events.queries.event import NO_EVENT
from foyer.domains.events.types import DoorEvent, EventStatus
from foyer.domains.identity import serves_all_events
from foyer.domains.inventory import pools_by_id
from foyer.infra.db.tx import ReadTx, among, own
from foyer.kernel.errors import NotFound

AT_DOORS_MAX: Final = 100
LINGERS: Final = timedelta(hours=12)
"""So long after its end an event stays on the lists of doors."""
_HIDDEN: Final = EventStatus.DRAFT


async def may_serve(tx: ReadTx, device_id: UUID, event_id: UUID) -> bool:
    """Whether a door device is meant for this event."""
    if await serves_all_events(tx, device_id):
        return True
    named = select(DeviceEventRow.event_id).where(
        own(DeviceEventRow, tx), DeviceEventRow.device_id == device_id, DeviceEventRow.event_id == event_id
    )
    return await tx.first(named) is not None


async def events_at_door(tx: ReadTx, device_id: UUID | None = None) -> list[DoorEvent]:
    """Events that are on or still to come, the next one first; with a device those that it serves."""
    query = select(EventRow).where(
        own(EventRow, tx),
        EventRow.deleted_at.is_(None),
        EventRow.status != _HIDDEN.value,
        EventRow.ends_at > await tx.now() - LINGERS,
    )
    if device_id is not None and not await serves_all_events(tx, device_id):
        named = (await events_of_devices(tx, [device_id]))[device_id]
        query = query.where(among(EventRow.id, named))
    rows = await tx.all(query.order_by(EventRow.starts_at, EventRow.id).limit(AT_DOORS_MAX))
    return await _views(tx, rows)


async def event_at_door(tx: ReadTx, event_id: UUID) -> DoorEvent:
    """One event, whenever it is.

    Raises:
        NotFound: it does not exist, or belongs to another organization.
    """
    row = await tx.first(
        select(EventRow).where(own(EventRow, tx), EventRow.id == event_id, EventRow.deleted_at.is_(None))
    )
    if row is None:
        raise NotFound(NO_EVENT)
    return (await _views(tx, [row]))[0]


async def events_of_devices(tx: ReadTx, device_ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """The events that each of these devices is named for."""
    named: dict[UUID, list[UUID]] = {device_id: [] for device_id in device_ids}
    query = select(DeviceEventRow.device_id, DeviceEventRow.event_id).where(
        own(DeviceEventRow, tx), among(DeviceEventRow.device_id, device_ids)
    )
    for device_id, event_id in await tx.rows(query.order_by(DeviceEventRow.event_id)):
        named[device_id].append(event_id)
    return named


async def existing_events(tx: ReadTx, event_ids: Collection[UUID]) -> set[UUID]:
    """Which of these there are."""
    query = select(EventRow.id).where(
        own(EventRow, tx), among(EventRow.id, event_ids), EventRow.deleted_at.is_(None)
    )
    return set(await tx.all(query))


async def _views(tx: ReadTx, rows: Sequence[EventRow]) -> list[DoorEvent]:
    pools = await pools_by_id(tx, {row.pool_id for row in rows})
    return [
        DoorEvent(
            id=row.id,
            title=row.title,
            start_date=row.start_date,
            end_date=row.end_date,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            time_zone=row.time_zone,
            status=EventStatus(row.status),
            expected=pools[row.pool_id].sold,
        )
        for row in rows
    ]
