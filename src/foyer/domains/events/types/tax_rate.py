"""Values of tax rates."""

from datetime import datetime
from uuid import UUID

from foyer.kernel.wire import Wire


class TaxRateDraft(Wire, frozen=True):
    """What an organizer writes about a tax: 0 to 100 percent with at most two decimals, on top of prices or in them."""

    name: str
    rate_percentage: float
    inclusive: bool
    country: str | None = None


class TaxRate(Wire, frozen=True):
    """A tax that ticket types can name."""

    id: UUID
    name: str
    rate_percentage: float
    inclusive: bool
    country: str | None
    version: int
    created_at: datetime
    updated_at: datetime
