"""The page of today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from foyer.domains.analytics.types import EventDoor, EventSales, Gate
from foyer.domains.events.types import EventStaff
from foyer.web.office.frame import Frame
from foyer.web.office.lists import Asked, brief
from foyer.web.office.pages.orders import Choices, OrderLineView
from foyer.web.shared.charts import Chart, Figure


@dataclass(frozen=True, slots=True)
class FeedPage:
    """The latest orders; `tag` changes with them, so that asking again is cheap while nothing happens."""

    orders: Sequence[OrderLineView]
    zone: str
    now: datetime
    tag: str
    href: str
    """Where the next look is taken, with the tag in it."""

    def time(self, at: datetime) -> str:
        return brief(at, self.zone, self.now)


@dataclass(frozen=True, slots=True)
class DashboardPage:
    """Today against the same day last week, in one currency."""

    frame: Frame
    asked: Asked
    filters: Sequence[Choices]
    zone: str
    now: datetime
    figures: Sequence[Figure]
    chart: Chart
    currency: str
    currencies: Sequence[str]
    events: Sequence[EventSales]
    shown: EventStaff | None
    """The event whose ticket types are told."""
    doors: Sequence[EventDoor]
    gates: Sequence[Gate]
    feed: FeedPage | None
    has_events: bool

    @property
    def currency_links(self) -> list[tuple[str, str, str]]:
        return [(one, one, self.asked.href(currency=one)) for one in self.currencies]
