"""Looking on while people buy: places taken, jobs waiting, who waits in the database, who uses the processor."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from foyer.cli.rehearse.clone import Clone
from foyer.cli.rehearse.limits import Load, load_between
from foyer.cli.rehearse.machine import Parts, Spent, cores, spent
from foyer.cli.rehearse.report import Queue
from foyer.infra.db.engine import Connection

LOOK_SECONDS: Final = 0.1
MEASURE_SECONDS: Final = 0.5

# Sold out is what the shop says then: of no ticket type that buyers see is one left.
_TAKEN: Final = """
SELECT p.held + p.sold, NOT EXISTS (
  SELECT FROM ticket_type_pools d
  JOIN ticket_types t ON t.organization_id = d.organization_id AND t.id = d.ticket_type_id AND NOT t.is_hidden
  JOIN pools q ON q.organization_id = d.organization_id AND q.id = d.pool_id
  WHERE d.organization_id = $1 AND d.event_id = $2
  GROUP BY t.id HAVING min(q.capacity - q.held - q.sold) > 0)
FROM events e JOIN pools p ON p.organization_id = e.organization_id AND p.id = e.pool_id
WHERE e.organization_id = $1 AND e.id = $2
"""
_JOBS: Final = """
SELECT count(*) FROM jobs.pgqueuer WHERE headers->>'organization_id' = $1 AND status IN ('queued', 'picked')
"""
_DONE: Final = "SELECT count(*) FROM jobs.pgqueuer_log WHERE status = 'successful' AND id > $1"
_NEWEST: Final = "SELECT coalesce(max(id), 0) FROM jobs.pgqueuer_log"
_WAITS: Final = """
SELECT coalesce(bool_or(wait_event IN ('WalSync', 'WALSync', 'WALWrite', 'WalWrite', 'DataFileRead')), false),
       coalesce(bool_or(wait_event_type = 'Lock'), false)
FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid() AND datname = current_database()
"""


class Measured(NamedTuple):
    """The state of the machine at a moment of the monotonic clock."""

    at: float
    spent: Spent
    reserved: int


@dataclass
class Watcher:
    """What is seen of one sale. `owner` sees its rows, `app` the sessions of the application's role."""

    owner: Connection
    app: Connection
    clone: Clone
    parts: Parts
    opens_at: float
    reserved: Callable[[], int]
    """How many buyers have places, as the buyers say."""
    taken: int = 0
    sold_out_seconds: float | None = None
    measured: list[Measured] = field(default_factory=list)
    looks: int = 0
    disk: int = 0
    locks: int = 0
    log_begin: int = 0

    async def look_on(self) -> None:
        """Look until cancelled."""
        self.log_begin = await self.owner.fetchval(_NEWEST)
        while True:
            await self.look()
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        places = await self.owner.fetch(_TAKEN, self.clone.organization_id, self.clone.event.id)
        self.taken, is_sold_out = places[0]
        now = time.monotonic()
        if is_sold_out and self.sold_out_seconds is None:
            self.sold_out_seconds = round(now - self.opens_at, 2)
        waits_for_disk, waits_for_lock = (await self.app.fetch(_WAITS))[0]
        if now >= self.opens_at:
            self.looks, self.disk, self.locks = (
                self.looks + 1,
                self.disk + waits_for_disk,
                self.locks + waits_for_lock,
            )
        if not self.measured or now - self.measured[-1].at >= MEASURE_SECONDS:
            self.measured.append(Measured(now, spent(self.parts), self.reserved()))

    async def queue(self, seconds: float) -> Queue:
        """What waits for the background worker, and how fast it was."""
        waiting = await self.owner.fetchval(_JOBS, str(self.clone.organization_id))
        done = await self.owner.fetchval(_DONE, self.log_begin)
        return Queue(waiting_at_end=waiting, done_per_second=round(done / max(seconds, 0.1), 1))

    def load(self) -> Load:
        """The load from the opening until nine of ten carts had their places: when it mattered."""
        last = self.measured[-1].reserved
        before = [one for one in self.measured if one.at <= self.opens_at][-1:] or self.measured[:1]
        after = [one for one in self.measured if one.at > before[0].at and one.reserved >= 0.9 * last][:1]
        begin, end = before[0], (after or self.measured[-1:])[0]
        return load_between(
            begin.spent,
            end.spent,
            cores=cores(),
            seconds=end.at - begin.at,
            waits=(self.disk / max(1, self.looks), self.locks / max(1, self.looks)),
        )
