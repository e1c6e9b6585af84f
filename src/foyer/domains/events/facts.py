"""What happens to events."""

from typing import ClassVar
from uuid import UUID

from foyer.kernel.facts import Fact


class EventPublished(Fact, frozen=True):
    type: ClassVar[str] = "event.published"
    event_id: UUID

    @property
    def subject_id(self) -> UUID:
        return self.event_id


class EventCompleted(Fact, frozen=True):
    type: ClassVar[str] = "event.completed"
    event_id: UUID

    @property
    def subject_id(self) -> UUID:
        return self.event_id
