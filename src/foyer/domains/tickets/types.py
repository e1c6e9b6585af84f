"""Values of tickets and of the door."""

from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from foyer.domains.customers.types import CustomerStaff
from foyer.kernel.wire import Wire


class TicketStatus(StrEnum):
    VALID = "valid"
    USED = "used"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"

    @property
    def is_good(self) -> bool:
        """Whether it opens the door, or has opened it."""
        return self in {TicketStatus.VALID, TicketStatus.USED}


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


class NamedGuest(Wire, frozen=True):
    """Who comes with one ticket of an order; what is left out is taken away."""

    ticket_id: UUID
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    phone: str | None = None


class Receiver(Wire, frozen=True):
    """To whom a ticket is handed on."""

    email: str
    first_name: str | None = None
    last_name: str | None = None


class Ticket(Wire, frozen=True):
    """A ticket as somebody sees it. `code` is typed, `qr_code` is scanned.

    Whoever ordered a ticket that was handed on sees neither, nor who comes with it: that is its new holder's.
    """

    id: UUID
    event_id: UUID
    ticket_type_id: UUID
    order_id: UUID
    order_item_id: UUID
    code: str | None
    qr_code: str | None
    status: TicketStatus
    attendee_info: Attendee | None
    checked_in_at: datetime | None
    transferred_at: datetime | None
    created_at: datetime


class HeldTicket(NamedTuple):
    """A ticket with what opens it for its holder today: the generation of its code, and that of the link to its page."""

    ticket: Ticket
    generation: int
    link_generation: int
    former_links: frozenset[int]
    """The generations of links that opened it before it was handed on."""


class HandedTicket(NamedTuple):
    """A good ticket that somebody has from somebody else; the link to its page is of its own generation."""

    id: UUID
    event_id: UUID
    ticket_type_id: UUID
    transferred_at: datetime | None
    generation: int


class WalletWish(NamedTuple):
    """Which ticket is to go into a wallet. Who asks has shown before that they hold this generation of it."""

    organization_id: UUID
    ticket_id: UUID
    generation: int
    address: str
    """That of the ticket's page, for the back of the pass."""
    language: str


class Transfer(NamedTuple):
    """A ticket's change of hands, for the letters about it."""

    ticket_id: UUID
    event_id: UUID
    order_id: UUID
    generation: int
    giver: CustomerStaff
    receiver: CustomerStaff
    receiver_name: str | None


class DoorTicket(Wire, frozen=True):
    """What a steward may know of a ticket: who and what, never the code."""

    id: UUID
    ticket_type_id: UUID
    ticket_type_name: str
    holder: str | None
    order_number: str
    position: int
    """Which of the tickets of its order it is, from 1."""
    order_tickets: int


class OtherEvent(Wire, frozen=True):
    """The event that a ticket is for, where it is held out at another one's door; not whose ticket it is."""

    id: UUID
    title: str
    start_date: date
    end_date: date
    ticket_type_name: str


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
    other_event: OtherEvent | None = None


class CheckInState(StrEnum):
    """Where the holder of a ticket is, as staff ask for it; a ticket that has ended lets nobody in."""

    EXPECTED = "expected"
    INSIDE = "inside"
    ENDED = "ended"


class TicketStaff(Wire, frozen=True):
    """A ticket as staff see it, with who comes and who admitted them; what opens the door is not on it."""

    id: UUID
    event_id: UUID
    ticket_type_id: UUID
    order_id: UUID
    order_item_id: UUID
    code: str
    status: TicketStatus
    generation: int
    attendee_info: Attendee | None
    checked_in_at: datetime | None
    checked_in_by_user_id: UUID | None
    checked_in_by_device_id: UUID | None
    transferred_at: datetime | None
    transferred_to: UUID | None
    created_at: datetime


class TicketFilter(Wire, frozen=True):
    """Which tickets a list shows; what is left out leaves its question open.

    `q` begins the code, or the name or the address of who comes, or the number, name or address of the order.
    """

    event_id: UUID | None = None
    ticket_type_id: UUID | None = None
    state: CheckInState | None = None
    q: str | None = None


class Scan(NamedTuple):
    """One look at a ticket at a door. Without a `result` it is a check-in that was taken back."""

    ticket_id: UUID
    result: ScanResult | None
    at: datetime
    user_id: UUID | None
    device_id: UUID | None


class HandedOn(NamedTuple):
    """A change of hands: from one buyer to another."""

    ticket_id: UUID
    from_customer_id: UUID
    to_customer_id: UUID
    generation: int
    at: datetime


class FoundTicket(Wire, frozen=True):
    """A ticket that was looked for by name at a door."""

    ticket: DoorTicket
    status: TicketStatus
    checked_in_at: datetime | None


class DoorCounts(Wire, frozen=True):
    """How many are in, of how many that can come."""

    admitted: int
    expected: int


class LoggedScan(Wire, frozen=True):
    """One line of a door's log. Without a `result` it is a check-in that was taken back."""

    id: UUID
    created_at: datetime
    result: ScanResult | None
    by: CheckedInBy
    ticket_id: UUID | None
    ticket_type_name: str | None
    holder: str | None
