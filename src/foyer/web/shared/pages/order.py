"""The order, in every state it can be in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from markupsafe import Markup

from foyer.domains.customers.types import Customer
from foyer.domains.events.types import EventPublic, EventStatus
from foyer.domains.orders.types import (
    ApprovalStatus,
    CancelReason,
    Invoice,
    Order,
    OrderStatus,
    PaymentStatus,
)
from foyer.domains.organizations.types import Shop
from foyer.domains.payments.types import Refund, RefundStatus
from foyer.domains.tickets.types import Attendee, Ticket, TicketStatus
from foyer.infra.wallets import Wallet
from foyer.kernel.errors import Finding
from foyer.kernel.language import said
from foyer.web.shared.pages.asked import Said
from foyer.web.shared.pages.findings import finding_for
from foyer.web.shared.words import _, told


class OrderState(StrEnum):
    """What an order's page is about. That the event is cancelled matters more than anything else."""

    EVENT_CANCELLED = "event_cancelled"
    REQUESTED = "requested"
    UNPAID = "unpaid"
    PAYING = "paying"
    PAYMENT_FAILED = "payment_failed"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"


STATES = {
    OrderStatus.CONFIRMED: OrderState.CONFIRMED,
    OrderStatus.PARTIAL_REFUND: OrderState.CONFIRMED,
    OrderStatus.CANCELLED: OrderState.CANCELLED,
    OrderStatus.REFUNDED: OrderState.REFUNDED,
}
BY_HAND: Final = "manual"
HEADLINES: Final = {
    OrderState.EVENT_CANCELLED: said("This event is cancelled"),
    OrderState.REQUESTED: said("Your request is in"),
    OrderState.UNPAID: said("Almost there"),
    OrderState.PAYING: said("Your payment is on its way"),
    OrderState.PAYMENT_FAILED: said("The payment did not go through"),
    OrderState.CONFIRMED: said("You’re in."),
    OrderState.CANCELLED: said("This order is cancelled"),
    OrderState.REFUNDED: said("This order is refunded"),
}

