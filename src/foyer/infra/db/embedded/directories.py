"""The directories of a cluster on disk: made private, tied to their FOYER_DATA, locked by one process."""

import fcntl
import os
import shutil
import stat
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from foyer.infra.db.embedded.binaries import copy_if_needed
from foyer.infra.db.embedded.cluster import SYSTEM_HOME, Cluster, name_file
from foyer.infra.db.embedded.errors import AlreadySupervisedError, EmbeddedError

_LOCK_WAIT_SECONDS = 0.5  # `read_address` holds it for a moment


@dataclass(frozen=True, slots=True)
class Orphan:
    """A cluster in the system directory that no FOYER_DATA names any more."""

    root: Path
    data: Path
    """The FOYER_DATA it was made for."""


def lock_file(data: Path) -> Path:
    return data / "lock"


def hold(data: Path, *, wait_seconds: float = _LOCK_WAIT_SECONDS) -> FileIO:
    """Make FOYER_DATA ours alone and hold it; closing the file, or dying, lets go.

    Raises:
        AlreadySupervisedError: another process holds it.

    """
    _make_data(data)
    lock = FileIO(os.open(lock_file(data), os.O_RDWR | os.O_CREAT, 0o600), "r+")
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() < deadline:
                time.sleep(0.02)
                continue
            holder = (lock.readall() or b"").decode().strip() or "unknown"
            lock.close()
            raise AlreadySupervisedError(f"Process {holder} already runs the database of FOYER_DATA={data}; "
                                         "stop it, or choose another FOYER_DATA.") from None  # fmt: skip
        lock.truncate(0)
        lock.write(b"%d\n" % os.getpid())
        return lock


def prepare(cluster: Cluster) -> None:
    """Make what is missing of root, socket directory and readable binaries. The caller holds the lock."""
    if cluster.owner_uid is None:
        private_directory(cluster.root)
    else:
        _prepare_as_root(cluster)
    _write_name(cluster)
    private_directory(cluster.socket, cluster.owner_uid, cluster.owner_gid)
    copy_if_needed(cluster.major, cluster.root, cluster.binaries)


def orphans() -> list[Orphan]:
    """Clusters that root's Foyer left behind: their FOYER_DATA is gone, or names another one."""
    found = []
    for marker in sorted(SYSTEM_HOME.glob("*/foyer-data")) if os.access(SYSTEM_HOME, os.R_OK) else []:
        try:
            data = Path(marker.read_text(encoding="utf-8").strip())
        except OSError:
            continue
        if _read_name(data) != str(marker.parent):
            found.append(Orphan(root=marker.parent, data=data))
    return found


def private_directory(path: Path, uid: int | None = None, gid: int | None = None) -> None:
    """Make this directory, or make sure that the one found is that user's alone: /tmp is everybody's."""
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        pass
    else:
        path.chmod(0o700)
        if uid is not None and gid is not None:
            os.chown(path, uid, gid, follow_symlinks=False)
    found = path.lstat()
    wanted = os.geteuid() if uid is None else uid
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != wanted or found.st_mode & 0o077:
        raise EmbeddedError(f"{path} must be a directory of user {wanted} that nobody else may enter (0700); "
                            "remove what is there and start again.")  # fmt: skip


def _make_data(data: Path) -> None:
    with suppress(FileExistsError):
        data.mkdir(mode=0o700, parents=True)
    found = data.stat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise EmbeddedError(f"FOYER_DATA={data} must be a directory of the user who runs Foyer.")
    if not found.st_mode & 0o077:
        return
    # A directory with other things in it may be a home or /tmp: closing it would do harm.
    if any(data.iterdir()) and not name_file(data).exists():
        raise EmbeddedError(f"FOYER_DATA={data} is open to other users and holds other files; choose an empty "
                            "directory, or close this one with chmod 700.")  # fmt: skip
    data.chmod(0o700)


def _prepare_as_root(cluster: Cluster) -> None:
    SYSTEM_HOME.mkdir(parents=True, exist_ok=True)
    if SYSTEM_HOME.stat().st_uid != 0:
        raise EmbeddedError(f"{SYSTEM_HOME} must belong to root.")
    SYSTEM_HOME.chmod(0o755)
    if cluster.root.exists():
        if _read_name(cluster.data) == str(cluster.root):
            _follow_a_move(cluster)
            private_directory(cluster.root, cluster.owner_uid, cluster.owner_gid)
            return
        _set_aside(cluster.root)
    staging = Path(tempfile.mkdtemp(prefix=".new-", dir=SYSTEM_HOME))
    # The marker is written before the directory is given away: root writes nothing where another user may place links.
    (staging / "foyer-data").write_text(f"{cluster.data}\n", encoding="utf-8")
    assert cluster.owner_uid is not None
    assert cluster.owner_gid is not None
    os.chown(staging, cluster.owner_uid, cluster.owner_gid)
    staging.rename(cluster.root)


def _set_aside(root: Path) -> None:
    """Someone deleted FOYER_DATA to begin afresh. The old database is kept, for `foyer doctor` to list."""
    if not (root / "pgdata").exists():  # a first start that was cut short
        shutil.rmtree(root)
        return
    root.rename(root.with_name(f"{root.name}.{time.time_ns()}"))


def _follow_a_move(cluster: Cluster) -> None:
    """A moved FOYER_DATA keeps its database; a copied one must not share the original's."""
    marker = cluster.root / "foyer-data"
    original = Path(marker.read_text(encoding="utf-8").strip())
    if original == cluster.data:
        return
    if _read_name(original) == str(cluster.root):
        raise EmbeddedError(f"FOYER_DATA={cluster.data} is a copy of {original}, whose database it names; "
                            f"delete {name_file(cluster.data)} to begin with an empty one.")  # fmt: skip
    descriptor, staging = tempfile.mkstemp(prefix=".moved-", dir=SYSTEM_HOME)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"{cluster.data}\n")
    Path(staging).rename(marker)


def _read_name(data: Path) -> str | None:
    try:
        return name_file(data).read_text(encoding="utf-8").strip()
    except OSError:
        return None


def _write_name(cluster: Cluster) -> None:
    if _read_name(cluster.data) == str(cluster.root):
        return
    staging = cluster.data / "cluster.new"
    staging.write_text(f"{cluster.root}\n", encoding="utf-8")
    staging.replace(name_file(cluster.data))
