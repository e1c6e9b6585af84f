"""What an operation says about itself: what it did, what may differ after it, and what has to."""

from collections.abc import Callable, Iterable
from typing import NamedTuple
from uuid import UUID

from foyer.kernel.errors import FoyerError
from tests.simulation.town import BrokenError, Town
from tests.simulation.view import CartView, EventView, OrderView, View, changed

Then = Callable[[View, View], None]
Thing = OrderView | CartView | EventView


class Outcome(NamedTuple):
    """One line of the trace, and how the books may differ because of it.

    Whatever changes without being named in `may`, or excused by `excuses`, has not been asked for. A refusal changes nothing.
    """

    text: str
    may: frozenset[UUID] = frozenset()
    then: tuple[Then, ...] = ()
    excuses: Callable[[Thing | None, Thing | None], bool] | None = None
    is_refusal: bool = False


def did(text: str, *may: UUID, then: Iterable[Then] = ()) -> Outcome:
    return Outcome(text, frozenset(may), tuple(then))


def refused(what: str, no: FoyerError) -> Outcome:
    return Outcome(f"{what}: no, {no.code}", is_refusal=True)


def nothing(text: str) -> Outcome:
    """Nothing was asked, or nothing of what was asked was done."""
    return Outcome(text, is_refusal=True)


def stands(table: str, thing: UUID, **fields: object) -> Then:
    """Something is there afterwards, and says this of itself."""

    def then(_before: View, after: View) -> None:
        found = getattr(after, table).get(thing)
        if found is None:
            raise BrokenError(f"it is not among the {table}")
        for name, value in fields.items():
            if getattr(found, name) != value:
                raise BrokenError(f"its {name} is {getattr(found, name)!r}, and not {value!r}")

    return then


def judge(town: Town, outcome: Outcome, after: View) -> None:
    """Whether the books differ only as they may, and say what they have to.

    Raises:
        BrokenError: with what is wrong.
    """
    before = town.view
    if outcome.is_refusal and before.digest != after.digest:
        raise BrokenError(f"it changed something although the answer was no: {_seen(town, before, after)}")
    for thing, (was, now) in _changes(before, after).items():
        if thing in outcome.may or (outcome.excuses is not None and outcome.excuses(was, now)):
            continue
        raise BrokenError(f"nobody asked for this: {town.names.get(thing, thing)}: {was} became {now}")
    for then in outcome.then:
        then(before, after)


def _changes(before: View, after: View) -> dict[UUID, tuple[Thing | None, Thing | None]]:
    return {
        **changed(before.orders, after.orders),
        **changed(before.carts, after.carts),
        **changed(before.events, after.events),
    }


def _seen(town: Town, before: View, after: View) -> str:
    seen = {town.names.get(thing, str(thing)): pair for thing, pair in _changes(before, after).items()}
    return str(seen) if seen else "neither orders nor carts nor events"


__all__ = ["Outcome", "Then", "did", "judge", "nothing", "refused", "stands"]
