"""Values of events and ticket types, one struct for each audience."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal, NamedTuple
from uuid import UUID

from msgspec import Meta

from foyer.kernel.time import Window
from foyer.kernel.wire import Wire

Moment = Annotated[datetime, Meta(tz=True)]
JsonObject = dict[str, object]


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
    """What an organizer writes about an event; everything that is not required has a default."""

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


class TicketTypeDraft(Wire, frozen=True):
    """What an organizer writes about a ticket type. `is_free` means a price of 0 and may be left out."""

    name: str
    quantity: int
    price: int | None = None
    description: str | None = None
    min_per_order: int = 1
    max_per_order: int | None = None
    sales_start_date: Moment | None = None
    sales_end_date: Moment | None = None
    is_hidden: bool = False
    is_free: bool | None = None
    requires_approval: bool = False
    sort_order: int = 0
    metadata: JsonObject = {}


class TicketTypeStaff(Wire, frozen=True):
    """A ticket type as staff see it."""

    id: UUID
    event_id: UUID
    name: str
    description: str | None
    price: int
    quantity: int
    min_per_order: int
    max_per_order: int
    sales_start_date: datetime | None
    sales_end_date: datetime | None
    is_hidden: bool
    is_free: bool
    requires_approval: bool
    sort_order: int
    available_quantity: int
    held: int
    sold: int
    metadata: JsonObject
    version: int
    created_at: datetime
    updated_at: datetime


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


class Warning_(Wire, frozen=True):  # noqa: N801 - `Warning` is Python's own
    """Something an organizer should look at, which does not stop the event from being sold."""

    field: str
    detail: str


class SaleState(StrEnum):
    """Whether something can be bought now, and if not, why."""

    ON_SALE = "on_sale"
    NOT_YET = "not_yet"
    ENDED = "ended"
    SOLD_OUT = "sold_out"
    BY_APPROVAL = "by_approval"
    CANCELLED = "cancelled"
    OVER = "over"


class TypeTerms(NamedTuple):
    """When and how one ticket type is sold."""

    id: UUID
    name: str
    price: int
    min_per_order: int
    max_per_order: int
    sales: Window
    is_hidden: bool
    requires_approval: bool
    pools: tuple[UUID, ...]


class SaleTerms(NamedTuple):
    """When and how an event is sold, as the desks read it under the lock of its pool."""

    status: EventStatus
    visibility: Visibility
    ends_at: datetime
    sales: Window
    time_zone: str
    currency: str
    service_fee_bps: int
    service_fee_fixed: int
    allows_guests: bool

    @property
    def is_shown(self) -> bool:
        """Whether a direct link opens the event: drafts never, private ones only with a grant."""
        return self.status is not EventStatus.DRAFT and self.visibility is not Visibility.PRIVATE

    def state_of(self, kind: TypeTerms, *, free: int, now: datetime) -> SaleState:
        """Whether a ticket type can be bought at this moment. The narrower of both windows counts."""
        if self.status is EventStatus.CANCELLED:
            return SaleState.CANCELLED
        if self.status is not EventStatus.PUBLISHED or self.ends_at <= now:
            return SaleState.OVER
        window = self.sales.narrowed(kind.sales)
        if window.closed_by(now):
            return SaleState.ENDED
        if window.opens_after(now):
            return SaleState.NOT_YET
        if kind.requires_approval:
            return SaleState.BY_APPROVAL
        return SaleState.ON_SALE if free > 0 else SaleState.SOLD_OUT


class TypeOnSale(NamedTuple):
    """A ticket type with how many of it can be taken: the smallest of its pools decides."""

    terms: TypeTerms
    description: str | None
    sort_order: int
    free: int


class EventOnSale(NamedTuple):
    """An event as buyers may know it, with everything that decides whether they can buy. Hidden types are in it."""

    event: EventPublic
    terms: SaleTerms
    types: tuple[TypeOnSale, ...]
