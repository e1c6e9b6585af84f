"""Whose turn it is: organizations take turns, and within one its events do."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from math import inf
from typing import Final, Generic, NamedTuple
from uuid import UUID

from foyer.infra.batching.desk import Answer, Ask, Counter

QUEUE_MAX: Final = 20_000
HOUSE_MAX: Final = 10_000
DEADLINE_SECONDS: Final = 2.0
WEIGHT: Final = 0.2
TURN_WEIGHT: Final = 0.05
"""Of the newest measurement, against all before it. A turn weighs less, because it is multiplied by all who are before one."""
ALONE_SECONDS: Final = 1.0
"""For how long an event that was in the way of others is served by itself."""
SLOW_SECONDS: Final = 0.2
"""Whose batch takes so long is in the way of others."""


class Waiting(NamedTuple, Generic[Ask, Answer]):
    """One request in the queue."""

    ask: Ask
    answer: "asyncio.Future[Answer]"
    since: float
    is_gone: Callable[[], Awaitable[bool]] | None


class House(Generic[Ask, Answer]):
    """One organization: which of its events could be served now, and how many lanes work for it."""

    __slots__ = ("busy", "length", "lines", "ready")

    def __init__(self) -> None:
        self.ready: deque[Line[Ask, Answer]] = deque()
        self.busy = 0
        self.length = 0
        self.lines = 0


class Line(Generic[Ask, Answer]):
    """Who waits at one event. One batch of it at most is under way, `since` then; until `alone_until` no other event is in it."""

    __slots__ = ("alone_until", "counter", "house", "is_ready", "queue", "seconds", "since")

    def __init__(self, counter: Counter, house: House[Ask, Answer]) -> None:
        self.counter = counter
        self.house = house
        self.queue: deque[Waiting[Ask, Answer]] = deque()
        self.is_ready = False
        self.since: float | None = None
        self.seconds = 0.0
        self.alone_until = 0.0


class Turns(Generic[Ask, Answer]):
    """The queue of a clerk. First come, first served at each event; who has many events or many buyers waits for their own.

    Args:
        max_batch: requests of one turn.
        is_wide: whether events of an organization share a turn where they fit into it.
    """

    def __init__(self, max_batch: int, *, is_wide: bool = False) -> None:
        self.max_batch = max_batch
        self._is_wide = is_wide
        self.length = 0
        self._lines: dict[Counter, Line[Ask, Answer]] = {}
        self._houses: dict[UUID, House[Ask, Answer]] = {}
        self._turns: deque[House[Ask, Answer]] = deque()
        self._ready = 0
        self._waited_from: float | None = None
        self._interval = 0.0

    def __bool__(self) -> bool:
        """Whether an event could be served now."""
        return self._ready > 0

    def line(self, counter: Counter) -> Line[Ask, Answer]:
        """The line at this event; after it nobody may be let in between but by `join` or `leave`."""
        line = self._lines.get(counter)
        if line is None:
            house = self._houses.get(counter.organization_id)
            if house is None:
                house = self._houses[counter.organization_id] = House()
            house.lines += 1
            line = self._lines[counter] = Line(counter, house)
        return line

    def wait(self, line: Line[Ask, Answer], now: float) -> float:
        """In how many seconds, as far as can be told, one more request of this line would be taken; infinite where none fits in.

        Its own batches come one after the other, and between two of them come turns of others. What hangs now is taken to be
        half through.
        """
        house = line.house
        if self.length >= QUEUE_MAX or house.length >= HOUSE_MAX:
            return inf
        ahead = min(len(self._turns) * (len(house.ready) or 1), self._ready)
        rounds = len(line.queue) // self.max_batch + 1
        begun = self._waited_from if line.since is None else line.since
        hanging = 0.0 if begun is None else now - begun
        return rounds * max(line.seconds, ahead * self._interval) + hanging

    def join(self, line: Line[Ask, Answer], waiting: Waiting[Ask, Answer]) -> bool:
        """Queue up at the end; True where a lane may take this event now and could not before."""
        line.queue.append(waiting)
        line.house.length += 1
        self.length += 1
        if line.is_ready or line.since is not None:
            return False
        self._make_ready(line, waiting.since)
        return True

    def leave(self, line: Line[Ask, Answer]) -> None:
        """Forget a line where nobody waits."""
        if line.queue or line.is_ready or line.since is not None:
            return
        del self._lines[line.counter]
        line.house.lines -= 1
        if not line.house.lines:
            del self._houses[line.counter.organization_id]

    def next(self, now: float, *, most_of_one: int) -> list[Line[Ask, Answer]]:
        """The events whose turn it is, which then have none until `done`; all are of one organization, and it may be none.

        No organization gets more lanes than so many at once.
        """
        for _ in range(len(self._turns)):
            house = self._turns.popleft()
            if house.busy >= most_of_one:
                self._turns.append(house)
                continue
            lines = self._together(house, now)
            if house.ready:
                self._turns.append(house)
            house.busy += 1
            for line in lines:
                line.is_ready, line.since = False, now
            self._ready -= len(lines)
            if self._waited_from is not None:
                each = (now - self._waited_from) / len(lines)
                self._interval += TURN_WEIGHT * (each - self._interval)
            self._waited_from = now if self._ready else None
            return lines
        return []

    def _together(self, house: House[Ask, Answer], now: float) -> list[Line[Ask, Answer]]:
        """The first event of a house that is ready, and those behind it while they fit into its batch."""
        lines, ready = [house.ready.popleft()], house.ready
        if self._is_wide and lines[0].alone_until <= now:
            room = self.max_batch - len(lines[0].queue)
            while ready and ready[0].alone_until <= now and (room := room - len(ready[0].queue)) >= 0:
                lines.append(ready.popleft())
        return lines

    def take(self, line: Line[Ask, Answer]) -> list[Waiting[Ask, Answer]]:
        """The next batch of a line, without those who have left."""
        batch: list[Waiting[Ask, Answer]] = []
        queue, taken = line.queue, 0
        while queue and len(batch) < self.max_batch:
            waiting = queue.popleft()
            taken += 1
            if not waiting.answer.done():
                batch.append(waiting)
        self.length -= taken
        line.house.length -= taken
        return batch

    def put_back(self, line: Line[Ask, Answer], batch: Sequence[Waiting[Ask, Answer]], now: float) -> None:
        """Nothing was done of a batch that several events shared: its requests are the first again, and next time by themselves."""
        line.queue.extendleft(reversed(batch))
        line.house.length += len(batch)
        self.length += len(batch)
        line.alone_until = now + ALONE_SECONDS

    def late(self, now: float) -> Iterator[Waiting[Ask, Answer]]:
        """Take out who has waited beyond the deadline."""
        latest = now - DEADLINE_SECONDS
        for line in self._lines.values():
            queue = line.queue
            while queue and queue[0].since < latest:
                self.length -= 1
                line.house.length -= 1
                yield queue.popleft()

    def done(self, lines: Sequence[Line[Ask, Answer]], now: float) -> None:
        """The batch of these lines is through."""
        lines[0].house.busy -= 1
        for line in lines:
            assert line.since is not None
            seconds = now - line.since
            line.seconds += (WEIGHT if line.seconds else 1.0) * (seconds - line.seconds)
            line.since = None
            if len(lines) == 1 and seconds > SLOW_SECONDS:
                line.alone_until = now + ALONE_SECONDS
            if line.queue:
                self._make_ready(line, now)
            else:
                self.leave(line)

    def _make_ready(self, line: Line[Ask, Answer], now: float) -> None:
        line.is_ready = True
        if not line.house.ready:
            self._turns.append(line.house)
        line.house.ready.append(line)
        self._ready += 1
        if self._waited_from is None:
            self._waited_from = now
