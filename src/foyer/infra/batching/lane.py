"""A lane: one connection, one transaction at a time, and what is done when either breaks."""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Final, Generic, TypeVar

import asyncpg
import structlog

from foyer.infra.batching.desk import Answer, Ask, ChangedMeanwhileError, Counter, Trade, WideDesk
from foyer.infra.db.engine import COLLIDED, LOST, TOO_SLOW, Connection, through
from foyer.kernel.errors import Busy, FoyerError

log = structlog.get_logger("foyer.batching")

RECONNECT_SECONDS: Final = 6.0
LANE_TIMEOUTS: Final = {
    "lock_timeout": "1000",
    "statement_timeout": "3000",
    "idle_in_transaction_session_timeout": "5000",
}  # milliseconds
PASSING: Final = (*COLLIDED, ChangedMeanwhileError)
AGAIN = (*PASSING, asyncpg.UniqueViolationError)
"""What a second try can mend: another process was first, or a random code had been used."""


TOGETHER_MILLISECONDS: Final = 200
"""How long several events together wait for a lock that one of them needs; one alone waits for longer."""

Outcome = TypeVar("Outcome")


class HeldError(Exception):
    """Somebody else holds a row that this work needs, for longer than it may wait."""


class Lane(Generic[Ask, Answer]):
    """Where the batches of a clerk are written. `began` is when the one under way was taken."""

    def __init__(self, trade: Trade[Ask, Answer]) -> None:
        self.task: asyncio.Task[None] | None = None
        self.began = 0.0
        self.idle_since = 0.0
        self._trade = trade
        self._connection: Connection | None = None
        self._number = secrets.randbits(63)

    async def close(self) -> None:
        if self._connection is not None:
            with suppress(TimeoutError, *LOST):  # it is given up in any case
                await self._connection.close(timeout=2)

    async def settle(
        self, counter: Counter, asks: Sequence[Ask], *, lock_milliseconds: int | None = None
    ) -> Sequence[Answer | FoyerError]:
        """One transaction; repeated once after a deadlock, looked up and replayed after a lost connection.

        Raises:
            HeldError: it would have to wait for a lock for longer than it may.
            Busy: the database is away, or too slow.
        """
        try:
            try:
                return await self._serve(counter, asks, lock_milliseconds)
            except AGAIN:
                return await self._serve(counter, asks, lock_milliseconds)
        except asyncpg.LockNotAvailableError:
            raise HeldError from None
        except TOO_SLOW:
            raise Busy from None
        except PASSING:
            if len(asks) == 1:
                raise Busy from None
            raise
        except LOST as lost:
            self._note_loss(lost)
            return await self._recover(lambda: self._replay(counter, asks))

    async def settle_all(
        self, desk: WideDesk[Ask, Answer], parts: Sequence[tuple[Counter, Sequence[Ask]]]
    ) -> Sequence[Sequence[Answer | FoyerError | None]]:
        """One transaction for several events of an organization, tried once.

        None stands for what was not done, and then none of it was but what a lost connection has left.

        Raises:
            Busy: the database is away.
        """
        try:
            return await self._transact(
                [counter for counter, _ in parts],
                lambda connection: desk.serve_all(connection, parts),
                lock_milliseconds=TOGETHER_MILLISECONDS,
            )
        except TOO_SLOW:
            pass  # the next clause takes a cancelled query for a loss
        except LOST as lost:
            self._note_loss(lost)
            return await self._recover(lambda: self._look_up(parts))
        except Exception as error:  # noqa: BLE001 - whose fault it is shows when each event is served by itself
            log.info("events are taken apart", clerk=self._trade.tally.name, error=repr(error))
        return [[None] * len(asks) for _, asks in parts]

    def _note_loss(self, lost: Exception) -> None:
        if isinstance(lost, asyncpg.InterfaceError) and self._connection and not self._connection.is_closed():
            raise lost  # our own misuse of the driver, not the network
        log.warning("lane lost its connection", clerk=self._trade.tally.name, error=repr(lost))

    async def _recover(self, work: Callable[[], Awaitable[Outcome]]) -> Outcome:
        give_up = time.monotonic() + RECONNECT_SECONDS
        pause = 0.05
        while True:
            try:
                return await work()
            except (*LOST, *TOO_SLOW, *AGAIN):
                if time.monotonic() + pause > give_up:
                    raise Busy from None
                await asyncio.sleep(pause)
                pause = min(pause * 2, 0.5)

    async def _replay(self, counter: Counter, asks: Sequence[Ask]) -> Sequence[Answer | FoyerError]:
        """Ids are made by the application, so what was committed is found by them; the rest is done again."""
        (standing,) = await self._look_up([(counter, asks)])
        missing = [ask for ask, found in zip(asks, standing, strict=True) if found is None]
        done = iter(await self._serve(counter, missing)) if missing else iter(())
        return [next(done) if found is None else found for found in standing]

    async def _look_up(
        self, parts: Sequence[tuple[Counter, Sequence[Ask]]]
    ) -> Sequence[Sequence[Answer | None]]:
        self._trade.tally.trouble("replay")
        connection = await self._ready()
        try:
            await connection.execute(self._opening([counter for counter, _ in parts]))
            return [await self._trade.desk.recall(connection, counter, asks) for counter, asks in parts]
        finally:
            await through(self._abandon(connection))

    async def _serve(
        self, counter: Counter, asks: Sequence[Ask], lock_milliseconds: int | None = None
    ) -> Sequence[Answer | FoyerError]:
        desk = self._trade.desk
        answers = await self._transact(
            [counter],
            lambda connection: desk.serve(connection, counter, asks),
            lock_milliseconds=lock_milliseconds,
        )
        assert len(answers) == len(asks)
        return answers

    async def _transact(
        self,
        counters: Sequence[Counter],
        work: Callable[[Connection], Awaitable[Outcome]],
        *,
        lock_milliseconds: int | None = None,
    ) -> Outcome:
        connection = await self._ready()
        settled = False
        try:
            await connection.execute(self._opening(counters, lock_milliseconds))
            answers = await work(connection)
            status = await through(connection.execute("COMMIT"))
            settled = status == "COMMIT"
            if not settled:
                raise RuntimeError(f"the database answered COMMIT with {status}")
        finally:
            if not settled and not connection.is_closed():
                await through(self._abandon(connection))
        return answers

    async def _abandon(self, connection: Connection) -> None:
        try:
            await connection.execute("ROLLBACK")
        except Exception:  # noqa: BLE001 - whatever it was, the connection is not trusted any more
            connection.terminate()

    async def _ready(self) -> Connection:
        if self._connection is None or self._connection.is_closed():
            self._connection = await self._trade.database.connect(**LANE_TIMEOUTS)
        return self._connection

    def _opening(self, counters: Sequence[Counter], lock_milliseconds: int | None = None) -> str:
        # Plans made while the tables were empty stay sequential for the connection's life, in foreign-key checks too.
        opening = self._trade.database.opening(counters[0].organization_id, limits=LANE_TIMEOUTS)
        opening += "; SET LOCAL enable_seqscan = off"
        if lock_milliseconds is not None:
            opening += f"; SET LOCAL lock_timeout = {lock_milliseconds}"
        # Whoever looks for what a lost connection has left waits here until its transaction has ended.
        opening += f"; SELECT pg_advisory_xact_lock({self._number})"
        return f"{opening}; {self._trade.gate(counters)}" if self._trade.gate else opening
