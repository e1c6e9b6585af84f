"""Values of carts: what is offered, what is reserved."""

from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from foyer.domains.customers.types import Customer
from foyer.domains.events.types import EventDate, EventPublic, Grant, SaleState
from foyer.kernel.wire import Wire

LEFT_CART: Final = "left cart"
"""What the link in a reminder opens: a cart that is over, to take the same again."""


class CartStatus(StrEnum):
    """`abandoned` is a cart whose buyer had left an address, so that it can be recovered."""

    ACTIVE = "active"
    ABANDONED = "abandoned"
    CONVERTED = "converted"
    EXPIRED = "expired"


class WantedLine(Wire, frozen=True):
    """So many tickets of a type. In a change of a cart, a quantity of 0 takes the line away."""

    ticket_type_id: UUID
    quantity: int


class ChosenLine(NamedTuple):
    """A wanted line after lines of the same type became one; `place` is where the type was named first."""

    ticket_type_id: UUID
    quantity: int
    place: int
    grant: Grant | None = None
    """What the access link opens that the request came with: checked before, so that a desk needs no word with the database."""


class TaxLine(Wire, frozen=True):
    """A tax in an amount: on top of `base`, or, where `included`, contained in it."""

    name: str
    rate_bps: int
    base: int
    amount: int
    included: bool


class OfferedType(Wire, frozen=True):
    """A ticket type as a shop shows it: the whole price, its split, and whether it can be had now.

    `tax` comes on top, unless `tax_included`: `total` is price, fee and what is added of tax.
    """

    id: UUID
    name: str
    description: str | None
    price: int
    fee: int
    tax: int
    tax_name: str | None
    tax_rate_bps: int | None
    tax_included: bool | None
    total: int
    is_free: bool
    requires_approval: bool
    min_per_order: int
    max_per_order: int
    available_quantity: int
    state: SaleState
    sales_start_date: datetime | None
    sales_end_date: datetime | None
    sort_order: int


class Offer(Wire, frozen=True):
    """An event with everything that can be bought of it, as of `as_of`.

    `is_listed`: whether the shop and search engines may show it to whoever was not given its address.
    """

    event: EventPublic
    is_listed: bool
    ticket_types: list[OfferedType]
    dates: list[EventDate]
    """The other public events of its series that are to come; none in a list of events."""
    as_of: datetime


class Listing(NamedTuple):
    """Which of a shop's public events to come, and which page of them; all of them where nothing is said."""

    limit: int
    search: str | None = None
    category: str | None = None
    tag: str | None = None
    days: int | None = None
    """Those of the next so many days."""
    cursor: str | None = None


class Listed(NamedTuple):
    """A page of what is on, and the categories that there are in all."""

    offers: list[Offer]
    next_cursor: str | None
    categories: list[str]
    as_of: datetime


class CartLine(Wire, frozen=True):
    """One ticket type in a cart. `subtotal` is quantity times `unit_price`, before discount, fee and tax."""

    id: UUID
    ticket_type_id: UUID
    type: str
    name: str
    quantity: int
    unit_price: int
    unit_discount: int
    unit_fee: int
    unit_tax: int
    tax_name: str | None
    tax_rate_bps: int | None
    tax_included: bool | None
    subtotal: int


class Cart(Wire, frozen=True):
    """Places held for one buyer until `expires_at`."""

    id: UUID
    event_id: UUID
    session_id: str
    status: CartStatus
    items: list[CartLine]
    subtotal: int
    discount_amount: int
    fees: int
    taxes: int
    tax_lines: list[TaxLine]
    total: int
    currency: str
    discount_id: UUID | None
    discount_code: str | None
    customer: Customer | None
    created_at: datetime
    updated_at: datetime
    expires_at: datetime
