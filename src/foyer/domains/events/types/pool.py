"""Values of pools that several ticket types share."""

from datetime import datetime
from uuid import UUID

from foyer.kernel.wire import Wire


class SharedPoolDraft(Wire, frozen=True):
    """What an organizer writes about an area: so many places (0 or more) for all these ticket types of the event together."""

    name: str
    capacity: int
    ticket_type_ids: list[UUID] = []


class SharedPool(Wire, frozen=True):
    """An area as staff see it. Every place held or sold of its ticket types counts here too."""

    id: UUID
    event_id: UUID
    name: str
    ticket_type_ids: list[UUID]
    capacity: int
    held: int
    sold: int
    available: int
    version: int
    created_at: datetime
    updated_at: datetime
