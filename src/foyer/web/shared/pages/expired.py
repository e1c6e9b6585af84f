"""A cart whose time has run out, or whose places were given back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from foyer.domains.carts.types import Cart
from foyer.domains.customers.types import Customer
from foyer.domains.events.types import EventPublic, EventStatus
from foyer.domains.organizations.types import Shop
from foyer.web.shared.pages.browse import QUANTITY_FIELD
from foyer.web.shared.words import _


class Again(NamedTuple):
    """A line of the cart, and how many of it can be had now; `closed` says why none can."""

    type_id: UUID
    name: str
    quantity: int
    free: int
    closed: str

    @property
    def field(self) -> str:
        """Under what the event's own form sends it."""
        return f"{QUANTITY_FIELD}{self.type_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiredPage:
    """Says how it ended, that nothing was taken, and takes the same tickets again where they are still there.

    Of an event that was called off it says that.
    """

    shop: Shop
    event: EventPublic
    cart: Cart
    lines: Sequence[Again]
    contact: Customer | None = None
    """Who buys, as far as they have said: the next checkout begins with it."""
    is_given_back: bool = False
    """Whether the buyer ended it, before its time."""
    is_answer: bool = False
    """Whether a form was sent that came too late."""

    @property
    def title(self) -> str:
        if self.is_off:
            return _("This event is cancelled")
        return _("You gave these places back") if self.is_given_back else _("Your places went back on sale")

    @property
    def is_off(self) -> bool:
        return self.event.status is EventStatus.CANCELLED

    @property
    def count(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def is_free(self) -> bool:
        """Whether all of it can be taken again."""
        return bool(self.lines) and not self.short

    @property
    def short(self) -> list[Again]:
        """Lines that cannot be had again as they were."""
        return [line for line in self.lines if line.closed or line.quantity > line.free]
