"""The tables of the queue serve PgQueuer as it is installed, in the hands of the application's role."""

from datetime import timedelta

import asyncpg
import pytest
from pgqueuer.adapters.persistence.qb import (
    QueryBuilderEnvironment,
    QueryQueueBuilder,
    QuerySchedulerBuilder,
)
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.domain.errors import DuplicateJobError
from pgqueuer.domain.settings import DBSettings
from pgqueuer.ports.repository import EntrypointExecutionParameter

from foyer.kernel.ids import uuid7


@pytest.fixture
async def transaction(app_sql):
    """What a test puts in is never seen by another one."""
    transaction = app_sql.transaction()
    await transaction.start()
    yield transaction
    await app_sql.execute("ROLLBACK")


@pytest.fixture
async def queue(app_sql):
    settings = DBSettings(db_schema="jobs")
    queries = Queries.from_asyncpg_connection(app_sql)
    queries.qbe = QueryBuilderEnvironment(settings)
    queries.qbq, queries.qbs = QueryQueueBuilder(settings), QuerySchedulerBuilder(settings)
    return queries


async def waiting(queue) -> int:
    """How many jobs of these tests wait; others leave some of theirs behind."""
    return sum(one.count for one in await queue.queue_size() if one.entrypoint == "a.thing")


async def test_schema_has_nothing_to_catch_up_with(queue):
    """PgQueuer itself looks at what stands there, and would change nothing."""
    plan = await queue.plan_upgrade()

    assert (plan.statements, plan.notes) == ((), ())


async def test_job_is_put_in_taken_and_done_by_the_app(queue):
    await queue.enqueue("a.thing", b"body", headers={"organization_id": "x"})
    every = {"a.thing": EntrypointExecutionParameter(0)}
    (job,) = await queue.dequeue(10, every, uuid7(), None, timedelta(seconds=30))
    await queue.log_jobs([(job, "successful", None)])

    assert (job.payload, job.headers) == (b"body", {"organization_id": "x"})
    assert await waiting(queue) == 0


async def test_job_is_gone_with_its_transaction(queue, transaction):
    await queue.enqueue("a.thing", None)
    assert await waiting(queue) == 1
    await transaction.rollback()

    assert await waiting(queue) == 0


async def test_same_job_is_not_put_in_twice(queue, transaction):
    await queue.enqueue("a.thing", None, dedupe_key="fact:reaction")

    with pytest.raises(DuplicateJobError):
        await queue.enqueue("a.thing", None, dedupe_key="fact:reaction")


async def test_workers_are_woken(app_url, queue, app_sql):
    heard = []
    listener = await asyncpg.connect(app_url)
    await listener.add_listener("ch_pgqueuer", lambda *message: heard.append(message[-1]))
    await queue.enqueue("a.thing", None)
    await app_sql.execute("DELETE FROM jobs.pgqueuer")
    await listener.fetchval("SELECT 1")
    await listener.close()

    assert [True for body in heard if '"operation" : "insert"' in body] == [True]
