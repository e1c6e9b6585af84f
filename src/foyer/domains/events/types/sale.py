"""Terms of sale: what the desks decide by, and what buyers may know."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from foyer.domains.events.types.event import EventDate, EventPublic, EventStatus, Visibility
from foyer.kernel.time import Window


class SaleState(StrEnum):
    """Whether something can be bought now, and if not, why."""

    ON_SALE = "on_sale"
    NOT_YET = "not_yet"
    ENDED = "ended"
    SOLD_OUT = "sold_out"
    BY_APPROVAL = "by_approval"
    CANCELLED = "cancelled"
    OVER = "over"

    @property
    def is_buyable(self) -> bool:
        """Whether it can be chosen now. By approval, the organizer decides before anything is charged."""
        return self in {SaleState.ON_SALE, SaleState.BY_APPROVAL}


class TaxTerms(NamedTuple):
    """A tax rate as prices need it."""

    name: str
    rate_bps: int
    is_included: bool


class DiscountTerms(NamedTuple):
    """A discount code as prices need it: `percent_bps` of the unit price, or `amount` off each matching ticket."""

    id: UUID
    code: str
    percent_bps: int | None
    amount: int | None
    currency: str | None
    ticket_types: frozenset[UUID]
    """The types it is for; empty means all."""
    minimum_quantity: int
    window: Window
    uses_per_customer: int | None
    pool_id: UUID
    is_deleted: bool


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
    tax: TaxTerms | None
    pools: tuple[UUID, ...]


class SaleTerms(NamedTuple):
    """When and how an event is sold, as the desks read it under the lock of its pool."""

    status: EventStatus
    visibility: Visibility
    starts_at: datetime
    ends_at: datetime
    sales: Window
    time_zone: str
    currency: str
    service_fee_bps: int
    service_fee_fixed: int
    manual_payment_hours: int
    approval_hours: int
    allows_guests: bool

    def is_shown(self, *, has_grant: bool) -> bool:
        """Whether its address opens the event: drafts never, private ones only with a grant."""
        return self.status is not EventStatus.DRAFT and (
            has_grant or self.visibility is not Visibility.PRIVATE
        )

    @property
    def is_listed(self) -> bool:
        """Whether somebody without a link may come across it."""
        return self.status is not EventStatus.DRAFT and self.visibility is Visibility.PUBLIC

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
        if free <= 0:
            return SaleState.SOLD_OUT
        return SaleState.BY_APPROVAL if kind.requires_approval else SaleState.ON_SALE


class HolderTerms(NamedTuple):
    """Until when holders of tickets change names and hand tickets on, and whether the event still stands."""

    status: EventStatus
    time_zone: str
    closes_at: datetime


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
    dates: tuple[EventDate, ...] = ()
    """Of the others of its series, where one event was asked for."""
