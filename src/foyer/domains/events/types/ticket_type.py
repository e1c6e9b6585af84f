"""Values of ticket types, one struct for each audience."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from foyer.kernel.wire import Wire

Moment = Annotated[datetime, Meta(tz=True)]
JsonObject = dict[str, object]


class TicketTypeDraft(Wire, frozen=True):
    """What an organizer writes about a ticket type. `is_free` means a price of 0 and may be left out; no `tax_rate_id` is no tax."""

    name: str
    quantity: int
    price: int | None = None
    tax_rate_id: UUID | None = None
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
    tax_rate_id: UUID | None
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
