"""The web server's own protocol in this process, for clients that speak in bytes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from uvicorn.server import ServerState

from foyer.infra.protocol import PunctualProtocol


@asynccontextmanager
async def speaking(app: Any) -> AsyncIterator[tuple[int, ServerState]]:
    """The port at which this application is spoken to, and the server's connections."""
    config = uvicorn.Config(app, lifespan="off", log_config=None, timeout_keep_alive=20)
    state = ServerState()
    server = await asyncio.get_running_loop().create_server(
        lambda: PunctualProtocol(config, state, {}), "127.0.0.1", 0
    )
    yield server.sockets[0].getsockname()[1], state
    server.close()
    await server.wait_closed()
