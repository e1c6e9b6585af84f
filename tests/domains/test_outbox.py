"""Facts and the jobs of their reactions: there together or not at all, and each reaction takes effect once."""

import asyncio
import re
from datetime import timedelta
from typing import ClassVar
from uuid import UUID

import pytest

from foyer.infra import outbox
from foyer.infra.jobs import Job, enqueue
from foyer.infra.outbox import Reaction, publish, publish_many, react, register
from foyer.kernel.actor import system
from foyer.kernel.facts import Fact
from foyer.kernel.ids import uuid7
from foyer.kernel.wire import Wire

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
STATE = "SELECT status::text, entrypoint, payload, headers->>'organization_id' FROM jobs.pgqueuer WHERE headers->>'organization_id' = $1"


class Sighted(Fact, frozen=True):
    type: ClassVar[str] = "unicorn.sighted"
    unicorn_id: UUID

    @property
    def subject_id(self) -> UUID:
        return self.unicorn_id


class Spoken(Sighted, frozen=True):
    """Something that nobody reacts to."""

    type: ClassVar[str] = "unicorn.spoken"


class Letter(Wire, frozen=True):
    text: str


class Refusal(Exception):
    pass


@pytest.fixture
def reactions(monkeypatch):
    """Two reactions, known for the length of a test; they leave a fact each."""
    monkeypatch.setattr(outbox, "_reactions", {})

    async def note(tx, fact):
        publish(tx, system(tx.organization_id), Spoken(unicorn_id=fact.unicorn_id))

    both = (Reaction("note", Sighted, note), Reaction("sing", Sighted, note))
    register(*both)
    register(*both)
    return both


async def jobs_of(app_sql, organization) -> list[tuple[object, ...]]:
    return [tuple(row) for row in await app_sql.fetch(STATE, str(organization.id))]


async def test_fact_brings_a_job_for_each_reaction(database, organization, app_sql, owner_sql, reactions):
    async with database.write(organization.id) as tx:
        publish(tx, system(organization.id), Sighted(unicorn_id=uuid7()))
        publish(tx, system(organization.id), Spoken(unicorn_id=uuid7()))
    sighted = "SELECT id FROM facts WHERE organization_id = $1 AND type = 'unicorn.sighted'"
    fact = await owner_sql.fetchval(sighted, organization.id)

    assert sorted(await jobs_of(app_sql, organization)) == [
        ("queued", f"react:{name}", fact.bytes, str(organization.id)) for name in ("note", "sing")
    ]


@pytest.mark.parametrize("batched", [False, True])
async def test_rollback_leaves_neither_fact_nor_job(
    database, organization, app_sql, owner_sql, reactions, batched
):
    with pytest.raises(Refusal):
        await state_then_fail(database, organization.id, batched=batched)

    assert await jobs_of(app_sql, organization) == []
    assert (
        await owner_sql.fetchval("SELECT count(*) FROM facts WHERE organization_id = $1", organization.id)
        == 0
    )


async def test_batch_brings_its_jobs_in_one_statement(database, organization, app_sql, reactions):
    sent = []
    told, untold = (
        [(system(organization.id), kind(unicorn_id=uuid7())) for _ in range(3)] for kind in (Sighted, Spoken)
    )
    async with database.write(organization.id) as tx:
        connection = await tx.desk()
        with connection.query_logger(
            lambda query: sent.append(re.findall(r"INSERT INTO ([\w.]+)", query.query))
        ):
            await publish_many(connection, organization.id, told)
            await publish_many(connection, organization.id, untold)
            await asyncio.sleep(0)

    written = [tables for tables in sent if tables]  # what a type looks like may be asked beside it
    assert written == [["facts", "jobs.pgqueuer"], ["facts"]]
    assert len(await jobs_of(app_sql, organization)) == 6


async def test_reaction_that_comes_twice_takes_effect_once(database, organization, owner_sql, reactions):
    async with database.write(organization.id) as tx:
        publish(tx, system(organization.id), Sighted(unicorn_id=uuid7()))
    fact = await owner_sql.fetchval("SELECT id FROM facts WHERE organization_id = $1", organization.id)
    spoken = "SELECT count(*) FROM facts WHERE organization_id = $1 AND type = 'unicorn.spoken'"

    done = [await react(database, reactions[0], organization.id, fact) for _ in range(2)]
    assert (done, await owner_sql.fetchval(spoken, organization.id)) == ([True, False], 1)

    assert await react(database, reactions[1], organization.id, fact)
    assert await owner_sql.fetchval(spoken, organization.id) == 2


async def test_failed_reaction_is_not_taken_for_done(database, organization, owner_sql, reactions):
    async with database.write(organization.id) as tx:
        publish(tx, system(organization.id), Sighted(unicorn_id=uuid7()))
    fact = await owner_sql.fetchval("SELECT id FROM facts WHERE organization_id = $1", organization.id)

    async def fail(tx, fact):
        raise Refusal

    with pytest.raises(Refusal):
        await react(database, Reaction("note", Sighted, fail), organization.id, fact)
    assert await react(database, reactions[0], organization.id, fact)


async def test_same_word_makes_one_job_while_it_waits(database, organization, stranger, app_sql):
    letter = Job("a.letter", Letter, _nothing)
    for one in (organization, organization, stranger):
        async with database.write(one.id) as tx:
            await enqueue(tx, letter, Letter(text="x"), dedupe="order 1")

    assert [len(await jobs_of(app_sql, one)) for one in (organization, stranger)] == [1, 1]


async def test_job_waits_for_its_moment(database, organization, app_sql):
    async with database.write(organization.id) as tx:
        await enqueue(tx, Job("a.letter", Letter, _nothing), Letter(text="x"), after=await tx.now() + HOUR)
    wait = "SELECT execute_after - now() FROM jobs.pgqueuer WHERE headers->>'organization_id' = $1"

    assert MINUTE * 59 < await app_sql.fetchval(wait, str(organization.id)) <= HOUR


async def state_then_fail(database, organization_id, *, batched):
    told = (system(organization_id), Sighted(unicorn_id=uuid7()))
    async with database.write(organization_id) as tx:
        if batched:
            await publish_many(await tx.desk(), organization_id, [told])
        else:
            publish(tx, *told)
            await tx.flush()
        await enqueue(tx, Job("a.letter", Letter, _nothing), Letter(text="x"))
        raise Refusal


async def _nothing(tools, organization_id, body):
    pass
