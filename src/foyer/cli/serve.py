"""`foyer serve` and `foyer worker`: one process each."""

import asyncio
import gc
import resource
import socket
import sys

import uvicorn

from foyer.app import build_app
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


def serve(settings: Settings, *, fd: int | None, stands_by: bool = False) -> int:
    """Serve until SIGTERM; what is in flight is finished, what is queued is answered.

    Args:
        settings: of the installation.
        fd: the inherited socket to listen on; None makes one.
        stands_by: get ready, then wait for the line of standard input that says which `fd` to serve on.
    """
    set_up_log(settings.log)
    metrics.start()
    _open_files()
    listening = None if stands_by else _listening(settings, fd)
    with reachable(settings) as address:
        doorman = build_app(settings, Database(address.app))
        config = _config(settings, doorman)
        # Start-up makes most objects that live for ever; the collector need not look at them again.
        gc.collect()
        gc.freeze()
        # A connection that has ended is a ring of objects: a rush of buyers must not lie about until the next one.
        gc.set_threshold(20_000, 5, 5)
        if listening is None:
            line = sys.stdin.readline().strip()
            if not line:
                return 0  # the supervisor has gone
            listening = socket.socket(fileno=int(line))
        asyncio.run(require_fit_login(address.app, revision=REVISION))
        server = _Server(config, doorman)
        server.run(sockets=[listening])
        return 0 if server.started else 3


def _listening(settings: Settings, fd: int | None) -> socket.socket:
    if fd is not None:
        return socket.socket(fileno=fd)
    return listening_sockets(settings.host, settings.port, 1)[0]


def _config(settings: Settings, doorman: Doorman) -> uvicorn.Config:
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
    return config


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
