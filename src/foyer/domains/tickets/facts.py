"""What happens to tickets."""

from typing import ClassVar
from uuid import UUID

from foyer.kernel.facts import Fact


class TicketFact(Fact, frozen=True):
    """Something that happened to one ticket."""

    ticket_id: UUID
    event_id: UUID

    @property
    def subject_id(self) -> UUID:
        return self.ticket_id


class TicketAdmitted(TicketFact, frozen=True):
    type: ClassVar[str] = "ticket.admitted"


class TicketTransferred(TicketFact, frozen=True):
    """A ticket has a new holder since this generation of it."""

    type: ClassVar[str] = "ticket.transferred"
    generation: int


class CheckInUndone(TicketFact, frozen=True):
    """Somebody who was admitted by mistake may come in again."""

    type: ClassVar[str] = "ticket.check_in_undone"
