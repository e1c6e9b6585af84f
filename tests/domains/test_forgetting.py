"""What is of no use any more goes by itself; what still counts stays."""

from datetime import timedelta

import pytest

from foyer.domains.customers import CRON as CUSTOMERS_CRON
from foyer.domains.customers.jobs import forget_sessions
from foyer.domains.customers.rules import SESSION_LASTS
from foyer.domains.identity import CRON as IDENTITY_CRON
from foyer.domains.identity.jobs import KEPT as PROOFS_KEPT
from foyer.domains.identity.jobs import forget_proofs
from foyer.infra import forgetting
from foyer.infra.db.engine import Database
from foyer.infra.forgetting import CRON, LOG_KEPT, REACTIONS_KEPT, forget_ground, forget_log
from foyer.infra.idempotency import KEPT
from foyer.infra.jobs import Tools
from foyer.infra.mail import post_for
from foyer.infra.press import workshop_in
from foyer.kernel.ids import first_uuid7, uuid7
from tests.support.world import KEYRING, settings_for

SECOND = timedelta(seconds=5)
GROUND = {"idempotency": KEPT, "reactions_done": REACTIONS_KEPT}
PROOFS = ("one_time_codes", "device_pairings", "sessions", "session_families")


@pytest.fixture
def tools(database, tmp_path):
    settings = settings_for(tmp_path)
    return Tools(database, KEYRING, settings, workshop_in(settings, database), post_for(settings))


async def left(owner_sql, organization, tables):
    return [
        name
        for name in tables
        if await owner_sql.fetchval(
            f"SELECT count(*) FROM {name} WHERE organization_id = $1", organization.id
        )
    ]


async def test_ground_keeps_what_counts(app_url, database, organization, stranger, owner_sql):
    async with database.read(organization.id) as tx:
        now = await tx.now()
    for one in (organization, stranger):
        key = "INSERT INTO idempotency VALUES ($1, $2, 'key', $2, $3)"
        await owner_sql.execute(key, one.id, b"x" * 32, uuid7())
        done = "INSERT INTO reactions_done VALUES ($1, $2, 'greet')"
        await owner_sql.execute(done, one.id, uuid7())
    await forget_ground(database, organization.id)
    assert await left(owner_sql, organization, GROUND) == list(GROUND)

    for kept, stays in (
        (KEPT - SECOND, list(GROUND)),
        (KEPT + SECOND, ["reactions_done"]),
        (REACTIONS_KEPT + SECOND, []),
    ):
        later = Database(app_url, pool_size=1, clock_offset=kept)
        await forget_ground(later, organization.id)
        await later.close()
        assert await left(owner_sql, organization, GROUND) == stays
    assert await left(owner_sql, stranger, GROUND) == list(GROUND)
    assert first_uuid7(now) < uuid7() < first_uuid7(now + timedelta(minutes=1))


async def test_proofs_are_kept_a_month_beyond_their_end(app_url, organization, stranger, owner_sql):
    code = (
        "INSERT INTO one_time_codes (organization_id, id, purpose, user_id, email, email_key, code_hash, expires_at)"
        " VALUES ($1, $2, 'password_reset', $3, 'jo@example.org', 'jo@example.org', $4, foyer_now() + interval '30 min')"
    )
    pairing = (
        "INSERT INTO device_pairings (organization_id, id, device_id, user_id, code_hash, expires_at)"
        " VALUES ($1, $2, $4, $3, $5, foyer_now() + interval '10 min')"
    )
    family = (
        "INSERT INTO session_families (organization_id, id, user_id, device, ip, expires_at, revoked_at)"
        " VALUES ($1, $2, $3, 'Phone', '::1', foyer_now() + interval '90 days', foyer_now())"
    )
    session = (
        "INSERT INTO sessions (organization_id, id, family_id, token_hash, expires_at)"
        " VALUES ($1, $2, $3, $4, foyer_now() + interval '90 days')"
    )
    for one in (organization, stranger):
        family_id = uuid7()
        await owner_sql.execute(code, one.id, uuid7(), one.user_id, b"x" * 32)
        await owner_sql.execute(pairing, one.id, uuid7(), one.user_id, one.device_id, b"x" * 32)
        await owner_sql.execute(family, one.id, family_id, one.user_id)
        await owner_sql.execute(session, one.id, uuid7(), family_id, uuid7().bytes * 2)

    for kept, stays in ((PROOFS_KEPT - SECOND, list(PROOFS)), (PROOFS_KEPT + timedelta(hours=1), [])):
        later = Database(app_url, pool_size=1, clock_offset=kept)
        await forget_proofs(later, organization.id)
        await later.close()
        assert await left(owner_sql, organization, PROOFS) == stays
    assert await left(owner_sql, stranger, PROOFS) == list(PROOFS)


