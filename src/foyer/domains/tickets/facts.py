"""What happens to tickets."""

from typing import ClassVar
from uuid import UUID

from foyer.kernel.facts import Fact


class TicketAdmitted(Fact, frozen=True):
    type: ClassVar[str] = "ticket.admitted"
    ticket_id: UUID
    event_id: UUID

    @property
    def subject_id(self) -> UUID:
        return self.ticket_id
