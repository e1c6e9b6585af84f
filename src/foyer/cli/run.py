"""`foyer run`: everything on one machine, from one process that keeps the others alive."""

import asyncio
import os
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from foyer.cli.children import WORKER, Child
from foyer.cli.connections import at_most, shortage
from foyer.cli.database import require_fit_login
from foyer.cli.migrate import bring_up_to_date
from foyer.cli.supervisor import Supervisor, listening_sockets
from foyer.infra.crypto import keys_in
from foyer.infra.db.embedded import Address, EmbeddedError, Server, locate
from foyer.infra.metrics import DIRECTORY
from foyer.settings import Settings, SettingsError

if TYPE_CHECKING:
    from foyer.cli.metrics import Metrics

READY_SECONDS_MAX = 60.0
SPARE_CONNECTIONS = 20
"""For commands, backups and people who look."""
SOURCES = Path(__file__).resolve().parents[1]


def run(settings: Settings, *, with_demo: bool, reload: bool) -> int:
    """Start PostgreSQL (unless the operator has one), migrate, serve; stay until SIGINT or SIGTERM."""
    sockets = listening_sockets(settings.host, settings.port, settings.web_workers)
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    keys_in(settings.data, settings.secret_keys)
    if settings.log != "-":
        Path(settings.log).open(
            "ab"
        ).close()  # the workers will write there; better to know now whether they can
    metrics = _metrics(settings)
    address, stop_database = _database(settings)
    try:
        if address.owner:
            bring_up_to_date(address.owner)
        lines = []
        if with_demo:
            from foyer.cli.demo import load_demo

            lines = asyncio.run(load_demo(settings, address.app))
        base = [sys.executable, "-m", "foyer"]
        environment = {**os.environ, "FOYER_DEMO": "on"} if with_demo else dict(os.environ)
        environment |= {DIRECTORY: str(metrics.folder)} if metrics else {}
        children = [
            Child(
                f"web {place}",
                [*base, "serve", "--fd", str(one.fileno())],
                environment,
                (one.fileno(),),
                role=str(one.fileno()),
            )
            for place, one in enumerate(sockets, 1)
        ]
        children.append(Child("worker", [*base, WORKER], environment, role=WORKER))
        standby = Child("standby", [*base, "standby"], environment, tuple(one.fileno() for one in sockets))
        supervisor = Supervisor(
            children,
            standby=None if reload else standby,  # it would serve what it has loaded before the change
            log=_say,
            stop_database=stop_database,
            on_death=metrics.forget if metrics else lambda _pid: None,
        )
    except BaseException:
        stop_database()
        raise
    threading.Thread(target=_greet, args=(settings, lines), daemon=True).start()
    if reload:
        threading.Thread(target=_watch, args=(supervisor.restart_children,), daemon=True).start()
    supervisor.run()
    return 0


def _metrics(settings: Settings) -> "Metrics | None":
    if not settings.metrics_port:
        return None
    from foyer.cli.metrics import Metrics  # loads what only metrics need

    return Metrics(settings.data, settings.metrics_port)


def _database(settings: Settings) -> tuple[Address, Callable[[], None]]:
    if settings.database_url is not None:
        asyncio.run(require_fit_login(settings.database_url))
        if short := asyncio.run(shortage(settings.database_url, settings)):
            _say(short)
        return Address(app=settings.database_url, owner=settings.database_owner_url or ""), lambda: None
    most = max(200, at_most(settings.web_workers) + SPARE_CONNECTIONS)
    log = _Log(settings.data / "postgres.log")
    server = Server(locate(settings.data), settings={"max_connections": str(most)}, log=log)
    try:
        address = server.start()
    except EmbeddedError as wrong:
        raise SettingsError(str(wrong)) from None
    server.supervise()
    return address, server.stop


class _Log:
    """PostgreSQL's own lines go to a file; what the supervisor says about it goes to the terminal."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8", buffering=1)

    def __call__(self, line: str) -> None:
        if line.startswith("postgres: "):
            self._file.write(line.removeprefix("postgres: ") + "\n")
        else:
            _say(line)


def _greet(settings: Settings, lines: list[str]) -> None:
    """Say where everything is, once it answers."""
    until = time.monotonic() + READY_SECONDS_MAX
    host = "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104 - read, not bound
    while time.monotonic() < until:
        with suppress(OSError), urllib.request.urlopen(f"http://{host}:{settings.port}/readyz", timeout=2):
            print(
                "\n".join(
                    ["", f"Foyer is ready at {settings.base_url}", *lines, "", "Ctrl-C stops everything."]
                ),
                flush=True,
            )
            return
        time.sleep(0.05)
    _say("the web workers did not become ready; their log says why")


def _watch(restart: Callable[[], None]) -> None:
    """Restart the children when a source file changes."""
    seen = _newest()
    while True:
        time.sleep(0.5)
        if (newest := _newest()) != seen:
            seen = newest
            restart()


def _newest() -> float:
    return max(
        path.stat().st_mtime for path in SOURCES.rglob("*") if path.suffix in {".py", ".html", ".css", ".js"}
    )


def _say(line: str) -> None:
    print(f"foyer: {line}", file=sys.stderr, flush=True)
