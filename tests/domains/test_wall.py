"""The wall between tenants, tried with plain SQL from the application's own login."""

import os
from uuid import UUID

import asyncpg
import pytest

from foyer.kernel.ids import uuid7
from tests.api.asking import Shop
from tests.domains.rows import NOW, Rows
from tests.support.statements import TENANT_TABLES, lacks_tenant
from tests.support.world import make_event

TABLES = sorted(TENANT_TABLES)


@pytest.fixture
async def both(client, database, organization, stranger):
    """Two organizations that have sold a ticket each."""
    for one in (organization, stranger):
        event = await make_event(database, one)
        await Shop(client, one).order(event)
    return organization, stranger


@pytest.fixture
async def filled(owner_sql):
    """Two organizations that have a row in every table of a tenant."""
    return await Rows(owner_sql).fill(), await Rows(owner_sql).fill()


async def act_for(sql: asyncpg.Connection, organization_id: object) -> None:
    await sql.execute("SELECT set_config('app.organization_id', $1, false)", str(organization_id or ""))


async def test_without_a_tenant_nothing_is_seen(app_sql, filled):
    seen = {
        table: await app_sql.fetchval(f"SELECT count(*) FROM {table}") for table in [*TABLES, "organizations"]
    }

    assert seen == dict.fromkeys([*TABLES, "organizations"], 0)


async def test_tenant_sees_its_own_rows_and_no_others(app_sql, owner_sql, filled):
    own, _ = filled
    await act_for(app_sql, own)
    for table in TABLES:
        seen = {row[0] for row in await app_sql.fetch(f"SELECT organization_id FROM {table}")}
        assert seen == {own}, table
        everybody = await owner_sql.fetchval(f"SELECT count(DISTINCT organization_id) FROM {table}")
        assert everybody >= 2, table
    assert [row[0] for row in await app_sql.fetch("SELECT id FROM organizations")] == [own]


@pytest.mark.parametrize(
    "setting", ["", "not-a-uuid", "%", "0190a000-0000-7000-8000-000000000000' OR true --"]
)
async def test_odd_tenant_sees_nothing(app_sql, both, setting):
    await act_for(app_sql, setting)
    try:
        seen = await app_sql.fetchval("SELECT count(*) FROM events")
    except asyncpg.InvalidTextRepresentationError:
        seen = 0

    assert seen == 0


async def test_nobodys_rows_cannot_be_written(app_sql, both):
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        await app_sql.execute(
            "INSERT INTO pools (organization_id, id, capacity) VALUES ($1, $2, 1)", both[0].id, uuid7()
        )
    assert await app_sql.execute("UPDATE pools SET capacity = 0") == "UPDATE 0"
    assert await app_sql.execute("DELETE FROM pools") == "DELETE 0"


async def test_another_tenants_rows_cannot_be_written(app_sql, owner_sql, both):
    organization, stranger = both
    await act_for(app_sql, organization.id)
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        await app_sql.execute(
            "INSERT INTO pools (organization_id, id, capacity) VALUES ($1, $2, 1)", stranger.id, uuid7()
        )
    for statement in (
        "UPDATE pools SET capacity = 77 WHERE organization_id = $1",
        "DELETE FROM pools WHERE organization_id = $1",
    ):
        assert (await app_sql.execute(statement, stranger.id)).endswith(" 0")
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        await app_sql.execute("UPDATE customers SET organization_id = $1", stranger.id)

    assert (
        await owner_sql.fetchval(
            "SELECT count(*) FROM pools WHERE organization_id = $1 AND capacity = 77", stranger.id
        )
        == 0
    )


async def test_key_cannot_point_into_another_tenant(owner_sql, both):
    """Not even for the owner, who may write everybody's rows."""
    organization, stranger = both
    theirs = await owner_sql.fetchval("SELECT pool_id FROM events WHERE organization_id = $1", stranger.id)
    with pytest.raises(asyncpg.ForeignKeyViolationError) as refusal:
        await owner_sql.execute(
            "UPDATE events SET pool_id = $2 WHERE organization_id = $1", organization.id, theirs
        )

    assert refusal.value.constraint_name == "fk_events_organization_id_pool_id"


async def test_owner_sees_nothing_without_the_switch_of_migrations(owner_sql, both):
    await owner_sql.execute("RESET app.migration")

    assert await owner_sql.fetchval("SELECT count(*) FROM orders") == 0


async def test_lookups_answer_with_ids_and_nothing_else(app_sql, both):
    organization, _ = both

    found = await app_sql.fetch("SELECT * FROM lookups.organization_by_slug($1)", organization.slug)
    assert [tuple(row) for row in found] == [(organization.id,)]
    nobody = os.urandom(32)
    for function, argument in (
        ("api_key_by_hash", nobody),
        ("buyer_session_by_hash", nobody),
        ("device_by_hash", nobody),
        ("device_pairing_by_hash", nobody),
        ("organization_by_host", "nobody.example.org"),
        ("organization_by_slug", "nobody"),
        ("session_by_hash", nobody),
        ("staff_by_email", "nobody@example.org"),
    ):
        assert await app_sql.fetch(f"SELECT * FROM lookups.{function}($1)", argument) == []
    assert (
        await app_sql.fetch("SELECT * FROM lookups.organization_by_provider_account('card', 'nobody')") == []
    )
    assert await app_sql.fetch("SELECT * FROM lookups.due_holds(0)") == []
    assert await app_sql.fetch("SELECT * FROM lookups.due_offers(0)") == []
    assert await app_sql.fetch("SELECT * FROM lookups.due_sale_reminders(0)") == []
    assert await app_sql.fetch("SELECT * FROM lookups.due_reminders(0)") == []


