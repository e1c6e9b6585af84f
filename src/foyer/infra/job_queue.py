"""The worker's side of the jobs: takes them from PgQueuer's tables, tries each five times, then holds it for a person."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

import asyncpg
import msgspec
import structlog
from pgqueuer.adapters.persistence.qb import (
    QueryBuilderEnvironment,
    QueryQueueBuilder,
    QuerySchedulerBuilder,
)
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.core.qm import QueueManager
from pgqueuer.domain.errors import RetryRequested
from pgqueuer.domain.models import Job as Picked
from pgqueuer.domain.settings import DBSettings, Durability
from pgqueuer.domain.types import Channel

from foyer.infra import metrics
from foyer.infra.db.engine import Connection
from foyer.infra.jobs import SCHEMA, TENANT, Job, Tools
from foyer.infra.outbox import Reaction, react

log = structlog.get_logger("foyer.jobs")

DELAYS: Final = (
    timedelta(seconds=10),
    timedelta(minutes=2),
    timedelta(minutes=20),
    timedelta(hours=3),
)
"""Between the five tries. Whatever is still broken after the last one waits for a person."""
DEATHS_MAX: Final = 5
"""So often may a worker die over one job; then it is the job that kills, and it is held."""
AWAY: Final = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""The database is not there, or this connection to it is not to be used any more: one that is lost in the middle of a question still
counts as busy with it."""

