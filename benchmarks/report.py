"""What the runs say: medians, ratios within the run, and each figure beside its limit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import fmean, median
from typing import Final, NamedTuple

from benchmarks.books import Batches, Books
from benchmarks.load import Run, Yard
from benchmarks.sellout import SellOut

TIMES_YARDSTICK_MIN: Final = 2.5
PERCENT_OF_EMPTY_MIN: Final = 50.0
EXTRA_MS_MAX: Final = 3.0
CROWDS: Final = (64, 256)
"""Numbers of buyers for which the limits of throughput hold; a lone buyer has a limit of latency."""


class Reserve(NamedTuple):
    """One run of reserves with what it left behind."""

    run: Run
    cpu_us: float
    books: Books
    batches: Batches


class Empty(NamedTuple):
    run: Run
    cpu_us: float


@dataclass(slots=True)
class Measured:
    """Everything measured so far, by number of buyers or clients."""

    reserves: dict[int, list[Reserve]] = field(default_factory=dict)
    empties: dict[int, list[Empty]] = field(default_factory=dict)
    yards: dict[int, list[Yard]] = field(default_factory=dict)
    sell_out: SellOut | None = None


class Check(NamedTuple):
    what: str
    figure: str
    limit: str
    is_kept: bool


def checks(measured: Measured) -> list[Check]:
    """Every limit with its figure."""
    found = [*_speed(measured), _patience(measured), *_books(measured)]
    if (sale := measured.sell_out) is not None:
        figure = f"{sale.held} of {sale.places} held, {sale.most_held} at most, {sale.astray} astray, {sale.odd} odd answers"
        limit = f"never more; full, or short by less than {sale.smallest_refused}"
        found.append(Check("sell-out, 256 buyers, carts of 1 to 4", figure, limit, sale.is_right))
    return found


def _speed(measured: Measured) -> list[Check]:
    best, found = best_yard(measured), []
    for buyers in CROWDS:
        speed = per_second(measured.reserves[buyers])
        times = speed / best
        share = 100 * speed / per_second(measured.empties[buyers])
        found += [
            Check(f"{buyers} buyers, times the yardstick", f"{times:.2f}", f"at least {TIMES_YARDSTICK_MIN}",
                  times >= TIMES_YARDSTICK_MIN),
            Check(f"{buyers} buyers, percent of the empty handler", f"{share:.0f}", f"at least {PERCENT_OF_EMPTY_MIN:.0f}",
                  share >= PERCENT_OF_EMPTY_MIN),
        ]  # fmt: skip
    return found


def _patience(measured: Measured) -> Check:
    extra = median(one.run.mean_ms for one in measured.reserves[1]) - median(
        one.mean_ms for one in measured.yards[1]
    )
    return Check("one buyer, ms beyond one pgbench client", f"{extra:.2f}", f"at most {EXTRA_MS_MAX:g}", extra <= EXTRA_MS_MAX)  # fmt: skip


def _books(measured: Measured) -> list[Check]:
    runs = [one for group in measured.reserves.values() for one in group]
    sums = {
        "places oversold": sum(one.books.oversold for one in runs),
        "places held but in no cart, or the other way round": sum(one.books.astray for one in runs),
        "answers that were not 2xx, or none": sum(one.run.refused + one.run.broken for one in runs),
    }
    return [Check(f"all runs, {what}", str(count), "0", count == 0) for what, count in sums.items()]


def best_yard(measured: Measured) -> float:
    """The yardstick: the number of pgbench clients that does best."""
    return max(median(one.per_second for one in group) for group in measured.yards.values())


def per_second(group: Sequence[Reserve] | Sequence[Empty]) -> float:
    return median(one.run.per_second for one in group)


def table(measured: Measured) -> str:
    """Speed of everything, medians of the rounds. Ratios hold within this run, absolutes for this hour of this machine."""
    lines = [
        f"{'':24}{'a second':>10}{'p50 ms':>9}{'p99 ms':>9}{'app µs':>9}{'carts a batch':>16}{'largest':>9}"
    ]
    for clients, yards in measured.yards.items():
        speed, mean = median(one.per_second for one in yards), median(one.mean_ms for one in yards)
        lines.append(f"{f'pgbench, {clients} clients':24}{speed:>10,.0f}{mean:>9.2f} (mean)")
    for buyers, reserves in measured.reserves.items():
        mean, largest = (
            fmean(one.batches.mean for one in reserves),
            max(one.batches.largest for one in reserves),
        )
        lines.append(f"{_row(f'reserve, {buyers} buyers', reserves)}{mean:>16.1f}{largest:>9}")
        lines.append(_row(f"empty, {buyers} buyers", measured.empties[buyers]))
    return "\n".join(lines)


def _row(name: str, group: Sequence[Reserve] | Sequence[Empty]) -> str:
    def middle(figure: Callable[[Reserve | Empty], float]) -> float:
        return median(figure(one) for one in group)

    return (
        f"{name:24}{per_second(group):>10,.0f}{middle(lambda one: one.run.p50_ms):>9.2f}"
        f"{middle(lambda one: one.run.p99_ms):>9.2f}{middle(lambda one: one.cpu_us):>9.0f}"
    )


def verdict(found: Sequence[Check]) -> str:
    width = max(len(one.what) for one in found) + 2
    return "\n".join(
        f"{'ok  ' if one.is_kept else 'MISS'} {one.what:{width}}{one.figure}  ({one.limit})" for one in found
    )