SIGNS: Final = {
    OrderState.EVENT_CANCELLED: ("calendar-off", "is-bad"),
    OrderState.PAYING: ("clock", "is-info"),
    OrderState.PAYMENT_FAILED: ("alert", "is-bad"),
    OrderState.CANCELLED: ("ban", "is-bad"),
    OrderState.REFUNDED: ("back", "is-info"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketView:
    """One ticket of an order. `qr_svg` is empty where the ticket opens no door any more."""

    ticket: Ticket
    type_name: str
    holder: str
    qr_svg: Markup
    href: str = ""
    """The ticket's own page, for whoever sees this card."""
    number: int = 1
    count: int = 1
    """Which of the tickets of its order it is, and of how many: as on paper and at the door, whatever has become of the others."""

    @property
    def is_open(self) -> bool:
        return bool(self.qr_svg)

    def to(self, what: str) -> str:
        """The address of something of this ticket, as `transfer`, for whoever sees this card."""
        path, _, key = self.href.partition("?")
        return f"{path}/{what}?{key}"

    def goes_by(self, buyer: Customer) -> bool:
        """Whether nobody but the buyer was named."""
        person = self.ticket.attendee_info or Attendee()
        names = person.first_name, person.last_name
        return not any(names) or names == (buyer.first_name, buyer.last_name)

    @property
    def can_be_named(self) -> bool:
        """Whether its buyer may still say who comes, as far as the ticket is concerned."""
        return self.is_open and self.ticket.status is TicketStatus.VALID and not self.ticket.transferred_at

    @property
    def was_handed_on(self) -> bool:
        """Whether somebody else has what opens the door: whoever ordered it has not."""
        return self.ticket.transferred_at is not None and self.ticket.code is None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPage:
    """`tickets` begin with those that still open a door; `refunds` are the oldest first."""

    shop: Shop
    event: EventPublic
    order: Order
    tickets: Sequence[TicketView]
    refunds: Sequence[Refund]
    invoices: Sequence[Invoice]
    key: str
    """What opens this order, for the forms of its page."""
    as_of: datetime
    joining_link: str | None = None
    """Where a virtual event takes place, for whoever holds a valid ticket."""
    names_until: datetime | None = None
    """Until when the buyer says who comes with the tickets they still hold; None where there is nothing to say."""
    wallets: Sequence[Wallet] = ()
    """The wallets that a ticket can be put into."""
    lets_hand_on: bool = False
    """Whether holders may hand their tickets on."""
    said: Sequence[Said] = ()
    """What the buyer answered to the organizer's questions."""
    is_saved: bool = False
    problem: str = ""
    """Why what was pressed on this page could not be done."""

    @property
    def path(self) -> str:
        return f"/{self.shop.slug}/orders/{self.order.id}"

    @property
    def way_back(self) -> str:
        """What the address of a form of one of its tickets ends with, so that it leads back here."""
        return f"&order={self.key}"

    @property
    def title(self) -> str:
        return _("Order %(number)s") % {"number": self.order.order_number}

    @property
    def state(self) -> OrderState:
        if self.event.status is EventStatus.CANCELLED:
            return OrderState.EVENT_CANCELLED
        if self.order.status is OrderStatus.PENDING:
            return self._pending
        return STATES[self.order.status]

    @property
    def _pending(self) -> OrderState:
        if self._asks(ApprovalStatus.REQUESTED):
            return OrderState.REQUESTED
        if self.order.payment_status is PaymentStatus.FAILED:
            return OrderState.PAYMENT_FAILED
        return OrderState.UNPAID if self.order.payment_method == BY_HAND else OrderState.PAYING

    @property
    def headline(self) -> str:
        if self.is_past:
            return _("This event is over")
        if self.state is OrderState.UNPAID and self.is_approved:
            return _("The organizer said yes")
        return told(HEADLINES[self.state])

    def _asks(self, *statuses: ApprovalStatus) -> bool:
        return self.order.approval is not None and self.order.approval.status in statuses

    @property
    def is_over(self) -> bool:
        return self.state in {OrderState.CANCELLED, OrderState.REFUNDED, OrderState.EVENT_CANCELLED}

    @property
    def is_past(self) -> bool:
        """Whether the order stood and its event has been."""
        return self.state is OrderState.CONFIRMED and self.event.ends_at <= self.as_of

    @property
    def is_ahead(self) -> bool:
        """Whether there is still something to prepare for: the tickets open a door that will open."""
        return bool(self.open_tickets) and not self.is_over and not self.is_past

    @property
    def sign(self) -> tuple[str, str] | None:
        """An icon and its tone, over the title of an order that gives its buyer no tickets."""
        if self.state is OrderState.CANCELLED and self.order.cancel_reason is CancelReason.UNPAID:
            return "clock", "is-warn"
        return SIGNS.get(self.state)

    @property
    def is_waiting(self) -> bool:
        return self.is_to_come or self.is_at_provider

    @property
    def is_to_come(self) -> bool:
        """Whether a word or money has to come before there are tickets."""
        return self.state in {OrderState.REQUESTED, OrderState.UNPAID}

    @property
    def is_at_provider(self) -> bool:
        """Whether somebody else has carried the money so far, or failed to."""
        return self.state in {OrderState.PAYING, OrderState.PAYMENT_FAILED}

    @property
    def is_approved(self) -> bool:
        return self._asks(ApprovalStatus.APPROVED)

    @property
    def was_left_undecided(self) -> bool:
        """Whether the organizer did not say a word in time."""
        return self._asks(ApprovalStatus.LAPSED)

    @property
    def count(self) -> int:
        """How many tickets were ordered."""
        return sum(line.quantity for line in self.order.items)

    @property
    def open_tickets(self) -> Sequence[TicketView]:
        return [view for view in self.tickets if view.is_open]

    @property
    def unnamed_count(self) -> int:
        """How many guests still go by the buyer's name, the buyer included; 0 where it is one alone, who may well be the buyer."""
        buyer = self.order.customer
        count = sum(view.can_be_named and view.goes_by(buyer) for view in self.tickets)
        return count if self.has_guests and count > 1 else 0

    @property
    def has_guests(self) -> bool:
        return self.names_until is not None and sum(view.can_be_named for view in self.tickets) > 1

    @property
    def names_href(self) -> str:
        """Where the buyer says who comes; empty where there is nothing to say."""
        named = [view for view in self.tickets if view.can_be_named and view.href]
        if self.names_until is None or not named:
            return ""
        return f"{self.path}/guests?key={self.key}" if len(named) > 1 else named[0].to("attendee")

    def can_hand_on(self, view: TicketView) -> bool:
        return self.lets_hand_on and self.names_until is not None and view.can_be_named

    @property
    def void_count(self) -> int:
        """How many open no door at all, neither for this buyer nor for somebody else."""
        return sum(not view.is_open and not view.was_handed_on for view in self.tickets)

    @property
    def handed_on_count(self) -> int:
        return sum(view.was_handed_on for view in self.tickets)

    @property
    def returned(self) -> Sequence[Refund]:
        """Money that is back with the buyer."""
        return [one for one in self.refunds if one.status is RefundStatus.COMPLETED]

    @property
    def returning(self) -> Sequence[Refund]:
        """Money that is still to come back."""
        return [one for one in self.refunds if one.status in {RefundStatus.DUE, RefundStatus.PENDING}]

    @property
    def stuck(self) -> Sequence[Refund]:
        """Money that could not be given back, until the organizer tries again."""
        return [one for one in self.refunds[-1:] if one.status is RefundStatus.FAILED]

    @property
    def was_paid(self) -> bool:
        paid = {PaymentStatus.PAID, PaymentStatus.PARTIAL_REFUND, PaymentStatus.REFUNDED}
        return self.order.total > 0 and self.order.payment_status in paid

    @property
    def can_come_back(self) -> bool:
        """Whether there is still something to buy at the event."""
        return self.event.status is EventStatus.PUBLISHED and self.event.ends_at > self.as_of


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestsPage:
    """Who comes with the tickets of an order. `form` holds what was typed, each field's name begun by its ticket's id."""

    shop: Shop
    event: EventPublic
    order: Order
    tickets: Sequence[TicketView]
    key: str
    closes_at: datetime
    can_change: bool
    form: Mapping[str, str]
    findings: Sequence[Finding] = ()
    problem: str = ""

    @property
    def title(self) -> str:
        return _("Who comes?")

    @property
    def path(self) -> str:
        return f"/{self.shop.slug}/orders/{self.order.id}"

    @property
    def field_names(self) -> dict[str, str]:
        """What the form's fields are called in words, for the summary of what is wrong."""
        named = {}
        for view in self.tickets:
            ticket = _("Ticket %(number)s") % {"number": view.number}
            for name, words in (
                ("firstName", _("First name")),
                ("lastName", _("Last name")),
                ("email", _("Email")),
            ):
                named[f"{view.ticket.id}-{name}"] = f"{ticket}, {words}"
        return named

    def finding(self, name: str) -> Finding | None:
        return finding_for(self.findings, name)
