"""What is measured by default: one point, and from there one thing varied at a time."""

from collections.abc import Sequence
from typing import Final

from benchmarks.check_in import CheckIn
from benchmarks.operation import Operation
from benchmarks.page import OfferAgain, OfferRead, Page, PageAgain
from benchmarks.place import Place
from benchmarks.reserve import Reserve
from benchmarks.runner import Point
from benchmarks.shape import Shape

OPERATIONS: Final[dict[str, Operation]] = {
    one.name: one for one in (Reserve(), Place(), CheckIn(), Page(), PageAgain(), OfferRead(), OfferAgain())
}
_MAIN: Final = ("reserve", "place", "check-in", "page")


def points(*, is_full: bool) -> Sequence[Point]:
    """The base and its arms. What takes long to load is only in the full star."""
    shapes = [Shape(buyers=buyers) for buyers in (1, 64, 256, 1_000)]
    shapes += [Shape(events=100), Shape(workers=1), Shape(tickets=1_000_000)]
    if is_full:
        shapes += [Shape(buyers=256, events=100), Shape(buyers=256, workers=1), Shape(tickets=5_000_000)]
    found = [Point(OPERATIONS[name], shape) for shape in shapes for name in _MAIN]
    return found + [Point(OPERATIONS[name], Shape()) for name in OPERATIONS if name not in _MAIN]
