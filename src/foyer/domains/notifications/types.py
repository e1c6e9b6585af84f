"""Values of notifications."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from foyer.kernel.wire import Wire


class MailKind(StrEnum):
    """What a mail is about; the name is its template's."""

    ORDER_CONFIRMED = "order_confirmed"
    ORDER_PLACED = "order_placed"
    ORDER_REQUESTED = "order_requested"
    ORDER_APPROVED = "order_approved"
    ORDER_REFUSED = "order_refused"
    ORDER_CANCELLED = "order_cancelled"
    ORDER_EXPIRED = "order_expired"
    ORDER_REFUNDED = "order_refunded"
    ORDER_LINKS = "order_links"
    EVENT_CANCELLED = "event_cancelled"
    CART_ABANDONED = "cart_abandoned"
    WAITING_JOINED = "waiting_joined"
    WAITING_OFFERED = "waiting_offered"
    WAITING_ENDED = "waiting_ended"
    REMINDER_SET = "reminder_set"
    SALE_OPENED = "sale_opened"
    TICKET_SENT = "ticket_sent"
    TICKET_RECEIVED = "ticket_received"
    STAFF_CONFIRM = "staff_confirm"
    STAFF_RESET = "staff_reset"
    STAFF_PASSWORD_CHANGED = "staff_password_changed"  # noqa: S105 - a name
    STAFF_NEW_ORDER = "staff_new_order"
    STAFF_APPROVAL_WANTED = "staff_approval_wanted"
    STAFF_REFUND_DUE = "staff_refund_due"
    STAFF_REFUND_FAILED = "staff_refund_failed"

    @property
    def is_for_staff(self) -> bool:
        return self.value.startswith("staff_")


class MailStatus(StrEnum):
    """`bounced` is a no of the mail server for good, `failed` is given up, `dropped` was no longer true when its turn came."""

    PENDING = "pending"
    SENT = "sent"
    BOUNCED = "bounced"
    FAILED = "failed"
    DROPPED = "dropped"


class Details(Wire, frozen=True):
    """What a mail needs to know beside what it is about: which of several, and how much. Never a secret, never a name."""

    amount: int = 0
    refund_id: UUID | None = None
    generation: int = 0


class SendMail(Wire, frozen=True):
    """A row of the mail log whose turn it is."""

    mail_id: UUID


class TellGuests(Wire, frozen=True):
    """A cancelled event whose buyers are told, so many at a time: those of orders after `after`."""

    event_id: UUID
    after: UUID | None = None


class PendingMail(NamedTuple):
    """A mail as whoever sends it needs it."""

    id: UUID
    kind: MailKind
    recipient: str
    language: str
    about: UUID | None
    details: Details
    created_at: datetime


class Mail(Wire, frozen=True):
    """A mail as staff see it. `error_message` is what the mail server said, in its own words."""

    id: UUID
    kind: MailKind
    recipient: str
    status: MailStatus
    tries: int
    created_at: datetime
    sent_at: datetime | None
    error_message: str | None
