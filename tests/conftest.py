"""Fixtures for every lane that needs the database. The lanes `races` and `faults` start servers of their own."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import httpx
import pytest

from foyer.infra.db.engine import Database
from frontend import bundles
from tests.support.citus import VARIABLE as CITUS
from tests.support.cluster import APP, LOGGING, OWNER, SUPERUSER, VARIABLE, clone, migrated_cluster, url_of
from tests.support.promises import looking_on
from tests.support.statements import findings_in
from tests.support.world import Organization, make_organization, running_app, settings_for

NEEDS_DATABASE = ("domains", "mail", "api", "access", "contract", "web", "simulation", "browser")
MAJOR = "TEST_POSTGRES_MAJOR"
"""Which of the two PostgreSQL that come along serves this run: 18, or 16, the oldest that Foyer runs on."""
_cluster = pytest.StashKey[object]()


def pytest_configure(config: pytest.Config) -> None:
    """The controller of a run starts the server once; workers find it in the environment. Pages need their scripts."""
    bundles.ensure()
    wanted = config.args and any(lane in str(argument) for argument in config.args for lane in NEEDS_DATABASE)
    if hasattr(config, "workerinput") or not wanted or VARIABLE in os.environ:
        return
    if CITUS in os.environ:  # somebody's server, which is neither started nor stopped here
        os.environ[VARIABLE] = os.environ[CITUS]
        return
    context = migrated_cluster(settings=LOGGING, major=int(os.environ.get(MAJOR, "18")))
    cluster = context.__enter__()
    os.environ[VARIABLE] = cluster.superuser_url
    config.stash[_cluster] = (context, cluster)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Every statement the application sent is looked at: each names the tenant, as the second wall."""
    started = session.config.stash.get(_cluster, None)
    if started is None:
        return
    _, cluster = started  # type: ignore[misc]
    findings = findings_in(cluster.pgdata / "log")
    for finding in findings[:20]:
        print(f"\nstatement without its tenant: {finding}")
    if findings:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_unconfigure(config: pytest.Config) -> None:
    started = config.stash.get(_cluster, None)
    if started is not None:
        os.environ.pop(VARIABLE, None)
        started[0].__exit__(None, None, None)  # type: ignore[index]


@pytest.fixture(scope="session")
def database_name(worker_id: str) -> str:
    """This worker's own copy of the migrated database."""
    return clone(f"foyer_{worker_id}")


@pytest.fixture(scope="session")
def app_url(database_name: str) -> str:
    return url_of(APP, database_name)


@pytest.fixture(scope="session")
async def database(app_url: str) -> AsyncIterator[Database]:
    database = Database(app_url)
    yield database
    await database.close()


@pytest.fixture(scope="session")
async def client(app_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[httpx.AsyncClient]:
    data: Path = tmp_path_factory.mktemp("data")
    async with running_app(settings_for(data), app_url) as client:
        client.event_hooks["response"].append(looking_on())
        yield client


@pytest.fixture
async def owner_sql(database_name: str) -> AsyncIterator[asyncpg.Connection]:
    """Plain SQL as the owner, who sees all rows: for looking at what a test has left behind."""
    connection = await asyncpg.connect(url_of(OWNER, database_name))
    await connection.execute("SET app.migration = 'on'")
    yield connection
    await connection.close()


@pytest.fixture
async def app_sql(app_url: str) -> AsyncIterator[asyncpg.Connection]:
    """Plain SQL as the application's role, with no tenant set."""
    connection = await asyncpg.connect(app_url)
    yield connection
    await connection.close()


@pytest.fixture
async def root_sql(database_name: str) -> AsyncIterator[asyncpg.Connection]:
    """Plain SQL as the superuser, for the catalogues."""
    connection = await asyncpg.connect(url_of(SUPERUSER, database_name))
    yield connection
    await connection.close()


@pytest.fixture
async def organization(database: Database) -> Organization:
    return await make_organization(database)


@pytest.fixture
async def stranger(database: Database) -> Organization:
    """A second organization, whose rows could leak."""
    return await make_organization(database, name="Strangers")
