"""One ticket in its holder's hands, and the forms that change who comes with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from foyer.domains.events.types import EventPublic, EventStatus, HolderTerms
from foyer.domains.orders.types import Order
from foyer.domains.organizations.types import Shop
from foyer.domains.tickets.types import TicketStatus
from foyer.infra.wallets import Wallet
from foyer.kernel.errors import Finding
from foyer.kernel.language import said
from foyer.web.shared.pages.findings import finding_for
from foyer.web.shared.pages.order import TicketView
from foyer.web.shared.words import _, told

ELSEWHERE: Final = (said("This ticket is spent"), said("It no longer opens the door."))
CALLED_OFF: Final = (
    said("This event is cancelled"),
    said("The ticket no longer opens the door. The organizer writes to whoever ordered it about the money."),
)
SPENT: Final = {
    TicketStatus.VALID: ELSEWHERE,
    TicketStatus.USED: ELSEWHERE,
    TicketStatus.CANCELLED: (said("This ticket is cancelled"), said("It no longer opens the door. Whoever ordered it reads in their mail what happens to the money.")),
    TicketStatus.REFUNDED: (said("This ticket is refunded"), said("It no longer opens the door. The money goes back to whoever ordered it.")),
}  # fmt: skip
"""What a ticket that opens no door says of itself and of its money."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketPage:
    """A ticket as its holder sees it; `form` and `findings` are what was typed and what is wrong with it."""

    shop: Shop
    event: EventPublic
    order: Order
    view: TicketView
    key: str
    terms: HolderTerms
    lets_hand_on: bool
    as_of: datetime
    wallets: Sequence[Wallet] = ()
    joining_link: str | None = None
    form: Mapping[str, str] = field(default_factory=dict)
    findings: Sequence[Finding] = ()
    problem: str = ""
    order_href: str = ""
    """The order, for whoever came from its page."""
    is_saved: bool = False

    @property
    def title(self) -> str:
        return f"{_('Your ticket')} · {self.event.title}"

    @property
    def headline(self) -> str:
        if not self.view.is_open:
            return told(self._spent[0])
        return _("Your ticket") if self.is_ahead else _("This event is over")

    @property
    def is_ahead(self) -> bool:
        """Whether there is still something to prepare for: the ticket opens a door that will open."""
        return self.view.is_open and self.event.ends_at > self.as_of

    @property
    def was_used(self) -> bool:
        return self.view.is_open and self.view.ticket.checked_in_at is not None

    @property
    def spent(self) -> str:
        """What has become of a ticket that opens no door, and of its money."""
        return told(self._spent[1])

    @property
    def _spent(self) -> tuple[str, str]:
        return CALLED_OFF if self.event.status is EventStatus.CANCELLED else SPENT[self.view.ticket.status]

    @property
    def path(self) -> str:
        return f"/{self.shop.slug}/tickets/{self.view.ticket.id}"

    @property
    def way_back(self) -> str:
        """What the address of a form of this ticket ends with, so that it leads back to where its holder came from."""
        return f"&order={self.order_href.partition('?key=')[2]}" if self.order_href else ""

    @property
    def can_change(self) -> bool:
        return self.view.ticket.status is TicketStatus.VALID and self.view.is_open and not self.is_late

    def can_hand_on(self, view: TicketView) -> bool:
        return self.lets_hand_on and self.can_change and view is self.view

    @property
    def is_late(self) -> bool:
        return self.as_of >= self.terms.closes_at

    def finding(self, name: str) -> Finding | None:
        return finding_for(self.findings, name)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOnPage:
    """What whoever has just handed a ticket on reads, once."""

    shop: Shop
    event: EventPublic
    type_name: str
    email: str
    order_href: str

    @property
    def title(self) -> str:
        return _("Your ticket is handed on")


@dataclass(frozen=True, slots=True)
class RemindersPage:
    """Where somebody says that they want no reminders."""

    shop: Shop
    mail_id: UUID
    key: str
    is_done: bool = False

    @property
    def title(self) -> str:
        return _("No more reminders")
