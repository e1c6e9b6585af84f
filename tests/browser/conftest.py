"""A real browser in front of a real server process."""

import shutil
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright

from tests.support.serving import Served, serving


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
