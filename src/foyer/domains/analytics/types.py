"""Values of what was sold: by hour, by event, by gate."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID


class HourSales(NamedTuple):
    """What was sold in one hour after a moment, in one currency.

    Those with `_by` count only what had been sold at the moment asked for: last week is told as it stood at this time of day.
    """

    currency: str
    hour: int
    orders: int
    tickets: int
    revenue: int
    orders_by: int
    tickets_by: int
    revenue_by: int


class EventSales(NamedTuple):
    """How far an event is sold. `capacity` 0 is no limit, `revenue` is what was paid and not given back."""

    id: UUID
    title: str
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    currency: str
    capacity: int
    sold: int
    revenue: int
    is_free: bool


class EventDoor(NamedTuple):
    """An event that lets people in today: how many are inside, of how many with a good ticket."""

    id: UUID
    title: str
    starts_at: datetime
    inside: int
    expected: int


class Gate(NamedTuple):
    """What one door device has admitted to an event, and how many of them in the last minutes."""

    device_id: UUID | None
    name: str
    inside: int
    lately: int
