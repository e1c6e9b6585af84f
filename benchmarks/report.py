"""What the runs say, as a table and as a file."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import msgspec

from benchmarks.machine import Machine
from benchmarks.shape import Run, Shape
from benchmarks.verdict import Check

_HEAD = (
    "per second",
    "mean ms",
    "p50 ms",
    "p99 ms",
    "app µs",
    "pg µs",
    "client µs",
    "MB",
    "batch",
    "largest",
)
_FIGURES: tuple[tuple[Callable[[Run], float], str], ...] = (
    (lambda run: run.per_second, ",.0f"),
    (lambda run: run.mean_ms, ".2f"),
    (lambda run: run.p50_ms, ".2f"),
    (lambda run: run.p99_ms, ".1f"),
    (lambda run: run.app_us, ".0f"),
    (lambda run: run.database_us, ".0f"),
    (lambda run: run.client_us, ".0f"),
    (lambda run: run.resident_mb, ".0f"),
    (lambda run: run.batch, ".1f"),
    (lambda run: run.largest, ".0f"),
)


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One invocation, whole."""

    at: datetime
    revision: str
    machine: Machine
    versions: dict[str, str]
    checks: list[Check]
    runs: list[Run]


def save(path: Path, report: Report) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=1))


def now() -> datetime:
    return datetime.now(UTC)


def table(runs: Sequence[Run]) -> str:
    """Medians of the rounds. Ratios hold within this run, absolutes for this hour of this machine."""
    groups: dict[tuple[str, Shape], list[Run]] = {}
    for run in runs:
        groups.setdefault((run.what, run.shape), []).append(run)
    names = {key: f"{key[0]}, {_clients(*key)}" for key in groups}
    width = max(map(len, names.values())) + 1
    lines = [f"{'':{width}}" + "".join(f"{head:>11}" for head in _HEAD)]
    for key in sorted(
        groups,
        key=lambda key: (
            key[0].split()[-1],
            key[0],
            key[1].tickets,
            key[1].events,
            key[1].workers,
            key[1].buyers,
        ),
    ):
        cells = (_cell(median(map(figure, groups[key])), form) for figure, form in _FIGURES)
        lines.append(f"{names[key]:{width}}" + "".join(f"{cell:>11}" for cell in cells))
    return "\n".join(lines)


def _clients(what: str, shape: Shape) -> str:
    return f"{shape.buyers} clients" if what.startswith("pgbench") else str(shape)


def _cell(figure: float, form: str) -> str:
    return f"{figure:{form}}" if figure else ""


def verdict(found: Sequence[Check]) -> str:
    width = max(len(one.what) for one in found) + 2
    return "\n".join(
        f"{'ok  ' if one.is_kept else 'MISS'} {one.what:{width}}{one.figure:8.2f}  ({'at least' if one.is_least else 'at most'} {one.limit:g})"
        for one in found
    )