Handler = Callable[[UUID, bytes], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Pace:
    """How a worker goes about it; tests hurry it."""

    at_once: int = 4
    """Jobs taken from the queue together; at most twice as many are under way."""
    poll_seconds: float = 2.0
    """A job is picked up at once where the database can call (LISTEN), and after so long behind a pooler that swallows it."""
    silent_seconds: float = 30.0
    """A job whose worker has not been heard of for so long is taken by another one."""
    reconnect_seconds: float = 1.0
    grace_seconds: float = 20.0
    """At the end of the process running jobs get so long; then they go back into the queue."""


def handlers(
    tools: Tools, jobs: Sequence[Job[Any]], reactions: Sequence[Reaction[Any]]
) -> dict[str, Handler]:
    """What is done with a job, by the name under which the queue knows it."""

    def does(job: Job[Any]) -> Handler:
        return lambda organization_id, payload: job.do(
            tools, organization_id, msgspec.json.decode(payload, type=job.body)
        )

    async def reacts(reaction: Reaction[Any], organization_id: UUID, payload: bytes) -> None:
        await react(tools.database, reaction, organization_id, UUID(bytes=payload))

    known: dict[str, Handler] = {reaction.entrypoint: partial(reacts, reaction) for reaction in reactions}
    known |= {job.name: does(job) for job in jobs}
    assert len(known) == len(reactions) + len(jobs), "every job and every reaction has a name of its own"
    return known


async def work_jobs(
    tools: Tools, known: Mapping[str, Handler], ending: asyncio.Event, *, pace: Pace | None = None
) -> None:
    """Do jobs until the end is called; a lost database is waited for."""
    pace = pace or Pace()
    while known and not ending.is_set():
        try:
            connection = await tools.database.connect()
        except AWAY as away:
            log.warning("no database to take jobs from", error=repr(away))
            await pause(ending, pace.reconnect_seconds)
            continue
        try:
            await _Shift(connection, known, pace).work(ending)
        except AWAY as away:
            log.warning("the queue is out of reach", error=repr(away))
            await pause(ending, pace.reconnect_seconds)
        except Exception as defect:
            log.exception("the queue cannot be worked", error=repr(defect))
            await pause(ending, pace.reconnect_seconds)
        finally:
            connection.terminate()


async def pause(ending: asyncio.Event, seconds: float) -> None:
    """Wait, but not beyond the end."""
    try:
        await asyncio.wait_for(ending.wait(), seconds)
    except TimeoutError:
        return


class _Shift:
    """One connection's worth of work."""

    def __init__(self, connection: Connection, known: Mapping[str, Handler], pace: Pace) -> None:
        settings = _settings()
        self._connection = connection
        self._pace = pace
        self._queries = Queries.from_asyncpg_connection(connection)
        self._queries.qbe = QueryBuilderEnvironment(settings)
        self._queries.qbq, self._queries.qbs = QueryQueueBuilder(settings), QuerySchedulerBuilder(settings)
        self._manager = QueueManager(self._queries, Channel(settings.channel))
        self._running: set[asyncio.Task[Any]] = set()
        for name, handler in known.items():
            self._manager.entrypoint(name, on_failure="hold", accepts_context=False)(
                partial(self._carry_out, handler)
            )

    async def work(self, ending: asyncio.Event) -> None:
        watch = asyncio.create_task(self._end_with(ending))
        try:
            await self._manager.run(
                dequeue_timeout=timedelta(seconds=self._pace.poll_seconds),
                batch_size=self._pace.at_once,
                max_concurrent_tasks=2 * self._pace.at_once,
                heartbeat_timeout=timedelta(seconds=self._pace.silent_seconds),
                log_aggregation_interval=timedelta(0),
            )
        finally:
            watch.cancel()

    async def _end_with(self, ending: asyncio.Event) -> None:
        """Take no more jobs from the end on; send back what has not finished in time."""
        await ending.wait()
        self._manager.shutdown.set()
        await asyncio.sleep(self._pace.grace_seconds)
        for task in self._running:
            task.cancel()

    async def _carry_out(self, handler: Handler, job: Picked) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._running.add(task)
        try:
            await self._refuse_killer(job)
            await handler(UUID(str((job.headers or {})[TENANT])), job.payload or b"")
            metrics.meter.job(job.entrypoint, "done")
        except asyncio.CancelledError:
            # PgQueuer would take a cancelled job out of the queue.
            raise RetryRequested(timedelta(0), "The worker ended.") from None
        except _KilledTooOftenError:
            raise
        except Exception as error:
            raise _again_or_held(job, error) from error
        finally:
            self._running.discard(task)

    async def _refuse_killer(self, job: Picked) -> None:
        """A job that takes its worker down with it never fails: it is only picked again and again."""
        picks = await self._queries.driver.fetch(_PICKED_SINCE_ANYTHING_ELSE, job.id)
        if len(picks) > DEATHS_MAX:
            log.error("job held: its worker died over it each time", job=job.entrypoint, id=job.id)
            metrics.meter.job(job.entrypoint, "held")
            raise _KilledTooOftenError(f"The worker died {DEATHS_MAX} times over this job.")


class _KilledTooOftenError(Exception):
    pass


_PICKED_SINCE_ANYTHING_ELSE = """
SELECT 1 FROM jobs.pgqueuer_log WHERE job_id = $1 AND status = 'picked'
  AND id > coalesce((SELECT max(id) FROM jobs.pgqueuer_log WHERE job_id = $1 AND status <> 'picked'), 0)
"""


def _again_or_held(job: Picked, error: Exception) -> Exception:
    """What to raise for a job that failed: a wish for another try, or, after the last one, its error."""
    told = {"job": job.entrypoint, "id": job.id, "attempt": job.attempts + 1, "headers": job.headers}
    if job.attempts >= len(DELAYS):
        log.error("job held after its last try", **told, exc_info=error)
        metrics.meter.job(job.entrypoint, "held")
        return error
    log.warning("job failed and will be tried again", **told, error=repr(error))
    metrics.meter.job(job.entrypoint, "failed")
    return RetryRequested(DELAYS[job.attempts], f"{type(error).__name__}: {error}")


def _settings() -> DBSettings:
    """Every name said aloud: PgQueuer would take what is left out from variables like CHANNEL of the environment."""
    return DBSettings(
        prefix="",
        db_schema=SCHEMA,
        channel=Channel("ch_pgqueuer"),
        function="fn_pgqueuer_changed",
        statistics_table="pgqueuer_statistics",
        queue_status_type="pgqueuer_status",
        queue_table="pgqueuer",
        queue_table_log="pgqueuer_log",
        trigger="tg_pgqueuer_changed",
        schedules_table="pgqueuer_schedules",
        durability=Durability.durable,
        widen_id=False,
    )