async def test_what_is_looked_up_leads_to_its_organization(app_sql, owner_sql):
    rows = Rows(owner_sql)
    own = await rows.organization()
    for table, function, column in (
        ("sessions", "session_by_hash", "token_hash"),
        ("buyer_sessions", "buyer_session_by_hash", "token_hash"),
        ("api_keys", "api_key_by_hash", "token_hash"),
        ("devices", "device_by_hash", "token_hash"),
        ("device_pairings", "device_pairing_by_hash", "code_hash"),
        ("users", "staff_by_email", "email"),
    ):
        row = await rows.standing(table)
        found = await app_sql.fetch(f"SELECT * FROM lookups.{function}($1)", row[column])
        assert [tuple(one) for one in found] == [(own, row["id"])], table
    account = await rows.standing("provider_accounts")
    by_account = "SELECT lookups.organization_by_provider_account('card', $1)"
    assert await app_sql.fetchval(by_account, account["account"]) == own


async def test_staff_is_found_by_address_in_at_most_five_organizations(app_sql, owner_sql):
    address = f"ola-{uuid7()}@example.org"
    for _ in range(6):
        rows = Rows(owner_sql)
        await rows.insert("users", {**await rows.valid("users"), "email": address})
        gone = {**await rows.valid("users"), "email": address, "deleted_at": NOW}
        await rows.insert("users", gone)

    found = await app_sql.fetch("SELECT * FROM lookups.staff_by_email($1)", address.upper())
    assert len({row["organization_id"] for row in found}) == len(found) == 5


async def test_host_leads_to_its_organization_once_it_is_verified(app_sql, owner_sql):
    rows = Rows(owner_sql)
    claimed = await rows.fresh("custom_domains")
    verified = {**await rows.valid("custom_domains"), "verified_at": NOW}
    await rows.insert("custom_domains", verified)

    by_host = "SELECT lookups.organization_by_host($1)"
    assert await app_sql.fetchval(by_host, verified["host"]) == await rows.organization()
    assert await app_sql.fetchval(by_host, claimed["host"]) is None
    hosts = {row[0] for row in await app_sql.fetch("SELECT lookups.verified_hosts()")}
    assert verified["host"] in hosts
    assert claimed["host"] not in hosts


async def test_every_organization_is_reached_page_by_page(app_sql, owner_sql, both):
    everybody = {row[0] for row in await owner_sql.fetch("SELECT id FROM organizations")}
    page, seen = [UUID(int=0)], []
    while page:
        page = [row[0] for row in await app_sql.fetch("SELECT lookups.organizations_page($1, 1)", page[-1])]
        seen += page

    assert len(seen) == len(set(seen))
    assert {one.id for one in both} <= set(seen) == everybody


async def test_lookup_role_cannot_be_taken_on(app_sql):
    for statement in (
        "SET ROLE foyer_lookup",
        "SET ROLE foyer_owner",
        "SET SESSION AUTHORIZATION foyer_owner",
        "SET row_security = off; SELECT * FROM orders",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app_sql.execute(statement)


async def test_setting_of_migrations_does_not_help_the_app(app_sql, both):
    await app_sql.execute("SET app.migration = 'on'")

    assert await app_sql.fetchval("SELECT count(*) FROM orders") == 0


async def test_app_cannot_change_the_schema(app_sql):
    for statement in (
        "CREATE TABLE mine (id int)",  "CREATE SCHEMA mine", "DROP TABLE orders",
        "ALTER TABLE orders NO FORCE ROW LEVEL SECURITY", "CREATE POLICY mine ON orders USING (true)", "DROP POLICY tenant ON orders",
        "CREATE FUNCTION lookups.mine() RETURNS int LANGUAGE sql RETURN 1", "UPDATE alembic_version SET version_num = 'x'",
        "UPDATE installation SET canary = ''", "DELETE FROM installation",
        "COPY (SELECT 1) TO PROGRAM 'true'", "SELECT pg_read_file('PG_VERSION')",
    ):  # fmt: skip
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app_sql.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT id FROM events WHERE organization_id = $1 AND id = $2",
        "SELECT 1",
        "SELECT version_num FROM public.alembic_version",
        "SELECT e.id FROM events e JOIN organization_settings s ON s.organization_id = e.organization_id WHERE e.organization_id = $1",
        "UPDATE pools SET held = 1 WHERE pools.organization_id = $1",
        "INSERT INTO facts (organization_id, id) VALUES ($1, $2)",
        "INSERT INTO carts (organization_id, id) SELECT $1, id FROM unnest($2::uuid[])",
        "DELETE FROM cart_items WHERE cart_items.organization_id = $1",
        "SELECT * FROM lookups.due_holds($1)",
        "COMMIT",
        "SELECT id FROM organizations WHERE id = $1",
    ],
)
def test_statement_that_names_its_tenant_is_left_alone(statement):
    assert not lacks_tenant(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT id FROM events WHERE id = $1",
        "select id from public.events",
        "UPDATE pools SET held = 1 WHERE id = $1",
        "DELETE FROM cart_items WHERE cart_id = $1",
        "INSERT INTO facts (id) VALUES ($1)",
        "SELECT e.id FROM events e JOIN ticket_types t ON t.event_id = e.id WHERE e.organization_id = $1",
        "UPDATE carts SET status = 'x' FROM orders WHERE orders.cart_id = carts.id AND carts.organization_id = $1",
        "WITH new AS (INSERT INTO carts (id) VALUES (1)) SELECT 1",
    ],
)
def test_statement_that_forgets_its_tenant_is_found(statement):
    assert lacks_tenant(statement)
