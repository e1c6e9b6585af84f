"""A real browser in front of a real server process."""

import shutil
import socket
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright, expect

from foyer.background import REACTIONS
from foyer.infra.db.engine import Database
from foyer.infra.jobs import Tools
from foyer.infra.mail import post_for
from foyer.infra.outbox import register
from foyer.infra.press import workshop_in
from tests.browser.walking import Mailbox
from tests.support.serving import Served, serving
from tests.support.world import KEYRING, Organization, settings_for

expect.set_options(timeout=15_000)
"""A machine may stand still for some seconds; what is there is seen at once all the same."""


@pytest.fixture(scope="session")
def executable() -> str:
    found = shutil.which("chromium")
    assert found is not None, "install chromium; `make test` does where it can"
    return found


@pytest.fixture(scope="session")
async def browser(executable: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        flags = ["--disable-background-networking", "--disable-component-update", "--no-first-run"]
        chromium = await playwright.chromium.launch(executable_path=executable, args=flags)
        yield chromium
        await chromium.close()


@pytest.fixture(scope="session")
async def served(app_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data: Path = tmp_path_factory.mktemp("served")
    async with serving(app_url, data, port, FOYER_DEMO="on") as running:
        yield running


@pytest.fixture(scope="session")
def pictures() -> Path:
    """Where the run leaves what it has seen; ignored by git."""
    directory = Path(".test-output") / "pictures"
    directory.mkdir(parents=True, exist_ok=True)
    return directory


@pytest.fixture
def mailbox(served: Served, database: Database, tmp_path: Path) -> Callable[[Organization], Mailbox]:
    """Gives the mailbox of an organization; its letters lead to the server."""
    register(*REACTIONS)
    settings = settings_for(tmp_path, base_url=served.base_url)
    tools = Tools(database, KEYRING, settings, workshop_in(settings, database), post_for(settings))
    return partial(Mailbox, tools)
