"""A world in which every route has something to do, and the application that serves it."""

from pathlib import Path

import httpx
import pytest

from foyer.app import build_app
from foyer.infra.db.engine import Database
from tests.contract.worlds import World, make_world
from tests.support.world import settings_for


@pytest.fixture(scope="session")
async def world(database: Database, client: httpx.AsyncClient) -> World:
    return await make_world(database, client)


@pytest.fixture(scope="session")
def app(app_url: str, tmp_path_factory: pytest.TempPathFactory) -> object:
    """The application itself; whoever drives it opens and closes it."""
    data: Path = tmp_path_factory.mktemp("data")
    return build_app(settings_for(data), Database(app_url))
