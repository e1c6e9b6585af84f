"""What a template reads, and nothing beside it."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from foyer.domains.events.types import EventPublic
from foyer.domains.orders.types import Order
from foyer.domains.organizations.types import Shop


class WalletLink(NamedTuple):
    """A wallet by its name, and what puts one ticket into it."""

    name: str
    link: str


class TicketLine(NamedTuple):
    """A ticket in a list of them."""

    type_name: str
    holder: str
    code: str
    wallets: tuple[WalletLink, ...] = ()


class Row(NamedTuple):
    """An order in a list of them, with what opens it."""

    title: str
    detail: str
    number: str
    link: str


class Choice(NamedTuple):
    """What had been chosen of one ticket type."""

    name: str
    quantity: str


@dataclass(frozen=True, slots=True)
class MailPage:
    """One mail before it is written. What its kind has no use for stays as it is here.

    `amount` is in minor units of the order's currency. `reason` is why something ended, or the organizer's words about it. `code` signs the reader in. `instructions` are theirs on how to pay.
    `attached` names the files that come with it.
    """

    shop: Shop
    home: str
    link: str = ""
    logo: str | None = None
    event: EventPublic | None = None
    event_link: str = ""
    order: Order | None = None
    tickets: tuple[TicketLine, ...] = ()
    until: datetime | None = None
    zone: str = "UTC"
    amount: int = 0
    reason: str | None = None
    instructions: str | None = None
    person: str = ""
    buyer: str = ""
    joining_link: str | None = None
    rows: tuple[Row, ...] = ()
    code: str = ""
    chosen: tuple[Choice, ...] = ()
    attached: frozenset[str] = frozenset()
    unsubscribe: str | None = None
