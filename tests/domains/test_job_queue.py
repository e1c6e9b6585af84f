"""The worker's side of the jobs: picked up, tried again later and later, held in the end, and never lost on the way."""

import asyncio
import time
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from itertools import count

import pytest

from foyer.infra.cron import run_crons
from foyer.infra.job_queue import DEATHS_MAX, DELAYS, Pace, handlers, work_jobs
from foyer.infra.jobs import Cron, Job, Tools, enqueue
from foyer.infra.mail import post_for
from foyer.infra.press import workshop_in
from foyer.kernel.wire import Wire
from tests.support.world import KEYRING, settings_for

QUICK = Pace(poll_seconds=0.2, silent_seconds=30, reconnect_seconds=0.05)
JOB = "SELECT id, status::text, attempts, execute_after - updated AS delay, execute_after <= now() AS is_due FROM jobs.pgqueuer WHERE entrypoint = $1"
_numbers = count(1)


class Letter(Wire, frozen=True):
    text: str


@pytest.fixture
def tools(database, tmp_path):
    return Tools(
        database,
        KEYRING,
        settings_for(tmp_path),
        workshop_in(settings_for(tmp_path), database),
        post_for(settings_for(tmp_path)),
    )


@pytest.fixture
def job():
    """A kind of job of this test's own; it fails while `fails` is set, and waits for `gate`."""

    class Kind:
        def __init__(self) -> None:
            self.done: list[tuple[object, str]] = []
            self.at_once = self.most = 0
            self.fails = False
            self.gate = asyncio.Event()
            self.gate.set()
            self.job = Job(f"test.{next(_numbers)}", Letter, self.do)

        async def do(self, _tools, organization_id, body):
            self.at_once += 1
            self.most = max(self.most, self.at_once)
            try:
                await self.gate.wait()
                if self.fails:
                    raise RuntimeError("the printer is out of paper")
                self.done.append((organization_id, body.text))
            finally:
                self.at_once -= 1

    return Kind()


@asynccontextmanager
async def working(tools, *jobs, pace=QUICK):
    ending = asyncio.Event()
    task = asyncio.create_task(work_jobs(tools, handlers(tools, jobs, ()), ending, pace=pace))
    try:
        yield
    finally:
        ending.set()
        await task


async def put(tools, organization, kind, *texts):
    async with tools.database.write(organization.id) as tx:
        for text in texts:
            await enqueue(tx, kind.job, Letter(text=text))


async def until(condition, seconds=5.0):
    give_up = time.monotonic() + seconds
    while not (found := await condition()):
        assert time.monotonic() < give_up, "it did not happen in time"
        await asyncio.sleep(0.01)
    return found


async def standing(app_sql, kind, *, status, attempts):
    row = await app_sql.fetchrow(JOB, kind.job.name)
    return row if row and (row["status"], row["attempts"]) == (status, attempts) else None


async def is_empty(app_sql, kind):
    return await app_sql.fetchrow(JOB, kind.job.name) is None


async def test_job_is_done_for_its_organization_and_gone(tools, organization, app_sql, job):
    async with working(tools, job.job):
        await put(tools, organization, job, "hello")
        await until(partial(is_empty, app_sql, job))

    assert job.done == [(organization.id, "hello")]


async def test_failing_job_is_tried_five_times_then_held(tools, organization, app_sql, job):
    """Each wait is read from the queue, then the clock is put forward to its end."""
    job.fails = True
    async with working(tools, job.job):
        await put(tools, organization, job, "x")
        for tries, delay in enumerate(DELAYS, 1):
            row = await until(partial(standing, app_sql, job, status="queued", attempts=tries))
            assert delay - row["delay"] < timedelta(seconds=1)
            assert not row["is_due"]
            forward = "UPDATE jobs.pgqueuer SET execute_after = execute_after - $2::interval - interval '1s' WHERE id = $1"
            await app_sql.execute(forward, row["id"], delay)
        row = await until(partial(standing, app_sql, job, status="failed", attempts=len(DELAYS)))
    told = "SELECT traceback->>'exception_type', traceback->>'exception_message' FROM jobs.pgqueuer_log WHERE job_id = $1 AND status = 'failed'"

    assert list(DELAYS) == sorted(DELAYS)
    assert job.most == 1
    assert tuple(await app_sql.fetchrow(told, row["id"])) == ("RuntimeError", "the printer is out of paper")
    await app_sql.execute("DELETE FROM jobs.pgqueuer WHERE id = $1", row["id"])


async def test_two_workers_do_each_job_once_and_not_too_many_at_a_time(tools, organization, app_sql, job):
    texts = [str(number) for number in range(40)]
    job.gate.clear()
    slow = Pace(at_once=2, poll_seconds=0.2)
    async with working(tools, job.job, pace=slow), working(tools, job.job, pace=slow):
        await put(tools, organization, job, *texts)
        await until(partial(_reaches, job, 8))
        await asyncio.sleep(0.3)
        assert job.most == 8, "twice two for each of two workers"
        job.gate.set()
        await until(partial(is_empty, app_sql, job))

    assert sorted(text for _, text in job.done) == sorted(texts)


