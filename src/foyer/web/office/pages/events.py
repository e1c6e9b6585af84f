"""Pages about events: the list, a new one, the editor with its tabs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode
from uuid import UUID

from foyer.domains.carts.types import OfferedType
from foyer.domains.events.types import Check, EventStaff, EventStatus, SharedPool
from foyer.web.office.event_form import OVERVIEW, SETTINGS, in_words
from foyer.web.office.frame import Frame
from foyer.web.office.pages.choices import COUNTRIES, CURRENCY_CHOICES, ZONES
from foyer.web.office.pages.form import FormState

STATES = {"draft": "Draft", "published": "On sale", "cancelled": "Cancelled", "completed": "Over"}
SEEN = {"public": "Public", "unlisted": "Unlisted", "private": "Private"}
_COUNTS = {2: "Two", 3: "Three", 4: "Four"}
PLACES = (("physical", "In person"), ("virtual", "Online"), ("hybrid", "Both"))
MENDS = {
    "address": ("Look", "/office/account"),
    "basics": ("Edit", "#title"), "dates": ("Change", "#startDate"), "types": ("Add", "/tickets/new"),
    "place": ("Add", "#venueName"), "link": ("Fix", "#virtualEventUrl"), "visibility": ("Make one", "/access"),
    "hidden": ("Make one", "/access"), "begun": ("Look", "#startDate"), "refunds": ("Write", "/office/settings/selling#refundPolicy"),
    "cover": ("Upload", "#pictures"), "sales": ("Change", "/settings#salesEndDate"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class EventsPage:
    """The list, as it was searched."""

    frame: Frame
    events: Sequence[EventStaff]
    revenue: Mapping[UUID, int]
    q: str = ""
    status: str = ""
    visibility: str = ""
    cursor: str = ""
    next_cursor: str | None = None

    @property
    def is_filtered(self) -> bool:
        return bool(self.q or self.status or self.visibility or self.cursor)

    @property
    def states(self) -> list[tuple[str, str, bool]]:
        """Filters by state: words, address, whether it is set; a set one leads to where it is not."""
        return [
            (words, self.href(status="" if key == self.status else key, cursor=""), key == self.status)
            for key, words in STATES.items()
        ]

    @property
    def sights(self) -> list[tuple[str, str, bool]]:
        return [
            (
                words,
                self.href(visibility="" if key == self.visibility else key, cursor=""),
                key == self.visibility,
            )
            for key, words in SEEN.items()
        ]

    @property
    def newer(self) -> str | None:
        return self.href(cursor="") if self.cursor else None

    @property
    def older(self) -> str | None:
        return self.href(cursor=self.next_cursor) if self.next_cursor else None

    def href(self, **changed: str) -> str:
        """The address of this list with some of its filters changed."""
        now = {"q": self.q, "status": self.status, "visibility": self.visibility, "cursor": self.cursor}
        kept = urlencode({name: value for name, value in (now | changed).items() if value})
        return f"/office/events?{kept}" if kept else "/office/events"


@dataclass(frozen=True, slots=True)
class NewEventPage:
    frame: Frame
    form: FormState
    fields = OVERVIEW
    places = PLACES
    zones = ZONES
    countries = COUNTRIES


@dataclass(frozen=True, slots=True)
class EventHead:
    """What stands over every tab of an event."""

    event: EventStaff
    current: str
    discounts: int | None = None

    @property
    def href(self) -> str:
        return f"/office/events/{self.event.id}"

    @property
    def type_names(self) -> dict[str, str]:
        """What the ticket types of the event are called, by their ids as text."""
        return {str(kind.id): kind.name for kind in self.event.ticket_types}

    @property
    def tabs(self) -> list[tuple[str, str, str, int | None]]:
        """Key, words, address, count of each tab."""
        at = self.href
        return [
            ("overview", "Overview", at, None),
            ("tickets", "Tickets", f"{at}/tickets", len(self.event.ticket_types) or None),
            ("questions", "Questions", f"{at}/questions", None),
            ("orders", "Orders", f"/office/orders?event={self.event.id}", None),
            ("attendees", "Attendees", f"/office/attendees?event={self.event.id}", None),
            ("check-in", "Check-in", f"/office/check-in?event={self.event.id}", None),
            ("discounts", "Discounts", f"{at}/discounts", self.discounts or None),
            ("waiting-list", "Waiting list", f"{at}/waiting-list", None),
            ("access", "Access", f"{at}/access", None),
            ("sharing", "Share", f"{at}/sharing", None),
            ("settings", "Settings", f"{at}/settings", None),
        ]

    @property
    def is_open(self) -> bool:
        """Whether anything of it may still be changed."""
        return self.event.status in {EventStatus.DRAFT, EventStatus.PUBLISHED}


@dataclass(frozen=True, slots=True)
class TypeRow:
    """A ticket type as the list of the editor shows it, with its neighbours in the order of the shop."""

    id: UUID
    offered: OfferedType
    quantity: int
    sold: int
    held: int
    is_hidden: bool
    requires_approval: bool


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """The first tab: what people see first, when and where, the tickets, what is left to do."""

    frame: Frame
    head: EventHead
    form: FormState
    types: Sequence[TypeRow]
    checks: Sequence[Check]
    was_changed: bool = False
    places = PLACES
    zones = ZONES
    countries = COUNTRIES
    fields = (*OVERVIEW, "picture")

    @property
    def event(self) -> EventStaff:
        return self.head.event

    @property
    def may_edit(self) -> bool:
        return self.head.is_open and self.frame.may("events:edit")

    @property
    def length(self) -> str:
        return in_words(self.event)

    @property
    def done(self) -> int:
        return sum(check.is_done for check in self.checks)

    @property
    def needed(self) -> int:
        """How many things stop the event from being published."""
        return sum(check.is_needed and not check.is_done for check in self.checks)

    @property
    def still(self) -> str:
        """Why it cannot be published, in few words."""
        return (
            "One thing to do first"
            if self.needed == 1
            else f"{_COUNTS.get(self.needed, self.needed)} things to do first"
        )

    @property
    def todo(self) -> list[tuple[bool, str, str, str, str]]:
        """The checklist as the component wants it, each open item with its link."""
        at, items = self.head.href, []
        for check in self.checks:
            words, href = MENDS[check.key]
            whole = href if href.startswith(("#", "/office")) else f"{at}{href}"
            items.append((check.is_done, check.title, check.reason, whole, words))
        return items

    @property
    def price_from(self) -> tuple[int, bool] | None:
        """The lowest whole price, and whether others are above it."""
        totals = {kind.offered.total for kind in self.types if not kind.is_hidden}
        return (min(totals), len(totals) > 1) if totals else None

    @property
    def seats(self) -> str:
        """How the places of the types stand to those of the event."""
        total = sum(kind.quantity for kind in self.types)
        if not self.types:
            return ""
        if not self.event.capacity:
            return f"{total:,} places, no limit over all"
        return f"{total:,} places, of a capacity of {self.event.capacity:,}"


@dataclass(frozen=True, slots=True)
class TermsPage:
    """The last tab: how an event is found and sold, and the ways to end it."""

    frame: Frame
    head: EventHead
    form: FormState
    zone_note: str
    series: Sequence[str]
    """The series that there are, to be chosen from."""
    was_changed: bool = False
    fields = SETTINGS
    currencies = CURRENCY_CHOICES
    sights = (
        ("public", "Public", "Listed in the shop and found by search."),
        ("unlisted", "Unlisted", "Opens by its link alone."),
        ("private", "Private", "Opens by an access link alone, which you make in its own tab."),
    )

    @property
    def event(self) -> EventStaff:
        return self.head.event


@dataclass(frozen=True, slots=True)
class CancelPage:
    """What happens if an event is cancelled, in numbers, before it is."""

    frame: Frame
    head: EventHead
    paid_orders: int
    pending_orders: int
    refund: int
    tickets: int

    @property
    def event(self) -> EventStaff:
        return self.head.event


@dataclass(frozen=True, slots=True)
class CopyPage:
    frame: Frame
    head: EventHead
    form: FormState
    pools: Sequence[SharedPool] = field(default_factory=tuple)
    fields = ("title", "startDate", "types", "pools", "discounts")

    @property
    def event(self) -> EventStaff:
        return self.head.event
