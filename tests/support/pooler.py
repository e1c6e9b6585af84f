"""PgBouncer in transaction mode in front of a test's server: few connections behind it, any number before it."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from foyer.infra.db.embedded import APP, OWNER, Cluster
from tests.support.cluster import SUPERUSER

PORT = 6432
BEHIND = 4
"""Connections to the server."""
NARROW = "narrow"
"""A database's name at the pooler behind which there is one connection."""
READY_SECONDS_MAX = 10.0


@dataclass(frozen=True)
class Pooler:
    directory: Path

    def url(self, database: str, *, role: str = APP, is_told: bool = True) -> str:
        """An address through it; `is_told` says so to Foyer."""
        told = "&pooler=transaction" if is_told else ""
        return f"postgresql://{role}@/{database}?host={self.directory}&port={PORT}{told}"


@contextmanager
def pooler(cluster: Cluster, database: str) -> Iterator[Pooler]:
    """Run it for one database of this server, as the user whom the server's socket lets in."""
    binary = shutil.which("pgbouncer")
    assert binary is not None, "the lane has installed it"
    directory = Path(tempfile.mkdtemp(prefix="foyer-pooler-"))
    directory.chmod(0o755)
    query = parse_qs(urlsplit(cluster.app_url).query)
    behind = f"host={query['host'][0]} port={query.get('port', ['5432'])[0]} dbname={database}"
    (directory / "users").write_text("".join(f'"{role}" ""\n' for role in (APP, OWNER, SUPERUSER)))
    (directory / "pgbouncer.ini").write_text(
        f"[databases]\n{database} = {behind}\n{NARROW} = {behind} pool_size=1\n"
        f"[pgbouncer]\nlisten_port = {PORT}\nunix_socket_dir = {directory}\n"
        f"auth_type = trust\nauth_file = {directory}/users\npool_mode = transaction\n"
        f"default_pool_size = {BEHIND}\nmax_client_conn = 500\n"
    )
    identity = cluster.identity
    if "user" in identity:
        os.chown(directory, int(identity["user"]), -1)
    log = (directory / "log").open("wb")
    process = subprocess.Popen(
        [binary, directory / "pgbouncer.ini"], stdout=log, stderr=log, cwd="/", **identity
    )
    try:
        give_up = time.monotonic() + READY_SECONDS_MAX
        while not (directory / f".s.PGSQL.{PORT}").exists():
            assert process.poll() is None, (directory / "log").read_text()
            assert time.monotonic() < give_up
            time.sleep(0.02)
        yield Pooler(directory)
    finally:
        process.terminate()
        process.wait(10)
        log.close()
        shutil.rmtree(directory)
