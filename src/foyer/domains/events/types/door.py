"""Values of events as doors know them."""

from datetime import date, datetime
from uuid import UUID

from foyer.domains.events.types.event import EventStatus
from foyer.kernel.wire import Wire


class DeviceDraft(Wire, frozen=True):
    """A device to be made: where it stands, and at which events it admits."""

    name: str
    all_events: bool = False
    event_ids: list[UUID] = []


class DoorEvent(Wire, frozen=True):
    """An event as a steward knows it. `expected` is how many places are sold."""

    id: UUID
    title: str
    start_date: date
    end_date: date
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    status: EventStatus
    expected: int
