"""The schema as PostgreSQL knows it: keys, policies, grants, functions. Read from the catalogues, not from our own tables."""

import asyncpg
import pytest

from foyer.infra.db.tenancy import LOOKUPS, tenant_column
from migrations.metadata import MODULES, metadata
from migrations.regenerate import BASELINE, baseline
from tests.domains.catalogue import PLATFORM, TENANT, catalogue, catalogue_part, holes_in_the_wall
from tests.support.cluster import OWNER, SUPERUSER, url_of
from tests.support.world import make_organization

TABLES = {table.name: table for table in metadata.sorted_tables}
TENANT_TABLES = {name for name, table in TABLES.items() if tenant_column(table) == "organization_id"}
WITHOUT_REFERENCE = {"facts", "idempotency"}
LADDER = ["organizations", "identity", "customers|inventory", "events", "carts", "orders", "tickets"]
FOREIGN_KEYS = """
SELECT c.conrelid::regclass::text, c.confrelid::regclass::text, c.conname, c.confdeltype::text, c.confupdtype::text,
       c.condeferrable, c.confmatchtype::text,
       ARRAY(SELECT a.attname::text FROM unnest(c.conkey) WITH ORDINALITY k (n, i)
             JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.n ORDER BY k.i),
       ARRAY(SELECT a.attname::text FROM unnest(c.confkey) WITH ORDINALITY k (n, i)
             JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.n ORDER BY k.i)
FROM pg_constraint c WHERE c.contype = 'f' ORDER BY 1, 3
"""
INDEXES = """
SELECT i.indrelid::regclass::text, i.indexrelid::regclass::text, i.indisunique, i.indisprimary,
       pg_get_expr(i.indpred, i.indrelid),
       ARRAY(SELECT coalesce(a.attname::text, '(expression)') FROM unnest(i.indkey) WITH ORDINALITY k (n, i)
             LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.n ORDER BY k.i)
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid WHERE c.relnamespace = 'public'::regnamespace ORDER BY 1, 2
"""


def test_every_table_of_the_database_is_known():
    assert TENANT_TABLES | {"organizations", "installation"} == set(TABLES)


async def test_database_has_the_tables_and_nothing_else(root_sql):
    tables = await catalogue_part(root_sql, "tables")

    assert {row[0] for row in tables} == set(TABLES)
    assert {(row[1], row[4]) for row in tables} == {("r", "foyer_owner")}


async def test_primary_keys_begin_with_the_tenant(root_sql):
    keys = {row[0]: row[5] for row in await root_sql.fetch(INDEXES) if row[3]}

    assert set(keys) == set(TABLES) | {"alembic_version"}
    assert keys["organization_slugs"] == ["slug"], "a slug belongs to the whole installation"
    others = TENANT_TABLES - {"organization_slugs"}
    assert {table: keys[table][0] for table in others} == dict.fromkeys(others, "organization_id")
    assert all(len(keys[table]) > 1 for table in others)


async def test_unique_indexes_begin_with_the_tenant_and_name_no_column_twice(root_sql):
    unique = [row for row in await root_sql.fetch(INDEXES) if row[2] and row[0] in TENANT_TABLES]

    odd = [row[1] for row in unique if row[5][0] != "organization_id" and row[1] != "pk_organization_slugs"]
    twice = [row[1] for row in unique if len(set(row[5])) < len(row[5])]
    assert (odd, twice) == ([], [])


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
        ("CREATE POLICY lookup ON users FOR SELECT TO foyer_lookup USING (true)", "users: its policies are not the wanted ones"),
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


