"""One page for everything that ends a way."""

from dataclasses import dataclass
from enum import StrEnum

from foyer.domains.carts.errors import HOLDS_OTHERS
from foyer.domains.events.types import EventPublic
from foyer.domains.organizations.types import Shop
from foyer.kernel.language import said
from foyer.web.shared.words import _, told


class StateKind(StrEnum):
    """Why there is no page to show, which decides the icon and its colour."""

    NOT_FOUND = "not_found"
    CART_EXPIRED = "cart_expired"
    SOLD_OUT = "sold_out"
    NOT_ON_SALE = "not_on_sale"
    CANCELLED = "cancelled"
    FORBIDDEN = "forbidden"
    HANDED_ON = "handed_on"
    HELD = "held"
    WRONG = "wrong"


WORDS = {
    StateKind.NOT_FOUND: (said("Nothing is here"), said("The address may have been typed wrongly, or the event is no longer shown.")),
    StateKind.CART_EXPIRED: (
        said("Your places went back on sale"), said("The time to finish the order ran out. No money was taken. If the tickets are still there, you can take them again."),
    ),
    StateKind.SOLD_OUT: (said("Those places are gone"), said("Somebody else was a moment faster. Other tickets may still be there.")),
    StateKind.NOT_ON_SALE: (said("Not on sale"), said("These tickets cannot be bought at this time. The event’s page says when they can.")),
    StateKind.CANCELLED: (said("This event is cancelled"), said("No tickets are sold any more. If you hold one, the organizer writes to you by email.")),
    StateKind.FORBIDDEN: (said("Not for you"), said("Your account may not do this. An owner of the organization can change that.")),
    StateKind.HANDED_ON: (
        said("This ticket was handed on"), said("Its new holder has a link of their own, and its former codes no longer open the door. You do not need to do anything."),
    ),
    StateKind.HELD: (said("You hold other places already"), HOLDS_OTHERS),
    StateKind.WRONG: (said("Something went wrong"), said("The fault is ours and has been noted. Nothing was taken. Please try again in a moment.")),
}  # fmt: skip
"""Title and sentence of each state, unless a handler knows better ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatePage:
    """One designed page for everything that ends a way: an icon, a title, a sentence, one button."""

    kind: StateKind
    shop: Shop | None = None
    event: EventPublic | None = None
    headline: str = ""
    sentence: str = ""
    action: str = ""
    action_href: str = ""
    reference: str = ""
    """A request's id that the organizer or we can look up; shown for `WRONG` only."""

    @property
    def title(self) -> str:
        return told(self.headline or WORDS[self.kind][0])

    @property
    def detail(self) -> str:
        return told(self.sentence or WORDS[self.kind][1])

    @property
    def button(self) -> tuple[str, str]:
        """Words and address of the one way on."""
        if self.action_href:
            return self.action or _("Go on"), self.action_href
        if self.shop and self.event and self.kind is not StateKind.CANCELLED:
            return _("Back to the event"), f"/{self.shop.slug}/events/{self.event.slug}"
        if self.shop:
            return _("All events"), f"/{self.shop.slug}"
        return _("To the start"), "/"
