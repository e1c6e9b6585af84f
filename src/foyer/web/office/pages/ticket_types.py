"""Pages about the ticket types of an event."""

from collections.abc import Sequence
from dataclasses import dataclass

from foyer.domains.events.types import EventStaff, SharedPool, TaxRate, TicketTypeStaff
from foyer.web.office.frame import Frame
from foyer.web.office.pages.events import EventHead, TypeRow
from foyer.web.office.pages.form import FormState


@dataclass(frozen=True, slots=True)
class TypesPage:
    """The tab of the tickets: the types in the order of the shop, and the areas they share."""

    frame: Frame
    head: EventHead
    types: Sequence[TypeRow]
    pools: Sequence[SharedPool]

    @property
    def event(self) -> EventStaff:
        return self.head.event


@dataclass(frozen=True, slots=True)
class TypePage:
    """One ticket type, or a new one."""

    frame: Frame
    head: EventHead
    form: FormState
    rates: Sequence[TaxRate]
    kind: TicketTypeStaff | None = None
    was_changed: bool = False
    fields = (
        "name", "description", "price", "taxRateId", "quantity", "minPerOrder", "maxPerOrder", "salesStartDate", "salesEndDate",
        "isHidden", "requiresApproval", "metadata",
    )  # fmt: skip

    @property
    def event(self) -> EventStaff:
        return self.head.event

    @property
    def href(self) -> str:
        return f"{self.head.href}/tickets/{self.kind.id if self.kind else 'new'}"

    @property
    def taxes(self) -> list[tuple[str, str]]:
        """Tax rates as choices; the first is none."""
        words = {True: "contained in the price", False: "on top of the price"}
        return [("", "No tax"), *((str(one.id), f"{one.name}, {words[one.inclusive]}") for one in self.rates)]

    @property
    def taken(self) -> int:
        return self.kind.sold + self.kind.held if self.kind else 0
