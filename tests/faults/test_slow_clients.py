"""Clients who do not finish what they began: they are cut off, and nobody else is."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from foyer.infra import protocol
from foyer.infra.admission import DOOR_MAX, Admission
from foyer.infra.http import Doorman
from tests.support.speaking import speaking

HEADER_SECONDS = 0.4
BODY_SECONDS = 0.8
HEAD = b"POST / HTTP/1.1\r\nHost: door\r\nContent-Length: 4\r\n"
BODY = b"\r\nwait"


async def echo(scope, receive, send):
    """Answers with the body, in pieces."""
    body, message = b"", {"more_body": True}
    while message.get("more_body"):
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        body += message["body"]
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    for byte in body:
        await send({"type": "http.response.body", "body": bytes([byte]), "more_body": True})
    await send({"type": "http.response.body"})


Client = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@pytest.fixture
async def door(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    """The port of a server in this process, which waits less long than usual."""
    monkeypatch.setattr(protocol, "HEADER_SECONDS", HEADER_SECONDS)
    monkeypatch.setattr(protocol, "BODY_SECONDS", BODY_SECONDS)
    async with speaking(Doorman(echo)) as (port, _):
        yield port


@pytest.fixture
async def client(door: int) -> AsyncIterator[Client]:
    reader, writer = await asyncio.open_connection("127.0.0.1", door)
    yield reader, writer
    writer.close()


async def asked(client: Client) -> bytes:
    """One request that arrives whole, and the body of its answer."""
    reader, writer = client
    writer.write(HEAD + BODY)
    assert (await reader.readline()).startswith(b"HTTP/1.1 200")
    await reader.readuntil(b"\r\n\r\n")
    return await reader.readexactly(4)


async def seconds_until_cut(client: Client) -> float:
    """How long the server keeps a connection on which this client sends a byte now and then."""
    reader, writer = client
    started = time.monotonic()
    while not reader.at_eof():
        writer.write(b"a")
        try:
            assert await asyncio.wait_for(reader.read(1), 0.1) == b""
        except TimeoutError:
            assert time.monotonic() - started < 5, "nobody cuts it"
        except ConnectionResetError:
            break
    return time.monotonic() - started


async def test_silence_is_cut(client):
    reader, _ = client
    assert await asyncio.wait_for(reader.read(), 5) == b""


@pytest.mark.parametrize("earlier_requests", [0, 2])
async def test_slow_headers_are_cut(client, earlier_requests):
    for _ in range(earlier_requests):
        await asked(client)
    client[1].write(HEAD + b"X-Slow: ")

    assert HEADER_SECONDS - 0.1 < await seconds_until_cut(client) < BODY_SECONDS


@pytest.mark.parametrize("earlier_requests", [0, 2])
async def test_slow_body_is_cut(client, earlier_requests):
    for _ in range(earlier_requests):
        await asked(client)
    client[1].write(HEAD.replace(b"4", b"400") + b"\r\n")

    assert BODY_SECONDS - 0.1 < await seconds_until_cut(client) < 5


async def test_who_pauses_between_requests_is_kept(client):
    for _ in range(3):
        assert await asked(client) == b"wait"
        await asyncio.sleep(BODY_SECONDS)


async def test_request_in_pieces_that_come_in_time_is_answered(client):
    reader, writer = client
    for _ in range(3):
        for piece in (HEAD[:20], HEAD[20:], BODY[:3], BODY[3:]):
            await asyncio.sleep(HEADER_SECONDS / 8)
            writer.write(piece)
        assert (await reader.readuntil(b"wait")).startswith(b"HTTP/1.1 200")


async def test_of_too_many_slow_bodies_the_oldest_is_given_up(door, monkeypatch):
    monkeypatch.setattr(protocol.PunctualProtocol, "bodies_max", 2)
    monkeypatch.setattr(protocol, "BODY_SECONDS", 30)
    clients = [await asyncio.open_connection("127.0.0.1", door) for _ in range(4)]
    for _, writer in clients:
        writer.write(HEAD + b"\r\nwa")
        await asyncio.sleep(0.02)
    for reader, _ in clients[:2]:
        assert await asyncio.wait_for(reader.read(), 1) == b""
    for reader, writer in clients[2:]:
        writer.write(b"it")
        assert (await asyncio.wait_for(reader.readline(), 1)).startswith(b"HTTP/1.1 200")
    assert not protocol.PunctualProtocol._awaited
    for _, writer in clients:
        writer.close()


@pytest.mark.parametrize(
    ("spare", "status"),
    [(DOOR_MAX - protocol.BODIES_MAX, b"200"), (0, b"503")],
    ids=["as it is", "control"],
)
async def test_bodies_that_never_come_keep_no_door_shut(monkeypatch, spare, status):
    """Whoever pairs a phone is nobody yet, and may be anybody: here with five bodies instead of hundreds."""
    monkeypatch.setattr(protocol.PunctualProtocol, "bodies_max", 5)
    doorman = Doorman(echo, Admission(door_max=5 + spare))
    async with speaking(doorman) as (port, _):
        clients = [await asyncio.open_connection("127.0.0.1", port) for _ in range(6)]
        for _, writer in clients[:5]:
            writer.write(HEAD.replace(b"POST /", b"POST /door/pair") + b"\r\nwa")
        for _ in range(1_000):
            if doorman.admission.door.taken == 5:
                break
            await asyncio.sleep(0.001)
        reader, writer = clients[5]
        writer.write(HEAD.replace(b"POST /", b"POST /api/v1/check-ins") + BODY)

        assert (await asyncio.wait_for(reader.readline(), 1)).split()[1] == status
        for _, writer in clients:
            writer.close()


def test_slow_bodies_leave_half_of_a_small_shop_free():
    assert [protocol.bodies_beside(most) for most in (10, 500, 2_000)] == [5, 250, protocol.BODIES_MAX]
