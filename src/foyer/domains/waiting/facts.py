"""What happens in line, and before a sale."""

from typing import ClassVar
from uuid import UUID

from foyer.kernel.facts import Fact


class WaitingFact(Fact, frozen=True):
    """Something that happened to one place in line."""

    waiting_id: UUID
    event_id: UUID

    @property
    def subject_id(self) -> UUID:
        return self.waiting_id


class WaitingAsked(WaitingFact, frozen=True):
    """Somebody has asked to be put on the list, perhaps once more."""

    type: ClassVar[str] = "waiting.asked"


class PlacesOffered(WaitingFact, frozen=True):
    """Places are held for whoever was next."""

    type: ClassVar[str] = "waiting.offered"


class ReminderAsked(Fact, frozen=True):
    """Somebody wants to be told when a sale opens, and has perhaps said so before."""

    type: ClassVar[str] = "sale_reminder.asked"

    reminder_id: UUID
    event_id: UUID

    @property
    def subject_id(self) -> UUID:
        return self.reminder_id