async def test_sessions_of_buyers_go_when_they_end(app_url, database, organization, stranger, owner_sql):
    buyer = "INSERT INTO customers (organization_id, id, email, email_key) VALUES ($1, $1, 'jo@example.org', 'jo@example.org')"
    session = (
        "INSERT INTO buyer_sessions (organization_id, id, customer_id, token_hash, expires_at, revoked_at)"
        " VALUES ($1, $2, $1, $3, foyer_now() + $4, CASE WHEN $5 THEN foyer_now() END)"
    )
    for one in (organization, stranger):
        await owner_sql.execute(buyer, one.id)
        for is_revoked in (True, False):
            await owner_sql.execute(session, one.id, uuid7(), uuid7().bytes * 2, SESSION_LASTS, is_revoked)
    count = "SELECT count(*) FROM buyer_sessions WHERE organization_id = $1"

    for later, stays in ((timedelta(0), 1), (SESSION_LASTS + SECOND, 0)):
        clock = Database(app_url, pool_size=1, clock_offset=later)
        await forget_sessions(clock, organization.id)
        await clock.close()
        assert await owner_sql.fetchval(count, organization.id) == stays
    assert await owner_sql.fetchval(count, stranger.id) == 2


async def test_cron_goes_through_every_organization(tools, organization, stranger, owner_sql):
    old = "INSERT INTO idempotency VALUES ($1, $2, 'key', $2, $3, foyer_now() - interval '25 hours')"
    for one in (organization, stranger):
        await owner_sql.execute(old, one.id, b"x" * 32, uuid7())
    for cron in (*CRON, *IDENTITY_CRON, *CUSTOMERS_CRON):
        await cron.do(tools)

    assert [await left(owner_sql, one, GROUND) for one in (organization, stranger)] == [[], []]


async def test_log_of_a_job_stays_as_long_as_the_job(app_url, database, app_sql, monkeypatch):
    monkeypatch.setattr(forgetting, "LOG_AT_ONCE", 2)
    held = "INSERT INTO jobs.pgqueuer (priority, status, entrypoint) VALUES (0, 'failed', 'test.forget') RETURNING id"
    kept = await app_sql.fetchval(held)
    told = (
        "INSERT INTO jobs.pgqueuer_log (job_id, status, priority, entrypoint)"
        " SELECT unnest($1::bigint[]), 'failed', 0, 'test.forget'"
    )
    await app_sql.execute(told, [kept, -1, -2, -3, -4, -5])
    left = "SELECT array_agg(job_id) FROM jobs.pgqueuer_log WHERE entrypoint = 'test.forget'"
    await forget_log(database)
    assert len(await app_sql.fetchval(left)) == 6
    later = Database(app_url, pool_size=1, clock_offset=LOG_KEPT + SECOND)
    await forget_log(later)
    await later.close()

    assert await app_sql.fetchval(left) == [kept]
    await app_sql.execute("DELETE FROM jobs.pgqueuer WHERE id = $1", kept)
