"""Values of organizations: what the shop shows of one, what it takes to make one."""

from typing import Final, NamedTuple
from uuid import UUID

from foyer.kernel.wire import Wire

DEFAULT_PRIMARY: Final = "#58188f"
DEFAULT_SECONDARY: Final = "#f6a31c"
"""Colours of a shop that has chosen none, and of the installation itself."""

NO_SHOP: Final = "There is no such shop."


class Shop(Wire, frozen=True):
    """What anybody may know of an organization, and the rules its prices follow."""

    id: UUID
    slug: str
    name: str
    email: str
    phone: str | None
    website: str | None
    logo: str | None
    primary_color: str
    secondary_color: str
    default_currency: str
    service_fee_bps: int
    service_fee_fixed: int
    allow_guest_checkout: bool
    refund_policy: str | None
    privacy_policy_url: str | None
    terms_of_service_url: str | None


class ShopPublic(Wire, frozen=True):
    """The shop as the public API shows it."""

    slug: str
    name: str
    email: str
    phone: str | None
    website: str | None
    logo: str | None
    primary_color: str
    secondary_color: str
    refund_policy: str | None
    privacy_policy_url: str | None
    terms_of_service_url: str | None


class Seller(NamedTuple):
    """An organization as it stands on paper: who sells, where, under which number, and how to be paid by transfer."""

    name: str
    email: str
    phone: str | None
    website: str | None
    address: dict[str, str]
    """As `customers.types.Address`, on the wire."""
    logo: str | None
    primary_color: str
    secondary_color: str
    time_zone: str
    tax_number: str | None
    payment_instructions: str | None
    refund_policy: str | None


class OrganizationDraft(Wire, frozen=True):
    """What a new organization needs; the rest has defaults."""

    name: str
    slug: str
    email: str
    website: str | None = None
    default_currency: str = "EUR"
    primary_color: str | None = None
    secondary_color: str | None = None
    service_fee_bps: int = 0
    service_fee_fixed: int = 0
    refund_policy: str | None = None


class FeeTerms(NamedTuple):
    """How the organization sells: its fee in basis points of the price and minor units of its currency, and to whom."""

    default_currency: str
    service_fee_bps: int
    service_fee_fixed: int
    allow_guest_checkout: bool
