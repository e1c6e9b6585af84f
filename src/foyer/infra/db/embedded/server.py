"""The supervised server: started, kept alive, stopped, and found by others through its address file."""

import time
from collections.abc import Mapping
from io import FileIO
from threading import Event, Thread
from types import TracebackType
from typing import Self

from foyer.infra.db.embedded.address import Address, remove_address, write_address
from foyer.infra.db.embedded.cluster import Cluster
from foyer.infra.db.embedded.directories import hold, prepare
from foyer.infra.db.embedded.errors import EmbeddedError
from foyer.infra.db.embedded.initialize import bootstrap, initialize
from foyer.infra.db.embedded.postmaster import Log, Postmaster, end_stale
from foyer.infra.db.embedded.tuning import Durability, server_settings

_READY_SECONDS_MAX = 600.0  # recovery of a full 4 GB of WAL on a slow disk
_READY_POLL_SECONDS = 0.005
_ORPHANS_SECONDS_MAX = 15.0
_ORPHANS_POLL_SECONDS = 0.1
# What PostgreSQL says while backends of a killed postmaster still hold its shared memory or its lock files.
_ORPHANS_SAY = ("shared memory block", "lock file", "Is another postmaster")
_WATCH_SECONDS = 0.05
_BACKOFF_SECONDS_FIRST, _BACKOFF_SECONDS_MAX = 0.1, 5.0
_HEALTHY_SECONDS = 10.0


class Server:
    """Runs the PostgreSQL of one cluster inside this process's life.

    Start it from the main thread: Linux ends the server with the *thread* that started it, which is what stops it
    cleanly when this process is killed with -9, and would stop it at once when a short-lived thread started it.
    """

    def __init__(
        self,
        cluster: Cluster,
        *,
        durability: Durability = "production",
        settings: Mapping[str, str] | None = None,
        log: Log = lambda _line: None,
    ) -> None:
        self.cluster = cluster
        self._durability: Durability = durability
        self._settings = server_settings(cluster, durability, settings or {})
        self._log = log
        self._lock: FileIO | None = None
        self._postmaster: Postmaster | None = None
        self._watcher: Thread | None = None
        self._stopping = Event()

    def start(self) -> Address:
        """Lock FOYER_DATA, make the cluster if it is new, start PostgreSQL and return once it takes connections.

        Raises:
            AlreadySupervisedError: another process runs this cluster.
            EmbeddedError: it cannot be started; the message says why.

        """
        assert self._lock is None, "start() is called once, before stop()"
        self._lock = hold(self.cluster.data)
        try:
            remove_address(self.cluster.data)
            prepare(self.cluster)
            initialize(self.cluster, is_durable=self._durability == "production")
            end_stale(self.cluster.pgdata, self._log)
            self._postmaster = self._launch()
            bootstrap(self.cluster)
            address = Address(app=self.cluster.app_url, owner=self.cluster.owner_url)
            write_address(self.cluster.data, address)
        except BaseException:
            self.stop()
            raise
        return address

    def supervise(self) -> None:
        """From now on, start PostgreSQL again whenever it dies. Returns at once: a thread does the watching."""
        assert self._postmaster is not None, "start() comes first"
        self._watcher = Thread(target=self._watch, daemon=True, name="postgres-supervisor")
        self._watcher.start()

    def stop(self) -> None:
        """Bring PostgreSQL down cleanly and let go of FOYER_DATA. Does nothing when it is not running."""
        self._stopping.set()
        if self._watcher is not None:
            self._watcher.join()
            self._watcher = None
        if self._lock is not None:
            remove_address(self.cluster.data)
        if self._postmaster is not None:
            self._postmaster.bring_down()
            self._postmaster = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None
        self._stopping.clear()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _launch(self) -> Postmaster:
        """Start PostgreSQL, again for some seconds while backends of a killed one hold its shared memory."""
        deadline = time.monotonic() + _ORPHANS_SECONDS_MAX
        while True:
            postmaster = Postmaster(self.cluster, self._settings, self._log)
            try:
                if self._await_ready(postmaster):
                    return postmaster
            except BaseException:
                postmaster.bring_down()
                raise
            words = postmaster.last_words()
            has_orphans = any(phrase in words for phrase in _ORPHANS_SAY)
            if not has_orphans or time.monotonic() > deadline or self._stopping.wait(_ORPHANS_POLL_SECONDS):
                raise EmbeddedError(f"PostgreSQL did not start: {words}")

    def _await_ready(self, postmaster: Postmaster) -> bool:
        """True once it takes connections, False when it has ended instead."""
        deadline = time.monotonic() + _READY_SECONDS_MAX
        while not postmaster.is_ready():
            if postmaster.has_ended():
                return False
            if time.monotonic() > deadline:
                raise EmbeddedError(f"PostgreSQL was not ready after {_READY_SECONDS_MAX:.0f} seconds.")
            if self._stopping.wait(_READY_POLL_SECONDS):
                raise EmbeddedError("PostgreSQL was stopped while it started.")
        return True

    def _watch(self) -> None:
        delay = _BACKOFF_SECONDS_FIRST
        ready_at = time.monotonic()
        while not self._stopping.wait(_WATCH_SECONDS):
            if self._postmaster is not None and not self._postmaster.has_ended():
                continue
            if self._postmaster is not None:
                self._log(f"PostgreSQL (process {self._postmaster.pid}) died and is started again")
                self._postmaster = None
            if time.monotonic() - ready_at > _HEALTHY_SECONDS:
                delay = _BACKOFF_SECONDS_FIRST
            if self._stopping.wait(delay):
                return
            delay = min(delay * 2, _BACKOFF_SECONDS_MAX)
            try:
                self._postmaster = self._launch()
            except (EmbeddedError, OSError) as error:
                self._log(f"PostgreSQL could not be started again: {error}")
                continue
            ready_at = time.monotonic()
            self._log(f"PostgreSQL runs again as process {self._postmaster.pid}")
