"""One embedded server for a test run, one clone of the migrated database for each worker."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import asyncpg

from foyer.cli.migrate import bring_up_to_date
from foyer.infra.db.embedded import APP, OWNER, SUPERUSER, Cluster, temporary_cluster
from tests.support.citus import VARIABLE as CITUS
from tests.support.citus import make_on_citus

VARIABLE = "TEST_CLUSTER_URL"
LOGGING = {
    "logging_collector": "on",
    "log_destination": "jsonlog",
    "log_statement": "all",
    "log_filename": "statements",
    "log_file_mode": "0644",
}


@contextmanager
def migrated_cluster(**options: object) -> Iterator[Cluster]:
    """A server with the schema in its database `foyer`, to be cloned or used as it is."""
    with temporary_cluster(**options) as cluster:  # type: ignore[arg-type]
        bring_up_to_date(cluster.owner_url)
        yield cluster


def url_of(role: str, database: str, base: str | None = None) -> str:
    """The address of a database of this run's server."""
    parts = urlsplit(base or os.environ[VARIABLE])
    return f"postgresql://{role}@/{database}?{parts.query}"


def clone(name: str, base: str | None = None) -> str:
    """Make a database of its own from the migrated one; returns its name."""
    asyncio.run(_clone(name, base))
    return name


async def _clone(name: str, base: str | None) -> None:
    if CITUS in os.environ:
        await make_on_citus(name, base or os.environ[VARIABLE])
        return
    connection = await asyncpg.connect(url_of(SUPERUSER, "postgres", base))
    await connection.execute(f"DROP DATABASE IF EXISTS {name}")
    await connection.execute(f"CREATE DATABASE {name} TEMPLATE foyer OWNER {OWNER} STRATEGY wal_log")
    # Rights on a database are not cloned with it.
    await connection.execute(f"REVOKE CONNECT, TEMPORARY ON DATABASE {name} FROM PUBLIC")
    await connection.execute(f"GRANT CONNECT ON DATABASE {name} TO {OWNER}, {APP}")
    await connection.close()


__all__ = ["APP", "LOGGING", "OWNER", "SUPERUSER", "VARIABLE", "clone", "migrated_cluster", "url_of"]
