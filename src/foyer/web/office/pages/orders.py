"""Pages of orders: the list, one order, a refund that is being thought about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from foyer.domains.orders import state_of
from foyer.domains.orders.types import Invoice, OrderStaff, OrderState
from foyer.domains.tickets import full_name
from foyer.web.office.frame import Frame
from foyer.web.office.lists import Asked, brief
from foyer.web.shared.filters import LOCALE

STATES = {
    OrderState.PAID: ("Paid", "good", "check"),
    OrderState.PAYMENT_DUE: ("Payment due", "info", "clock"),
    OrderState.TO_APPROVE: ("To approve", "info", "clock"),
    OrderState.PARTLY_REFUNDED: ("Partly refunded", "warn", "undo"),
    OrderState.REFUNDED: ("Refunded", "", "undo"),
    OrderState.CANCELLED: ("Cancelled", "", "ban"),
}
"""Word, kind and icon of the badge of each state."""
FREE = ("Confirmed", "good", "check")
"""Of an order that stands and costs nothing: nobody has paid."""
METHODS = {"manual": "By invoice", "free": "Free"}


def method_words(name: str) -> str:
    """A way to pay as staff say it."""
    return METHODS.get(name, name.capitalize())


@dataclass(frozen=True, slots=True)
class OrderLineView:
    """An order as one row of a list."""

    order: OrderStaff
    event_title: str
    refund_due: int = 0

    @property
    def href(self) -> str:
        return f"/office/orders/{self.order.id}"

    @property
    def buyer(self) -> str:
        return full_name(self.order.customer) or self.order.customer.email

    @property
    def tickets(self) -> int:
        return sum(line.quantity for line in self.order.items if line.ticket_type_id is not None)

    @property
    def badge(self) -> tuple[str, str, str]:
        if self.refund_due:
            return ("Refund due", "warn", "undo")
        state = state_of(self.order)
        return FREE if state is OrderState.PAID and not self.order.total else STATES[state]

    @property
    def is_off(self) -> bool:
        """Whether its total is nothing that anybody has any more."""
        return state_of(self.order) in {OrderState.CANCELLED, OrderState.REFUNDED}

    @property
    def what(self) -> str:
        """`2 × Deck pass, 1 × Tent pitch`."""
        return ", ".join(f"{line.quantity} × {line.name}" for line in self.order.items)


@dataclass(frozen=True, slots=True)
class Choices:
    """One filter of a list: what it is called, what can be chosen, what is."""

    name: str
    label: str
    options: Sequence[tuple[str, str]]
    current: str = ""

    @property
    def words(self) -> str:
        """The chosen words."""
        return next((words for value, words in self.options if value == self.current), "")


@dataclass(frozen=True, slots=True)
class BulkOutcome:
    """What came of doing one thing to several orders."""

    verb: str
    done: int
    refused: Sequence[tuple[str, str, str]] = ()
    """Number, address of the page and reason of each that was left as it was."""


@dataclass(frozen=True, slots=True)
class OrdersPage:
    """The list of orders."""

    frame: Frame
    asked: Asked
    rows: Sequence[OrderLineView]
    filters: Sequence[Choices]
    zone: str
    now: datetime
    words: str
    newer: str | None = None
    older: str | None = None
    outcome: BulkOutcome | None = None

    def time(self, at: datetime) -> str:
        return brief(at, self.zone, self.now)

    @property
    def is_filtered(self) -> bool:
        return bool(self.asked.text("q")) or any(one.current for one in self.filters)

    @property
    def export_href(self) -> str:
        return self.asked.href(sort=None).replace("/office/orders", "/office/orders/export", 1)

    @property
    def sort_href(self) -> str:
        return self.asked.href(sort=None if self.is_oldest_first else "oldest")

    @property
    def is_oldest_first(self) -> bool:
        return self.asked.spot.oldest_first


@dataclass(frozen=True, slots=True)
class TicketLine:
    """A ticket of an order as a row."""

    id: UUID
    holder: str
    type_name: str
    code: str
    badge: tuple[str, str, str]
    paid: int
    is_good: bool
    was_handed_on: bool
    price: int = 0
    fee: int = 0
    tax: int = 0
    """What of `paid` was for the ticket, for the fee and for tax that was added."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing of the timeline."""

    icon: str
    what: str
    detail: str
    at: datetime
    kind: str = "plain"


def drawn_history(history: Sequence[Happening], zone: str) -> list[tuple[str, str, str, str, str]]:
    """A timeline as the component draws it; the day is said where it is another one than above."""
    found, day = [], None
    for one in history:
        there = one.at.astimezone(ZoneInfo(zone))
        pattern = "HH:mm" if there.date() == day else "EEE d MMM, HH:mm"
        when = format_datetime(there, pattern, tzinfo=ZoneInfo(zone), locale=LOCALE)
        found.append((one.icon, one.what, one.detail, when, one.kind))
        day = there.date()
    return found


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """A row of the sum beside an order."""

    words: str
    amount: int
    kind: str = ""
    """`total`, `off` for what was taken off, `note` for what is only told, or nothing."""


@dataclass(frozen=True, slots=True)
class Acts:
    """What may be done with an order now, by whoever looks at it."""

    mark_paid: bool = False
    decide: bool = False
    cancel: bool = False
    refund: bool = False
    resend: bool = False
    change_email: bool = False
    note: bool = False


class AnswerLine(NamedTuple):
    """What was answered; `whose` names the ticket that it was asked for."""

    label: str
    words: str
    whose: str


@dataclass(frozen=True, slots=True)
class OrderPage:
    """One order with everything that is known of it."""

    frame: Frame
    view: OrderLineView
    tickets: Sequence[TicketLine]
    money: Sequence[MoneyLine]
    history: Sequence[Happening]
    invoices: Sequence[Invoice]
    answers: Sequence[AnswerLine]
    acts: Acts
    zone: str
    buyer_words: str
    dialog: str = ""
    """The dialog that opens with the page, and shows what was wrong with it."""
    findings: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""

    @property
    def order(self) -> OrderStaff:
        return self.view.order

    @property
    def path(self) -> str:
        return self.view.href

    @property
    def timeline(self) -> list[tuple[str, str, str, str, str]]:
        return drawn_history(self.history, self.zone)


@dataclass(frozen=True, slots=True)
class RefundPage:
    """A refund that is being thought about: what goes back for each ticket, and what happens then."""

    frame: Frame
    view: OrderLineView
    tickets: Sequence[TicketLine]
    chosen: frozenset[UUID]
    way: str
    """`tickets`, `amount`, or `all` where the whole order is due."""
    amount: int
    """What goes back as it is chosen now; 0 while nothing is."""
    left: int
    typed_amount: str
    reason: str
    effects: Sequence[str]
    findings: Mapping[str, str] = field(default_factory=dict)

    @property
    def order(self) -> OrderStaff:
        return self.view.order

    @property
    def path(self) -> str:
        return f"{self.view.href}/refund"

    @property
    def stays(self) -> int:
        return max(0, self.left - self.amount)
