"""Values of customers."""

from uuid import UUID

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
