"""What a demo organizer is made of, and how days are counted from the one it is loaded on."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Required, TypedDict
from zoneinfo import ZoneInfo

from foyer.domains.events.types import (
    AnswerValue,
    DiscountDraft,
    EventDraft,
    QuestionDraft,
    TaxRateDraft,
    TicketTypeDraft,
)
from foyer.domains.organizations.types import OrganizationAddress, OrganizationDraft


@dataclass(frozen=True, slots=True)
class DemoArea:
    """So many places for these ticket types of an event together."""

    name: str
    capacity: int
    types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sold:
    """What people have bought of an event before the demo is opened.

    `orders` are spread over `days` before today, thicker towards the end; each takes one to `most` tickets of one of `types`,
    drawn by their weights. Of a past event, `came` is the share of tickets that was let in.
    """

    orders: int
    days: int
    types: tuple[tuple[str, int], ...]
    most: int = 4
    code: str | None = None
    came: float = 0.0


@dataclass(frozen=True, slots=True)
class DemoQuestion:
    """What buyers of these ticket types are asked, or of all; what they have answered is drawn from `said`."""

    draft: QuestionDraft
    said: tuple[AnswerValue, ...]
    types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DemoEvent:
    """`tax` is the name of the organizer's rate that all its paid tickets carry."""

    draft: EventDraft
    types: tuple[TicketTypeDraft, ...]
    tax: str | None = None
    areas: tuple[DemoArea, ...] = ()
    questions: tuple[DemoQuestion, ...] = ()
    sold: Sold | None = None
    publish: bool = True


@dataclass(frozen=True, slots=True)
class Paper:
    """What stands on an organizer's invoices."""

    address: OrganizationAddress
    tax_number: str
    payment_instructions: str


@dataclass(frozen=True, slots=True)
class DemoShop:
    """One organizer. `people` names the tongue its buyers' names are drawn from."""

    organization: OrganizationDraft
    owner: str
    paper: Paper
    events: tuple[DemoEvent, ...]
    taxes: tuple[TaxRateDraft, ...] = ()
    codes: tuple[DiscountDraft, ...] = ()
    people: str = "north"


class Place(TypedDict, total=False):
    """Where an organizer's events usually are."""

    time_zone: Required[str]
    venue_name: str
    address: str
    city: str
    state: str
    zip_code: str
    country: str


MONDAY, TUESDAY, THURSDAY, FRIDAY, SATURDAY = 0, 1, 3, 4, 5


def weekday(today: date, least_days: int, number: int) -> date:
    """The first such weekday (Monday is 0) at least so many days ahead."""
    day = today + timedelta(days=least_days)
    return day + timedelta(days=(number - day.weekday()) % 7)


def at_noon(day: date, zone: str) -> datetime:
    """Noon of a day somewhere, for windows of sale."""
    return datetime.combine(day, time(12), ZoneInfo(zone))
