"""The waiting list: asked for, looked at."""

from dataclasses import dataclass
from uuid import UUID

from foyer.domains.events.types import EventPublic
from foyer.domains.organizations.types import Shop
from foyer.domains.waiting.types import Line, Waiting, WaitingStatus
from foyer.web.shared.words import _

WAITING_TYPE, WAITING_COUNT, WAITING_EMAIL = "waiting-type", "waiting-quantity", "waiting-email"
"""The fields of the form that asks for places that come back."""


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
    def title(self) -> str:
        return {
            WaitingStatus.WAITING: _("You are on the waiting list"),
            WaitingStatus.OFFERED: _("There are places for you"),
            WaitingStatus.TAKEN: _("You took your places"),
            WaitingStatus.LAPSED: _("These places went to the next in line"),
            WaitingStatus.LEFT: _("You left the waiting list"),
        }[self.waiting.status]

    @property
    def id(self) -> UUID:
        return self.waiting.id
