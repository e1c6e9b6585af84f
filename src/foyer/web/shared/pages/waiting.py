"""The waiting list, asked for and looked at; reminders of a sale."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from foyer.domains.carts.types import OfferedType
from foyer.domains.events.types import EventPublic, EventStatus, SaleState
from foyer.domains.organizations.types import Shop
from foyer.domains.waiting.types import Line, Reminder, Waiting, WaitingStatus
from foyer.web.shared.words import _, ngettext

WAITING_TYPE, WAITING_COUNT, WAITING_EMAIL = "waiting-type", "waiting-quantity", "waiting-email"
"""The fields of the form that asks for places that come back."""

REMIND_TYPE, REMIND_EMAIL = "remind-type", "remind-email"
"""The fields of the form that asks for a mail when a sale opens."""


class Opening(NamedTuple):
    """A moment at which something goes on sale; a type that does stands for all of them."""

    at: datetime
    type_id: UUID
    names: Sequence[str]


def openings(types: Sequence[OfferedType]) -> list[Opening]:
    """What is still to go on sale, the next first."""
    waits: dict[datetime, list[OfferedType]] = {}
    for one in types:
        if one.state is SaleState.NOT_YET and one.sales_start_date is not None:
            waits.setdefault(one.sales_start_date, []).append(one)
    return [Opening(at, some[0].id, [one.name for one in some]) for at, some in sorted(waits.items())]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderPage:
    """What everybody reads who wants to know when a sale opens, whether they had asked before or not."""

    shop: Shop
    event: EventPublic
    reminder: Reminder
    email: str

    @property
    def title(self) -> str:
        return _("We tell you when the sale opens")


@dataclass(frozen=True, slots=True, kw_only=True)
class NoReminderPage:
    """Where somebody takes such a reminder back."""

    shop: Shop
    reminder_id: UUID
    key: str
    is_done: bool = False

    @property
    def title(self) -> str:
        return _("No reminder") if self.is_done else _("Take the reminder back?")


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedPage:
    """What everybody reads who has asked, whether they stood in line before or not."""

    shop: Shop
    event: EventPublic
    line: Line
    email: str

    @property
    def title(self) -> str:
        return _("You are on the waiting list")


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingPage:
    """A place in line for whoever has its link."""

    shop: Shop
    event: EventPublic
    waiting: Waiting
    key: str

    @property
    def is_off(self) -> bool:
        """Whether the event is cancelled, which matters more than the line; what was taken is told by its order."""
        is_taken = self.waiting.status is WaitingStatus.TAKEN
        return self.event.status is EventStatus.CANCELLED and not is_taken

    @property
    def title(self) -> str:
        if self.is_off:
            return _("This event is cancelled")
        count = self.waiting.quantity
        return {
            WaitingStatus.WAITING: _("You are on the waiting list"),
            WaitingStatus.OFFERED: ngettext("There is a place for you", "There are places for you", count),
            WaitingStatus.TAKEN: ngettext("You took your place", "You took your places", count),
            WaitingStatus.LAPSED: ngettext(
                "This place is no longer held for you", "These places are no longer held for you", count
            ),
            WaitingStatus.LEFT: _("You left the waiting list"),
        }[self.waiting.status]

    @property
    def id(self) -> UUID:
        return self.waiting.id
