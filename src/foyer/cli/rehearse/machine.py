"""Who spends this machine's processor time, read from /proc; what is not on this machine is not measured."""

import os
import socket
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from foyer.cli.rehearse.wire import Place

PROC: Final = Path("/proc")
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_LISTENS: Final = "0A"


class Parts(NamedTuple):
    """The processes that take part in a sale, as far as they are here."""

    web: tuple[int, ...]
    worker: tuple[int, ...]
    postmaster: int | None
    buyers: tuple[int, ...]


class Spent(NamedTuple):
    """Seconds of processor time since the processes began; `machine` is that of everything on the machine."""

    web: dict[int, float]
    worker: float
    postgres: float
    buyers: dict[int, float]
    machine: float


class _Process(NamedTuple):
    parent: int
    seconds: float
    of_children: float
    """Of those that have ended."""


def cores() -> int:
    """How many processor cores this process may use."""
    return len(os.sched_getaffinity(0))


def parts_of(place: Place, *, backend: int | None, buyers: Iterable[int]) -> Parts:
    """The processes behind an address: who listens there, their background worker, the server of a database backend."""
    web = _listeners(place.port) if _is_here(place.host) else []
    parents = {one.parent for pid in web if (one := _process(pid)) is not None}
    worker = [
        pid
        for pid, one in _all().items()
        if one.parent in parents and pid not in web and _works_in_background(pid)
    ]
    return Parts(tuple(web), tuple(worker), _postmaster(backend), tuple(buyers))


def spent(parts: Parts) -> Spent:
    """What everybody has spent so far."""
    known = _all()
    postgres = 0.0
    if parts.postmaster in known:
        own = known[parts.postmaster]
        postgres = own.seconds + own.of_children
        postgres += sum(one.seconds for one in known.values() if one.parent == parts.postmaster)
    return Spent(
        web=_seconds(known, parts.web),
        worker=sum(_seconds(known, parts.worker).values()),
        postgres=postgres,
        buyers=_seconds(known, parts.buyers),
        machine=_machine(),
    )


def _seconds(known: Mapping[int, _Process], pids: Iterable[int]) -> dict[int, float]:
    return {pid: known[pid].seconds for pid in pids if pid in known}


def _machine() -> float:
    """Seconds for which cores were not idle, since the machine was started."""
    with suppress(OSError, ValueError):
        fields = [
            int(one) for one in (PROC / "stat").read_text(encoding="ascii").split("\n", 1)[0].split()[1:9]
        ]
        return (sum(fields) - fields[3] - fields[4]) / _TICKS
    return 0.0


def _all() -> dict[int, _Process]:
    pids = [int(one.name) for one in PROC.iterdir() if one.name.isdigit()] if PROC.is_dir() else []
    return {pid: one for pid in pids if (one := _process(pid)) is not None}


def _process(pid: int) -> _Process | None:
    with suppress(OSError, ValueError, IndexError):
        fields = (
            (PROC / str(pid) / "stat")
            .read_text(encoding="utf-8", errors="replace")
            .rpartition(")")[2]
            .split()
        )
        own, children = int(fields[11]) + int(fields[12]), int(fields[13]) + int(fields[14])
        return _Process(int(fields[1]), own / _TICKS, children / _TICKS)
    return None


def _command(pid: int) -> list[str]:
    with suppress(OSError):
        return (
            (PROC / str(pid) / "cmdline")
            .read_text(encoding="utf-8", errors="replace")
            .rstrip("\0")
            .split("\0")
        )
    return []


def _works_in_background(pid: int) -> bool:
    command = _command(pid)
    return command[-1:] == ["worker"] and any(Path(one).name == "foyer" for one in command)


def _listeners(port: int) -> list[int]:
    """Who answers on this port: of those that hold its sockets, the ones that have no child that holds them too."""
    inodes = set()
    for table in ("tcp", "tcp6"):
        with suppress(OSError):
            for line in (PROC / "net" / table).read_text(encoding="ascii").splitlines()[1:]:
                fields = line.split()
                if fields[3] == _LISTENS and int(fields[1].rpartition(":")[2], 16) == port:
                    inodes.add(f"socket:[{fields[9]}]")
    holders = {pid: one.parent for pid, one in _all().items() if inodes and _holds(pid, inodes)}
    return sorted(set(holders) - set(holders.values()))


def _holds(pid: int, inodes: set[str]) -> bool:
    with suppress(OSError):
        for one in (PROC / str(pid) / "fd").iterdir():
            with suppress(OSError):
                if str(one.readlink()) in inodes:
                    return True
    return False


def _postmaster(backend: int | None) -> int | None:
    """The server process that a backend belongs to; None where the backend runs elsewhere."""
    if backend is None or not (_command(backend) or [""])[0].startswith("postgres"):
        return None
    one = _process(backend)
    return None if one is None else one.parent


def _is_here(host: str) -> bool:
    """Whether a host's name is an address of this machine: one that can be listened on."""
    with suppress(OSError):
        family, kind, protocol, _, address = socket.getaddrinfo(host, 0, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.bind(address)
        return True
    return False
