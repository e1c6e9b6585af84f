"""A process killed at any moment between a commit and the end of its job: the effect is there, exactly once."""

import asyncio
import signal
import sys
import time
from collections.abc import Iterator
from functools import partial

import asyncpg
import pytest

from foyer.infra.db.embedded import Cluster
from foyer.infra.db.engine import Database
from foyer.infra.job_queue import handlers, work_jobs
from tests.faults.dying_worker import QUICK, reaction_of, tools_of
from tests.lanes import slowness
from tests.support.cluster import migrated_cluster
from tests.support.installation import clean_environment
from tests.support.world import make_organization

MOMENTS = {
    "commit": "committed, and no worker has seen it",
    "before": "picked, and nothing done",
    "middle": "the effect is written, and not committed",
    "after": "the effect is committed, and the job is not marked as done",
    "control": "the effect is committed, and the job is not marked as done",
}
"""Each has a reaction of its own, for whoever dies must not take another's job along."""

LEFT = "SELECT count(*) FROM jobs.pgqueuer WHERE headers->>'organization_id' = $1"
EFFECTS = "SELECT count(*) FROM facts WHERE organization_id = $1 AND type = 'bell.heard'"


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with migrated_cluster(durability="production") as cluster:
        yield cluster


@pytest.fixture
async def database(cluster):
    database = Database(cluster.app_url)
    yield database
    await database.close()


@pytest.fixture
async def owner(cluster):
    connection = await asyncpg.connect(cluster.owner_url)
    await connection.execute("SET app.migration = 'on'")
    yield connection
    await connection.close()


async def die_each_at_its_moment(cluster, lives):
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.faults.dying_worker", cluster.app_url,
        *(f"{moment}={organization.id}" for moment, organization in lives),
        env=clean_environment(), stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    said, _ = await asyncio.wait_for(process.communicate(), 20 * slowness())
    wanted = [*(MOMENTS[moment] for moment, _ in lives), *[str(-signal.SIGKILL)] * len(lives)]
    assert sorted(said.decode().splitlines()) == sorted(wanted)


async def work_until_done(database, owner, organizations, moments):
    ending, tools = asyncio.Event(), tools_of(database)
    known = handlers(tools, (), [reaction_of(moment, dies=False) for moment in moments])
    worker = asyncio.create_task(work_jobs(tools, known, ending, pace=QUICK))
    give_up = time.monotonic() + 10 * slowness()
    for organization in organizations:
        while await owner.fetchval(LEFT, str(organization.id)):
            assert time.monotonic() < give_up, "a job is left over"
            await asyncio.sleep(0.02)
    ending.set()
    await worker


async def test_effect_is_there_exactly_once_wherever_the_process_was_killed(cluster, database, owner):
    organizations = {moment: await make_organization(database) for moment in MOMENTS}
    effects = partial(owner.fetchval, EFFECTS)
    await die_each_at_its_moment(cluster, list(organizations.items()))
    assert [await effects(organizations[moment].id) for moment in MOMENTS] == [0, 0, 0, 1, 1]
    assert await owner.fetchval("SELECT count(*) FROM jobs.pgqueuer") == len(organizations)

    # The control: had the row not been written with the effect, nothing else would stop the second one.
    gone = "DELETE FROM reactions_done WHERE organization_id = $1"
    assert await owner.execute(gone, organizations["control"].id) == "DELETE 1"
    await work_until_done(database, owner, organizations.values(), MOMENTS)

    assert {moment: await effects(one.id) for moment, one in organizations.items()} == {
        **dict.fromkeys(MOMENTS, 1),
        "control": 2,
    }
