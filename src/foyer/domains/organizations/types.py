"""Values of organizations: what the shop shows of one, what it takes to make one."""

from datetime import datetime
from typing import Final, Literal, NamedTuple
from uuid import UUID

from foyer.kernel.language import said
from foyer.kernel.wire import Wire

DEFAULT_PRIMARY: Final = "#58188f"
DEFAULT_SECONDARY: Final = "#f6a31c"
"""Colours of a shop that has chosen none, and of the installation itself."""

NO_SHOP: Final = said("There is no such shop.")


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
    language: str
    """For visitors whose browsers ask for none of ours."""
    reminds_of_carts: bool
    """Whether buyers may ask to be reminded of what they chose and did not order."""


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


class KeptImage(Wire, frozen=True):
    """A picture that was uploaded: its address on this host, and its size in pixels as it is served."""

    address: str
    width: int
    height: int


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


class OrganizationAddress(Wire, frozen=True):
    """Where an organization sits; `country` is two letters of ISO 3166."""

    line1: str
    city: str
    postal_code: str
    country: str
    line2: str | None = None
    state: str | None = None


class SettingsDraft(Wire, frozen=True):
    """Everything an organization says of itself, and how it sells; null in what may be left out sets it back.

    The service fee of a paid ticket is `service_fee_percentage` (0 to 100, at most two decimals) of its price and
    `service_fee_fixed` minor units of the default currency. A new `slug` leaves the old one redirecting to it for ever.
    `payment_instructions` say how to pay by transfer; they stand with `tax_number` on invoices. `language` is that of mails, and of the shop, for whoever reads none that Foyer speaks.
    """

    name: str
    slug: str
    email: str
    phone: str | None = None
    website: str | None = None
    address: OrganizationAddress | None = None
    logo: str | None = None
    default_currency: str = "EUR"
    time_zone: str = "UTC"
    language: Literal["en", "de"] = "en"
    email_notifications: bool = True
    abandoned_cart_mails: bool = False
    primary_color: str | None = None
    secondary_color: str | None = None
    allow_guest_checkout: bool = True
    service_fee_percentage: float = 0
    service_fee_fixed: int = 0
    ticket_transfers_enabled: bool = True
    refund_policy: str | None = None
    tax_number: str | None = None
    payment_instructions: str | None = None
    privacy_policy_url: str | None = None
    terms_of_service_url: str | None = None


class OrganizationStaff(Wire, frozen=True):
    """An organization as its staff see it. `plan` and `subscription_id` are the operator's to change."""

    id: UUID
    name: str
    slug: str
    email: str
    phone: str | None
    website: str | None
    address: OrganizationAddress | None
    logo: str | None
    plan: str
    subscription_id: str | None
    default_currency: str
    time_zone: str
    language: str
    email_notifications: bool
    abandoned_cart_mails: bool
    primary_color: str | None
    secondary_color: str | None
    allow_guest_checkout: bool
    service_fee_percentage: float
    service_fee_fixed: int
    ticket_transfers_enabled: bool
    refund_policy: str | None
    tax_number: str | None
    payment_instructions: str | None
    privacy_policy_url: str | None
    terms_of_service_url: str | None
    created_at: datetime
    updated_at: datetime
    version: int


class MailTerms(NamedTuple):
    """How an organization writes: in which language where its reader's is not known, on which clocks, and whether to itself."""

    language: str
    time_zone: str
    has_notices: bool


class FeeTerms(NamedTuple):
    """How the organization sells: its fee in basis points of the price and minor units of its currency, and to whom."""

    default_currency: str
    service_fee_bps: int
    service_fee_fixed: int
    allow_guest_checkout: bool
