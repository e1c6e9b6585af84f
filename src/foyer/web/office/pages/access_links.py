"""The page about the access links of an event."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from foyer.domains.events.types import AccessLink, EventStaff
from foyer.web.office.frame import Frame
from foyer.web.office.pages.events import EventHead
from foyer.web.office.pages.form import FormState


@dataclass(frozen=True, slots=True)
class AccessLinksPage:
    """The links there are, and the form for another one. `address` is what stands before the secret of each."""

    frame: Frame
    head: EventHead
    form: FormState
    links: Sequence[AccessLink]
    address: str
    fields: ClassVar = ("name", "ticketTypeId", "expiresAt")

    @property
    def event(self) -> EventStaff:
        return self.head.event

    @property
    def may_edit(self) -> bool:
        return self.frame.may("events:edit")

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What a new link may show: the event as everybody would see it, or one hidden type more."""
        hidden = [(str(kind.id), kind.name) for kind in self.event.ticket_types if kind.is_hidden]
        return [("", "The event and what everybody can buy"), *hidden]

    def shows(self, link: AccessLink) -> str:
        """The name of the ticket type that a link shows; nothing where it opens the event alone."""
        return next((kind.name for kind in self.event.ticket_types if kind.id == link.ticket_type_id), "")
