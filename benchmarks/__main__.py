"""Measure the hot paths beside their yardsticks: `python -m benchmarks`, or some of them: `python -m benchmarks reserve page --buyers 64`.

Everything runs on a server of its own in a temporary directory, with the durability of production. What is compared is
measured in turns, round after round, so that whatever else the machine does meets all of it alike.

Status 0: every limit is kept. 1: a hard one is broken, which no busy machine excuses: places sold twice or astray, answers lost.
3: a ratio was missed. 2: nothing could be measured.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from benchmarks import books, load, report, star, verdict
from benchmarks.machine import Machine, versions
from benchmarks.runner import Point, Runner, tell
from benchmarks.sellout import sell_out
from benchmarks.shape import BASE_TICKETS, Shape
from benchmarks.world import Worlds
from foyer.infra.db.embedded import temporary_cluster

HARD, USAGE, MISSED = 1, 2, 3
FILE: Final = ".bench/latest.json"
SECONDS_MAX: Final = 570
"""The default star begins no round that would not end within this; the full one takes what it takes."""


def main() -> int:
    chosen = _arguments().parse_args()
    try:
        load.find_wrk()
    except load.NoWrkError as wrong:
        print(wrong, file=sys.stderr)
        return USAGE
    _allow_many_connections()
    is_full = os.environ.get("FULL") == "1"
    points = _points(chosen, is_full=is_full)
    started, machine = time.monotonic(), Machine.this()
    with ExitStack() as stack:
        cluster = stack.enter_context(temporary_cluster(durability="production"))
        data = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        worlds = stack.enter_context(Worlds(cluster)).build(sorted({point.shape.tickets for point in points}))
        tell(f"loaded after {time.monotonic() - started:.0f} s")
        runner = stack.enter_context(Runner(cluster, worlds, data, chosen.seconds))
        runner.start(points)
        for turn in range(1, chosen.rounds + 1):
            begun = time.monotonic()
            tell(f"round {turn} of {chosen.rounds}, {begun - started:.0f} s")
            runner.measure(points, turn, with_yards=not chosen.no_yardsticks)
            if not is_full and not chosen.operations and 2 * time.monotonic() - begun - started > SECONDS_MAX:
                break
        small = worlds[BASE_TICKETS]
        sale = sell_out(small) if not chosen.operations else None
        balances = [books.balance(world) for world in worlds.values()]
        total = books.Books(*(sum(column) for column in zip(*balances, strict=True)))
        checks = [*verdict.checks(runner.runs), *verdict.whole(total, sale)]
        postgres = small.fetch("SHOW server_version")[0][0]
    report.save(
        chosen.json,
        report.Report(at=report.now(), revision=_revision(), machine=machine, versions=versions(postgres), checks=checks,
                      runs=runner.runs),
    )  # fmt: skip
    print(report.table(runner.runs), report.verdict(checks), sep="\n\n")
    tell(
        f"{time.monotonic() - started:.0f} s, load {machine.load_before:.1f} before; every run stands in {chosen.json}"
    )
    missed = [one for one in checks if not one.is_kept]
    return HARD if any(one.is_hard for one in missed) else MISSED if missed else 0


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Without operations: the whole star."
    )
    parser.add_argument("operations", nargs="*", metavar="operation", help=", ".join(star.OPERATIONS))
    parser.add_argument(
        "--buyers", type=_numbers, default=(64, 256), help="how many at once; several with commas"
    )
    parser.add_argument("--events", type=_numbers, default=(1,))
    parser.add_argument("--tickets", type=_numbers, default=(BASE_TICKETS,), help="sold before")
    parser.add_argument("--workers", type=_numbers, default=(2,))
    parser.add_argument("--seconds", type=float, default=2.0, help="of each run")
    parser.add_argument("--rounds", type=int, default=3, help="fewer where the time is over")
    parser.add_argument("--no-yardsticks", action="store_true", help="leave pgbench out")
    parser.add_argument("--json", type=Path, default=Path(FILE), help="where every single run is written")
    return parser


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(one) for one in text.split(","))


def _points(chosen: argparse.Namespace, *, is_full: bool) -> Sequence[Point]:
    if not chosen.operations:
        return star.points(is_full=is_full)
    return [
        Point(star.OPERATIONS[name], Shape(buyers=buyers, events=events, tickets=tickets, workers=workers))
        for tickets in chosen.tickets
        for workers in chosen.workers
        for events in chosen.events
        for buyers in chosen.buyers
        for name in chosen.operations
    ]


def _revision() -> str:
    said = subprocess.run(
        ["git", "describe", "--always", "--dirty"], check=False, capture_output=True, text=True
    )
    return said.stdout.strip()


def _allow_many_connections() -> None:
    """A thousand buyers are a thousand sockets, on both sides."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


if __name__ == "__main__":
    sys.exit(main())
