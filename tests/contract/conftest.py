"""A world in which every route has something to do, and the application that serves it."""

from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from foyer.app import build_app
from foyer.infra.db.engine import Database
from tests.contract.worlds import World, make_world
from tests.support.wallets import ISSUER, chain, google_file
from tests.support.world import settings_for


@pytest.fixture(scope="session")
async def shared_world(database: Database, client: httpx.AsyncClient) -> World:
    return await make_world(database, client)


@pytest.fixture
def world(shared_world: World) -> World:
    """For requests that are refused, or that begin with nothing but the shop."""
    return replace(shared_world, turn=0)


@pytest.fixture
async def fresh_world(database: Database, client: httpx.AsyncClient) -> World:
    """For requests that use up what there is."""
    return await make_world(database, client)


@pytest.fixture(scope="session")
def app(app_url: str, tmp_path_factory: pytest.TempPathFactory) -> object:
    """The application itself; whoever drives it opens and closes it."""
    data: Path = tmp_path_factory.mktemp("data")
    google, _ = google_file(data)
    keys = {"apple_wallet": chain().written(data), "google_wallet": google, "google_wallet_issuer": ISSUER}
    return build_app(settings_for(data, **keys), Database(app_url))
