"""Numbers as lines: paths for a drawing without a script, and the same numbers as rows for those who cannot see it."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 1000, 300
SPARK_WIDTH, SPARK_HEIGHT = 160, 32
GRID_STEPS = 3
NICE = (1, 2, 4, 5, 10)

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Chart:
    """What `chart` of `_ui.html` draws; made by `line_chart`."""

    title: str
    names: tuple[str, str]
    """Of the line and of what it is compared with; the second is empty where there is nothing."""
    line: str
    area: str
    tail: str
    """The way to the last point, which still grows."""
    end: str
    end_words: str
    before: str
    heights: tuple[str, ...]
    """The words at the grid lines, from the top down."""
    marks: tuple[tuple[str, str], ...]
    """Words under the line, and how far along it they stand."""
    rows: tuple[tuple[str, str, str], ...]
    summary: str


@dataclass(frozen=True, slots=True)
class Spark:
    """Two small lines, this week's and last week's."""

    line: str
    before: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One cell of `kpi_strip`."""

    label: str
    figure: str
    change: str = ""
    """`53%`; empty where there is nothing to compare with."""
    is_rise: bool = True
    is_good: bool = True
    before: str = ""
    """Last week's figure, or a few words."""
    spark: Spark | None = None
    done: tuple[int, int] | None = None
    """So many of so many: a bar in place of the lines."""


def line_chart(
    title: str,
    labels: Sequence[str],
    now: Sequence[int],
    *,
    before: Sequence[int] = (),
    show: Callable[[int], str] = str,
    names: tuple[str, str] = ("Today", ""),
    summary: str = "",
) -> Chart:
    """A line over labelled steps. Where `now` is shorter than `labels`, its last value still grows."""
    is_unfinished = len(now) < len(labels)
    top = _top(max((*now, *before, 1)))
    points = _points(now, len(labels), top)
    done = points[:-1] if is_unfinished and len(points) > 1 else points
    last = points[-1] if points else (0.0, float(HEIGHT))
    every = max(1, -(-len(labels) // 8))
    return Chart(
        title=title,
        names=names,
        line=_curve(done),
        area=f"{_curve(points)}V{HEIGHT}H0Z" if points else "",
        tail=f"M{_at(done[-1])}L{_at(last)}" if len(done) < len(points) else "",
        end=f"M{_at(last)}h.01" if len(done) < len(points) else "",
        end_words=f"{show(now[-1])} so far" if is_unfinished and now else "",
        before=_curve(_points(before, len(labels), top)),
        heights=tuple(show(top * step // GRID_STEPS) for step in range(GRID_STEPS, -1, -1)),
        marks=tuple(
            (labels[at], f"{100 * at / max(1, len(labels) - 1):.2f}%") for at in range(0, len(labels), every)
        ),
        rows=tuple(
            (label, _shown(now, at, show), _shown(before, at, show)) for at, label in enumerate(labels)
        ),
        summary=summary,
    )


def spark(now: Sequence[int], before: Sequence[int] = ()) -> Spark:
    """The small lines under a figure; both share one scale."""
    top, steps = max((*now, *before, 1)), max(len(now), len(before))

    def drawn(values: Sequence[int]) -> str:
        return _curve(
            [
                (x * SPARK_WIDTH / WIDTH, 2 + y * (SPARK_HEIGHT - 4) / HEIGHT)
                for x, y in _points(values, steps, top)
            ]
        )

    return Spark(drawn(now), drawn(before))


def _shown(values: Sequence[int], at: int, show: Callable[[int], str]) -> str:
    return show(values[at]) if at < len(values) else ""


def _top(most: int) -> int:
    """The smallest round number above all values that three steps divide."""
    size = 1
    while True:
        for nice in NICE:
            if nice * size * GRID_STEPS >= most:
                return nice * size * GRID_STEPS
        size *= 10


def _points(values: Sequence[int], steps: int, top: int) -> list[Point]:
    wide = max(1, steps - 1)
    return [(at * WIDTH / wide, HEIGHT - value * HEIGHT / top) for at, value in enumerate(values)]


def _at(point: Point) -> str:
    return f"{point[0]:.1f} {point[1]:.1f}"


def _curve(points: Sequence[Point]) -> str:
    """A smooth way through all points that never overshoots one: a figure must not look larger than it is."""
    if not points:
        return ""
    slopes = [(after[1] - one[1]) / (after[0] - one[0]) for one, after in itertools.pairwise(points)]
    inner = [
        2 * one * after / (one + after) if one * after > 0 else 0.0
        for one, after in itertools.pairwise(slopes)
    ]
    lean = [*slopes[:1], *inner, *slopes[-1:]]
    path = [f"M{_at(points[0])}"]
    for at, (one, after) in enumerate(itertools.pairwise(points)):
        third = (after[0] - one[0]) / 3
        path.append(
            f"C{_at((one[0] + third, one[1] + third * lean[at]))} "
            f"{_at((after[0] - third, after[1] - third * lean[at + 1]))} {_at(after)}"
        )
    return "".join(path)
