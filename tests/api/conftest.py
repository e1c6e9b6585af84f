"""A shop and an office to ask, and the proof that a refusal left nothing behind."""

from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest

from foyer.infra.db.engine import Database
from tests.api.asking import Office, Shop, Untouched, untouched_by
from tests.api.selling import Till
from tests.support.world import Organization


@pytest.fixture
def shop(client: httpx.AsyncClient, organization: Organization) -> Shop:
    return Shop(client, organization)


@pytest.fixture
def office(client: httpx.AsyncClient, organization: Organization) -> Office:
    return Office(client, organization)


@pytest.fixture
async def till(
    client: httpx.AsyncClient, database: Database, organization: Organization
) -> AsyncIterator[Till]:
    """Whatever a test has sold, paid and given back with it, the books agree with themselves afterwards."""
    till = Till(client, database, organization, organization.api_key)
    yield till
    assert await till.audit() == []


@pytest.fixture
def untouched(owner_sql: asyncpg.Connection) -> Untouched:
    return untouched_by(owner_sql)
