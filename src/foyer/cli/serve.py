"""`foyer serve` and `foyer worker`: one process each."""

import asyncio
import gc
import resource
import socket
import sys

import uvicorn

from foyer.app import build_app
from foyer.cli.children import WORKER
from foyer.cli.database import reachable, require_fit_login
from foyer.cli.supervisor import listening_sockets
from foyer.infra import metrics
from foyer.infra.db.engine import REVISION, Database
from foyer.infra.http import Doorman
from foyer.infra.protocol import PunctualProtocol, bodies_beside
from foyer.infra.telemetry import set_up_log
from foyer.settings import Settings

GRACE_SECONDS = 25
FILES_MAX = 65_536


def serve(settings: Settings, *, fd: int | None) -> int:
    """Serve until SIGTERM; what is in flight is finished, what is queued is answered."""
    _set_up(settings)
    listening = _listening(settings, fd)
    with reachable(settings) as address:
        return _served(_made(settings, address.app), address.app, listening)


def stand_by(settings: Settings) -> int:
    """Load and make everything, then be what the line of standard input says: `worker`, or the socket to serve on."""
    _set_up(settings)
    with reachable(settings) as address:
        server = _made(settings, address.app)
        role = sys.stdin.readline().strip()
        if not role:
            return 0  # the supervisor has gone
        if role == WORKER:
            return work_in_background(settings)
        return _served(server, address.app, socket.socket(fileno=int(role)))


def _set_up(settings: Settings) -> None:
    set_up_log(settings.log)
    metrics.start()
    _open_files()


def _listening(settings: Settings, fd: int | None) -> socket.socket:
    if fd is not None:
        return socket.socket(fileno=fd)
    return listening_sockets(settings.host, settings.port, 1)[0]


def _made(settings: Settings, login: str) -> "_Server":
    doorman = build_app(settings, Database(login))
    PunctualProtocol.bodies_max = bodies_beside(settings.max_requests)
    config = uvicorn.Config(
        doorman,
        loop="uvloop",
        http=PunctualProtocol,
        lifespan="on",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=20,
        timeout_graceful_shutdown=GRACE_SECONDS,
        backlog=2048,
    )
    config.load()
    # Start-up makes most objects that live for ever; the collector need not look at them again.
    gc.collect()
    gc.freeze()
    # A connection that has ended is a ring of objects: a rush of buyers must not lie about until the next one.
    gc.set_threshold(20_000, 5, 5)
    return _Server(config, doorman)


def _served(server: "_Server", login: str, listening: socket.socket) -> int:
    asyncio.run(require_fit_login(login, revision=REVISION))
    server.run(sockets=[listening])
    return 0 if server.started else 3


class _Server(uvicorn.Server):
    """Waits at its end for the answers that have one; those that go on for ever are ended first."""

    def __init__(self, config: uvicorn.Config, doorman: Doorman) -> None:
        super().__init__(config)
        self._doorman = doorman

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._doorman.before_leaving()
        await super().shutdown(sockets)


def _open_files() -> None:
    """As many sockets as the system grants: a shell grants 1,024 by itself, and some thousands may listen."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES_MAX if hard == resource.RLIM_INFINITY else min(hard, FILES_MAX)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def work_in_background(settings: Settings) -> int:
    """Do what is due until SIGTERM."""
    from foyer.worker import work  # a web process has no use for the queue's libraries

    set_up_log(settings.log)
    metrics.start()
    with reachable(settings) as address:
        asyncio.run(require_fit_login(address.app, revision=REVISION))
        asyncio.run(work(Database(address.app), settings))
    return 0
