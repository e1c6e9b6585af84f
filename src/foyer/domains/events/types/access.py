"""Values of access links, which open what a shop does not show everybody."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from foyer.domains.events.types.ticket_type import Moment
from foyer.kernel.wire import Wire


class AccessLinkDraft(Wire, frozen=True):
    """What an organizer says of a link: who it is for, the hidden ticket type it shows (none, where null), how long it holds."""

    name: str
    ticket_type_id: UUID | None = None
    expires_at: Moment | None = None


class AccessLink(Wire, frozen=True):
    """A link that opens an event, and one hidden ticket type where it names one.

    `secret` is what its bearers carry: as `accessKey` in requests, or at the end of `/{shop}/access/{secret}`. It is null once the
    installation's secret key that it was made with is gone; the link still works then.
    """

    id: UUID
    event_id: UUID
    ticket_type_id: UUID | None
    name: str
    secret: str | None
    expires_at: datetime | None
    is_expired: bool
    created_by: UUID
    created_at: datetime


class Grant(NamedTuple):
    """What a link that holds lets its bearer see and buy: the event, and the ticket type even if it is hidden."""

    event_id: UUID
    ticket_type_id: UUID | None
