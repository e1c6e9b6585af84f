"""Who may do what in the database: the wall's policies, the app's rights, what can be looked up. Read from the catalogues."""

import asyncpg
import pytest

from foyer.infra.db.tenancy import LOOKUPS
from migrations.metadata import metadata
from tests.domains.catalogue import CHANGES_WHILE, TENANT, catalogue_part, holes_in_the_wall
from tests.domains.rows import Rows
from tests.support.world import make_organization

TABLES = {table.name: table for table in metadata.sorted_tables}
APPEND_ONLY = [
    "audit", "consents", "facts", "invoices", "ledger_accounts", "ledger_transfers", "plugin_consents", "plugin_versions",
    "refund_lines", "scans", "transfers",
]  # fmt: skip
"""What happened: added to, never changed."""

NEVER_DELETED = [
    "approvals", "customers", "disputes", "discounts", "events", "invoice_numbers", "mail_log", "order_items", "orders",
    "organization_slugs", "organizations", "payment_attempts", "payouts", "plugins", "provider_events", "refunds", "signing_keys",
    "ticket_types", "tickets", "transactions", "users",
]  # fmt: skip
"""What others point at or what has to be explained years later: changed, never deleted."""


async def test_wall_has_no_hole(root_sql):
    assert await holes_in_the_wall(root_sql) == []
    assert TENANT in {row[5] for row in await catalogue_part(root_sql, "policies")}


async def test_wall_check_goes_red_when_the_app_may_look_up(root_sql, database):
    """The canary: one GRANT that looks harmless opens every tenant. Nobody outside of this transaction sees it."""
    await make_organization(database)
    await make_organization(database)
    count = "SELECT count(DISTINCT organization_id) FROM api_keys"
    transaction = root_sql.transaction()
    await transaction.start()
    try:
        await root_sql.execute("SET LOCAL ROLE foyer_app")
        assert await root_sql.fetchval(count) == 0
        await root_sql.execute("RESET ROLE; GRANT foyer_lookup TO foyer_app")
        assert await holes_in_the_wall(root_sql) == ["foyer_app is a member of foyer_lookup"]
        await root_sql.execute("SET LOCAL ROLE foyer_app")
        # another text, for a plan made under the old membership is kept
        assert await root_sql.fetchval(f"{count} WHERE true") >= 2
    finally:
        await transaction.rollback()
    assert await holes_in_the_wall(root_sql) == []


@pytest.mark.parametrize(
    ("damage", "hole"),
    [
        ("ALTER TABLE orders DISABLE ROW LEVEL SECURITY", "orders: row-level security is not enabled and forced"),
        ("ALTER TABLE orders NO FORCE ROW LEVEL SECURITY", "orders: row-level security is not enabled and forced"),
        ("CREATE POLICY more ON carts TO foyer_app USING (true)", "carts: its policies are not the wanted ones"),
        ("ALTER POLICY tenant ON carts TO public", "carts: its policies are not the wanted ones"),
        ("ALTER POLICY tenant ON carts WITH CHECK (true)", "carts: its policies are not the wanted ones"),
        ("CREATE POLICY lookup ON scans FOR SELECT TO foyer_lookup USING (true)", "scans: its policies are not the wanted ones"),
        ("DROP POLICY tenant ON scans", "scans: its policies are not the wanted ones"),
        ("ALTER ROLE foyer_app BYPASSRLS", "foyer_app has rolbypassrls"),
        ("ALTER ROLE foyer_app CREATEROLE", "foyer_app has rolcreaterole"),
        ("GRANT foyer_owner TO foyer_app", "foyer_app is a member of foyer_owner"),
    ],
)  # fmt: skip
async def test_wall_check_goes_red_for_each_kind_of_damage(root_sql, damage, hole):
    transaction = root_sql.transaction()
    await transaction.start()
    await root_sql.execute(damage)
    assert await holes_in_the_wall(root_sql) == [hole]
    await transaction.rollback()


async def test_app_has_exactly_the_declared_rights(root_sql):
    granted: dict[str, set[str]] = {}
    for schema, table, grantee, right, may_pass_on in await catalogue_part(root_sql, "table grants"):
        assert (schema, grantee, may_pass_on) == ("public", "foyer_app", "NO"), table
        granted.setdefault(table, set()).add(right)
    declared = {
        name: set(table.info.get("app_rights", "SELECT, INSERT, UPDATE, DELETE").split(", "))
        for name, table in TABLES.items()
    }

    assert granted == declared
    assert not any("TRUNCATE" in rights or "TRIGGER" in rights for rights in granted.values())


