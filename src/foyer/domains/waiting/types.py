"""Values of waiting: who wants to be told when places come back, or when a sale opens."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from foyer.kernel.wire import Wire


class WaitingStatus(StrEnum):
    """`offered` holds places for a while; `taken`, `lapsed` and `left` are how it ends."""

    WAITING = "waiting"
    OFFERED = "offered"
    TAKEN = "taken"
    LAPSED = "lapsed"
    LEFT = "left"


class WaitingWish(Wire, frozen=True):
    """So many places of a sold-out ticket type, all together or none, and where to write when they are there."""

    event_id: UUID
    ticket_type_id: UUID
    quantity: int
    email: str


class Line(Wire, frozen=True):
    """What somebody is told who asked to be put on the list: how many others wait, counted up to `OTHERS_MAX`."""

    event_id: UUID
    ticket_type_id: UUID
    quantity: int
    others: int


class Waiting(Wire, frozen=True):
    """A place in line as its holder sees it. `ahead` are those before them; `offered_until` is the end of an offer."""

    id: UUID
    event_id: UUID
    ticket_type_id: UUID
    name: str
    quantity: int
    status: WaitingStatus
    ahead: int
    cart_id: UUID | None
    offered_until: datetime | None
    created_at: datetime


class WaitingStaff(Wire, frozen=True):
    """A place in line as staff see it."""

    id: UUID
    event_id: UUID
    ticket_type_id: UUID
    name: str
    customer_id: UUID
    email: str
    quantity: int
    status: WaitingStatus
    created_at: datetime
    offered_at: datetime | None
    offered_until: datetime | None
    ended_at: datetime | None


class ReminderWish(Wire, frozen=True):
    """A ticket type that is not on sale yet, and where to write once it is."""

    event_id: UUID
    ticket_type_id: UUID
    email: str


class Reminder(Wire, frozen=True):
    """What somebody is told who asked for a mail when the sale opens: `opens_at` is as it is planned today."""

    event_id: UUID
    ticket_type_id: UUID
    opens_at: datetime


class WaitingFilter(Wire, frozen=True):
    """Which places in line a list shows; what is left out leaves its question open."""

    status: WaitingStatus | None = None
    ticket_type_id: UUID | None = None


class Told(NamedTuple):
    """Whom a mail about a place in line, or about a sale that opens, goes to; `since` is when that sale opened, where it is known."""

    customer_id: UUID
    email: str
    language: str
    since: datetime | None = None
