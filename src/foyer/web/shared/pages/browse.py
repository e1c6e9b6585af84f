"""Looking around: the root, a shop's home, an event."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final
from uuid import UUID

from markupsafe import Markup
from msgspec.structs import replace

from foyer.domains.carts.types import Offer, OfferedType
from foyer.domains.events.types import EventDate, EventPublic, EventStatus, SaleState
from foyer.domains.organizations.types import Shop
from foyer.kernel.errors import Finding
from foyer.kernel.language import said
from foyer.web.shared.filters import deadline, home_url, month_name
from foyer.web.shared.pages.findings import finding_for
from foyer.web.shared.pages.seen import Seen
from foyer.web.shared.pages.waiting import (
    REMIND_EMAIL,
    REMIND_TYPE,
    WAITING_COUNT,
    WAITING_EMAIL,
    WAITING_TYPE,
    Opening,
    openings,
)
from foyer.web.shared.words import _, ngettext, told

FEW_LEFT = 20
"""From here on a shop says how many are left: enough to plan by, too few to be a boast."""

NEARLY_FEW = 5 * FEW_LEFT

HANDFUL = 6
NEARLY_A_YEAR = timedelta(days=300)
"""Days of one month in two years are not told apart by a day and its month."""

QUANTITY_FIELD = "quantity-"
CHANGES_FIELD = "cart"
"""Of the form that changes a cart: which one."""
WAITING_FIELDS: Final = frozenset({WAITING_COUNT, WAITING_EMAIL, WAITING_TYPE})
CLOSED: Final = {
    SaleState.NOT_YET: said("Not on sale yet"), SaleState.SOLD_OUT: said("Sold out"), SaleState.CANCELLED: said("Cancelled"),
    SaleState.ENDED: said("Sales have ended"), SaleState.OVER: said("Sales have ended"),
}  # fmt: skip


def with_held(offer: Offer, held: Mapping[UUID, int]) -> Offer:
    """The offer as it is for a visitor who holds so many tickets of these types, and may give some back for others."""

    def of(one: OfferedType) -> OfferedType:
        if one.id not in held:
            return one
        opened = SaleState.BY_APPROVAL if one.requires_approval else SaleState.ON_SALE
        state = opened if one.state is SaleState.SOLD_OUT else one.state
        return replace(one, state=state, available_quantity=one.available_quantity + held[one.id])

    return replace(offer, ticket_types=[of(one) for one in offer.ticket_types])


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
    """The least a paying guest pays, fees and taxes included: of what can be had now, else of everything.

    A free child's ticket does not make a festival free; 0 means that all of it is.
    """
    open_now = [one.total for one in offer.ticket_types if one.state.is_buyable]
    totals = open_now or [one.total for one in offer.ticket_types]
    return min((total for total in totals if total > 0), default=0 if totals else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferCard:
    """One event on a shop's home."""

    event: EventPublic
    state: SaleState
    price_from: int | None
    """The whole price, fees and taxes included; None where nothing is priced yet."""
    is_one_price: bool = False
    has_fees: bool = False
    has_taxes: bool = False
    is_scarce: bool = False
    """Whether few are left of everything that can be had."""
    opens_at: datetime | None = None
    """When the first ticket type goes on sale, for `NOT_YET`."""

    @classmethod
    def of(cls, offer: Offer) -> "OfferCard":
        starts = [one.sales_start_date for one in offer.ticket_types if one.state is SaleState.NOT_YET]
        to_have = [one.available_quantity for one in offer.ticket_types if one.state.is_buyable]
        return cls(
            event=offer.event, state=sale_state(offer), price_from=lowest_total(offer),
            is_one_price=len({one.total for one in offer.ticket_types}) == 1,
            has_fees=any(one.fee for one in offer.ticket_types),
            has_taxes=any(one.tax for one in offer.ticket_types),
            is_scarce=0 < sum(to_have) <= FEW_LEFT,
            opens_at=min((at for at in starts if at is not None), default=None),
        )  # fmt: skip

    @property
    def included(self) -> str:
        """What the price contains besides the ticket itself, in a few words; nothing where there is neither fee nor tax."""
        if self.has_fees:
            return _("Fees and taxes included") if self.has_taxes else _("Fees included")
        return _("Taxes included") if self.has_taxes else ""

    @property
    def beside(self) -> str:
        """What is said of a price that somebody pays now."""
        if self.state is not SaleState.ON_SALE:
            return ""
        return " · ".join(
            words for words in (self.included, _("Last tickets") if self.is_scarce else "") if words
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LandingPage:
    """The root of an installation, before any shop is chosen."""

    can_sign_up: bool
    shop: None = None
    title: str = "Foyer"


SPANS: Final[Mapping[int | None, str]] = {
    None: said("Any date"),
    7: said("Next 7 days"),
    30: said("Next 30 days"),
    90: said("Next 3 months"),
}
"""How far ahead a visitor looks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage:
    """`offers` are what the search found, soonest first. `next_href` leads to more of them."""

    shop: Shop
    offers: Sequence[OfferCard]
    categories: Sequence[str] = ()
    q: str = ""
    category: str = ""
    days: int | None = None
    """Only events of the next so many days, one of `SPANS`."""
    next_href: str | None = None
    seen: Seen | None = None

    @property
    def title(self) -> str:
        return self.shop.name

    @property
    def here(self) -> str:
        return home_url(self.shop, self.q, self.category, self.days)

    @property
    def is_searched(self) -> bool:
        return bool(self.q or self.category or self.days)

    @property
    def spans(self) -> Mapping[int | None, str]:
        return SPANS

    @property
    def feature(self) -> OfferCard | None:
        """The next event stands large, unless somebody looks for something else."""
        return self.offers[0] if self.offers and not self.is_searched else None

    @property
    def groups(self) -> Iterator[tuple[str, list[OfferCard]]]:
        """The other events, month by month; a handful stands together, as each of them says its day."""
        rest = list(self.offers[1:] if self.feature else self.offers)
        if (
            0 < len(rest) <= HANDFUL
            and rest[-1].event.start_date - self.offers[0].event.start_date < NEARLY_A_YEAR
        ):
            found = ngettext("%(n)s event", "%(n)s events", len(rest)) % {"n": len(rest)}
            yield found if self.is_searched else _("Coming up"), rest
            return
        for month, cards in groupby(rest, key=lambda card: card.event.start_date.replace(day=1)):
            yield month_name(month), list(cards)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPage:
    """`quantities` are what was typed so far, by ticket type; a finding about one is named `quantity-<id>`."""

    shop: Shop
    offer: Offer
    description_html: Markup
    quantities: dict[UUID, int] = field(default_factory=dict)
    findings: Sequence[Finding] = ()
    hold_minutes: int
    seen: Seen | None = None
    is_by_link: bool = False
    """Whether the visitor came by an access link, and sees what others may not."""
    has_held: bool = False
    """Whether what the visitor holds counts as free here: what is told to everybody would not be true on this page."""
    changes: UUID | None = None
    """The cart that the visitor is about to change."""
    is_framed: bool = False
    """Whether it stands in a frame on another website, where no access link counts."""
    waiting: Mapping[str, str] = field(default_factory=dict)
    """What was typed into the form of the waiting list, or into that of the reminder."""

    @property
    def title(self) -> str:
        return self.offer.event.title

    @property
    def here(self) -> str:
        return f"/{self.shop.slug}/events/{self.offer.event.slug}"

    @property
    def live(self) -> str:
        """Where is told what becomes of its tickets."""
        return f"{self.here}/widget/live" if self.is_framed else f"{self.here}/live"

    @property
    def state(self) -> SaleState:
        return sale_state(self.offer)

    @property
    def dates(self) -> list[EventDate]:
        """Every date of its series in order, this one among them; none where it stands alone."""
        event = self.offer.event
        mine = EventDate(
            id=event.id,
            slug=event.slug,
            title=event.title,
            starts_at=event.starts_at,
            time_zone=event.time_zone,
        )
        return sorted([mine, *self.offer.dates], key=lambda one: one.starts_at) if self.offer.dates else []

    @property
    def is_one_show(self) -> bool:
        """Whether every date of the series is the same thing on another day."""
        return all(one.title == self.offer.event.title for one in self.offer.dates)

    @property
    def field_names(self) -> dict[str, str]:
        named = {f"{QUANTITY_FIELD}{one.id}": one.name for one in self.offer.ticket_types}
        return named | {
            WAITING_EMAIL: _("Email"), WAITING_COUNT: _("How many"), WAITING_TYPE: _("Ticket"),
            REMIND_EMAIL: _("Email"), REMIND_TYPE: _("Ticket"),
        }  # fmt: skip

    def finding(self, name: str) -> Finding | None:
        return finding_for(self.findings, name)

    @property
    def waitable(self) -> list[OfferedType]:
        """What somebody can wait for. Whoever came by a link sees more than a line is kept for."""
        if self.is_by_link:
            return []
        return [one for one in self.types if one.state is SaleState.SOLD_OUT]

    @property
    def wish(self) -> Mapping[str, str]:
        """What stands in the form of the waiting list: what was typed there, else what was chosen of tickets that are gone."""
        typed = {name: text for name, text in self.waiting.items() if name in WAITING_FIELDS}
        gone = next((one for one in self.waitable if self.quantities.get(one.id)), None)
        if typed or gone is None:
            return typed
        count = min(self.quantities[gone.id], gone.max_per_order)
        return {WAITING_TYPE: str(gone.id), WAITING_COUNT: str(count)}

    @property
    def openings(self) -> list[Opening]:
        """Of what somebody can be reminded, with the same exception."""
        return [] if self.is_by_link else openings(self.types)

    @property
    def types(self) -> list[OfferedType]:
        """In the organizer's order, but last what nobody can have any more."""
        return sorted(self.offer.ticket_types, key=lambda one: (one.state is SaleState.ENDED, one.sort_order))

    @property
    def includes(self) -> str:
        """What prices contain besides the ticket itself, in a sentence; nothing where there is neither fee nor tax."""
        if self.has_fees:
            return _("Prices include all fees and taxes") if self.has_taxes else _("Prices include all fees")
        return _("Prices include all taxes") if self.has_taxes else ""

    @property
    def card(self) -> OfferCard:
        """The event as it stands on the shop's home."""
        return OfferCard.of(self.offer)

    @property
    def has_taxes(self) -> bool:
        return any(one.tax for one in self.offer.ticket_types)

    @property
    def has_fees(self) -> bool:
        return any(one.fee for one in self.offer.ticket_types)

    @property
    def has_requests(self) -> bool:
        return any(one.state is SaleState.BY_APPROVAL for one in self.offer.ticket_types)

    @property
    def opens_at(self) -> datetime | None:
        return self.card.opens_at

    @property
    def chosen(self) -> list[tuple[OfferedType, int]]:
        wanted = self.quantities
        return [(one, wanted[one.id]) for one in self.types if wanted.get(one.id) and self.is_open(one)]

    @property
    def count(self) -> int:
        return sum(quantity for _, quantity in self.chosen)

    @property
    def total(self) -> int:
        return sum(one.total * quantity for one, quantity in self.chosen)

    @property
    def fees(self) -> int:
        return sum(one.fee * quantity for one, quantity in self.chosen)

    @property
    def taxes(self) -> int:
        """All tax in the total, whether it came on top or is contained."""
        return sum(one.tax * quantity for one, quantity in self.chosen)

    def is_open(self, one: OfferedType) -> bool:
        return one.state.is_buyable

    def most(self, one: OfferedType) -> int:
        """How many of a type the stepper allows."""
        return max(0, min(one.max_per_order, one.available_quantity))

    def is_scarce(self, one: OfferedType) -> bool:
        return one.state.is_buyable and one.available_quantity <= FEW_LEFT

    def may_change(self, one: OfferedType) -> bool:
        """Whether somebody who looks at this page may come to see a type run out."""
        return self.is_open(one) and one.available_quantity <= NEARLY_FEW

    def standing(self, one: OfferedType) -> list[tuple[str, bool]]:
        """What is said of a type beside its price, line by line, and whether that is a warning."""
        if not self.is_open(one):
            return [(self._closed(one), False)]
        left = ngettext("%(n)s left", "%(n)s left", one.available_quantity) % {"n": one.available_quantity}
        least = _("At least %(n)s at once") % {"n": one.min_per_order}
        lines = [
            (_("On request: the organizer decides"), False, one.state is SaleState.BY_APPROVAL),
            (left, True, self.is_scarce(one)),
            (least, False, one.min_per_order > 1),
        ]
        return [(words, warns) for words, warns, is_said in lines if is_said]

    def _closed(self, one: OfferedType) -> str:
        if one.state is SaleState.NOT_YET and one.sales_start_date:
            return _("On sale %(when)s") % {
                "when": deadline(one.sales_start_date, self.offer.event.time_zone)
            }
        return told(CLOSED[one.state])
