"""What happens to buyers; never who they are."""

from typing import ClassVar
from uuid import UUID

from foyer.kernel.facts import Fact


class CustomerErased(Fact, frozen=True):
    """A buyer's personal data is gone; whoever keeps a copy of it has to let it go as well."""

    type: ClassVar[str] = "customer.erased"
    customer_id: UUID

    @property
    def subject_id(self) -> UUID:
        return self.customer_id


class OrdersSought(Fact, frozen=True):
    """A buyer has asked for the links to what they have ordered; only their own mailbox may get them."""

    type: ClassVar[str] = "customer.orders_sought"
    customer_id: UUID
    language: str | None = None
    """In which they asked; None where they did not say."""

    @property
    def subject_id(self) -> UUID:
        return self.customer_id
