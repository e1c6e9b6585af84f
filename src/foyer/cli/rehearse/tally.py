"""What the buyers have seen, as numbers that can be added up over processes."""

import math
from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from typing import Final, TypeVar

import msgspec

K = TypeVar("K")

_GROWTH: Final = math.log(1.05)
"""A time is known within five in a hundred."""


class Step(StrEnum):
    """What a buyer waits for."""

    EVENT_PAGE = "event page"
    RESERVE = "reserve"
    CART_PAGE = "checkout page"
    CHANGE = "change"
    CHECKOUT = "checkout"
    ORDER_PAGE = "order page"
    PLACES = "click to places"
    """From the press of the button to places in the cart, with everything that had to be asked again."""


class Times(msgspec.Struct):
    """How long answers took: counted in steps of five in a hundred, so that many of them stay small."""

    counts: dict[int, int] = {}

    def add(self, seconds: float) -> None:
        slot = math.ceil(math.log(max(seconds, 1e-5)) / _GROWTH)
        self.counts[slot] = self.counts.get(slot, 0) + 1

    def percentile(self, share: float) -> float:
        """Within so many seconds this share of the answers came; 0 where there were none."""
        left = share * sum(self.counts.values())
        for slot in sorted(self.counts):
            left -= self.counts[slot]
            if left <= 0:
                return math.exp(slot * _GROWTH)
        return 0.0

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def since(self, before: "Times") -> "Times":
        return Times({slot: n - before.counts.get(slot, 0) for slot, n in self.counts.items()})


class Acknowledged(msgspec.Struct):
    """What the shop has said yes to: carts by id, and orders by id with the tickets that came with them."""

    carts: list[str] = []
    orders: dict[str, int] = {}


class Tally(msgspec.Struct):
    """Everything that was counted, by one process or by all of them."""

    times: dict[str, Times] = {}
    refusals: dict[str, int] = {}
    """Refused requests by the code of the answer."""
    turned_away: int = 0
    """Answers that said to come back later."""
    unanswered: int = 0
    """Requests to which nobody answered, though they were sent again."""
    gave_up: int = 0
    """Buyers who were still turned away when their patience ended."""
    two_carts: int = 0
    """Double clicks that were answered with two different carts, or two orders."""
    reservations: dict[int, int] = {}
    """By second after the opening."""
    orders: dict[int, int] = {}
    buyers_done: int = 0
    acknowledged: Acknowledged | None = None
    """Told once, at the end."""

    def took(self, step: Step, seconds: float) -> None:
        self.times.setdefault(step.value, Times({})).add(seconds)

    def refused(self, code: str) -> None:
        self.refusals[code] = self.refusals.get(code, 0) + 1

    def of(self, step: Step) -> Times:
        return self.times.get(step.value, Times({}))


def merged(tallies: Iterable[Tally]) -> Tally:
    """The sum of what several processes have counted."""
    known = list(tallies)
    steps = {step for one in known for step in one.times}
    told = [one.acknowledged for one in known if one.acknowledged is not None]
    return Tally(
        times={
            step: Times(_sum(one.times[step].counts for one in known if step in one.times)) for step in steps
        },
        refusals=_sum(one.refusals for one in known),
        turned_away=sum(one.turned_away for one in known),
        unanswered=sum(one.unanswered for one in known),
        gave_up=sum(one.gave_up for one in known),
        two_carts=sum(one.two_carts for one in known),
        reservations=_sum(one.reservations for one in known),
        orders=_sum(one.orders for one in known),
        buyers_done=sum(one.buyers_done for one in known),
        acknowledged=Acknowledged(
            [cart for one in told for cart in one.carts],
            {order: tickets for one in told for order, tickets in one.orders.items()},
        ),
    )


def _sum(counts: Iterable[dict[K, int]]) -> dict[K, int]:
    whole: Counter[K] = Counter()
    for one in counts:
        whole.update(one)
    return dict(whole)
