"""Keeps the child processes of `foyer run` alive, ends them in order, and holds the sockets they listen on."""

import errno
import os
import select
import signal
import socket
import time
from collections.abc import Callable, Sequence
from types import FrameType, TracebackType
from typing import Any, Self

from foyer.cli.children import Child, Running, Standby
from foyer.settings import SettingsError

_LISTEN_BACKLOG = 2048
_ENDING = {signal.SIGINT, signal.SIGTERM}


class Supervisor:
    """Runs children until it is told to end; the last thing to stop is what they all stand on."""

    def __init__(
        self,
        children: Sequence[Child],
        *,
        standby: Child | None = None,
        log: Callable[[str], None],
        stop_database: Callable[[], None] = lambda: None,
        on_death: Callable[[int], None] = lambda _pid: None,
        grace_seconds: float = 30.0,
        standby_seconds: float = 5.0,
    ) -> None:
        """Take what is to be kept alive; nothing is started yet.

        Args:
            children: who they are.
            standby: who is ready to become any of the children that have a role.
            log: told in a line what happens.
            stop_database: the last thing to do.
            on_death: told the process that has ended.
            grace_seconds: how long children may take to end by themselves.
            standby_seconds: how long after a start the next standby is made ready: who serves again has the processor first.
        """
        standing_by = Standby(standby, log, on_death, standby_seconds) if standby else None
        self._running = [Running(child, log, on_death, standing_by) for child in children]
        if standing_by:
            self._running.append(standing_by)
        self._log = log
        self._stop_database = stop_database
        self._grace_seconds = grace_seconds

    def run(self) -> None:
        """Return after SIGINT or SIGTERM, with every child gone and the database stopped. Main thread only."""
        with _Signals() as signals:
            try:
                while not signals.wait(self._seconds_to_next_start()) & _ENDING:
                    for one in self._running:
                        one.notice_death()
            finally:
                try:
                    self._end_children(signals)
                finally:
                    self._stop_database()

    def restart_children(self) -> None:
        """End every child in order; each is started again as after a death. For other threads to call."""
        for one in self._running:
            one.send(signal.SIGTERM)

    def _seconds_to_next_start(self) -> float | None:
        """Start what is due, and say when the next one will be."""
        for one in self._running:
            one.start_if_due()
        waits = [one.due_at - time.monotonic() for one in self._running if one.process is None]
        return max(0.0, min(waits)) if waits else None

    def _end_children(self, signals: "_Signals") -> None:
        for one in self._running:
            one.send(signal.SIGTERM)
        deadline = time.monotonic() + self._grace_seconds
        while (left := self._alive()) and (seconds := deadline - time.monotonic()) > 0:
            if signals.wait(seconds) & _ENDING:
                self._log("told to end a second time: not waiting any longer")
                break
        for one in left:
            self._log(f"{one.child.name} did not end by itself and is killed")
            one.kill()

    def _alive(self) -> list["Running"]:
        return [one for one in self._running if one.is_alive()]


class _Signals:
    """Signals as bytes in a pipe: none is lost between a check and a sleep, whichever thread receives it."""

    def __enter__(self) -> Self:
        self._read, self._write = os.pipe()
        os.set_blocking(self._read, False)
        os.set_blocking(self._write, False)
        self._previous_fd = signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)
        self._previous: dict[signal.Signals, Any] = {
            sign: signal.signal(sign, _leave_to_pipe) for sign in (*_ENDING, signal.SIGCHLD)
        }
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for sign, handler in self._previous.items():
            signal.signal(sign, handler)
        signal.set_wakeup_fd(self._previous_fd)
        os.close(self._read)
        os.close(self._write)

    def wait(self, seconds: float | None) -> set[int]:
        """The signals that came, at the latest after so many seconds; None waits for the first."""
        ready, _, _ = select.select([self._read], [], [], seconds)
        return set(os.read(self._read, 4096)) if ready else set()


def _leave_to_pipe(_number: int, _frame: FrameType | None) -> None:
    pass


def listening_sockets(host: str, port: int, count: int) -> list[socket.socket]:
    """Listen `count` times on one port, a socket for each web worker.

    The parent keeps them open, so a connection that waits in a worker's queue outlives that worker. Pass each one's
    `fileno()` to a child by `pass_fds`. Port 0 takes any free one.

    Raises:
        SettingsError: the address cannot be had; the message names the setting to change.

    """
    family, address = _resolve(host, port)
    # SO_REUSEPORT would let us share the port of another Foyer in silence, so first ask without it.
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        _bind(probe, host, address)
        address = probe.getsockname()
    sockets: list[socket.socket] = []
    try:
        for _ in range(count):
            one = socket.socket(family, socket.SOCK_STREAM)
            sockets.append(one)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            _bind(one, host, address)
            one.listen(_LISTEN_BACKLOG)
    except BaseException:
        for one in sockets:
            one.close()
        raise
    return sockets


def _resolve(host: str, port: int) -> tuple[socket.AddressFamily, Any]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except socket.gaierror:
        raise SettingsError(f"FOYER_HOST {host!r} is not an address of this machine.") from None
    family, _, _, _, address = found[0]
    return family, address


def _bind(one: socket.socket, host: str, address: Any) -> None:
    port = address[1]
    try:
        one.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            sentence = (
                f"FOYER_PORT {port} is in use by another program; stop it, or set FOYER_PORT to a free port."
            )
        elif error.errno == errno.EACCES:
            sentence = f"FOYER_PORT {port} is reserved for root; set FOYER_PORT to one from 1024 to 65535."
        elif error.errno == errno.EADDRNOTAVAIL:
            sentence = f"FOYER_HOST {host!r} is not an address of this machine."
        else:
            raise
        raise SettingsError(sentence) from None
