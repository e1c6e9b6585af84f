"""Pages of attendees: the list, and one ticket with who comes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from foyer.domains.orders import in_words
from foyer.domains.tickets import Guest
from foyer.domains.tickets.types import TicketStatus
from foyer.web.office.frame import Frame
from foyer.web.office.lists import Asked, brief
from foyer.web.office.pages.orders import AnswerLine, Choices, Happening

BADGES = {
    TicketStatus.VALID: ("Expected", "", "ticket"),
    TicketStatus.USED: ("Inside", "good", "check"),
    TicketStatus.CANCELLED: ("Cancelled", "", "ban"),
    TicketStatus.REFUNDED: ("Refunded", "", "undo"),
}


@dataclass(frozen=True, slots=True)
class GuestLine:
    """A ticket as a row."""

    guest: Guest
    may_check_in: bool
    may_undo: bool

    @property
    def href(self) -> str:
        return f"/office/attendees/{self.guest.ticket.id}"

    @property
    def name(self) -> str:
        return self.guest.name or "No name"

    @property
    def badge(self) -> tuple[str, str, str]:
        return BADGES[self.guest.ticket.status]


@dataclass(frozen=True, slots=True)
class AttendeesPage:
    """The list of everybody who holds a ticket."""

    frame: Frame
    asked: Asked
    rows: Sequence[GuestLine]
    filters: Sequence[Choices]
    zone: str
    now: datetime
    words: str
    newer: str | None = None
    older: str | None = None
    problem: str = ""

    def time(self, at: datetime) -> str:
        return brief(at, self.zone, self.now)

    @property
    def is_filtered(self) -> bool:
        return bool(self.asked.text("q")) or any(one.current for one in self.filters)

    @property
    def has_event(self) -> bool:
        return self.asked.id("event") is not None

    @property
    def export_href(self) -> str:
        return self.asked.href(sort=None).replace("/office/attendees", "/office/attendees/export", 1)

    @property
    def here(self) -> str:
        """The page itself, to come back to it."""
        return self.asked.href(after=self.asked.text("after"), before=self.asked.text("before"))


@dataclass(frozen=True, slots=True)
class AttendeePage:
    """One ticket: who comes, whether they are in, what happened to it."""

    frame: Frame
    line: GuestLine
    zone: str
    history: Sequence[tuple[str, str, str, str, str]]
    may_edit: bool
    values: Mapping[str, str]
    fields: Sequence[tuple[str, str, str]] = ()
    """Further details: name of the field, its words, its value."""
    findings: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""

    @property
    def guest(self) -> Guest:
        return self.line.guest

    @property
    def answers(self) -> list[AnswerLine]:
        return [AnswerLine(one.label, in_words(one.value), "") for one in self.guest.answers]


__all__ = ["AttendeePage", "AttendeesPage", "GuestLine", "Happening"]
