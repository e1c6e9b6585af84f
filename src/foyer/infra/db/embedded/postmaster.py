"""PostgreSQL's first process: started, watched until it is ready, and brought down."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from threading import Thread
from typing import IO

from foyer.infra.db.embedded.cluster import Cluster
from foyer.infra.db.embedded.processes import clean_environment, die_with_parent

Log = Callable[[str], None]

_POLL_SECONDS = 0.005
# Fast shutdown writes a checkpoint, which a slow disk makes long; immediate shutdown costs a recovery at the next start.
_STOP_STEPS = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))


@dataclass(frozen=True, slots=True)
class PidFile:
    """What `postmaster.pid` says; a file left by a killed server says `ready` too."""

    pid: int
    status: str


class Owner(Enum):
    """Whose the process is that a `postmaster.pid` names."""

    GONE = "gone"
    ZOMBIE = "zombie"
    OURS = "ours"
    ALIEN = "alien"
    UNKNOWN = "unknown"


class Postmaster:
    """One child process running PostgreSQL, with its last words kept."""

    def __init__(self, cluster: Cluster, settings: Mapping[str, str], log: Log) -> None:
        """Start it. Returns at once; `is_ready` says when it takes connections."""
        self._cluster = cluster
        self._log = log
        self._last_lines: deque[str] = deque(maxlen=6)
        arguments = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self._process = subprocess.Popen(
            [cluster.binaries / "postgres", "-D", cluster.pgdata, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            cwd=cluster.root,
            env=clean_environment(),
            umask=0o077,
            start_new_session=True,  # Ctrl-C in a terminal is for the supervisor, who stops things in order
            preexec_fn=die_with_parent(signal.SIGINT),  # noqa: PLW1509 -- two system calls, prepared before the fork
            **cluster.identity,
        )
        assert self._process.stderr is not None
        self._reader = Thread(
            target=self._read, args=(self._process.stderr,), daemon=True, name="postgres-log"
        )
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def is_ready(self) -> bool:
        found = read_pid_file(self._cluster.pgdata)
        return found is not None and found.pid == self.pid and found.status == "ready"

    def last_words(self) -> str:
        """Its last lines; call it once the process has ended."""
        self._reader.join(timeout=1.0)  # orphaned backends may hold the pipe for longer
        return (
            " / ".join(self._last_lines)
            or f"it ended with status {self._process.returncode} and said nothing."
        )

    def bring_down(self) -> None:
        bring_down(self.pid, self.has_ended)
        self._reader.join(timeout=1.0)

    def _read(self, stream: IO[str]) -> None:
        with stream:
            for line in stream:
                self._last_lines.append(line.strip())
                with suppress(Exception):  # a log that fails must not block the server's own writing
                    self._log(f"postgres: {line.rstrip()}")


def read_pid_file(pgdata: Path) -> PidFile | None:
    try:
        lines = (pgdata / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
        return PidFile(pid=int(lines[0]), status=lines[7].strip() if len(lines) > 7 else "")
    except (FileNotFoundError, IndexError, ValueError):
        return None


def end_stale(pgdata: Path, log: Log) -> None:
    """Stop a server that outlived its supervisor, and forget a pid that has become someone else's since.

    PostgreSQL itself would refuse to start while any process of its user has the pid in the file, as happens when a
    container is started again and the same low numbers are dealt out anew.
    """
    found = read_pid_file(pgdata)
    if found is None:
        return
    owner = owner_of(found.pid, pgdata)
    if owner is Owner.OURS:
        log(f"stopping a PostgreSQL (process {found.pid}) that outlived its supervisor")
        bring_down(found.pid, lambda: owner_of(found.pid, pgdata) is not Owner.OURS)
    elif owner in {Owner.ZOMBIE, Owner.ALIEN}:
        log(f"removing a postmaster.pid whose process {found.pid} is no PostgreSQL of ours")
        (pgdata / "postmaster.pid").unlink(missing_ok=True)


def owner_of(pid: int, pgdata: Path) -> Owner:
    """PostgreSQL makes its data directory its working directory, which tells its process from any other."""
    if sys.platform != "linux":
        return _owner_by_command_line(pid, pgdata)
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        if status.rpartition(")")[2].split()[0] in {"Z", "X"}:
            return Owner.ZOMBIE
        return Owner.OURS if Path(f"/proc/{pid}/cwd").readlink() == pgdata else Owner.ALIEN
    except (FileNotFoundError, ProcessLookupError):
        return Owner.GONE
    except PermissionError:
        return Owner.UNKNOWN  # of another user, so PostgreSQL knows by itself that it is none of its own


def _owner_by_command_line(pid: int, pgdata: Path) -> Owner:
    ps = shutil.which("ps")
    if ps is None:
        return Owner.UNKNOWN
    done = subprocess.run([ps, "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return Owner.GONE
    return Owner.OURS if "postgres" in done.stdout and str(pgdata) in done.stdout else Owner.ALIEN


def bring_down(pid: int, has_ended: Callable[[], bool]) -> None:
    for sign, seconds in _STOP_STEPS:
        if has_ended():
            return
        with suppress(ProcessLookupError):
            os.kill(pid, sign)
        deadline = time.monotonic() + seconds
        while not has_ended() and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)
