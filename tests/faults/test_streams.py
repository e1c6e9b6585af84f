"""A server that ends lets those who listen go at once, instead of waiting for answers that have no end."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import uvicorn

from foyer.cli.serve import _Server
from foyer.infra.http import Doorman
from foyer.infra.protocol import PunctualProtocol
from foyer.infra.streams import Streams

GRACE_SECONDS = 1
LISTENERS = 50


class Told:
    """An application that tells everybody the same."""

    def __init__(self) -> None:
        self.streams = Streams()

    async def __call__(self, scope, receive, send):
        stream = await self.streams.listen("all", self.look)
        await stream(scope, receive, send)

    async def look(self) -> bytes:
        return b'"news"'


async def listening(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /live HTTP/1.1\r\nHost: here\r\n\r\n")
    assert b'data: "news"' in await reader.readuntil(b'"news"\n\n')
    return reader, writer


@asynccontextmanager
async def running(doorman: Doorman) -> AsyncIterator[tuple[_Server, int, "asyncio.Task[None]"]]:
    """A server in this process, its port, and its life."""
    config = uvicorn.Config(
        doorman,
        http=PunctualProtocol,
        lifespan="off",
        log_config=None,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    config.load()
    server = _Server(config, doorman)
    server.lifespan = config.lifespan_class(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        life = asyncio.create_task(server._serve([listener]))
        yield server, listener.getsockname()[1], life
        server.should_exit = True
        await life


@pytest.mark.parametrize("is_told", [True, False])
async def test_listeners_do_not_hold_up_the_end(is_told):
    told = Told()
    doorman = Doorman(told)
    if is_told:  # without it, the control, the server waits as long as it may
        doorman.before_leaving = told.streams.close
    async with running(doorman) as (server, port, life):
        crowd = await asyncio.gather(*(listening(port) for _ in range(LISTENERS)))
        server.should_exit = True
        began = time.monotonic()
        await life
        seconds = time.monotonic() - began
    ends = await asyncio.gather(*(reader.read() for reader, _ in crowd))
    for _, writer in crowd:
        writer.close()

    assert (seconds < GRACE_SECONDS) is is_told
    if is_told:
        assert {end[-5:] for end in ends} == {b"0\r\n\r\n"}


async def test_who_leaves_is_forgotten():
    told = Told()
    doorman = Doorman(told)
    async with running(doorman) as (_, port, _):
        _, writer = await listening(port)
        assert len(told.streams._channels) == doorman.admission.streams.taken == 1
        writer.transport.abort()
        for _ in range(200):
            if not told.streams._channels and not doorman.admission.streams.taken:
                break
            await asyncio.sleep(0.01)
        else:
            raise AssertionError("who has left is still told")
