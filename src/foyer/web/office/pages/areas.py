"""Pages about areas that several ticket types share."""

from dataclasses import dataclass
from typing import ClassVar

from foyer.domains.events.types import EventStaff, SharedPool
from foyer.web.office.frame import Frame
from foyer.web.office.pages.events import EventHead
from foyer.web.office.pages.form import FormState


@dataclass(frozen=True, slots=True)
class AreaPage:
    """One area, or a new one."""

    frame: Frame
    head: EventHead
    form: FormState
    pool: SharedPool | None = None
    was_changed: bool = False
    fields: ClassVar = ("name", "capacity", "ticketTypeIds")

    @property
    def event(self) -> EventStaff:
        return self.head.event

    @property
    def href(self) -> str:
        return f"{self.head.href}/areas/{self.pool.id if self.pool else 'new'}"
