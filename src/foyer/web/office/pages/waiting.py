"""The page of an event's waiting list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from foyer.domains.events.types import EventStaff
from foyer.domains.waiting.types import WaitingStaff, WaitingStatus
from foyer.web.office.frame import Frame
from foyer.web.office.lists import brief
from foyer.web.office.pages.events import EventHead


@dataclass(frozen=True, slots=True)
class LinePage:
    """Everybody who waits or has waited, the first one first."""

    frame: Frame
    head: EventHead
    rows: Sequence[WaitingStaff]
    now: datetime
    status: WaitingStatus | None
    is_first: bool
    next_cursor: str | None
    words: ClassVar = {
        WaitingStatus.WAITING: ("Waiting", "", "clock"),
        WaitingStatus.OFFERED: ("Offered", "info", "mail"),
        WaitingStatus.TAKEN: ("Taken", "good", "check"),
        WaitingStatus.LAPSED: ("Lapsed", "warn", "clock"),
        WaitingStatus.LEFT: ("Left", "", "ban"),
    }

    @property
    def event(self) -> EventStaff:
        return self.head.event

    def time(self, at: datetime) -> str:
        return brief(at, self.event.time_zone, self.now)

    @property
    def path(self) -> str:
        return f"{self.head.href}/waiting-list"

    @property
    def filters(self) -> list[tuple[str, str, bool]]:
        """Words and address of each state; the one that is set leads back to everybody."""
        return [
            (
                words,
                self.path if status is self.status else f"{self.path}?status={status.value}",
                status is self.status,
            )
            for status, (words, _, _) in self.words.items()
        ]

    @property
    def asked(self) -> str:
        return f"?status={self.status.value}" if self.status else ""

    @property
    def next_href(self) -> str | None:
        if self.next_cursor is None:
            return None
        return f"{self.path}{self.asked}{'&' if self.asked else '?'}cursor={self.next_cursor}"
