"""Values of the buyer's flow."""

from typing import NamedTuple
from uuid import UUID

from foyer.domains.customers.types import Customer
from foyer.domains.orders.types import Order
from foyer.domains.tickets.types import Attendee, TicketStatus
from foyer.kernel.wire import Wire


class WantedAttendee(Wire, frozen=True):
    """Who comes with one ticket of a type."""

    ticket_type_id: UUID
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    phone: str | None = None
    additional_fields: dict[str, str] = {}


class Placing(NamedTuple):
    """What a buyer says at checkout, already tidied."""

    customer: Customer
    attendees: dict[UUID, list[Attendee]]
    payment_method: str
    expected_total: int | None = None
    """The total the buyer has seen, in minor units; where it is not the total any more, nothing is bought."""
    language: str | None = None


class IssuedTicket(NamedTuple):
    """A ticket of an order that was placed; its QR code is signed outside the transaction."""

    id: UUID
    ticket_type_id: UUID
    code: str
    attendee: Attendee | None
    status: TicketStatus
    generation: int


class Placed(NamedTuple):
    """An order that stands, with its tickets; a pending one has none yet."""

    order: Order
    tickets: list[IssuedTicket]
    is_new: bool


class WantedRefund(Wire, frozen=True):
    """So many tickets of one line of an order that go back."""

    order_item_id: UUID
    quantity: int


class NamedTickets(Wire, frozen=True):
    """The very tickets that shall go back and end."""

    tickets: tuple[UUID, ...]


class Goodwill(Wire, frozen=True):
    """An amount that goes back, in minor units, while all tickets stay good."""

    amount: int


class Difference(NamedTuple):
    """Something of which two places of the books say different things; `sentence` is for whoever has to look at it."""

    check: str
    subject: str
    subject_id: UUID
    expected: str
    found: str
    sentence: str
