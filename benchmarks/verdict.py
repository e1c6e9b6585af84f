"""Every limit with its figure: ratios of runs of one round, and of these the median."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from math import inf
from statistics import median
from typing import Final

import msgspec

from benchmarks.books import Books
from benchmarks.sellout import SellOut
from benchmarks.shape import Run, Shape

CROWDS: Final = (64, 256)
MAIN: Final = ("reserve", "place", "check-in", "page")
TIMES_YARDSTICK_MIN: Final = {"reserve": 3.0, "place": 1.5}
OF_EMPTY_MIN: Final = {"reserve": 0.6, "place": 0.3, "check-in": 0.4, "page": 0.7}
OF_ONE_EVENT_MIN: Final = 0.7
P99_MS_MAX: Final = 100.0
CPU_OF_EMPTY_MAX: Final = 1.6
EXTRA_MS_MAX: Final = 3.0
RESIDENT_MB_MAX: Final = 150.0
GROWTH_MAX: Final = {(what, 1_000_000): 1.25 for what in MAIN} | {("check-in", 5_000_000): 2.5}
"""What the database may need for one request beside so many tickets, compared with what it needs beside 10,000."""

Figure = Callable[[Run], float]


class Check(msgspec.Struct, frozen=True):
    """A limit and how far from it the figure is. What is `hard` has no excuse in a busy machine."""

    what: str
    figure: float
    limit: float
    is_least: bool
    is_kept: bool
    is_hard: bool = False


class _Found:
    """The runs, by what and in which shape, round by round."""

    def __init__(self, runs: Iterable[Run]) -> None:
        self._runs: dict[tuple[str, Shape], dict[int, Run]] = {}
        for run in runs:
            self._runs.setdefault((run.what, run.shape), {})[run.turn] = run

    def turns(self, what: str, shape: Shape) -> dict[int, Run]:
        return self._runs.get((what, shape), {})

    def ratio(self, one: tuple[str, Shape], other: tuple[str, Shape], figure: Figure) -> float | None:
        """One beside the other within a round; None where they were not both measured."""
        upper, lower = self.turns(*one), self.turns(*other)
        found = [
            figure(upper[turn]) / figure(lower[turn])
            for turn in upper.keys() & lower.keys()
            if figure(lower[turn])
        ]
        return median(found) if found else None

    def times_best(self, what: str, shape: Shape) -> float | None:
        """Beside the number of pgbench clients that did best in the round."""
        best: dict[int, float] = {}
        for (name, _), turns in self._runs.items():
            if name == f"pgbench {what}":
                for turn, run in turns.items():
                    best[turn] = max(best.get(turn, 0.0), run.per_second)
        mine = self.turns(what, shape)
        found = [mine[turn].per_second / best[turn] for turn in mine.keys() & best.keys()]
        return median(found) if found else None

    def extra_ms(self, what: str) -> float | None:
        """What a lone buyer waits longer than a lone client of pgbench."""
        mine, yard = self.turns(what, Shape(buyers=1)), self.turns(f"pgbench {what}", Shape(buyers=1))
        found = [mine[turn].mean_ms - yard[turn].mean_ms for turn in mine.keys() & yard.keys()]
        return median(found) if found else None


def checks(runs: Sequence[Run]) -> list[Check]:
    """Every limit for which there are figures."""
    found = _Found(runs)
    made = [*_speed(found), *_patience(found), *_work(found), *_growth(found)]
    asked = [run for run in runs if not run.what.startswith(("pgbench", "empty"))]
    if asked:
        largest = max(run.resident_mb for run in asked)
        made += [
            _most("MB resident, the largest web process", largest, RESIDENT_MB_MAX),
            _most("answers that were not 2xx or 304", sum(run.refused for run in runs), 0),
            _none("requests without an answer", sum(run.broken for run in asked)),
            _none("answers of which the database knows nothing", sum(run.lost for run in asked)),
        ]
    return made


def whole(books: Books, sale: SellOut | None) -> list[Check]:
    """What has no excuse: places sold twice, or lost between the books."""
    made = [
        _none("places oversold", books.oversold),
        _none("places astray between pools, carts and tickets", books.astray),
    ]
    if sale is not None:
        made.append(
            _none(f"sell-out of {sale.places}: held too many, astray, odd or too few", int(not sale.is_right))
        )
    return made


def _speed(found: _Found) -> Iterator[Check]:
    for what in MAIN:
        for buyers in CROWDS:
            shape = Shape(buyers=buyers)
            times = found.times_best(what, shape) if what in TIMES_YARDSTICK_MIN else None
            if times is not None:
                yield _least(f"{what}, {shape}: times the yardstick", times, TIMES_YARDSTICK_MIN[what])
            share = found.ratio((what, shape), (f"empty {what}", shape), _speed_of)
            if share is not None:
                yield _least(f"{what}, {shape}: of the empty handler", share, OF_EMPTY_MIN[what])
            spread = Shape(buyers=buyers, events=100)
            share = found.ratio((what, spread), (what, shape), _speed_of)
            if share is not None:
                yield _least(f"{what}, {spread}: of one event", share, OF_ONE_EVENT_MIN)


def _patience(found: _Found) -> Iterator[Check]:
    shape = Shape(buyers=256)
    for what in MAIN:
        if turns := found.turns(what, shape):
            yield _most(f"{what}, {shape}: p99, ms", median(map(_p99_ms, turns.values())), P99_MS_MAX)
    for what in TIMES_YARDSTICK_MIN:
        if (extra := found.extra_ms(what)) is not None:
            yield _most(f"{what}, 1 buyer: ms beyond one pgbench client", extra, EXTRA_MS_MAX)


def _work(found: _Found) -> Iterator[Check]:
    for what in MAIN:
        for shape in (Shape(buyers=buyers) for buyers in CROWDS):
            times = found.ratio((what, shape), (f"empty {what}", shape), lambda run: run.app_us)
            if times:
                yield _most(
                    f"{what}, {shape}: application's CPU, times the empty handler", times, CPU_OF_EMPTY_MAX
                )


def _growth(found: _Found) -> Iterator[Check]:
    for (what, tickets), limit in GROWTH_MAX.items():
        shape = Shape(tickets=tickets)
        times = found.ratio((what, shape), (what, Shape()), lambda run: run.database_us)
        if times:
            yield _most(f"{what}, {shape}: database's CPU, times that at 10 k", times, limit)


def _speed_of(run: Run) -> float:
    return run.per_second


def _p99_ms(run: Run) -> float:
    return run.p99_ms if run.per_second else inf


def _least(what: str, figure: float, limit: float) -> Check:
    return Check(what, figure, limit, is_least=True, is_kept=figure >= limit)


def _most(what: str, figure: float, limit: float) -> Check:
    return Check(what, figure, limit, is_least=False, is_kept=figure <= limit)


def _none(what: str, count: float) -> Check:
    return Check(what, float(count), 0.0, is_least=False, is_kept=not count, is_hard=True)
