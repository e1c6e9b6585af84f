"""Values of customers."""

from datetime import datetime
from typing import Annotated, NamedTuple
from uuid import UUID

from msgspec import Meta

from foyer.kernel.wire import Wire


class Address(Wire, frozen=True):
    """A postal address; every part may be missing."""

    line1: str | None = None
    line2: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None


class Customer(Wire, frozen=True):
    """A buyer as typed at checkout; an order keeps it as it was."""

    email: str
    id: UUID | None = None
    first_name: str | None = None
    last_name: str | None = None
    phone: str | None = None
    address: Address | None = None
    marketing: bool = False


class CustomerDraft(Wire, frozen=True):
    """What staff write about a buyer. `marketing` they can only take back: saying yes is up to the buyer."""

    email: str
    first_name: str | None = None
    last_name: str | None = None
    phone: str | None = None
    address: Address | None = None
    marketing: bool = False


class CustomerStaff(Wire, frozen=True):
    """A buyer as staff see them. One who was erased has an `erased_at` and nothing else that tells who it was."""

    id: UUID
    email: str | None
    first_name: str | None
    last_name: str | None
    phone: str | None
    address: Address | None
    marketing: bool
    marketing_at: datetime | None
    erased_at: datetime | None
    created_at: datetime
    updated_at: datetime


class CustomerFilter(Wire, frozen=True):
    """Which buyers a list shows; what is left out leaves its question open.

    `q` begins the address, the first name, the last name or the whole name. Created from the first moment until before the second.
    """

    q: Annotated[str, Meta(max_length=200)] | None = None
    marketing: bool | None = None
    created_from: Annotated[datetime, Meta(tz=True)] | None = None
    created_to: Annotated[datetime, Meta(tz=True)] | None = None


class NewBuyerSession(Wire, frozen=True):
    """A buyer's session at the only moment its token is known."""

    id: UUID
    token: str
    expires_at: datetime


class Buyer(NamedTuple):
    """A buyer who is signed in."""

    session_id: UUID
    customer_id: UUID
    email: str
    first_name: str | None
    last_name: str | None
