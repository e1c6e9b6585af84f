"""Clients who ask and do not listen: they hold neither memory nor room for longer than it takes to see it."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
from uvicorn.server import ServerState

from foyer.infra import protocol
from foyer.infra.db.gate import IS_APART
from foyer.infra.http import Doorman
from tests.support.speaking import speaking

SECONDS = 0.3
MANY = 8_000_000
"""Bytes: more than the system takes off our hands."""
WHOLE = b"GET /whole HTTP/1.1\r\nHost: shop\r\n\r\n"


async def generous(scope, receive, send):
    """Gives a very long answer, whole or in pieces."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % MANY)]})
    pieces = 1 if scope["path"] == "/whole" else 100
    for turn in range(pieces):
        body = b"x" * (MANY // pieces)
        await send({"type": "http.response.body", "body": body, "more_body": turn + 1 < pieces})


Shop = tuple[int, ServerState, Doorman]


@pytest.fixture
async def shop(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Shop]:
    monkeypatch.setattr(protocol, "TAKING_SECONDS", SECONDS)
    doorman = Doorman(generous)
    async with speaking(doorman) as (port, state):
        yield port, state, doorman


async def ask(port: int, request: bytes, ears: int = 8_192) -> socket.socket:
    """A client who has asked, and whose system keeps so many bytes for it."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, ears)
    client.setblocking(False)
    await asyncio.get_running_loop().sock_connect(client, ("127.0.0.1", port))
    await asyncio.get_running_loop().sock_sendall(client, request)
    await asyncio.sleep(SECONDS / 3)
    return client


@pytest.mark.parametrize(
    "request_head",
    [
        WHOLE,
        WHOLE.replace(b"/whole", b"/pieces"),
        WHOLE.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"),
    ],
    ids=["whole", "pieces", "last"],
)
async def test_who_does_not_take_the_answer_is_let_go(shop: Shop, request_head):
    port, state, doorman = shop
    client = await ask(port, request_head)
    assert len(state.connections) == 1
    await asyncio.sleep(SECONDS * 2)

    assert (len(state.connections), len(state.tasks), doorman.admission.shop.taken) == (0, 0, 0)
    client.close()


async def test_who_takes_it_slowly_but_steadily_gets_all_of_it(shop: Shop):
    port, state, _ = shop
    client = await ask(port, WHOLE, ears=400_000)
    received, loop = 0, asyncio.get_running_loop()
    while received < MANY:
        piece = await asyncio.wait_for(loop.sock_recv(client, 400_000), 1)
        assert piece, received
        received += len(piece)
        await asyncio.sleep(SECONDS / 8)

    assert len(state.connections) == 1
    client.close()


async def test_connection_that_spoke_of_health_speaks_for_the_shop_afterwards():
    seen = []

    async def app(scope, receive, send):
        seen.append((scope["path"], IS_APART.get()))
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    async with speaking(Doorman(app)) as (port, _):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for path in ("/livez", "/nordlicht", "/door/events", "/nordlicht"):
            # All at once: each begins where the one before it ended.
            writer.write(WHOLE.replace(b"/whole", path.encode()))
        for _ in range(4):
            await reader.readuntil(b"\r\n\r\n")
        writer.close()

    assert seen == [("/livez", True), ("/nordlicht", False), ("/door/events", True), ("/nordlicht", False)]
