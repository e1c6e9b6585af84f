"""The product as it runs in earnest: `foyer serve` and `foyer worker` as processes of their own on a real database."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import asyncpg
import httpx

from foyer.cli.supervisor import listening_sockets
from foyer.domains.checkout import audit
from tests.support.cluster import SUPERUSER, _clone, url_of
from tests.support.world import SECRET, Organization

READY_SECONDS_MAX = 60.0
END_SECONDS_MAX = 30.0
HOST = "127.0.0.1"


def clean_environment(**settings: str) -> dict[str, str]:
    """What a process of the product gets: nothing of this shell's Foyer, and byte code that is kept."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("FOYER_") and name != "PYTHONDONTWRITEBYTECODE"
    }
    return kept | {f"FOYER_{name.upper()}": value for name, value in settings.items()}


@dataclass
class Process:
    """One process of the product, with its log; its socket is ours, so its port outlives it."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    listener: socket.socket | None = None
    running: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        assert self.listener is not None, f"{self.name} does not listen"
        return f"http://{HOST}:{self.listener.getsockname()[1]}"

    def start(self) -> None:
        assert self.running is None, f"{self.name} runs already"
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                [sys.executable, "-m", "foyer", *self.command],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=() if self.listener is None else (self.listener.fileno(),),
                start_new_session=True,
            )

    def tell(self, sign: signal.Signals) -> None:
        assert self.running is not None, f"{self.name} does not run"
        self.running.send_signal(sign)

    def end(self, sign: signal.Signals = signal.SIGTERM) -> int:
        """Send the signal and wait for the process to go; returns its status."""
        self.tell(sign)
        return self.wait()

    def wait(self) -> int:
        assert self.running is not None, f"{self.name} does not run"
        status = self.running.wait(END_SECONDS_MAX)
        self.running = None
        return status

    async def ready(self) -> float:
        """Wait until it can serve; returns after how many seconds it could."""
        started = time.monotonic()
        async with httpx.AsyncClient(timeout=2) as client:
            while True:
                with suppress(httpx.TransportError):
                    if (await client.get(f"{self.url}/readyz")).status_code == 200:
                        return time.monotonic() - started
                gone = self.running is None or self.running.poll() is not None
                assert not gone, self.log.read_text()
                assert time.monotonic() - started < READY_SECONDS_MAX, self.log.read_text()
                await asyncio.sleep(0.02)


@dataclass
class Installation:
    """Web workers, each on a port of its own, and background workers, over one database."""

    database_url: str
    data: Path
    max_batch: int = 256
    webs: list[Process] = field(default_factory=list)
    workers: list[Process] = field(default_factory=list)
    _read: dict[Path, int] = field(default_factory=dict)

    @property
    def urls(self) -> list[str]:
        return [web.url for web in self.webs]

    def add_web(self) -> Process:
        (listener,) = listening_sockets(HOST, 0, 1)
        web = self._process(f"web{len(self.webs)}", ["serve", "--fd", str(listener.fileno())], listener)
        self.webs.append(web)
        return web

    def add_worker(self) -> Process:
        worker = self._process(f"worker{len(self.workers)}", ["worker"], None)
        self.workers.append(worker)
        return worker

    def _process(self, name: str, command: list[str], listener: socket.socket | None) -> Process:
        environment = clean_environment(
            database_url=self.database_url,
            data=str(self.data),
            max_batch=str(self.max_batch),
        )
        process = Process(name, command, environment, self.data / f"{name}.log", listener)
        process.start()
        return process

    def close(self) -> None:
        """Kill what still runs, and give the ports back."""
        for process in (*self.webs, *self.workers):
            if process.running is not None:
                process.end(signal.SIGKILL)
            if process.listener is not None:
                process.listener.close()

    def faults(self) -> list[str]:
        """Lines of the logs that speak of a defect, since this was asked last."""
        lines = []
        for path in sorted(self.data.glob("*.log")):
            text = path.read_text()
            fresh = text[self._read.get(path, 0) :].splitlines()
            self._read[path] = len(text)
            lines += [line for line in fresh if '"level":"error"' in line or "Traceback" in line]
        return lines


@contextmanager
def installation(
    database_url: str, data: Path, *, webs: int = 0, workers: int = 0, max_batch: int = 256
) -> Iterator[Installation]:
    """So many processes, started; wait for them by `all_ready`. None outlives the block."""
    data.mkdir(mode=0o700, exist_ok=True)
    (data / "secret").write_text(SECRET)  # the keyring under which tests make organizations
    house = Installation(database_url, data, max_batch)
    try:
        for _ in range(webs):
            house.add_web()
        for _ in range(workers):
            house.add_worker()
        yield house
    finally:
        house.close()


async def all_ready(house: Installation) -> None:
    await asyncio.gather(*(web.ready() for web in house.webs))


async def database_of_its_own(base: str, name: str) -> None:
    """Clone the migrated database of this server."""
    await _clone(name, base)


async def drop_database(base: str, name: str) -> None:
    connection = await asyncpg.connect(url_of(SUPERUSER, "postgres", base))
    await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await connection.close()


@asynccontextmanager
async def connections(url: str, count: int):
    """So many plain connections at once."""
    async with AsyncExitStack() as stack:
        opened = [await asyncpg.connect(url) for _ in range(count)]
        for one in opened:
            stack.push_async_callback(one.close)
        yield opened


@dataclass
class Buyers:
    """Visitors of one shop, spread over the web workers in turn. Whoever hears `busy` asks again, as the answer says."""

    client: httpx.AsyncClient
    urls: Sequence[str]
    organization: Organization

    def _shop(self, turn: int) -> str:
        return f"{self.urls[turn % len(self.urls)]}/api/v1/shops/{self.organization.slug}"

    async def reserve(
        self, turn: int, event_id: UUID, wanted: dict[UUID, int], *, key: str | None = None, **more: object
    ) -> httpx.Response:
        items = [{"ticketTypeId": str(kind), "quantity": quantity} for kind, quantity in wanted.items()]
        return await unless_busy(
            lambda: self.client.post(
                f"{self._shop(turn)}/carts",
                json={"eventId": str(event_id), "items": items, **more},
                headers={"Idempotency-Key": key} if key else {},
            )
        )

    async def check_out(self, turn: int, cart: dict[str, object]) -> httpx.Response:
        return await unless_busy(
            lambda: self.client.post(
                f"{self._shop(turn)}/carts/{cart['id']}/checkout",
                json={"customer": {"email": f"buyer-{turn}@example.org"}, "paymentMethod": "free"},
                headers={"Authorization": f"Bearer {cart['token']}"},
            )
        )

    async def scan(self, turn: int, event_id: UUID, **presented: str) -> httpx.Response:
        return await unless_busy(
            lambda: self.client.post(
                f"{self.urls[turn % len(self.urls)]}/api/v1/check-ins",
                json={"eventId": str(event_id), **presented},
                headers=self.organization.door,
            )
        )


@asynccontextmanager
async def buyers(urls: Sequence[str], organization: Organization):
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    async with httpx.AsyncClient(timeout=20, limits=limits, trust_env=False) as client:
        yield Buyers(client, urls, organization)


async def unless_busy(ask: Callable[[], Awaitable[httpx.Response]], *, seconds: float = 30) -> httpx.Response:
    """The answer; 503 says that nothing was done, so the same request is sent again."""
    deadline = time.monotonic() + seconds
    while True:
        answer = await ask()
        if answer.status_code != 503 or time.monotonic() > deadline:
            return answer
        await asyncio.sleep(0.2)


async def imbalances(owner: asyncpg.Connection, organization_id: UUID) -> list[str]:
    """Everything that `foyer audit` would say of an organization, and carts that became two orders; in one snapshot."""
    async with owner.transaction(isolation="repeatable_read", readonly=True):
        wrong = [
            f"{one.check}: {one.expected} expected, {one.found} found"
            async for one in audit(owner, organization_id)
        ]
        doubled = await owner.fetch(
            "SELECT cart_id FROM orders WHERE organization_id = $1 GROUP BY cart_id HAVING count(*) > 1",
            organization_id,
        )
    return wrong + [f"two orders of one cart {row[0]}" for row in doubled]
