"""What would have to grow first for the sale to go faster, said in words."""

from typing import Final

from foyer.cli.rehearse.machine import Spent
from foyer.kernel.wire import Wire

FULL: Final = 0.85
"""From this share of a core on, a process waits for it more than for anything else."""
OFTEN: Final = 0.5


class Load(Wire, frozen=True):
    """How busy everybody was while most of the buyers came; in cores, so 1.0 is one core all the time."""

    cores: int
    seconds: float
    web: tuple[float, ...]
    worker: float
    postgres: float
    buyers: tuple[float, ...]
    machine: float
    waits_for_disk: float
    """Of the moments at which PostgreSQL was looked at, the share in which somebody waited for the disk."""
    waits_for_locks: float


def load_between(
    before: Spent, after: Spent, *, cores: int, seconds: float, waits: tuple[float, float]
) -> Load:
    """The load of a stretch of time."""
    over = max(seconds, 0.001)
    return Load(
        cores=cores,
        seconds=round(seconds, 2),
        web=_each(before.web, after.web, over),
        worker=round((after.worker - before.worker) / over, 3),
        postgres=round((after.postgres - before.postgres) / over, 3),
        buyers=_each(before.buyers, after.buyers, over),
        machine=round((after.machine - before.machine) / over, 3),
        waits_for_disk=waits[0],
        waits_for_locks=waits[1],
    )


def _each(before: dict[int, float], after: dict[int, float], seconds: float) -> tuple[float, ...]:
    return tuple(round((after[pid] - before.get(pid, 0.0)) / seconds, 3) for pid in sorted(after))


def what_limits(load: Load) -> list[str]:
    """One sentence for what limits next, and one for each thing one should know about it."""
    shares = _shares(load)
    own = sum(load.buyers)
    others = load.machine - own - sum(load.web) - load.worker - load.postgres
    said = []
    if load.web and load.machine >= FULL * load.cores and others >= OFTEN * load.cores:
        said.append(
            f"Other programs were the limit: they used {others:.1f} of {_cores(load.cores)} ({shares}). Stop them, and rehearse"
            " again before you believe any of this."
        )
    elif load.buyers and min(load.buyers) >= FULL:
        said.append(
            "The rehearsal's own buyers were the limit: each of their processes used a whole core. The shop can do more than"
            " was measured; take more of them with --processes, on a machine with more cores."
        )
    elif load.machine >= FULL * load.cores:
        said.append(
            f"The processor was the limit: all {_cores(load.cores)} were busy with {shares}. More cores come first."
        )
    elif load.web and min(load.web) >= FULL:
        said.append(
            f"The web workers were the limit: each used a whole core ({shares}), and {_cores(load.cores)} are there."
            " Raise FOYER_WEB_WORKERS."
        )
    elif load.waits_for_disk >= OFTEN:
        said.append(
            f"The disk was the limit: PostgreSQL waited for it at {load.waits_for_disk:.0%} of the looks ({shares})."
            " A faster disk for the database comes first."
        )
    elif load.waits_for_locks >= OFTEN:
        said.append(
            f"Turns at the same places were the limit: somebody waited for one at {load.waits_for_locks:.0%} of the looks."
        )
    else:
        said.append(f"Nothing was near its limit: the shop sold as fast as people came ({shares}).")
    if own >= 0.1 * load.cores and len(said) == 1 and load.machine >= FULL * load.cores:
        said.append(f"The rehearsal's own buyers took {own:.1f} of these cores, which are free tomorrow.")
    if load.web and 0.15 * load.cores <= others and not said[0].startswith("Other"):
        said.append(
            f"Other programs on this machine used {others:.1f} cores; on the day of the sale, stop them."
        )
    if not load.web:
        said.append("The shop runs on another machine, whose load was not measured.")
    elif not load.postgres:
        said.append("The database runs on another machine, whose load was not measured.")
    return said


def _shares(load: Load) -> str:
    parts = [("the web workers", sum(load.web)), ("PostgreSQL", load.postgres), ("the background worker", load.worker),
             ("the rehearsal's buyers", sum(load.buyers))]  # fmt: skip
    return ", ".join(
        f"{name} {used:.1f}" for name, used in sorted(parts, key=lambda one: -one[1]) if used >= 0.05
    )


def _cores(count: int) -> str:
    return "1 core" if count == 1 else f"{count} cores"
