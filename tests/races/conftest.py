"""A PostgreSQL with production settings, and the product on it in four web processes."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

from foyer.infra.db.embedded import Cluster
from foyer.infra.db.engine import Database
from foyer.infra.telemetry import set_up_log
from tests.races.notebook import clerk, counter, desk, notes, pairs
from tests.support.cluster import APP, OWNER, SUPERUSER, migrated_cluster, url_of
from tests.support.installation import Installation, all_ready, database_of_its_own, installation
from tests.support.world import Organization, make_organization

PROCESSES = 4
__all__ = ["clerk", "counter", "desk", "notes", "pairs"]


@pytest.fixture(scope="session", autouse=True)
def log(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What the clerks say goes to a file, as lines: drawing stack traces for a terminal takes longer than the races."""
    set_up_log(str(tmp_path_factory.mktemp("log") / "races.log"))


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    with migrated_cluster(durability="production") as cluster:
        yield cluster


@pytest.fixture(scope="session")
async def app_url(cluster: Cluster) -> str:
    await database_of_its_own(cluster.superuser_url, "races")
    return url_of(APP, "races", cluster.superuser_url)


@pytest.fixture(scope="session")
def owner_url(cluster: Cluster, app_url: str) -> str:
    return url_of(OWNER, "races", cluster.superuser_url)


@pytest.fixture(scope="session")
async def database(app_url: str) -> AsyncIterator[Database]:
    database = Database(app_url, pool_size=4)
    yield database
    await database.close()


@pytest.fixture
async def owner(owner_url: str) -> AsyncIterator[asyncpg.Connection]:
    """Plain SQL as the owner, who sees all rows."""
    connection = await asyncpg.connect(owner_url)
    await connection.execute("SET app.migration = 'on'")
    yield connection
    await connection.close()


@pytest.fixture(scope="session")
def superuser_url(cluster: Cluster, app_url: str) -> str:
    return url_of(SUPERUSER, "races", cluster.superuser_url)


@pytest.fixture
async def superuser(superuser_url: str) -> AsyncIterator[asyncpg.Connection]:
    """Plain SQL as the superuser, for looking at what the server does and for ending it."""
    connection = await asyncpg.connect(superuser_url)
    yield connection
    await connection.close()


@pytest.fixture
async def organization(database: Database) -> Organization:
    return await make_organization(database)


@pytest.fixture(scope="session", params=[256, 1], ids=["batched", "one-by-one"])
async def any_house(
    request: pytest.FixtureRequest, app_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Installation]:
    """Four web processes, with batches and with the off switch."""
    data: Path = tmp_path_factory.mktemp("house")
    with installation(app_url, data, webs=PROCESSES, max_batch=request.param) as house:
        await all_ready(house)
        yield house


@pytest.fixture(scope="session")
async def two_webs(app_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Installation]:
    """Two web processes that all other tests share."""
    with installation(app_url, tmp_path_factory.mktemp("house"), webs=2) as house:
        await all_ready(house)
        yield house


@pytest.fixture
def house(two_webs: Installation) -> Installation:
    """The shared processes; faults of earlier tests are theirs."""
    two_webs.faults()
    return two_webs
