"""What a connection leaves behind."""

import asyncio
import gc

from foyer.infra.protocol import PunctualProtocol
from tests.support.speaking import speaking

CONNECTIONS = 20


async def ok(_scope, _receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


async def test_a_connection_that_has_ended_is_gone_without_the_collector():
    """A rush of buyers is thousands of connections, and the collector of a web process comes by rarely."""
    gc.collect()
    gc.disable()
    try:
        async with speaking(ok) as (port, state):
            for _ in range(CONNECTIONS):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(b"GET / HTTP/1.1\r\nHost: foyer.example\r\n\r\n")
                await reader.readuntil(b"ok")
                writer.close()
                await writer.wait_closed()
            async with asyncio.timeout(10):
                while state.connections:  # noqa: ASYNC110 - the server tells nobody
                    await asyncio.sleep(0.01)
            await asyncio.sleep(0)
            left = [one for one in gc.get_objects() if isinstance(one, PunctualProtocol)]
            assert len(left) <= 1, "the last one may still be on the stack"
    finally:
        gc.enable()
