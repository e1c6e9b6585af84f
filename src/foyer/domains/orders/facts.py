"""What happens to orders beside the flow of buying."""

from typing import ClassVar
from uuid import UUID

from foyer.kernel.facts import Fact


class OrderReaddressed(Fact, frozen=True):
    """The buyer of an order has another address; links to it that were sent before open nothing any more."""

    type: ClassVar[str] = "order.readdressed"
    order_id: UUID
    event_id: UUID

    @property
    def subject_id(self) -> UUID:
        return self.order_id
