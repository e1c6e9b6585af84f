"""Values of tickets and of the door."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from foyer.kernel.wire import Wire


class TicketStatus(StrEnum):
    VALID = "valid"
    USED = "used"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"


class ScanResult(StrEnum):
    """What the door says. Everything but `admitted` keeps the person outside."""

    ADMITTED = "admitted"
    ALREADY_USED = "already_used"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"
    WRONG_EVENT = "wrong_event"
    UNKNOWN = "unknown"
    TAMPERED = "tampered"
    SUPERSEDED = "superseded"


class Attendee(Wire, frozen=True):
    """Who comes with a ticket."""

    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    phone: str | None = None
    additional_fields: dict[str, str] = {}


class Ticket(Wire, frozen=True):
    """A ticket as its holder sees it. `code` is typed, `qr_code` is scanned."""

    id: UUID
    event_id: UUID
    ticket_type_id: UUID
    order_id: UUID
    order_item_id: UUID
    code: str
    qr_code: str
    status: TicketStatus
    attendee_info: Attendee | None
    checked_in_at: datetime | None
    created_at: datetime


class DoorTicket(Wire, frozen=True):
    """What a steward may know of a ticket: who and what, never the code."""

    id: UUID
    ticket_type_id: UUID
    ticket_type_name: str
    holder: str | None
    order_number: str


class CheckedInBy(Wire, frozen=True):
    """Who admitted: a door device or a member of staff."""

    kind: str
    id: UUID
    name: str


class CheckIn(Wire, frozen=True):
    """The answer at the door."""

    result: ScanResult
    ticket: DoorTicket | None = None
    checked_in_at: datetime | None = None
    checked_in_by: CheckedInBy | None = None
