"""A buyer's own pages: the way in by a code, and everything they have ordered at a shop."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from foyer.domains.events.types import EventPublic, EventStatus
from foyer.domains.identity import BUYER_CODE_LASTS
from foyer.domains.orders.types import ApprovalStatus, Order, OrderStatus
from foyer.domains.organizations.types import Shop
from foyer.kernel.errors import Finding
from foyer.web.shared.words import _


@dataclass(frozen=True, slots=True, kw_only=True)
class FindOrdersPage:
    """Where a buyer asks for a code and for links to what they have ordered, and then types the code."""

    shop: Shop
    email: str = ""
    finding: Finding | None = None
    code: str = ""
    """What was typed and is wrong."""
    is_sent: bool = False
    cart_id: UUID | None = None
    """The checkout that they came from, and go back to."""
    minutes: ClassVar = BUYER_CODE_LASTS // timedelta(minutes=1)

    @property
    def title(self) -> str:
        return _("Sign in") if self.cart_id else _("Find your tickets")


class Standing(StrEnum):
    """What has to be said of something that was bought; of most there is nothing to say."""

    GOOD = "good"
    ASKED = "asked"
    UNPAID = "unpaid"
    PARTLY_REFUNDED = "partly_refunded"
    REFUNDED = "refunded"
    CANCELLED = "cancelled"
    CALLED_OFF = "called_off"
    HANDED_OVER = "handed_over"


_STANDINGS = {
    OrderStatus.CONFIRMED: Standing.GOOD,
    OrderStatus.PARTIAL_REFUND: Standing.PARTLY_REFUNDED,
    OrderStatus.REFUNDED: Standing.REFUNDED,
    OrderStatus.CANCELLED: Standing.CANCELLED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """One order, or one ticket from somebody else, in the list of a buyer.

    `count` is how many tickets they still have; of an order that has none at all, how many were ordered.
    """

    event: EventPublic
    href: str
    count: int
    standing: Standing
    number: str = ""
    handed_on: int = 0

    @classmethod
    def of(cls, order: Order, event: EventPublic, href: str, good: tuple[int, int]) -> "Bought":
        """`good` is how many good tickets of the order the buyer has, and how many somebody else."""
        held, handed_on = good
        ordered = sum(line.quantity for line in order.items)
        return cls(
            event=event,
            href=href,
            count=held if any(good) else ordered,
            standing=_standing(order, event),
            number=order.order_number,
            handed_on=handed_on,
        )

    @property
    def is_good(self) -> bool:
        return self.standing not in {Standing.REFUNDED, Standing.CANCELLED, Standing.CALLED_OFF}


def _standing(order: Order, event: EventPublic) -> Standing:
    if event.status is EventStatus.CANCELLED:
        return Standing.CALLED_OFF
    if order.status is not OrderStatus.PENDING:
        return _STANDINGS[order.status]
    is_asked = order.approval is not None and order.approval.status is ApprovalStatus.REQUESTED
    return Standing.ASKED if is_asked else Standing.UNPAID


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPage:
    """What a buyer has at a shop; `bought` is newest first, from an older page on where there is one."""

    shop: Shop
    email: str
    bought: Sequence[Bought]
    as_of: datetime
    older_href: str = ""
    is_first: bool = True

    @property
    def title(self) -> str:
        return _("Your tickets")

    @property
    def coming(self) -> Sequence[Bought]:
        """What is still ahead and stands, the next one first."""
        ahead = [one for one in self.bought if one.is_good and one.event.ends_at > self.as_of]
        return sorted(ahead, key=lambda one: one.event.starts_at)

    @property
    def past(self) -> Sequence[Bought]:
        """What is over or did not stand, the last one first."""
        rest = [one for one in self.bought if not one.is_good or one.event.ends_at <= self.as_of]
        return sorted(rest, key=lambda one: one.event.starts_at, reverse=True)
