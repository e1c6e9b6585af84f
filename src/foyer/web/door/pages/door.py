"""The door itself, and the choice between several."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from foyer.domains.events.types import DoorEvent
from foyer.domains.tickets.types import DoorCounts
from foyer.web.door.pages.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoicePage:
    """Which event this phone admits at now."""

    device: str
    events: Sequence[DoorEvent]

    @property
    def title(self) -> str:
        return "Choose the event"


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorPage:
    """The page that scans. `scan_id` is that of the next scan, so that a form sent twice is one scan."""

    device: str
    event: DoorEvent
    counts: DoorCounts
    scan_id: UUID
    verdict: Verdict | None = None
    typed: str = ""
    has_choice: bool = False

    @property
    def title(self) -> str:
        return f"{self.device} · {self.event.title}"
