"""A whole server for a test run or a benchmark, gone without a trace afterwards."""

import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from foyer.infra.db.embedded.cluster import Cluster, locate
from foyer.infra.db.embedded.directories import hold, orphans
from foyer.infra.db.embedded.errors import EmbeddedError
from foyer.infra.db.embedded.postmaster import Log, end_stale
from foyer.infra.db.embedded.server import Server
from foyer.infra.db.embedded.tuning import Durability

_PREFIX = "foyer-temporary-"
_YOUNG_SECONDS = 60.0


@contextmanager
def temporary_cluster(
    *,
    durability: Durability = "test",
    settings: Mapping[str, str] | None = None,
    major: int = 18,
    supervise: bool = False,
    log: Log = lambda _line: None,
) -> Iterator[Cluster]:
    """Run a new cluster with Foyer's roles and its empty database. Works as root and as an ordinary user.

    `superuser_url`, `owner_url` and `app_url` of what it yields are the three ways in. Call it from the main thread,
    as `Server` explains. With `supervise`, PostgreSQL is started again when a test kills it.
    """
    _drop_stale(log)
    data = Path(tempfile.mkdtemp(prefix=_PREFIX))
    cluster = locate(data, major=major)
    try:
        with Server(cluster, durability=durability, settings=settings, log=log) as server:
            if supervise:
                server.supervise()
            yield cluster
    finally:
        _remove(cluster)


def _remove(cluster: Cluster) -> None:
    shutil.rmtree(cluster.root, ignore_errors=True)
    shutil.rmtree(cluster.socket, ignore_errors=True)
    shutil.rmtree(cluster.data, ignore_errors=True)  # last: whoever sweeps finds the rest through it


def _drop(data: Path, log: Log) -> None:
    try:
        cluster = locate(data)
    except EmbeddedError:  # its root went in a removal that was cut short
        shutil.rmtree(data)
        return
    end_stale(cluster.pgdata, log)
    _remove(cluster)


def _drop_stale(log: Log) -> None:
    """Remove what killed test runs left. A cluster in use is locked; one being made is young."""
    for data in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError, EmbeddedError):
            if time.time() - data.stat().st_mtime < _YOUNG_SECONDS:
                continue
            with hold(data.resolve(), wait_seconds=0):
                _drop(data, log)
    for orphan in orphans():
        if orphan.data.name.startswith(_PREFIX) and not orphan.data.exists():
            end_stale(orphan.root / "pgdata", log)
            shutil.rmtree(orphan.root, ignore_errors=True)
