"""Values of discount codes."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from foyer.domains.events.types.ticket_type import Moment
from foyer.kernel.wire import Wire


class DiscountState(StrEnum):
    """Whether a code can be used now, and if not, why: `exhausted` is one whose uses are all taken or held."""

    SCHEDULED = "scheduled"
    ACTIVE = "active"
    ENDED = "ended"
    EXHAUSTED = "exhausted"


class DiscountDraft(Wire, frozen=True):
    """What an organizer writes about a code.

    It takes either `percentage` (above 0, to 100, at most two decimals) off the price of each matching ticket, or `amount`
    minor units of `currency`, never more than the price. No `ticket_type_ids` is all types; `minimum_quantity` counts matching
    tickets of a cart. Null in `max_uses` and `uses_per_customer` is no limit; it is used once for an order.
    """

    code: str
    percentage: float | None = None
    amount: int | None = None
    currency: str | None = None
    ticket_type_ids: list[UUID] = []
    minimum_quantity: int = 1
    max_uses: int | None = None
    uses_per_customer: int | None = None
    starts_at: Moment | None = None
    ends_at: Moment | None = None


class Discount(Wire, frozen=True):
    """A code as staff see it: `uses` are of orders that stand, `held` of carts and orders that wait."""

    id: UUID
    code: str
    percentage: float | None
    amount: int | None
    currency: str | None
    ticket_type_ids: list[UUID]
    minimum_quantity: int
    max_uses: int | None
    uses_per_customer: int | None
    starts_at: datetime | None
    ends_at: datetime | None
    uses: int
    held: int
    state: DiscountState
    version: int
    created_at: datetime
    updated_at: datetime
