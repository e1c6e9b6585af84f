"""The clerk of one operation: who is let into the queue, and which lane serves them."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, Final, Generic

from foyer.infra.batching.apart import refuse, serve, serve_all
from foyer.infra.batching.desk import Answer, Ask, Counter, Desk, Tally, Trade, WideDesk
from foyer.infra.batching.lane import Lane
from foyer.infra.batching.turns import Line, Turns, Waiting
from foyer.infra.db.engine import Database
from foyer.kernel.errors import Busy, FoyerError

LANES: Final = 2
LANES_MAX: Final = 4
WAIT_SECONDS_MAX: Final = 1.5
LOOK_EVERY_SECONDS: Final = 0.05
SLOW_SECONDS: Final = 0.1
"""When every lane has had its batch for so long, one more opens."""
LINGER_SECONDS: Final = 10.0
"""How long a further lane keeps its connection with nothing to do."""
GONE_AFTER_SECONDS: Final = 0.25
"""Who has waited for so long is asked whether they are still there."""
ASKING_SECONDS: Final = 0.05


class Clerk(Generic[Ask, Answer]):
    """One operation over all events: lanes that share one queue, each with a connection of its own and one batch under way.

    Any lane takes the event whose turn it is, so events wait for each other only while all lanes are at work.

    Args:
        desk: a `WideDesk` is given several events of an organization at once; any trouble takes them apart.
        max_batch: 1 writes each request alone, with the same statements.
        lanes: connections in normal times; with all of them slow there are up to `LANES_MAX`.
        gate: a statement that every batch opens with, in the message that begins it: a lock that comes before all others.
        known: what can be refused without asking the database.
    """

    def __init__(
        self,
        name: str,
        database: Database,
        desk: Desk[Ask, Answer],
        max_batch: int = 256,
        *,
        lanes: int = LANES,
        gate: Callable[[Sequence[Counter]], str] | None = None,
        known: Callable[[Counter, Ask], FoyerError | None] | None = None,
    ) -> None:
        self.name, self.desk = name, desk
        self.tally = Tally(name)
        self._known = known
        wide = desk if isinstance(desk, WideDesk) else None
        self._trade = Trade(database, desk, wide, self.tally, gate)
        self._turns: Turns[Ask, Answer] = Turns(max_batch, is_wide=wide is not None)
        self._lanes = [Lane(self._trade) for _ in range(lanes)]
        self._lanes_least, self._lanes_most = lanes, max(lanes, LANES_MAX)
        self._most_of_one = max(1, self._lanes_most - 1)
        self._look: asyncio.TimerHandle | None = None
        self._parting: set[asyncio.Task[None]] = set()
        self._is_closed = False

    async def ask(
        self, counter: Counter, ask: Ask, *, is_gone: Callable[[], Awaitable[bool]] | None = None
    ) -> Answer:
        """Wait for the batch that takes this request, and for its commit.

        Raises:
            Busy: the wait would be too long, or was; nothing was written.
            FoyerError: the desk's refusal.
        """
        if self._known is not None and (refusal := self._known(counter, ask)) is not None:
            self.tally.remembered()
            raise refusal
        turns, now = self._turns, time.monotonic()
        line = turns.line(counter)
        if self._is_closed or turns.wait(line, now) > WAIT_SECONDS_MAX:
            turns.leave(line)
            self.tally.trouble("shed")
            raise Busy(retry_after_seconds=random.randint(1, 3))  # noqa: S311 - spreads those who come back
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Answer] = loop.create_future()
        if turns.join(line, Waiting(ask, answer, now, is_gone)):
            self._wake(loop)
        if self._look is None:
            self._look = loop.call_later(LOOK_EVERY_SECONDS, self._look_around)
        return await answer

    async def close(self) -> None:
        """Serve what is queued, then let the connections go."""
        self._is_closed = True
        while tasks := [lane.task for lane in self._lanes if lane.task is not None]:
            await asyncio.wait(tasks)
        if self._look is not None:
            self._look.cancel()
        await asyncio.gather(*self._parting, *(lane.close() for lane in self._lanes))

    def _wake(self, loop: asyncio.AbstractEventLoop) -> bool:
        """Set the first idle lane to work: always the same one while it keeps up, for it has its statements at hand."""
        for lane in self._lanes:
            if lane.task is None:
                lane.began = time.monotonic()
                # It starts on the next tick, so what this tick reads from the sockets joins the first batch.
                lane.task = loop.create_task(self._work(lane), name=f"clerk {self.name}")
                return True
        return False

    async def _work(self, lane: Lane[Ask, Answer]) -> None:
        """Serve until no event waits for a lane."""
        turns = self._turns
        try:
            while lines := turns.next(time.monotonic(), most_of_one=self._most_of_one):
                try:
                    await self._serve(lane, lines)
                finally:
                    turns.done(lines, time.monotonic())
        finally:
            lane.task = None
            lane.idle_since = time.monotonic()
            if turns and not self._is_closed:
                self._wake(asyncio.get_running_loop())

    async def _serve(self, lane: Lane[Ask, Answer], lines: Sequence[Line[Ask, Answer]]) -> None:
        parts = [(line, self._turns.take(line)) for line in lines]
        lane.began = started = time.monotonic()
        since = min((batch[0].since for _, batch in parts if batch), default=started)
        if started - since > GONE_AFTER_SECONDS:
            old = (one for _, batch in parts for one in batch if started - one.since > GONE_AFTER_SECONDS)
            await _dismiss(old)
            parts = [(line, [one for one in batch if not one.answer.done()]) for line, batch in parts]
        parts = [part for part in parts if part[1]]
        if not parts:
            return
        self.tally.batches += 1
        if self._trade.wide is not None and len(parts) > 1:
            batches = [(line.counter, batch) for line, batch in parts]
            left = await serve_all(lane, self._trade.wide, batches, self.tally)
            for (line, _), rest in zip(parts, left, strict=True):
                if rest:
                    self._turns.put_back(line, rest, time.monotonic())
        else:
            for line, batch in parts:
                await serve(lane, line.counter, batch, self.tally)
        size = sum(len(batch) for _, batch in parts)
        self.tally.batch(size, waited_seconds=started - since, seconds=time.monotonic() - started)

    def _look_around(self) -> None:
        """Send away who waited too long, open a lane where all are slow, close one that is not needed."""
        self._look = None
        now, loop = time.monotonic(), asyncio.get_running_loop()
        for waiting in self._turns.late(now):
            if not waiting.answer.done():
                self.tally.trouble("late")
                refuse([waiting])
        if self._turns and all(lane.task and now - lane.began > SLOW_SECONDS for lane in self._lanes):
            if len(self._lanes) < self._lanes_most and not self._is_closed:
                self._lanes.append(Lane(self._trade))
                self._wake(loop)
        elif len(self._lanes) > self._lanes_least:
            self._let_go(now, loop)
        if self._turns.length or len(self._lanes) > self._lanes_least:
            self._look = loop.call_later(LOOK_EVERY_SECONDS, self._look_around)

    def _let_go(self, now: float, loop: asyncio.AbstractEventLoop) -> None:
        last = self._lanes[-1]
        if last.task is None and now - last.idle_since > LINGER_SECONDS:
            self._lanes.remove(last)
            parting = loop.create_task(last.close())
            self._parting.add(parting)
            parting.add_done_callback(self._parting.discard)


async def _dismiss(batch: Iterable[Waiting[Any, Any]]) -> None:
    """Drop those who have left. All are asked at once, and whoever cannot say in time is taken to be there."""
    asked = [(waiting, asyncio.ensure_future(waiting.is_gone())) for waiting in batch if waiting.is_gone]
    if not asked:
        return
    _, silent = await asyncio.wait([question for _, question in asked], timeout=ASKING_SECONDS)
    for question in silent:
        question.cancel()
    for waiting, question in asked:
        if (
            question.done()
            and not question.cancelled()
            and question.exception() is None
            and question.result()
        ):
            waiting.answer.cancel()
