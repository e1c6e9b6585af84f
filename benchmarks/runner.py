"""Runs operations on servers that are started for their shapes, in turns, and gathers what came of it."""

import http.client
import socket
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final, NamedTuple, Self

from msgspec import structs

from benchmarks import books, empty, load, machine
from benchmarks.operation import Operation
from benchmarks.servers import Servers, serving
from benchmarks.shape import Run, Shape
from benchmarks.world import World
from foyer.infra.db.embedded import Cluster

CLIENTS: Final = (1, 16, 64)
"""Of pgbench; the best of them is the yardstick."""
YARD_CARTS_A_SECOND: Final = 6_000
WARM_UP_SECONDS: Final = 1.0
WARM_UP_BUYERS: Final = 32
COMPARED: Final = frozenset(Shape(buyers=buyers) for buyers in (64, 256))
"""Shapes beside which the empty handler is measured."""
_SETTLE_SECONDS: Final = 0.2
_REAP_SECONDS: Final = 0.5
"""In which PostgreSQL has seen that the clients of pgbench are gone, and counted what they used."""
_SHOWN: Final = 1_000
"""So many requests of which each is good once are shown to an empty handler in turn."""


class Point(NamedTuple):
    operation: Operation
    shape: Shape


class Runner:
    """Everything that is up while something is measured."""

    def __init__(self, cluster: Cluster, worlds: dict[int, World], data: Path, seconds: float) -> None:
        self.runs: list[Run] = []
        self._worlds, self._data, self._seconds = worlds, data, seconds
        self._small = worlds[min(worlds)]
        self._postmaster = int((cluster.pgdata / "postmaster.pid").read_text(encoding="ascii").split("\n")[0])
        self._desks: dict[tuple[int, int], Servers] = {}
        self._empties = Servers("", ())
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def start(self, points: Sequence[Point]) -> None:
        """Start the servers these points need, and let each do everything it will be asked for a moment."""
        asked = {(one.operation.name, one.shape.tickets, one.shape.workers): one.operation for one in points}
        home = (min(self._worlds), Shape().workers)
        for size, workers in sorted({home} | {key[1:] for key in asked}):
            world = self._worlds[size]
            serve = serving("foyer", "serve", processes=workers, database_url=world.app_url, data=self._data)
            self._desks[size, workers] = self._stack.enter_context(serve)
            world.url = self._desks[size, workers].url
        for (_, size, workers), operation in asked.items():
            self._warm(self._desks[size, workers], operation, self._worlds[size])
        self._small.url = self._desks[home].url
        operations = {one.operation.name: one.operation for one in points}.values()
        for operation in operations:
            [request, *rest] = self._take(operation, self._small, 1, 1)
            self._put_back(operation, self._small, 1, rest)
            empty.keep(self._data, operation.name, _answer(self._small.url, request))
        self._empties = self._stack.enter_context(
            serving("benchmarks.empty", processes=home[1], database_url=self._small.app_url, data=self._data)
        )
        for operation in operations:
            self._warm(self._empties, operation, self._small)

    def measure(self, points: Sequence[Point], turn: int, *, with_yards: bool) -> None:
        """One round: every point, beside some the empty handler, and the yardsticks."""
        done = set()
        for point in points:
            self.runs.append(self._run(point, turn))
            key = (point.operation.empty, point.shape)
            if point.shape in COMPARED and key not in done:
                done.add(key)
                self.runs.append(self._run_empty(*point, turn))
        if with_yards:
            for operation in {one.operation.name: one.operation for one in points}.values():
                self._run_yards(operation, turn)

    def _run(self, point: Point, turn: int) -> Run:
        operation, shape = point
        world = self._worlds[shape.tickets]
        servers = self._desks[shape.tickets, shape.workers]
        while True:
            requests = self._take(operation, world, shape.events, self._wanted(operation))
            time.sleep(_SETTLE_SECONDS)
            since = books.now(world)
            run, found = self._load(servers, requests, operation.name, shape, turn, once=operation.once)
            self._put_back(operation, world, shape.events, requests[found.sent :])
            if not operation.once or found.sent <= len(requests):
                break
            type(operation).most_per_second *= 2  # it ran dry, so what came last was asked twice
        if operation.trace is None:
            return run
        time.sleep(_SETTLE_SECONDS)
        done = books.done_since(world, operation.trace.table, since, operation.trace.condition)
        lost = max(0, found.requests - found.refused - done.rows)
        return _with(run, batch=done.batch, largest=done.largest, lost=lost)

    def _run_empty(self, operation: Operation, shape: Shape, turn: int) -> Run:
        requests = self._take(operation, self._small, 1, _SHOWN if operation.once else 1)
        self._put_back(operation, self._small, 1, requests)
        return self._load(self._empties, requests, operation.empty, shape, turn, once=False)[0]

    def _run_yards(self, operation: Operation, turn: int) -> None:
        if operation.yard is None:
            return
        for clients in CLIENTS:
            values = operation.yard_values(self._small, int(self._seconds * YARD_CARTS_A_SECOND))
            before = machine.family_cpu_seconds(self._postmaster)
            yard = load.pgbench(self._small, operation.yard, values, clients=clients, seconds=self._seconds)
            time.sleep(_REAP_SECONDS)
            used = machine.family_cpu_seconds(self._postmaster) - before
            operation.after_yard(self._small)
            count = max(1.0, yard.per_second * max(1, round(self._seconds)))
            self.runs.append(
                Run(what=f"pgbench {operation.name}", shape=Shape(buyers=clients), turn=turn, per_second=yard.per_second,
                    mean_ms=yard.mean_ms, database_us=used / count * 1e6)
            )  # fmt: skip

    def _load(
        self, servers: Servers, requests: Sequence[bytes], what: str, shape: Shape, turn: int, *, once: bool
    ) -> tuple[Run, load.Load]:
        counters: tuple[Callable[[], float], ...] = (
            servers.cpu_seconds,
            lambda: machine.family_cpu_seconds(self._postmaster),
            machine.client_cpu_seconds,
        )
        before = [counter() for counter in counters]
        found = load.http(servers.url, requests, buyers=shape.buyers, seconds=self._seconds, once=once)
        count = max(1, found.requests)
        app, database, client = (
            (counter() - was) / count * 1e6 for counter, was in zip(counters, before, strict=True)
        )
        run = Run(
            what=what, shape=shape, turn=turn, per_second=found.requests / found.seconds, mean_ms=found.mean_ms,
            p50_ms=found.p50_ms, p99_ms=found.p99_ms, app_us=app, database_us=database, client_us=client,
            resident_mb=servers.resident_mb(), refused=found.refused, broken=found.broken,
        )  # fmt: skip
        return run, found

    def _warm(self, servers: Servers, operation: Operation, world: World) -> None:
        requests = self._take(operation, world, 1, self._wanted(operation))
        found = load.http(
            servers.url, requests, buyers=WARM_UP_BUYERS, seconds=WARM_UP_SECONDS, once=operation.once
        )
        self._put_back(operation, world, 1, requests[found.sent :])

    def _wanted(self, operation: Operation) -> int:
        return int(operation.most_per_second * self._seconds)

    @staticmethod
    def _take(operation: Operation, world: World, events: int, count: int) -> list[bytes]:
        if not operation.once:
            return operation.requests(world, events, count)
        stock = world.stock.pop((operation.name, events), [])
        if len(stock) < count:
            stock += operation.requests(world, events, count - len(stock))
        return stock

    @staticmethod
    def _put_back(operation: Operation, world: World, events: int, unused: Iterable[bytes]) -> None:
        if operation.once:
            world.stock[operation.name, events] = list(unused)


def _with(run: Run, *, batch: float, largest: int, lost: int) -> Run:
    return structs.replace(run, batch=batch, largest=largest, lost=lost)


def _answer(url: str, request: bytes) -> bytes:
    """The body of one answer."""
    host, _, port = url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(request)
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        body = answer.read()
        if answer.status >= 400:
            raise RuntimeError(f"the first answer was {answer.status}: {body.decode()}")
        return body


def tell(line: str) -> None:
    """A line of progress."""
    print(line, file=sys.stderr, flush=True)