@pytest.mark.parametrize("table", ["facts", "scans"])
async def test_what_happened_cannot_be_rewritten(app_sql, organization, table):
    await app_sql.execute(f"SET app.organization_id = '{organization.id}'")
    for statement in (
        f"UPDATE {table} SET organization_id = organization_id",
        f"DELETE FROM {table}",
        f"TRUNCATE {table}",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app_sql.execute(statement)


@pytest.mark.parametrize(
    "table",
    ["organizations", "users", "events", "ticket_types", "orders", "order_items", "tickets", "customers"],
)
async def test_history_is_not_deleted(app_sql, organization, table):
    await app_sql.execute(f"SET app.organization_id = '{organization.id}'")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await app_sql.execute(f"DELETE FROM {table}")


async def test_only_named_columns_can_be_looked_up(root_sql):
    granted: dict[str, set[str]] = {}
    for table, column, acl in await catalogue_part(root_sql, "column grants"):
        assert acl == "{foyer_lookup=r/foyer_owner}", (table, column)
        granted.setdefault(table, set()).add(column)

    assert granted == {
        "organizations": {"id"},
        "organization_slugs": {"slug", "organization_id"},
        "api_keys": {"organization_id", "id", "token_hash"},
        "devices": {"organization_id", "id", "token_hash"},
        "carts": {"organization_id", "event_id", "status", "expires_at"},
        "events": {"organization_id", "id", "status", "deleted_at", "ends_at"},
    }


async def test_lookups_are_a_fixed_list_that_only_the_app_may_call(root_sql):
    functions = [row for row in await catalogue_part(root_sql, "functions") if row[0] == "lookups"]

    assert [row[1:4] for row in functions] == [
        ("api_key_by_hash", "wanted bytea", "TABLE(organization_id uuid, id uuid)"),
        ("device_by_hash", "wanted bytea", "TABLE(organization_id uuid, id uuid)"),
        ("due_holds", "most integer", "TABLE(organization_id uuid, event_id uuid)"),
        ("organization_by_slug", "wanted text", "SETOF uuid"),
        ("organizations_page", "after uuid, most integer", "SETOF uuid"),
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
    assert await catalogue_part(root_sql, "triggers") == []
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
    for schema in ("public", "lookups"):
        for role in ("foyer_app", "foyer_lookup"):
            assert not await root_sql.fetchval("SELECT has_schema_privilege($1, $2, 'CREATE')", role, schema)


async def test_foreign_keys_stay_inside_the_tenant(root_sql):
    rows = [tuple(row) for row in await root_sql.fetch(FOREIGN_KEYS)]
    for table, other, name, _, _, deferrable, match, columns, others in rows:
        assert (deferrable, match) == (False, "s"), name
        if other == "organizations":
            assert (columns, others) == (["organization_id"], ["id"]), name
            continue
        assert columns[0] == others[0] == "organization_id", name
        if len(columns) == 3:
            assert columns[1] == others[1] == "event_id", name
        assert (len(columns) in {2, 3}, others[-1]) == (True, "id"), name
        assert table in TENANT_TABLES, name

    belonging = {row[0] for row in rows if row[1] == "organizations"}
    assert belonging == TENANT_TABLES - WITHOUT_REFERENCE
    assert not {row[0] for row in rows} & WITHOUT_REFERENCE


async def test_only_the_lines_of_a_cart_go_with_it(root_sql):
    actions = {
        (row[0], row[1]): (row[3], row[4])
        for row in await root_sql.fetch(FOREIGN_KEYS)
        if (row[3], row[4]) != ("a", "a")
    }

    assert actions == {("cart_items", "carts"): ("c", "a")}


async def test_keys_point_down_the_ladder(root_sql):
    rung = {}
    for module in MODULES:
        domain = module.__name__.split(".")[2]
        rungs = [place for place, names in enumerate(LADDER) if domain in names.split("|")]
        own = [
            one for one in vars(module).values() if getattr(one, "__module__", "").startswith(module.__name__)
        ]
        rung.update(
            {one.__tablename__: (rungs[0], domain) for one in own if rungs and hasattr(one, "__tablename__")}
        )

    assert set(rung) == set(TABLES) - {"facts", "idempotency", "installation"}
    up = [
        (row[0], row[1]) for row in await root_sql.fetch(FOREIGN_KEYS)
        if rung[row[1]][0] > rung[row[0]][0] or (rung[row[1]][0] == rung[row[0]][0] and rung[row[1]][1] != rung[row[0]][1])
    ]  # fmt: skip
    assert up == []


async def test_every_foreign_key_has_an_index(root_sql):
    """A whole one, or one over just the rows where the key's own column is set; led by the tenant and the key's column."""
    indexes = await root_sql.fetch(INDEXES)
    bare = []
    for row in await root_sql.fetch(FOREIGN_KEYS):
        table, name, columns = row[0], row[2], row[7]
        whole = {None, *(f"({column} IS NOT NULL)" for column in columns)}
        leads = [one[5][: len(columns)] for one in indexes if one[0] == table and one[4] in whole]
        usable = any(lead and set(lead[:2]) <= set(columns) and columns[-1] in lead for lead in leads)
        if not usable and not (columns == ["organization_id"] and table in TENANT_TABLES):
            bare.append(name)
    assert bare == []


async def test_tenant_and_event_are_never_missing(root_sql):
    columns = await catalogue_part(root_sql, "columns")

    assert [row[0] for row in columns if row[2] in {"organization_id", "event_id"} and not row[4]] == []
    assert {row[0] for row in columns if row[2] == "organization_id"} == TENANT_TABLES


async def test_money_and_moments_have_one_type_each(root_sql):
    kinds: dict[str, set[str]] = {}
    for row in await catalogue_part(root_sql, "columns"):
        kinds.setdefault(row[2], set()).add(row[3])

    for name, found in kinds.items():
        if name.endswith("_at"):
            assert found == {"timestamp with time zone"}, name
        if name in {
            "price",
            "unit_price",
            "unit_fee",
            "subtotal",
            "fees",
            "taxes",
            "total",
            "discount_amount",
            "refunded_amount",
        }:
            assert found == {"bigint"}, name
    assert not {"real", "double precision", "money", "timestamp without time zone"} & set().union(
        *kinds.values()
    )


async def test_baseline_is_what_the_tables_say():
    assert BASELINE.read_text(encoding="utf-8") == baseline()


async def test_database_of_the_migration_is_the_database_of_the_tables(root_sql, worker_id):
    """Drift: every catalogue is compared, because Alembic's own comparison misses CHECKs and partial indexes."""
    from importlib.resources import files

    from migrations.metadata import schema

    name = f"foyer_drift_{worker_id}"
    await root_sql.execute(f"DROP DATABASE IF EXISTS {name}")
    await root_sql.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    fresh = await asyncpg.connect(url_of(SUPERUSER, name))
    try:
        await fresh.execute(files("foyer.infra.db").joinpath("bootstrap.sql").read_text(encoding="utf-8"))
        owner = await asyncpg.connect(url_of(OWNER, name))
        for statement in schema():
            await owner.execute(statement)
        await owner.close()
        ours, theirs = await catalogue(root_sql), await catalogue(fresh)
    finally:
        await fresh.close()
        await root_sql.execute(f"DROP DATABASE {name} WITH (FORCE)")
    for part, rows in ours.items():
        assert rows == theirs[part], part
    assert sum(map(len, ours.values())) > 400


async def test_platform_tables_hold_nothing_of_a_tenant(root_sql):
    columns = await root_sql.fetch(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
    )

    assert {(row[0], row[1]) for row in columns if row[0] in PLATFORM} == {
        ("alembic_version", "version_num"), ("installation", "id"), ("installation", "canary"),
    }  # fmt: skip
