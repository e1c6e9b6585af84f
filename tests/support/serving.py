"""A server process of its own for tests that need a real address."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.support.world import SECRET


@dataclass(frozen=True)
class Served:
    base_url: str
    log: Path

    @property
    def data(self) -> Path:
        return self.log.parent


def _environment(url: str, data: Path, port: int, more: Mapping[str, str]) -> dict[str, str]:
    bare = {name: value for name, value in os.environ.items() if not name.startswith("FOYER_")}
    return bare | {
        "FOYER_DATABASE_URL": url,
        "FOYER_DATA": str(data),
        "FOYER_PORT": str(port),
        "FOYER_SECRET_KEYS": SECRET,
        "FOYER_LOG": str(data / "log"),
        **more,
    }


@asynccontextmanager
async def working(url: str, data: Path, port: int, **more: str) -> AsyncIterator[None]:
    """`foyer worker` for what is served on this port: it sends the mails."""
    environment = _environment(url, data, port, {**more, "FOYER_LOG": str(data / "worker.log")})
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "foyer", "worker", env=environment)
    try:
        yield
    finally:
        process.terminate()
        await asyncio.wait_for(process.wait(), 40)


@asynccontextmanager
async def serving(url: str, data: Path, port: int, **more: str) -> AsyncIterator[Served]:
    """`foyer serve` on this port, ready; ended in order afterwards."""
    log = data / "log"
    environment = _environment(url, data, port, more)
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "foyer", "serve", env=environment)
    base_url = f"http://localhost:{port}"
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            for _ in range(1200):
                assert process.returncode is None, "the server ended while it started"
                try:
                    if (await client.get("/readyz")).status_code == 200:
                        break
                except httpx.TransportError:
                    pass
                await asyncio.sleep(0.05)
            else:
                raise AssertionError("the server did not get ready")
        yield Served(base_url, log)
    finally:
        process.terminate()
        await asyncio.wait_for(process.wait(), 40)
