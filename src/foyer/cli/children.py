"""Child processes of `foyer run` through all their lives, and the one that stands by for those that die."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from foyer.infra.db.embedded.processes import die_with_parent

_BACKOFF_SECONDS_FIRST, _BACKOFF_SECONDS_MAX = 0.1, 10.0
_HEALTHY_SECONDS = 30.0
_KILLED_SECONDS_MAX = 5.0
WORKER: Final = "worker"
"""The role of the process that does what is due; the others are told the socket they serve on."""


@dataclass(frozen=True, slots=True)
class Child:
    """A process to keep alive."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    pass_fds: tuple[int, ...] = ()
    role: str | None = None
    """The line by which a standby becomes this child; None where none can."""


class Running:
    """One child through all its lives."""

    stdin = subprocess.DEVNULL

    def __init__(
        self,
        child: Child,
        log: Callable[[str], None],
        on_death: Callable[[int], None],
        standby: "Standby | None" = None,
    ) -> None:
        self.child = child
        self.process: subprocess.Popen[bytes] | None = None
        self.due_at = time.monotonic()
        self._started_at = 0.0
        self._delay = _BACKOFF_SECONDS_FIRST
        self._log = log
        self._on_death = on_death
        self._standby = standby

    def start_if_due(self) -> None:
        if self.process is not None or time.monotonic() < self.due_at:
            return
        self._started_at = time.monotonic()
        try:
            self.process = self._taken_over() or self._started()
        except OSError as error:
            self._log(f"{self.child.name} cannot be started: {error}")
            self._back_off()
        else:
            self._log(f"{self.child.name} runs as process {self.process.pid}")

    def _taken_over(self) -> "subprocess.Popen[bytes] | None":
        role = self.child.role
        return self._standby.become(role) if self._standby and role else None

    def _started(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            self.child.argv,
            env=dict(self.child.env),
            pass_fds=self.child.pass_fds,
            stdin=self.stdin,
            start_new_session=True,  # Ctrl-C reaches the parent alone, which ends things in order
            preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 -- two system calls, prepared before the fork
        )

    def notice_death(self) -> None:
        if self.process is None or self.process.poll() is None:
            return
        self._log(
            f"{self.child.name} (process {self.process.pid}) ended with status {self.process.returncode}"
        )
        self._on_death(self.process.pid)
        self.process = None
        self._back_off()

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def send(self, sign: signal.Signals) -> None:
        if self.process is not None:
            self.process.send_signal(sign)

    def kill(self) -> None:
        """With everything it has started: its session is its own."""
        assert self.process is not None
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        # A process stuck in the kernel must not keep the database up.
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(_KILLED_SECONDS_MAX)

    def _back_off(self) -> None:
        now = time.monotonic()
        if now - self._started_at > _HEALTHY_SECONDS:
            self._delay = _BACKOFF_SECONDS_FIRST
        self.due_at = now + self._delay
        self._delay = min(self._delay * 2, _BACKOFF_SECONDS_MAX)


class Standby(Running):
    """A process that has loaded what a child needs and waits; the line it is sent says which child it is from then on."""

    stdin = subprocess.PIPE

    def __init__(
        self,
        child: Child,
        log: Callable[[str], None],
        on_death: Callable[[int], None],
        rest_seconds: float,
    ) -> None:
        super().__init__(child, log, on_death)
        self._rest_seconds = rest_seconds
        self.due_at += rest_seconds

    def become(self, role: str) -> "subprocess.Popen[bytes] | None":
        """The process that has this role now, ready at once or when it has loaded; None where nobody stands by."""
        process = self.process
        if process is None or not self.is_alive():
            return None
        assert process.stdin is not None
        try:
            with process.stdin as ear:
                ear.write(f"{role}\n".encode())
        except BrokenPipeError:
            return None
        self.process = None
        self.due_at = time.monotonic() + self._rest_seconds
        return process
