"""What happens in the buyer's flow."""

from typing import ClassVar
from uuid import UUID

from foyer.domains.orders.types import CancelReason
from foyer.kernel.facts import Fact


class OrderFact(Fact, frozen=True):
    """Something that happened to one order."""

    order_id: UUID
    event_id: UUID

    @property
    def subject_id(self) -> UUID:
        return self.order_id


class OrderPlaced(OrderFact, frozen=True):
    """An order that waits: for the organizer's word, or for its payment."""

    type: ClassVar[str] = "order.placed"
    needs_approval: bool


class OrderConfirmed(OrderFact, frozen=True):
    type: ClassVar[str] = "order.confirmed"


class OrderApproved(OrderFact, frozen=True):
    type: ClassVar[str] = "order.approved"


class OrderCancelled(OrderFact, frozen=True):
    type: ClassVar[str] = "order.cancelled"
    reason: CancelReason


class RefundDue(OrderFact, frozen=True):
    """Money has to go back, and somebody has to see to it."""

    type: ClassVar[str] = "refund.due"
    amount: int


class OrderRefunded(OrderFact, frozen=True):
    """Money went back; `amount` is this refund's, in minor units."""

    type: ClassVar[str] = "order.refunded"
    refund_id: UUID
    amount: int


class RefundFailed(OrderFact, frozen=True):
    """The provider will not give this money back; somebody has to find another way."""

    type: ClassVar[str] = "refund.failed"
    refund_id: UUID
    amount: int


class EventCancelled(Fact, frozen=True):
    type: ClassVar[str] = "event.cancelled"
    event_id: UUID

    @property
    def subject_id(self) -> UUID:
        return self.event_id
