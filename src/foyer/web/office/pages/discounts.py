"""Pages about discount codes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlencode

from foyer.domains.events.types import Discount, EventStaff
from foyer.web.office.frame import Frame
from foyer.web.office.pages.choices import CURRENCY_CHOICES
from foyer.web.office.pages.events import EventHead
from foyer.web.office.pages.form import FormState


@dataclass(frozen=True, slots=True)
class DiscountsPage:
    """All codes, as they were searched."""

    frame: Frame
    codes: Sequence[Discount]
    zone: str
    q: str = ""
    active: str = ""
    cursor: str = ""
    next_cursor: str | None = None

    @property
    def is_filtered(self) -> bool:
        return bool(self.q or self.active or self.cursor)

    @property
    def filters(self) -> list[tuple[str, str, bool]]:
        choices = (("yes", "In their time"), ("no", "Not now"))
        return [
            (words, self.href(active="" if key == self.active else key, cursor=""), key == self.active)
            for key, words in choices
        ]

    @property
    def newer(self) -> str | None:
        return self.href(cursor="") if self.cursor else None

    @property
    def older(self) -> str | None:
        return self.href(cursor=self.next_cursor) if self.next_cursor else None

    def href(self, **changed: str) -> str:
        """The address of this list with some of its filters changed."""
        now = {"q": self.q, "active": self.active, "cursor": self.cursor}
        kept = urlencode({name: value for name, value in (now | changed).items() if value})
        return f"/office/discounts?{kept}" if kept else "/office/discounts"


@dataclass(frozen=True, slots=True)
class EventDiscountsPage:
    """The codes that are good for one event."""

    frame: Frame
    head: EventHead
    codes: Sequence[Discount]

    @property
    def event(self) -> EventStaff:
        return self.head.event

    @property
    def zone(self) -> str:
        return self.event.time_zone


@dataclass(frozen=True, slots=True)
class DiscountPage:
    """One code, or a new one."""

    frame: Frame
    form: FormState
    events: Sequence[EventStaff]
    zone: str
    code: Discount | None = None
    was_changed: bool = False
    currencies: ClassVar = CURRENCY_CHOICES
    fields: ClassVar = (
        "code", "kind", "percentage", "amount", "currency", "scope", "ticketTypeIds", "minimumQuantity", "maxUses",
        "usesPerCustomer", "startsAt", "endsAt",
    )  # fmt: skip

    @property
    def href(self) -> str:
        return f"/office/discounts/{self.code.id if self.code else 'new'}"

    @property
    def unseen(self) -> list[str]:
        """Types the code names that no list shows any more: of events that are over, or deleted. They stay named."""
        shown = {str(kind.id) for event in self.events for kind in event.ticket_types}
        return [one for one in self.form.many("ticketTypeIds") if one not in shown]
