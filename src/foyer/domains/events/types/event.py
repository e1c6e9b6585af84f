"""Values of events, one struct for each audience."""

from datetime import date, datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from foyer.domains.events.types.ticket_type import Moment, TicketTypeStaff
from foyer.kernel.wire import Wire


class EventStatus(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    CANCELLED = "cancelled"
    COMPLETED = "completed"


class Visibility(StrEnum):
    PUBLIC = "public"
    PRIVATE = "private"
    UNLISTED = "unlisted"


class EventDraft(Wire, frozen=True):
    """What an organizer writes about an event; everything that is not required has a default.

    The service fee of a paid ticket is `service_fee_percentage` (0 to 100, at most two decimals) of its price and
    `service_fee_fixed` minor units; null leaves either to the organization, the fixed one only where currencies agree. An order
    to be paid by hand is kept for `manual_payment_hours`, one to be approved for `approval_hours` (1 to 8760). Holders change names
    and hand tickets on until `changes_close_hours` (0 to 8760) before the start. Events with the same `series`, in small or large
    letters, show each other's dates.
    """

    title: str
    description: str
    category: str
    start_date: date
    end_date: date
    start_time: str
    end_time: str
    time_zone: str
    slug: str | None = None
    short_description: str | None = None
    location_type: Literal["physical", "virtual", "hybrid"] = "physical"
    venue_name: str | None = None
    address: str | None = None
    city: str | None = None
    state: str | None = None
    zip_code: str | None = None
    country: str | None = None
    virtual_event_url: str | None = None
    featured_image: str | None = None
    gallery_images: list[str] = []
    visibility: Visibility = Visibility.PUBLIC
    currency: str | None = None
    sales_start_date: Moment | None = None
    sales_end_date: Moment | None = None
    seo_title: str | None = None
    seo_description: str | None = None
    tags: list[str] = []
    capacity: int = 0
    service_fee_percentage: float | None = None
    service_fee_fixed: int | None = None
    manual_payment_hours: int = 168
    approval_hours: int = 72
    changes_close_hours: int = 0
    series: str | None = None


class EventStaff(Wire, frozen=True):
    """An event as staff see it. `capacity` 0 is no limit; `total_revenue` is filled in by whoever knows the orders."""

    id: UUID
    organization_id: UUID
    slug: str
    title: str
    description: str
    short_description: str | None
    category: str
    start_date: date
    end_date: date
    start_time: str
    end_time: str
    time_zone: str
    starts_at: datetime
    ends_at: datetime
    location_type: str
    venue_name: str | None
    address: str | None
    city: str | None
    state: str | None
    zip_code: str | None
    country: str | None
    virtual_event_url: str | None
    featured_image: str | None
    gallery_images: list[str]
    status: EventStatus
    visibility: Visibility
    currency: str
    sales_start_date: datetime | None
    sales_end_date: datetime | None
    seo_title: str | None
    seo_description: str | None
    tags: list[str]
    capacity: int
    service_fee_percentage: float | None
    service_fee_fixed: int | None
    manual_payment_hours: int
    approval_hours: int
    changes_close_hours: int
    series: str | None
    total_tickets_sold: int
    ticket_types: list[TicketTypeStaff]
    created_by: UUID
    updated_by: UUID
    created_at: datetime
    updated_at: datetime
    version: int


class EventPublic(Wire, frozen=True):
    """What anybody may know of a published event. No address of a virtual event, no figures of sales."""

    id: UUID
    slug: str
    title: str
    description: str
    short_description: str | None
    category: str
    start_date: date
    end_date: date
    start_time: str
    end_time: str
    time_zone: str
    starts_at: datetime
    ends_at: datetime
    location_type: str
    venue_name: str | None
    address: str | None
    city: str | None
    state: str | None
    zip_code: str | None
    country: str | None
    featured_image: str | None
    gallery_images: list[str]
    status: EventStatus
    currency: str
    sales_start_date: datetime | None
    sales_end_date: datetime | None
    seo_title: str | None
    seo_description: str | None
    tags: list[str]


class EventDate(Wire, frozen=True):
    """Another event of the same series, as a way to it."""

    id: UUID
    slug: str
    title: str
    starts_at: datetime
    time_zone: str


class Check(Wire, frozen=True):
    """One thing to look at before an event is published; publishing is refused while a needed one is open."""

    key: str
    title: str
    is_done: bool
    is_needed: bool = False
    reason: str = ""


class EventFilter(Wire, frozen=True):
    """Which events staff look for; `search` is looked for in title, venue and city."""

    status: EventStatus | None = None
    visibility: Visibility | None = None
    search: str = ""


class EventCopy(Wire, frozen=True):
    """What a copy of an event is to be: when, and how much of the original it takes along.

    Ends, sales windows and those of the ticket types move with the start, by as many days.
    """

    title: str
    start_date: date
    with_ticket_types: bool = True
    with_pools: bool = True
    with_discounts: bool = False


class Warning_(Wire, frozen=True):  # noqa: N801 - `Warning` is Python's own
    """Something an organizer should look at, which does not stop the event from being sold."""

    field: str
    detail: str
