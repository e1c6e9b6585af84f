"""Make a new cluster, and in it the roles and the database that Foyer expects. Both may be cut short at any point."""

import ctypes
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from foyer.infra.db.embedded.cluster import DATABASE, PORT, SUPERUSER, Cluster
from foyer.infra.db.embedded.errors import EmbeddedError
from foyer.infra.db.embedded.processes import clean_environment, die_with_parent

BOOTSTRAP: Final = Path(__file__).parent.parent / "bootstrap.sql"

_LC_CTYPE_MASK = 1
_CREATE_DATABASE = (
    f"SELECT 'CREATE DATABASE {DATABASE} TEMPLATE template0'\n"  # noqa: S608 -- constants of this package
    f"WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{DATABASE}') \\gexec\n"
    f"\\connect {DATABASE}\n"
)


def initialize(cluster: Cluster, *, is_durable: bool) -> None:
    """Make the cluster unless it is there: beside its place, then renamed, so that a half-made one never counts."""
    _sweep(cluster.root)
    version = cluster.pgdata / "PG_VERSION"
    if cluster.pgdata.exists():
        found = version.read_text(encoding="utf-8").strip() if version.exists() else "an unknown version"
        if found != str(cluster.major):
            raise EmbeddedError(f"The database in {cluster.root} was made by PostgreSQL {found}, and this is "
                                f"{cluster.major}; restore a backup of it into a new FOYER_DATA.")  # fmt: skip
        return
    staging = Path(tempfile.mkdtemp(prefix="initdb-", dir=cluster.root))
    if cluster.owner_uid is not None and cluster.owner_gid is not None:
        os.chown(staging, cluster.owner_uid, cluster.owner_gid, follow_symlinks=False)
    run_program(cluster, "initdb", [
        "-D", str(staging), "-U", SUPERUSER, "-E", "UTF8", "--auth-local=trust", "--auth-host=scram-sha-256",
        *_locale(cluster.major), *([] if is_durable else ["--no-sync"]),
    ])  # fmt: skip
    staging.rename(cluster.pgdata)
    _sweep(cluster.root)
    if is_durable:
        _flush_directory(cluster.root)


def _sweep(root: Path) -> None:
    """Remove what killed initdbs left; a child of one may still write into it, so a second sweep takes the rest."""
    for leftover in root.glob("initdb-*"):
        shutil.rmtree(leftover, ignore_errors=True)


def bootstrap(cluster: Cluster) -> None:
    """Create what is missing of database and roles; `bootstrap.sql` is what an operator runs on a server of their own."""
    script = BOOTSTRAP.read_text(encoding="utf-8")
    arguments = ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", str(cluster.socket), "-p", str(PORT),
                 "-U", SUPERUSER, "-d", "postgres", "-f", "-"]  # fmt: skip
    # A test server killed in its first moments would lose an asynchronous commit, and with it the roles.
    begin = "BEGIN;\nSET LOCAL synchronous_commit = on;\n"
    run_program(cluster, "psql", arguments, stdin=f"{_CREATE_DATABASE}{begin}{script}\nCOMMIT;\n")


def run_program(cluster: Cluster, name: str, arguments: list[str], *, stdin: str = "") -> None:
    """Run one of PostgreSQL's programs to its end, as PostgreSQL's user."""
    done = subprocess.run(
        [cluster.binaries / name, *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        cwd=cluster.root,
        env=clean_environment(),
        umask=0o077,
        preexec_fn=die_with_parent(signal.SIGKILL),
        **cluster.identity,
    )
    if done.returncode != 0:
        raise EmbeddedError(f"PostgreSQL's {name} failed: {_last_lines(done.stderr or done.stdout)}")


def _last_lines(output: str) -> str:
    return " / ".join(line.strip() for line in output.strip().splitlines()[-4:]) or "it said nothing."


def _locale(major: int) -> list[str]:
    """Sort by bytes, know every letter's case, and depend on no locale of the machine where that is possible."""
    if major >= 17:
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    libc = ctypes.CDLL(None)
    libc.newlocale.restype = ctypes.c_void_p
    is_there = libc.newlocale(_LC_CTYPE_MASK, b"C.UTF-8", None) is not None
    return ["--locale=C", *(["--lc-ctype=C.UTF-8"] if is_there else [])]


def _flush_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
