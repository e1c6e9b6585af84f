"""A cart whose time has run out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from foyer.domains.carts.types import Cart
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
    """Says when it ended, that nothing was taken, and takes the same tickets again where they are still there.

    Of an event that was called off it says that.
    """

    shop: Shop
    event: EventPublic
    cart: Cart
    lines: Sequence[Again]

    @property
    def title(self) -> str:
        return _("This event is cancelled") if self.is_off else _("Your places went back on sale")

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