@pytest.mark.parametrize("table", APPEND_ONLY)
async def test_what_happened_cannot_be_rewritten(app_sql, organization, table):
    column = TABLES[table].primary_key.columns[0].name
    await app_sql.execute(f"SET app.organization_id = '{organization.id}'")
    for statement in (
        f"UPDATE {table} SET {column} = {column}",
        f"DELETE FROM {table}",
        f"TRUNCATE {table}",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app_sql.execute(statement)


@pytest.mark.parametrize("table", NEVER_DELETED)
async def test_history_is_not_deleted(app_sql, organization, table):
    await app_sql.execute(f"SET app.organization_id = '{organization.id}'")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await app_sql.execute(f"DELETE FROM {table}")


def test_states_that_end_changes_are_known():
    declared = {name for name, table in TABLES.items() if "changes_while" in table.info}

    assert declared == set(CHANGES_WHILE)


async def test_finished_transaction_cannot_be_changed(owner_sql, app_sql):
    """The owner's migrations may; the application's role sees the row and changes nothing."""
    rows = Rows(owner_sql)
    for status, answer in (("pending", "UPDATE 1"), ("completed", "UPDATE 0"), ("failed", "UPDATE 0")):
        row = {**await rows.valid("transactions"), "status": status}
        await rows.insert("transactions", row)
        await app_sql.execute(f"SET app.organization_id = '{row['organization_id']}'")
        change = "UPDATE transactions SET amount = 1 WHERE organization_id = $1 AND id = $2"
        assert await app_sql.execute(change, row["organization_id"], row["id"]) == answer, status


async def test_only_named_columns_can_be_looked_up(root_sql):
    granted: dict[str, set[str]] = {}
    for table, column, acl in await catalogue_part(root_sql, "column grants"):
        assert acl == "{foyer_lookup=r/foyer_owner}", (table, column)
        granted.setdefault(table, set()).add(column)

    assert granted == {
        "organizations": {"id", "deleted_at", "is_rehearsal"},
        "organization_slugs": {"slug", "organization_id", "current"},
        "custom_domains": {"organization_id", "host", "verified_at"},
        "provider_accounts": {"organization_id", "provider", "account"},
        "users": {"organization_id", "id", "email", "email_confirmed_at", "deleted_at"},
        "sessions": {"organization_id", "id", "token_hash"},
        "buyer_sessions": {"organization_id", "id", "token_hash"},
        "api_keys": {"organization_id", "id", "token_hash"},
        "devices": {"organization_id", "id", "token_hash"},
        "device_pairings": {"organization_id", "id", "code_hash"},
        "carts": {"organization_id", "id", "event_id", "status", "expires_at", "updated_at", "reminded_at"},
        "organization_settings": {"organization_id", "abandoned_cart_mails"},
        "events": {
            "organization_id",
            "id",
            "status",
            "visibility",
            "sales_start_date",
            "sales_end_date",
            "deleted_at",
            "ends_at",
            "wound_up_at",
        },
        "ticket_types": {
            "organization_id",
            "id",
            "is_hidden",
            "sales_start_date",
            "sales_end_date",
            "deleted_at",
        },
        "ticket_type_pools": {"organization_id", "ticket_type_id", "pool_id"},
        "pools": {"organization_id", "id", "capacity", "held", "sold"},
        "waiting_list": {"organization_id", "event_id", "ticket_type_id", "quantity", "status", "cart_id"},
        "sale_reminders": {"organization_id", "event_id", "ticket_type_id"},
        "orders": {"organization_id", "event_id", "status", "expires_at"},
        "payment_attempts": {"organization_id", "event_id", "status", "updated_at"},
        "refunds": {"organization_id", "event_id", "status", "updated_at"},
    }


async def test_lookups_are_a_fixed_list_that_only_the_app_may_call(root_sql):
    functions = [row for row in await catalogue_part(root_sql, "functions") if row[0] == "lookups"]

    one = "TABLE(organization_id uuid, id uuid)"
    assert [row[1:4] for row in functions] == [
        ("api_key_by_hash", "wanted bytea", one),
        ("buyer_session_by_hash", "wanted bytea", one),
        ("device_by_hash", "wanted bytea", one),
        ("device_pairing_by_hash", "wanted bytea", one),
        ("due_holds", "most integer", "TABLE(organization_id uuid, event_id uuid)"),
        ("due_offers", "most integer", "TABLE(organization_id uuid, event_id uuid)"),
        ("due_reminders", "most integer", "SETOF uuid"),
        (
            "due_sale_reminders",
            "most integer",
            "TABLE(organization_id uuid, event_id uuid, ticket_type_id uuid)",
        ),
        ("organization_by_host", "wanted text", "SETOF uuid"),
        ("organization_by_provider_account", "provider text, account text", "SETOF uuid"),
        ("organization_by_slug", "wanted text", "SETOF uuid"),
        ("organizations_page", "after uuid, most integer", "SETOF uuid"),
        ("session_by_hash", "wanted bytea", one),
        ("shops_on_show", "most integer", "SETOF text"),
        ("staff_by_email", "wanted text", one),
        ("verified_hosts", "", "SETOF text"),
    ]
    assert len(LOOKUPS) == len(functions)
    for row in functions:
        assert (row[4], row[5], row[6]) == ("foyer_lookup", True, "s"), row[1]
        assert row[8] == ["search_path=pg_catalog"]
        assert {grant.split("=")[0] for grant in row[9]} == {"foyer_lookup", "foyer_app"}
        assert "BEGIN ATOMIC" in row[10]


async def test_nothing_else_runs_with_borrowed_rights(root_sql):
    definers = [
        row[1] for row in await catalogue_part(root_sql, "functions") if row[5] and row[0] != "lookups"
    ]

    assert definers == []
    # The one exception: the queue wakes its workers by it.
    assert await catalogue_part(root_sql, "triggers") == [("jobs.pgqueuer", "tg_pgqueuer_changed")]
    assert await catalogue_part(root_sql, "default privileges") == []


async def test_roles_are_what_the_wall_needs(root_sql):
    rows = await root_sql.fetch(
        "SELECT rolname, rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname LIKE 'foyer%'"
    )
    assert {tuple(row) for row in rows} == {
        ("foyer_app", True, False, False, False, False),
        ("foyer_owner", True, False, False, False, False),
        ("foyer_lookup", False, False, False, False, False),
    }
    members = "SELECT roleid::regrole::text, member::regrole::text, inherit_option FROM pg_auth_members WHERE roleid::regrole::text LIKE 'foyer%'"
    assert [tuple(row) for row in await root_sql.fetch(members)] == [("foyer_lookup", "foyer_owner", False)]
    for schema in ("public", "lookups", "jobs"):
        for role in ("foyer_app", "foyer_lookup"):
            assert not await root_sql.fetchval("SELECT has_schema_privilege($1, $2, 'CREATE')", role, schema)
