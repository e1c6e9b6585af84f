"""Where a FOYER_DATA keeps its database, whose it is, and the addresses under which it is reached."""

import hashlib
import os
import pwd
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from foyer.infra.db.embedded.binaries import program_directory
from foyer.infra.db.embedded.errors import EmbeddedError
from foyer.infra.db.embedded.processes import Identity, identity

SYSTEM_HOME: Final = Path("/var/lib/foyer")
"""Where clusters lie when root runs Foyer: outside a clone that PostgreSQL's user may not enter."""
DATABASE: Final = "foyer"
PORT: Final = 5432
"""Only part of the socket's name; no TCP port is taken."""
SUPERUSER: Final = "postgres"
OWNER: Final = "foyer_owner"
APP: Final = "foyer_app"

_SOCKET_BYTES_MAX = 90  # the kernel allows 107, some clients add to the name


@dataclass(frozen=True, slots=True)
class Cluster:
    """The places of one PostgreSQL cluster; nothing here touches the disk."""

    data: Path
    """FOYER_DATA."""
    root: Path
    """Everything that PostgreSQL's user touches."""
    pgdata: Path
    socket: Path
    """The directory of the socket."""
    binaries: Path
    owner_uid: int | None
    """The user PostgreSQL runs as; None means ourselves."""
    owner_gid: int | None
    major: int

    def url(self, role: str, database: str = DATABASE) -> str:
        """An address that asyncpg, psql and pgbench all understand."""
        return (
            f"postgresql://{quote(role, safe='')}@/{quote(database, safe='')}?host={self.socket}&port={PORT}"
        )

    @property
    def superuser_url(self) -> str:
        return self.url(SUPERUSER)

    @property
    def owner_url(self) -> str:
        return self.url(OWNER)

    @property
    def app_url(self) -> str:
        return self.url(APP)

    @property
    def identity(self) -> Identity:
        """Keywords for `subprocess`: PostgreSQL's programs always run as its own user, never as root."""
        return identity(self.owner_uid, self.owner_gid)


def locate(data: Path, *, major: int = 18) -> Cluster:
    """Say where the cluster of this FOYER_DATA is, or will be. Creates nothing.

    Raises:
        EmbeddedError: there are no binaries, or FOYER_DATA names a database that is gone or somebody else's.

    """
    data = data.resolve()
    root = _named_root(data) or _usual_root(data)
    uid, gid = _postgres_user(root)
    return Cluster(
        data=data,
        root=root,
        pgdata=root / "pgdata",
        socket=_socket_directory(root),
        binaries=program_directory(major, root, uid, gid),
        owner_uid=uid,
        owner_gid=gid,
        major=major,
    )


def name_file(data: Path) -> Path:
    """The file in FOYER_DATA that names the cluster's root."""
    return data / "cluster"


def _named_root(data: Path) -> Path | None:
    try:
        root = Path(name_file(data).read_text(encoding="utf-8").strip())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except PermissionError:
        raise EmbeddedError(f"FOYER_DATA={data} belongs to another user; run Foyer as that user.") from None
    if root == data / "postgres" and os.geteuid() == 0:
        raise EmbeddedError(
            f"FOYER_DATA={data} was made by an ordinary user; run Foyer as that user, not as root."
        )
    if root.parent == SYSTEM_HOME and os.geteuid() != 0:
        raise EmbeddedError(
            f"FOYER_DATA={data} was made by root; run Foyer as root, or choose another FOYER_DATA."
        )
    if root.parent != SYSTEM_HOME and root != data / "postgres":
        if os.geteuid() != 0:
            return None  # it was moved, and its database with it
        raise EmbeddedError(
            f"{name_file(data)} names {root}, which is not a place where Foyer keeps databases."
        )
    if not root.is_dir():
        # An empty database in place of the lost one would look like a success.
        raise EmbeddedError(f"The database of FOYER_DATA={data} was in {root}, which is gone; restore it, "
                            f"or delete {name_file(data)} to begin with an empty one.")  # fmt: skip
    return root


def _usual_root(data: Path) -> Path:
    if os.geteuid() == 0:
        return SYSTEM_HOME / _digest(data)
    return data / "postgres"


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _postgres_user(root: Path) -> tuple[int | None, int | None]:
    """PostgreSQL refuses to run as root. An existing cluster keeps its user, whoever was added to the system since."""
    if os.geteuid() != 0:
        return None, None
    if root.is_dir():
        found = root.stat()
        return found.st_uid, found.st_gid
    for name in (SUPERUSER, "foyer", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return user.pw_uid, user.pw_gid
    raise EmbeddedError(
        "PostgreSQL cannot run as root; add a system user named postgres, or run Foyer as another user."
    )


def _socket_directory(root: Path) -> Path:
    """In the root, or under /tmp when that path is too long for a socket or would need quoting in an address."""
    usual = root / "socket"
    name = os.fsencode(usual / f".s.PGSQL.{PORT}")
    if len(name) <= _SOCKET_BYTES_MAX and re.fullmatch(rb"[A-Za-z0-9/._-]+", name):
        return usual
    return Path("/tmp") / f"foyer-{os.geteuid()}-{_digest(root)}"  # noqa: S108 -- checked by lstat before use
