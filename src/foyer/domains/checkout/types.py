"""Values of the buyer's flow."""

from typing import NamedTuple
from uuid import UUID

from foyer.domains.customers.types import Customer
from foyer.domains.events.types import AnswerValue
from foyer.domains.orders.types import Order
from foyer.domains.tickets.types import Attendee, TicketStatus
from foyer.kernel.wire import Wire


class WantedAttendee(Wire, frozen=True):
    """Who comes with one ticket of a type, and what they answer to the event's questions, by question."""

    ticket_type_id: UUID
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    phone: str | None = None
    additional_fields: dict[str, str] = {}
    answers: dict[UUID, AnswerValue] = {}


class TicketAnswers(NamedTuple):
    """What was answered for one ticket; `field` is where it stands in what the buyer sent."""

    field: str
    given: dict[UUID, AnswerValue]


class GivenAnswers(NamedTuple):
    """What a buyer answered, as it was sent: for the order, and by ticket type for each of its tickets that has an attendee."""

    order: dict[UUID, AnswerValue]
    tickets: dict[UUID, list[TicketAnswers]]

    @property
    def are_none(self) -> bool:
        return not self.order and not any(one.given for row in self.tickets.values() for one in row)


class Placing(NamedTuple):
    """What a buyer says at checkout, already tidied."""

    customer: Customer
    attendees: dict[UUID, list[Attendee]]
    payment_method: str
    expected_total: int | None = None
    """The total the buyer has seen, in minor units; where it is not the total any more, nothing is bought."""
    language: str | None = None
    answers: GivenAnswers = GivenAnswers({}, {})


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