async def test_job_is_found_where_nobody_is_woken(tools, organization, app_sql, root_sql, job):
    """Behind a pooler that hands out connections by the transaction, no notification arrives."""
    await put(tools, organization, job, "x")
    later = "UPDATE jobs.pgqueuer SET execute_after = now() + interval '1 hour' WHERE entrypoint = $1"
    await app_sql.execute(later, job.job.name)
    async with working(tools, job.job):
        await asyncio.sleep(0.3)
        assert job.done == []
        await root_sql.execute("SET session_replication_role = replica")
        await root_sql.execute(
            "UPDATE jobs.pgqueuer SET execute_after = now() WHERE entrypoint = $1", job.job.name
        )
        await until(partial(is_empty, app_sql, job))

    assert len(job.done) == 1


async def test_end_waits_for_what_is_under_way(tools, organization, app_sql, job):
    job.gate.clear()
    async with working(tools, job.job):
        await put(tools, organization, job, "x")
        await until(partial(_reaches, job, 1))
        asyncio.get_running_loop().call_later(0.2, job.gate.set)

    assert len(job.done) == 1
    assert await is_empty(app_sql, job)


async def test_job_that_outlasts_the_end_goes_back_into_the_queue(tools, organization, app_sql, job):
    job.gate.clear()
    async with working(tools, job.job, pace=Pace(poll_seconds=0.2, grace_seconds=0.1)):
        await put(tools, organization, job, "x")
        await until(partial(_reaches, job, 1))

    assert job.done == []
    assert (await standing(app_sql, job, status="queued", attempts=1))["is_due"]
    job.gate.set()
    async with working(tools, job.job):
        await until(partial(is_empty, app_sql, job))
    assert len(job.done) == 1


async def test_worker_outlives_its_connection(tools, organization, app_sql, root_sql, job):
    async with working(tools, job.job):
        await put(tools, organization, job, "first")
        await until(partial(is_empty, app_sql, job))
        listening = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query ILIKE '%jobs.pgqueuer%' AND usename = 'foyer_app' AND pid <> $1"
        assert await root_sql.fetch(listening, app_sql.get_server_pid())
        await put(tools, organization, job, "second")
        await until(partial(is_empty, app_sql, job))

    assert [text for _, text in job.done] == ["first", "second"]


async def test_job_that_kills_its_worker_is_held(tools, organization, app_sql, job):
    """As it looks in the queue after that many deaths: picked again and again, and never anything else."""
    await put(tools, organization, job, "x")
    row = await app_sql.fetchrow(JOB, job.job.name)
    picked = "INSERT INTO jobs.pgqueuer_log (job_id, status, priority, entrypoint) SELECT $1, 'picked', 0, $2 FROM generate_series(1, $3)"
    await app_sql.execute(picked, row["id"], job.job.name, DEATHS_MAX)
    async with working(tools, job.job):
        await until(partial(standing, app_sql, job, status="failed", attempts=0))

    assert job.done == []
    await app_sql.execute("DELETE FROM jobs.pgqueuer WHERE id = $1", row["id"])


async def test_cron_is_run_by_one_worker_and_taken_over_from_a_dead_one(tools, app_sql):
    ran, gate, name = [], asyncio.Event(), f"test.{next(_numbers)}"

    async def do(tools):
        ran.append(1)
        await gate.wait()

    ending = asyncio.Event()
    clock = partial(run_crons, tools, [Cron(name, 3600, do)], ending, look_seconds=0.05)
    both = [asyncio.create_task(clock()) for _ in range(2)]
    await until(partial(_is_true, lambda: ran))
    await asyncio.sleep(0.3)
    assert len(ran) == 1
    state = "SELECT status::text, next_run > now() + interval '59 minutes' FROM jobs.pgqueuer_schedules WHERE entrypoint = $1"
    assert tuple(await app_sql.fetchrow(state, name)) == ("picked", False)
    gate.set()
    await asyncio.sleep(0.2)
    assert tuple(await app_sql.fetchrow(state, name)) == ("queued", True)

    dead = "UPDATE jobs.pgqueuer_schedules SET status = 'picked', next_run = now(), heartbeat = now() - interval '61 s' WHERE entrypoint = $1"
    await app_sql.execute(dead, name)
    await until(partial(_is_true, lambda: len(ran) == 2))
    ending.set()
    await asyncio.gather(*both)
    assert len(ran) == 2


async def _is_true(look):
    return bool(look())


async def _reaches(kind, many):
    return kind.most >= many
