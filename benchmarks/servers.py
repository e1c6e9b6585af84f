"""Web processes under test: started as `foyer run` starts them, on sockets that share one port."""

import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks import machine
from benchmarks.world import SECRET
from foyer.cli.rehearse.serving import see_off
from foyer.cli.supervisor import listening_sockets
from foyer.infra.db.embedded.processes import die_with_parent

HOST: Final = "127.0.0.1"
_READY_SECONDS: Final = 120.0
_KNOCKS: Final = 24
"""Connections are dealt to the processes by chance; after so many answers both have answered."""


@dataclass(frozen=True, slots=True)
class Servers:
    """Where an application answers, and the processes that do."""

    url: str
    pids: tuple[int, ...]

    def cpu_seconds(self) -> float:
        """Processor time of all of them since they started."""
        return sum(machine.cpu_seconds(pid) for pid in self.pids)

    def resident_mb(self) -> float:
        """Memory of the largest."""
        return max(machine.resident_mb(pid) for pid in self.pids)


@contextmanager
def serving(module: str, *arguments: str, processes: int, database_url: str, data: Path) -> Iterator[Servers]:
    """Run the processes of one application until the block ends.

    Args:
        module: what `python -m` runs; it is given `--fd <socket>` after the arguments.
        arguments: before that.
        processes: how many.
        database_url: the application role's login.
        data: an existing directory for the log.
    """
    sockets = listening_sockets(HOST, 0, processes)
    url = f"http://{HOST}:{sockets[0].getsockname()[1]}"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FOYER_")}
    environment = {
        **kept, "FOYER_DATA": str(data), "FOYER_DATABASE_URL": database_url, "FOYER_SECRET_KEYS": SECRET,
        "FOYER_LOG": str(data / f"{module}.log"),
    }  # fmt: skip
    children = [
        subprocess.Popen(
            [sys.executable, "-m", module, *arguments, "--fd", str(one.fileno())],
            env=environment,
            pass_fds=(one.fileno(),),
            preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - two system calls, prepared before the fork
        )
        for one in sockets
    ]
    for one in sockets:
        one.close()
    try:
        for _ in range(_KNOCKS):
            urllib.request.urlopen(f"{url}/readyz", timeout=_READY_SECONDS).close()
        yield Servers(url, tuple(child.pid for child in children))
    finally:
        for child in children:
            child.terminate()
        for child in children:
            see_off(child)
