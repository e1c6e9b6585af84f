"""The clerk: requests queue in memory while a batch is written; then the whole queue is the next batch.

A hot row is locked and flushed once for a batch instead of once for a buyer. Nothing is trusted to memory: the batch locks the
rows it decides about, and the constraints stand behind it. There is no timer, so a lone request waits for nobody.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Generic, NamedTuple, Protocol, TypeVar
from uuid import UUID

import asyncpg
import structlog

from foyer.infra import metrics
from foyer.infra.db.engine import COLLIDED, LOST, TOO_SLOW, Connection, Database, through
from foyer.kernel.errors import Busy, FoyerError

Ask = TypeVar("Ask")
Answer = TypeVar("Answer")
Ask_contra = TypeVar("Ask_contra", contravariant=True)
Answer_co = TypeVar("Answer_co", covariant=True)

log = structlog.get_logger("foyer.batching")

LANES: Final = 2
QUEUE_MAX: Final = 20_000
DEADLINE_SECONDS: Final = 2.0
WAIT_SECONDS_MAX: Final = 1.5
SPLITS_MAX: Final = 16
RECONNECT_SECONDS: Final = 6.0
LOOK_AFTER_SECONDS: Final = 0.25
LANE_TIMEOUTS: Final = {
    "lock_timeout": "1000",
    "statement_timeout": "3000",
    "idle_in_transaction_session_timeout": "5000",
}  # milliseconds


class ChangedMeanwhileError(Exception):
    """What a desk decided on is no longer so once it holds its locks; the batch is done once more."""


AGAIN = (*COLLIDED, asyncpg.UniqueViolationError, ChangedMeanwhileError)
"""What a second try can mend: another process was first, or a random code had been used."""


class Counter(NamedTuple):
    """Where a batch belongs: one event, hence one organization."""

    organization_id: UUID
    event_id: UUID


class Desk(Protocol[Ask_contra, Answer_co]):
    """The work of one hot path, arrays in and results out, in the transaction of a batch.

    An expected refusal is returned in its place, never raised, so that it cannot spoil its neighbours.
    """

    async def serve(
        self, connection: Connection, counter: Counter, asks: Sequence[Ask_contra]
    ) -> Sequence[Answer_co | FoyerError]: ...

    async def recall(
        self, connection: Connection, counter: Counter, asks: Sequence[Ask_contra]
    ) -> Sequence[Answer_co | None]:
        """What stands of these asks after a commit of unknown outcome; None where nothing does."""
        ...


@dataclass(slots=True)
class _Waiting(Generic[Ask, Answer]):
    ask: Ask
    answer: "asyncio.Future[Answer]"
    since: float
    is_gone: Callable[[], Awaitable[bool]] | None


@dataclass(slots=True)
class Tally:
    """What a clerk has done so far, for metrics and tests."""

    batches: int = 0
    served: int = 0
    largest: int = 0
    splits: int = 0
    shed: int = 0
    late: int = 0
    replays: int = 0


@dataclass(slots=True)
class Clerk(Generic[Ask, Answer]):
    """One operation over all events: a few lanes, each with its own connection and one batch in flight."""

    name: str
    database: Database
    desk: Desk[Ask, Answer]
    max_batch: int = 256
    lanes: int = LANES
    gate: Callable[[Counter], str] | None = None
    """A statement that every batch opens with, in the message that begins it: a lock that comes before all others."""
    tally: Tally = field(default_factory=Tally)
    _lanes: "list[_Lane[Ask, Answer]]" = field(default_factory=list)

    def __post_init__(self) -> None:
        self._lanes = [_Lane(self) for _ in range(self.lanes)]

    async def ask(
        self, counter: Counter, ask: Ask, *, is_gone: Callable[[], Awaitable[bool]] | None = None
    ) -> Answer:
        """Wait for the batch that takes this request, and for its commit.

        Raises:
            Busy: the queue is too long, or the deadline passed before a batch took it; nothing was written.
            FoyerError: the desk's refusal.
        """
        return await self._lanes[hash(counter) % self.lanes].put(counter, ask, is_gone)

    async def close(self) -> None:
        """Serve what is queued, then let the connections go."""
        await asyncio.gather(*(lane.close() for lane in self._lanes))


class _Lane(Generic[Ask, Answer]):
    def __init__(self, clerk: Clerk[Ask, Answer]) -> None:
        self._clerk = clerk
        self._queues: dict[Counter, deque[_Waiting[Ask, Answer]]] = {}
        self._turns: deque[Counter] = deque()
        self._length = 0
        self._drained_a_second = 0.0
        self._connection: Connection | None = None
        self._task: asyncio.Task[None] | None = None
        self._closed = False

    async def put(self, counter: Counter, ask: Ask, is_gone: Callable[[], Awaitable[bool]] | None) -> Answer:
        wait = self._length / self._drained_a_second if self._drained_a_second else 0.0
        if self._closed or self._length >= QUEUE_MAX or wait > WAIT_SECONDS_MAX:
            self._clerk.tally.shed += 1
            raise Busy(retry_after_seconds=1 + hash(id(ask)) % 3)
        loop = asyncio.get_running_loop()
        waiting: _Waiting[Ask, Answer] = _Waiting(ask, loop.create_future(), time.monotonic(), is_gone)
        queue = self._queues.get(counter)
        if queue is None:
            queue = self._queues[counter] = deque()
            self._turns.append(counter)
        queue.append(waiting)
        self._length += 1
        if self._task is None:
            self._task = loop.create_task(self._work(), name=f"clerk {self._clerk.name}")
        return await waiting.answer

    async def close(self) -> None:
        self._closed = True
        if self._task is not None:
            await asyncio.wait([self._task])
        if self._connection is not None:
            await self._connection.close(timeout=2)

    async def _work(self) -> None:
        """Serve until nothing waits. A task starts on the next tick, so what this tick reads joins the first batch."""
        try:
            while self._turns:
                counter = self._turns.popleft()
                batch = await self._take(counter)
                if batch:
                    await self._serve(counter, batch)
        finally:
            self._task = None
            if self._turns and not self._closed:
                self._task = asyncio.get_running_loop().create_task(self._work())

    async def _take(self, counter: Counter) -> list[_Waiting[Ask, Answer]]:
        """The next batch of an event: at most `max_batch`, without those who left or waited too long."""
        queue = self._queues[counter]
        now = time.monotonic()
        batch: list[_Waiting[Ask, Answer]] = []
        while queue and len(batch) < self._clerk.max_batch:
            waiting = queue.popleft()
            self._length -= 1
            waited = now - waiting.since
            if waiting.answer.done():
                continue
            if waited > DEADLINE_SECONDS:
                self._clerk.tally.late += 1
                waiting.answer.set_exception(Busy())
            else:
                batch.append(waiting)
        await _dismiss(waiting for waiting in batch if now - waiting.since > LOOK_AFTER_SECONDS)
        batch = [waiting for waiting in batch if not waiting.answer.done()]
        if queue:
            self._turns.append(counter)
        else:
            del self._queues[counter]
        return batch

    async def _serve(self, counter: Counter, batch: list[_Waiting[Ask, Answer]]) -> None:
        started = time.monotonic()
        tally = self._clerk.tally
        tally.batches += 1
        tally.largest = max(tally.largest, len(batch))
        metrics.meter.batch(self._clerk.name, len(batch), started - batch[0].since)
        pieces = [batch]
        tries = SPLITS_MAX
        while pieces:
            piece = pieces.pop(0)
            tries -= 1
            if tries < 0:
                _refuse(piece, Busy())
                continue
            try:
                _answer(piece, await self._attempt(counter, piece))
            except Busy as busy:
                _refuse(piece, busy)
            except Exception as error:
                if len(piece) == 1:
                    log.exception("request failed in its batch", clerk=self._clerk.name)
                    _refuse(piece, error)
                else:
                    tally.splits += 1
                    half = len(piece) // 2
                    pieces[:0] = [piece[:half], piece[half:]]
        tally.served += len(batch)
        rate = len(batch) / max(time.monotonic() - started, 1e-6)
        self._drained_a_second = 0.8 * self._drained_a_second + 0.2 * rate if self._drained_a_second else rate

    async def _attempt(
        self, counter: Counter, piece: list[_Waiting[Ask, Answer]]
    ) -> Sequence[Answer | FoyerError]:
        """One transaction; repeated once after a deadlock, looked up and replayed after a lost connection."""
        asks = [waiting.ask for waiting in piece]
        try:
            try:
                return await self._transact(counter, asks)
            except AGAIN:
                return await self._transact(counter, asks)
        except TOO_SLOW:
            raise Busy from None
        except LOST as lost:
            if (
                isinstance(lost, asyncpg.InterfaceError)
                and self._connection
                and not self._connection.is_closed()
            ):
                raise  # our own misuse of the driver, not the network
            log.warning("lane lost its connection", clerk=self._clerk.name, error=repr(lost))
            return await self._recover(counter, asks)

    async def _recover(self, counter: Counter, asks: list[Ask]) -> Sequence[Answer | FoyerError]:
        give_up = time.monotonic() + RECONNECT_SECONDS
        pause = 0.05
        while True:
            try:
                return await self._replay(counter, asks)
            except (*LOST, *TOO_SLOW, *AGAIN):
                if time.monotonic() + pause > give_up:
                    raise Busy from None
                await asyncio.sleep(pause)
                pause = min(pause * 2, 0.5)

    async def _replay(self, counter: Counter, asks: list[Ask]) -> Sequence[Answer | FoyerError]:
        """Ids are made by the application, so what was committed is found by them; the rest is done again."""
        self._clerk.tally.replays += 1
        connection = await self._ready()
        try:
            await connection.execute(self._opening(counter))
            standing = await self._clerk.desk.recall(connection, counter, asks)
        finally:
            await through(self._abandon(connection))
        missing = [ask for ask, found in zip(asks, standing, strict=True) if found is None]
        done = iter(await self._transact(counter, missing)) if missing else iter(())
        return [next(done) if found is None else found for found in standing]

    async def _transact(self, counter: Counter, asks: Sequence[Ask]) -> Sequence[Answer | FoyerError]:
        connection = await self._ready()
        settled = False
        try:
            await connection.execute(self._opening(counter))
            answers = await self._clerk.desk.serve(connection, counter, asks)
            status = await through(connection.execute("COMMIT"))
            settled = status == "COMMIT"
            if not settled:
                raise RuntimeError(f"the database answered COMMIT with {status}")
        finally:
            if not settled and not connection.is_closed():
                await through(self._abandon(connection))
        assert len(answers) == len(asks)
        return answers

    async def _abandon(self, connection: Connection) -> None:
        try:
            await connection.execute("ROLLBACK")
        except Exception:  # noqa: BLE001 - whatever it was, the connection is not trusted any more
            connection.terminate()

    async def _ready(self) -> Connection:
        if self._connection is None or self._connection.is_closed():
            self._connection = await self._clerk.database.connect(**LANE_TIMEOUTS)
        return self._connection

    def _opening(self, counter: Counter) -> str:
        # Plans made while the tables were empty stay sequential for the connection's life, in foreign-key checks too.
        opening = f"{self._clerk.database.opening(counter.organization_id)}; SET LOCAL enable_seqscan = off"
        return f"{opening}; {self._clerk.gate(counter)}" if self._clerk.gate else opening


async def _dismiss(batch: Iterable[_Waiting[Any, Any]]) -> None:
    """Drop those who have left. All are asked at once, and whoever cannot say is taken to be there."""
    asked = [(waiting, waiting.is_gone()) for waiting in batch if waiting.is_gone is not None]
    found = await asyncio.gather(*(question for _, question in asked), return_exceptions=True)
    for (waiting, _), is_gone in zip(asked, found, strict=True):
        if is_gone is True:
            waiting.answer.cancel()


def _answer(piece: list[_Waiting[Ask, Answer]], answers: Sequence[Answer | FoyerError]) -> None:
    for waiting, answer in zip(piece, answers, strict=True):
        if waiting.answer.done():
            continue
        if isinstance(answer, FoyerError):
            waiting.answer.set_exception(answer)
        else:
            waiting.answer.set_result(answer)


def _refuse(piece: list[_Waiting[Ask, Answer]], error: Exception) -> None:
    for waiting in piece:
        if not waiting.answer.done():
            waiting.answer.set_exception(error)
