"""One server with production settings, a pooler before it, and eight web processes."""

from collections.abc import AsyncIterator, Iterator

import asyncpg
import pytest

from foyer.infra.db.embedded import Cluster
from foyer.infra.db.engine import Database
from tests.support.cluster import migrated_cluster
from tests.support.pooler import Pooler, pooler
from tests.support.world import Organization, make_organization


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    with migrated_cluster(durability="production", settings={"max_connections": "400"}) as cluster:
        yield cluster


@pytest.fixture(scope="session")
def bouncer(cluster: Cluster) -> Iterator[Pooler]:
    with pooler(cluster, "foyer") as running:
        yield running


@pytest.fixture(scope="session")
async def database(cluster: Cluster) -> AsyncIterator[Database]:
    database = Database(cluster.app_url, pool_size=4)
    yield database
    await database.close()


@pytest.fixture
async def organization(database: Database) -> Organization:
    return await make_organization(database)


@pytest.fixture
async def owner(cluster: Cluster) -> AsyncIterator[asyncpg.Connection]:
    """Plain SQL as the owner, who sees all rows."""
    connection = await asyncpg.connect(cluster.owner_url)
    await connection.execute("SET app.migration = 'on'")
    yield connection
    await connection.close()
