"""What is done every so often, by one worker at a time, however many there are."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

import asyncpg
import structlog

from foyer.infra.db.engine import Connection
from foyer.infra.job_queue import pause
from foyer.infra.jobs import Cron, Tools

log = structlog.get_logger("foyer.cron")

LOOK_SECONDS: Final = 2.0
SILENT_SECONDS: Final = 60.0
"""A worker that has not said for so long that it is still at it is taken for dead."""
GRACE_SECONDS: Final = 20.0
AWAY: Final = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)

_KNOWN = """
INSERT INTO jobs.pgqueuer_schedules (entrypoint, expression)
SELECT name, expression FROM unnest($1::text[], $2::text[]) AS new (name, expression) ORDER BY 1
ON CONFLICT (expression, entrypoint) DO NOTHING
"""
_DUE = """
UPDATE jobs.pgqueuer_schedules SET status = 'picked', heartbeat = now(), last_run = now(), updated = now()
WHERE (entrypoint, expression) IN (SELECT name, expression FROM unnest($1::text[], $2::text[]) AS idle (name, expression))
  AND next_run <= now() AND (status = 'queued' OR heartbeat < now() - $3 * interval '1 second')
RETURNING entrypoint
"""
_ALIVE = "UPDATE jobs.pgqueuer_schedules SET heartbeat = now() WHERE entrypoint = ANY ($1)"
_DONE = """
UPDATE jobs.pgqueuer_schedules SET status = 'queued', updated = now(), next_run = now() + $3 * interval '1 second'
WHERE entrypoint = $1 AND expression = $2
"""


async def run_crons(
    tools: Tools,
    crons: Sequence[Cron],
    ending: asyncio.Event,
    *,
    look_seconds: float = LOOK_SECONDS,
    silent_seconds: float = SILENT_SECONDS,
    grace_seconds: float = GRACE_SECONDS,
) -> None:
    """Start what is due until the end is called, then finish what runs; a lost database is waited for."""
    clock = _Clock(tools, {one.name: one for one in crons}, silent_seconds)
    while crons and not ending.is_set():
        try:
            await clock.tick()
        except AWAY as away:
            log.warning("no database to read the clock of", error=repr(away))
        await pause(ending, look_seconds)
    await clock.close(grace_seconds)


class _Clock:
    def __init__(self, tools: Tools, crons: dict[str, Cron], silent_seconds: float) -> None:
        self._tools = tools
        self._crons = crons
        self._silent_seconds = silent_seconds
        self._connection: Connection | None = None
        self._running: dict[str, asyncio.Task[None]] = {}
        self._finished: list[str] = []

    async def tick(self) -> None:
        """Say what is done and what still runs, then start what nobody else has started."""
        connection = await self._tell()
        if self._running:
            await connection.execute(_ALIVE, list(self._running))
        idle = [name for name in self._crons if name not in self._running]
        for row in await connection.fetch(_DUE, idle, self._expressions(idle), self._silent_seconds):
            name = row["entrypoint"]
            self._running[name] = asyncio.create_task(self._run(self._crons[name]), name=f"cron {name}")

    async def close(self, grace_seconds: float) -> None:
        """Wait for what runs, but not for ever; what is broken off has its next turn as if it were done."""
        if self._running:
            await asyncio.wait(self._running.values(), timeout=grace_seconds)
        for task in self._running.values():
            task.cancel()
        await asyncio.gather(*self._running.values(), return_exceptions=True)
        with suppress(*AWAY):
            await self._tell()
        if self._connection is not None:
            self._connection.terminate()

    async def _tell(self) -> Connection:
        connection = await self._ready()
        while self._finished:
            name = self._finished[0]
            expression = self._expressions([name])[0]
            await connection.execute(_DONE, name, expression, self._crons[name].every_seconds)
            self._finished.pop(0)
        return connection

    async def _ready(self) -> Connection:
        if self._connection is None or self._connection.is_closed():
            self._connection = await self._tools.database.connect()
            names = list(self._crons)
            await self._connection.execute(_KNOWN, names, self._expressions(names))
        return self._connection

    def _expressions(self, names: Sequence[str]) -> list[str]:
        return [f"every {self._crons[name].every_seconds} s" for name in names]

    async def _run(self, cron: Cron) -> None:
        try:
            await cron.do(self._tools)
        except Exception:
            log.exception("cron failed and waits for its next turn", cron=cron.name)
        finally:
            del self._running[cron.name]
            self._finished.append(cron.name)
