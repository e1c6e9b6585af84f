"""What each page of a shop needs to be drawn: handlers fill these, templates read them, nothing else crosses.

A template gets the value as `page`. Every page has a `shop` (None: no shop is known) and a `title`.
Findings carry the name of the form's own field, so that an error stands beside what was typed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby
from uuid import UUID

from markupsafe import Markup

from foyer.domains.carts.types import Cart, Offer, OfferedType
from foyer.domains.events.types import EventPublic, EventStatus, SaleState
from foyer.domains.orders.types import Order, OrderStatus
from foyer.domains.organizations.types import Shop
from foyer.domains.tickets.types import Ticket, TicketStatus
from foyer.kernel.errors import Finding

FEW_LEFT = 20
"""From here on a shop says how many are left: enough to plan by, too few to be a boast."""

QUANTITY_FIELD = "quantity-"
CONTACT_WORDS = {"firstName": "first name", "lastName": "last name", "email": "email"}


def finding_for(findings: Sequence[Finding], name: str) -> Finding | None:
    return next((one for one in findings if one.field == name), None)


def sale_state(offer: Offer) -> SaleState:
    """The whole event in one word: the best that can be said of any of its ticket types."""
    event = offer.event
    if event.status is EventStatus.CANCELLED:
        return SaleState.CANCELLED
    if event.status is EventStatus.COMPLETED or event.ends_at <= offer.as_of:
        return SaleState.OVER
    states = {one.state for one in offer.ticket_types}
    ranked = (SaleState.ON_SALE, SaleState.BY_APPROVAL, SaleState.NOT_YET, SaleState.SOLD_OUT)
    return next((state for state in ranked if state in states), SaleState.ENDED)


def lowest_total(offer: Offer) -> int | None:
    """The least a paying guest pays, fees included: of what can be had now, else of everything.

    A free child's ticket does not make a festival free; 0 means that all of it is.
    """
    open_now = [one.total for one in offer.ticket_types if one.state is SaleState.ON_SALE]
    totals = open_now or [one.total for one in offer.ticket_types]
    return min((total for total in totals if total > 0), default=0 if totals else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferCard:
    """One event on a shop's home."""

    event: EventPublic
    state: SaleState
    price_from: int | None
    """The whole price, fees included; None where nothing is priced yet."""
    is_one_price: bool = False
    opens_at: datetime | None = None
    """When the first ticket type goes on sale, for `NOT_YET`."""

    @classmethod
    def of(cls, offer: Offer) -> "OfferCard":
        starts = [one.sales_start_date for one in offer.ticket_types if one.state is SaleState.NOT_YET]
        return cls(
            event=offer.event, state=sale_state(offer), price_from=lowest_total(offer),
            is_one_price=len({one.total for one in offer.ticket_types}) == 1,
            opens_at=min((at for at in starts if at is not None), default=None),
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class LandingPage:
    """The root of an installation, before any shop is chosen."""

    shop: None = None
    title: str = "Foyer"


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage:
    """`offers` are what the search found, soonest first. `next_href` leads to more of them."""

    shop: Shop
    offers: Sequence[OfferCard]
    categories: Sequence[str] = ()
    q: str = ""
    category: str = ""
    next_href: str | None = None

    @property
    def title(self) -> str:
        return self.shop.name

    @property
    def is_searched(self) -> bool:
        return bool(self.q or self.category)

    @property
    def feature(self) -> OfferCard | None:
        """The next event stands large, unless somebody looks for something else."""
        return self.offers[0] if self.offers and not self.is_searched else None

    @property
    def months(self) -> Iterator[tuple[date, list[OfferCard]]]:
        """The other events, month by month."""
        rest = self.offers[1:] if self.feature else self.offers
        for month, cards in groupby(rest, key=lambda card: card.event.start_date.replace(day=1)):
            yield month, list(cards)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPage:
    """`quantities` are what was typed so far, by ticket type; a finding about one is named `quantity-<id>`."""

    shop: Shop
    offer: Offer
    description_html: Markup
    quantities: dict[UUID, int] = field(default_factory=dict)
    findings: Sequence[Finding] = ()
    hold_minutes: int

    @property
    def title(self) -> str:
        return self.offer.event.title

    @property
    def state(self) -> SaleState:
        return sale_state(self.offer)

    @property
    def field_names(self) -> dict[str, str]:
        return {f"{QUANTITY_FIELD}{one.id}": one.name for one in self.offer.ticket_types}

    def finding(self, name: str) -> Finding | None:
        return finding_for(self.findings, name)

    @property
    def types(self) -> list[OfferedType]:
        return sorted(self.offer.ticket_types, key=lambda one: one.sort_order)

    @property
    def has_fees(self) -> bool:
        return any(one.fee for one in self.offer.ticket_types)

    @property
    def price_from(self) -> int | None:
        return lowest_total(self.offer)

    @property
    def opens_at(self) -> datetime | None:
        return OfferCard.of(self.offer).opens_at

    @property
    def chosen(self) -> list[tuple[OfferedType, int]]:
        return [(one, self.quantities[one.id]) for one in self.types if self.quantities.get(one.id, 0) > 0]

    @property
    def count(self) -> int:
        return sum(quantity for _, quantity in self.chosen)

    @property
    def total(self) -> int:
        return sum(one.total * quantity for one, quantity in self.chosen)

    @property
    def fees(self) -> int:
        return sum(one.fee * quantity for one, quantity in self.chosen)

    def most(self, one: OfferedType) -> int:
        """How many of a type the stepper allows."""
        return max(0, min(one.max_per_order, one.available_quantity))

    def is_scarce(self, one: OfferedType) -> bool:
        return one.state is SaleState.ON_SALE and one.available_quantity <= FEW_LEFT


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendeeSlot:
    """One place in a cart that gets a name. `prefix` begins its fields' names: `attendees-0-`."""

    prefix: str
    type_name: str
    number: int
    count: int
    """This is the `number`-th of `count` tickets of the type, counted from 1."""


def slots_of(cart: Cart) -> list[AttendeeSlot]:
    """A slot for each ticket, in the order of the cart's lines."""
    places = [(line, number) for line in cart.items for number in range(1, line.quantity + 1)]
    return [
        AttendeeSlot(prefix=f"attendees-{index}-", type_name=line.name, number=number, count=line.quantity)
        for index, (line, number) in enumerate(places)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckoutPage:
    """`form` is everything typed so far by field name; `as_of` is the server's time, for the countdown."""

    shop: Shop
    event: EventPublic
    cart: Cart
    as_of: datetime
    slots: Sequence[AttendeeSlot]
    form: dict[str, str] = field(default_factory=dict)
    findings: Sequence[Finding] = ()

    @property
    def title(self) -> str:
        return "Checkout"

    @property
    def count(self) -> int:
        return sum(line.quantity for line in self.cart.items)

    @property
    def field_names(self) -> dict[str, str]:
        """What the form's fields are called in words, for the summary of what is wrong."""
        named = {name: words.capitalize() for name, words in CONTACT_WORDS.items()}
        for slot in self.slots:
            whose = f"{slot.type_name} {slot.number} of {slot.count}" if slot.count > 1 else slot.type_name
            named.update(
                {f"{slot.prefix}{name}": f"{whose}, {words}" for name, words in CONTACT_WORDS.items()}
            )
        return named

    def finding(self, name: str) -> Finding | None:
        return finding_for(self.findings, name)


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketView:
    """One ticket of an order. `qr_svg` is empty where the ticket opens no door any more."""

    ticket: Ticket
    type_name: str
    holder: str
    qr_svg: Markup

    @property
    def is_open(self) -> bool:
        return self.ticket.status in {TicketStatus.VALID, TicketStatus.USED}


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPage:
    shop: Shop
    event: EventPublic
    order: Order
    tickets: Sequence[TicketView]
    joining_link: str | None = None
    """Where a virtual event takes place, for whoever holds a valid ticket."""

    @property
    def title(self) -> str:
        return f"Order {self.order.order_number}"

    @property
    def is_over(self) -> bool:
        return self.order.status in {OrderStatus.CANCELLED, OrderStatus.REFUNDED}


class StateKind(StrEnum):
    """Why there is no page to show, which decides the icon and its colour."""

    NOT_FOUND = "not_found"
    CART_EXPIRED = "cart_expired"
    SOLD_OUT = "sold_out"
    NOT_ON_SALE = "not_on_sale"
    CANCELLED = "cancelled"
    BUSY = "busy"
    WRONG = "wrong"


WORDS = {
    StateKind.NOT_FOUND: ("Nothing is here", "The address may have been typed wrongly, or the event is no longer shown."),
    StateKind.CART_EXPIRED: (
        "Your places went back on sale", "The time to finish the order ran out. No money was taken. If the tickets are still there, you can take them again.",
    ),
    StateKind.SOLD_OUT: ("Those places are gone", "Somebody else was a moment faster. Other tickets may still be there."),
    StateKind.NOT_ON_SALE: ("Not on sale", "These tickets cannot be bought at this time. The event’s page says when they can."),
    StateKind.CANCELLED: ("This event is cancelled", "No tickets are sold any more. If you hold one, the organizer writes to you by email."),
    StateKind.BUSY: ("Very busy right now", "Very many people are here at once. Nothing is lost; please try again in a moment."),
    StateKind.WRONG: ("Something went wrong", "The fault is ours and has been noted. Nothing was taken. Please try again in a moment."),
}  # fmt: skip
"""Title and sentence of each state, unless a handler knows better ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatePage:
    """One designed page for everything that ends a way: an icon, a title, a sentence, one button."""

    kind: StateKind
    shop: Shop | None = None
    event: EventPublic | None = None
    headline: str = ""
    sentence: str = ""
    action: str = ""
    action_href: str = ""
    reference: str = ""
    """A request's id that the organizer or we can look up; shown for `WRONG` only."""

    @property
    def title(self) -> str:
        return self.headline or WORDS[self.kind][0]

    @property
    def detail(self) -> str:
        return self.sentence or WORDS[self.kind][1]

    @property
    def button(self) -> tuple[str, str]:
        """Words and address of the one way on."""
        if self.action_href:
            return self.action or "Go on", self.action_href
        if self.shop and self.event and self.kind is not StateKind.CANCELLED:
            return "Back to the event", f"/{self.shop.slug}/events/{self.event.slug}"
        if self.shop:
            return "All events", f"/{self.shop.slug}"
        return "To the start", "/"
