"""What each buyer is going to do, decided by dice before anybody buys: the same seed gives the same sale."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from foyer.kernel.dice import Dice

GROUPS: Final = {1: 22, 2: 44, 3: 13, 4: 14, 5: 4, 6: 3}
"""How many of a hundred buyers want so many places."""
MEAN_GROUP: Final = sum(size * weight for size, weight in GROUPS.items()) / sum(GROUPS.values())
DEMAND: Final = 1.4
"""So many times the places are wanted in a rush."""
VIEWS_A_SECOND: Final = 100
"""Pages looked at before the opening; who has opened theirs minutes ago is not part of a rehearsal."""


class Way(StrEnum):
    """How a buyer's visit ends, once there are places in the cart."""

    BUYS = "buys"
    GIVES_BACK = "gives_back"
    LEAVES = "leaves"
    """Closes the window: the places come back when the cart lapses, which a rehearsal does not wait for."""


WAYS: Final = {Way.BUYS: 88, Way.GIVES_BACK: 5, Way.LEAVES: 7}


class Buyer(NamedTuple):
    """One buyer: numbers seconds after the opening, places, and habits."""

    number: int
    key: str
    """Sent with the reservation, so that the same press of a button is one cart however often it arrives."""
    comes: float
    kind: int
    """Which ticket type, by its place in the list."""
    quantity: int
    way: Way
    thinks: float
    """Seconds to fill in the form."""
    views: tuple[float, ...]
    """When the page of the event is looked at."""
    clicks_twice: bool
    reloads: bool
    changes_to: int | None
    """Another quantity, decided in the cart."""
    tries_code: bool

    @property
    def email(self) -> str:
        """Of a domain that is reserved for examples (RFC 2606), so that nobody lives there."""
        return f"buyer-{self.number}@rehearsal.example"


class Kind(NamedTuple):
    """A ticket type as buyers choose among them."""

    id: str
    places: int
    least: int
    most: int


def plan(
    arrivals: Sequence[float], kinds: Sequence[Kind], *, seed: int, lead_seconds: float, think_seconds: float
) -> list[Buyer]:
    """The buyers of a sale in the order in which they come.

    Args:
        arrivals: when each presses the button, in seconds after the opening.
        kinds: the ticket types; a type with more places is wanted more often.
        seed: of the dice.
        lead_seconds: how long before the opening the first pages are looked at.
        think_seconds: how long people take on average to fill in the form.
    """
    dice = Dice(f"buyers {seed}")
    weights = [kind.places for kind in kinds]
    share = min(1.0, VIEWS_A_SECOND * lead_seconds / max(1, len(arrivals)))
    buyers = []
    for number, comes in enumerate(arrivals):
        kind = dice.choices(range(len(kinds)), weights)[0]
        wanted = dice.choices(list(GROUPS), list(GROUPS.values()))[0]
        quantity = min(max(wanted, kinds[kind].least), kinds[kind].most)
        views = tuple(sorted(-lead_seconds * dice.random() for _ in range(dice.choice((1, 1, 2)))))
        buyers.append(
            Buyer(
                number=number,
                key=f"rehearsal-{seed}-{number}-{dice.getrandbits(64):016x}",
                comes=comes,
                kind=kind,
                quantity=quantity,
                way=dice.choices(list(WAYS), list(WAYS.values()))[0],
                thinks=think_seconds * dice.uniform(0.3, 1.7),
                views=views if dice.random() < share else (),
                clicks_twice=dice.random() < 0.15,
                reloads=dice.random() < 0.2,
                changes_to=max(kinds[kind].least, quantity - 1) if dice.random() < 0.06 else None,
                tries_code=dice.random() < 0.1,
            )
        )
    return buyers


def places_wanted(buyers: Sequence[Buyer], *, before: float) -> int:
    """How many places are asked for, and not given back, by those who come before a moment."""
    return sum(
        buyer.changes_to or buyer.quantity
        for buyer in buyers
        if buyer.comes < before and buyer.way is not Way.GIVES_BACK
    )
