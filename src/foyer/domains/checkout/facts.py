"""What happens in the buyer's flow."""

from typing import ClassVar
from uuid import UUID

from foyer.kernel.facts import Fact


class OrderConfirmed(Fact, frozen=True):
    type: ClassVar[str] = "order.confirmed"
    order_id: UUID
    event_id: UUID

    @property
    def subject_id(self) -> UUID:
        return self.order_id


class EventCancelled(Fact, frozen=True):
    type: ClassVar[str] = "event.cancelled"
    event_id: UUID

    @property
    def subject_id(self) -> UUID:
        return self.event_id
