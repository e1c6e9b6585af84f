"""The schema as PostgreSQL knows it: keys, policies, grants, functions. Read from the catalogues, not from our own tables."""

import json
from contextlib import asynccontextmanager
from importlib.resources import files

import asyncpg

from foyer.infra.db.base import Base
from foyer.infra.db.tenancy import tenant_column
from migrations.metadata import MODULES, metadata, schema
from migrations.regenerate import BASELINE, baseline
from tests.domains.catalogue import FOREIGN_KEYS, INDEXES, catalogue, catalogue_part
from tests.support.cluster import OWNER, SUPERUSER, url_of
from tests.tidy.distribution import OVER_ALL_TENANTS, WITHOUT_REFERENCE

TABLES = {table.name: table for table in metadata.sorted_tables}
TENANT_TABLES = {name for name, table in TABLES.items() if tenant_column(table) == "organization_id"}
PLATFORM = {
    "installation", "operators", "plugin_versions", "plugins", "rate_counters", "traefik_middlewares", "traefik_routes",
}  # fmt: skip
LADDER = [
    "organizations", "identity", "customers|inventory|plugins|routing", "events", "carts", "waiting", "orders", "tickets", "payments",
    "analytics|notifications|webhooks",
]  # fmt: skip
GROUND = -1
"""The rung of what everybody may point at: the tables of infra."""


def test_every_table_of_the_database_is_known():
    assert TENANT_TABLES | PLATFORM | {"organizations"} == set(TABLES)


async def test_database_has_the_tables_and_nothing_else(root_sql):
    tables = await catalogue_part(root_sql, "tables")

    assert {row[0] for row in tables} == set(TABLES)
    assert {(row[1], row[4]) for row in tables} == {("r", "foyer_owner")}
    assert [row[0] for row in tables if row[6] != "p"] == ["rate_counters"], "only counters may be forgotten"


async def test_primary_keys_begin_with_the_tenant(root_sql):
    keys = {row[0]: row[5] for row in await root_sql.fetch(INDEXES) if row[3]}

    assert set(keys) == set(TABLES) | {"alembic_version"}
    others = {table for table in TENANT_TABLES if f"pk_{table}" not in OVER_ALL_TENANTS}
    assert {table: keys[table][0] for table in others} == dict.fromkeys(others, "organization_id")
    assert all(len(keys[table]) > 1 for table in others)


async def test_unique_indexes_begin_with_the_tenant_and_name_no_column_twice(root_sql):
    unique = [row for row in await root_sql.fetch(INDEXES) if row[2] and row[0] in TENANT_TABLES]

    odd = {row[1] for row in unique if row[5][0] != "organization_id"}
    twice = [row[1] for row in unique if len(set(row[5])) < len(row[5])]
    assert (odd, twice) == (set(OVER_ALL_TENANTS), [])


async def test_foreign_keys_stay_inside_the_tenant(root_sql):
    rows = [tuple(row) for row in await root_sql.fetch(FOREIGN_KEYS)]
    for table, other, name, _, _, deferrable, match, columns, others in rows:
        assert (deferrable, match) == (False, "s"), name
        if other == "organizations":
            assert (columns, others) == (["organization_id"], ["id"]), name
        elif other in PLATFORM:
            assert not {"organization_id", "event_id"} & {*columns, *others}, name
        else:
            assert columns[0] == others[0] == "organization_id", name
            assert columns[1:] == ["event_id"] or "id" in others[1:], name
            assert ("event_id" in columns) == ("event_id" in others or other == "events"), name
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
        place = next((place for place, names in enumerate(LADDER) if domain in names.split("|")), GROUND)
        own = [
            one for one in vars(module).values() if getattr(one, "__module__", "").startswith(module.__name__)
        ]
        rung.update({one.__tablename__: (place, domain) for one in own if hasattr(one, "__tablename__")})

    assert set(rung) == set(TABLES)
    ground = {table for table, (place, _) in rung.items() if place == GROUND}
    assert ground == (WITHOUT_REFERENCE - {"provider_events"}) | {"installation"}
    keys = {(row[0], row[1]) for row in await root_sql.fetch(FOREIGN_KEYS)}
    up = [pair for pair in keys if rung[pair[1]][0] > rung[pair[0]][0]]
    aside = [pair for pair in keys if rung[pair[1]][0] == rung[pair[0]][0] and rung[pair[1]] != rung[pair[0]]]
    assert (up, aside) == ([], [])


WRITTEN_AT_THE_DOOR = {"checked_in_by_device_id", "checked_in_by_user_id"}
"""An index on them would make every check-in write all indexes of its ticket."""


async def test_every_foreign_key_has_an_index(root_sql):
    """A whole one, or one over just the rows where the key's own column is set; led by the tenant and the key's column.

    None is needed where nobody may delete what the key points at.
    """
    indexes = await root_sql.fetch(INDEXES)
    bare = []
    for row in await root_sql.fetch(FOREIGN_KEYS):
        table, name, columns = row[0], row[2], row[7]
        whole = {None, *(f"({column} IS NOT NULL)" for column in columns)}
        leads = [one[5][: len(columns)] for one in indexes if one[0] == table and one[4] in whole]
        usable = any(lead and set(lead[:2]) <= set(columns) and columns[-1] in lead for lead in leads)
        if not usable and not (columns == ["organization_id"] and table in TENANT_TABLES):
            may_vanish = await root_sql.fetchval(
                "SELECT has_table_privilege('foyer_app', $1, 'DELETE')", row[1]
            )
            if may_vanish or columns[-1] not in WRITTEN_AT_THE_DOOR:
                bare.append(name)
    assert bare == []


async def test_a_check_in_writes_no_index(root_sql):
    """Then PostgreSQL keeps the changed ticket on its page (a heap-only tuple): at a million tickets half the cost."""
    written = {"status", "checked_in_at", "updated_at", *WRITTEN_AT_THE_DOOR}
    named = [
        one[1] for one in await root_sql.fetch(INDEXES)
        if one[0] == "tickets" and (written & set(one[5]) or any(name in (one[4] or "") for name in written))
    ]  # fmt: skip
    assert named == []


async def test_tenant_and_event_are_never_missing(root_sql):
    columns = await catalogue_part(root_sql, "columns")

    assert [row[0] for row in columns if row[2] in {"organization_id", "event_id"} and not row[4]] == []
    assert {row[0] for row in columns if row[2] == "organization_id"} == TENANT_TABLES


MONEY = {
    "amount", "average_order_value", "discount_amount", "fees", "fees_collected", "gateway_fee", "platform_fee", "price",
    "refund_amount", "refunded_amount", "revenue", "service_fee_fixed", "subtotal", "taxes", "total", "total_revenue",
    "unit_discount", "unit_fee", "unit_price", "unit_tax",
}  # fmt: skip


async def test_money_and_moments_have_one_type_each(root_sql):
    kinds: dict[str, set[str]] = {}
    for row in await catalogue_part(root_sql, "columns"):
        kinds.setdefault(row[2], set()).add(row[3])

    for name, found in kinds.items():
        if name.endswith("_at"):
            assert found == {"timestamp with time zone"}, name
        if name in MONEY:
            assert found == {"bigint"}, name
    assert set(kinds) >= MONEY
    assert not {"real", "double precision", "money", "timestamp without time zone"} & set().union(
        *kinds.values()
    )


async def test_baseline_is_what_the_tables_say():
    assert BASELINE.read_text(encoding="utf-8") == baseline()


async def test_database_of_the_migration_is_the_database_of_the_tables(root_sql, worker_id):
    """Drift: every catalogue is compared, because Alembic's own comparison misses CHECKs and partial indexes."""
    async with just_made(root_sql, f"foyer_drift_{worker_id}") as fresh:
        ours, theirs = await catalogue(root_sql), await catalogue(fresh)
    for part, rows in ours.items():
        assert rows == theirs[part], part
    assert sum(map(len, ours.values())) > 400


async def test_foreign_keys_of_uncounted_tables_are_checked_by_a_key(root_sql, worker_id):
    """A plan that is made while nobody has counted the rows has to find one row, not all that the organization has."""
    async with just_made(root_sql, f"foyer_uncounted_{worker_id}") as fresh:
        await fresh.execute("SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan")
        rows = await fresh.fetch(FOREIGN_KEYS)
        checked = {row[2]: await _checked_by(fresh, row[1], row[8]) for row in rows}
        assert len(checked) > 100
        assert {name: used for name, used in checked.items() if used is None} == {}
        await fresh.execute("CREATE INDEX newest ON orders (organization_id)")
        assert await _checked_by(fresh, "orders", ["organization_id", "id"]) is None, "the newest index wins"


@asynccontextmanager
async def just_made(root_sql, name):
    """A database with the schema of the tables, in which nothing was done yet; seen by the superuser."""
    await root_sql.execute(f"DROP DATABASE IF EXISTS {name}")
    await root_sql.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    fresh = await asyncpg.connect(url_of(SUPERUSER, name))
    try:
        await fresh.execute(files("foyer.infra.db").joinpath("bootstrap.sql").read_text(encoding="utf-8"))
        owner = await asyncpg.connect(url_of(OWNER, name))
        for statement in schema():
            await owner.execute(statement)
        await owner.close()
        yield fresh
    finally:
        await fresh.close()
        await root_sql.execute(f"DROP DATABASE {name} WITH (FORCE)")


async def _checked_by(connection, table, columns) -> str | None:
    """The key by which PostgreSQL looks for a row of these columns; None where it reads more than one row."""
    named = " AND ".join(f"{column} = ${place}" for place, column in enumerate(columns, 1))
    await connection.execute(f"PREPARE wanted AS SELECT FROM ONLY {table} x WHERE {named} FOR KEY SHARE OF x")
    values = ", ".join("NULL" for _ in columns)
    plan = json.loads((await connection.fetch(f"EXPLAIN (FORMAT JSON) EXECUTE wanted ({values})"))[0][0])
    await connection.execute("DEALLOCATE wanted")
    scan = plan[0]["Plan"]["Plans"][0]
    keys = await connection.fetch(
        "SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indexrelid"
        " WHERE i.indexrelid = $1::text::regclass AND i.indisunique AND i.indpred IS NULL",
        scan.get("Index Name", ""),
    )
    return scan.get("Index Name") if keys and {row[0] for row in keys} <= set(columns) else None


async def test_platform_tables_hold_nothing_of_a_tenant(root_sql):
    """No wall stands around them, so there is nothing in them to be walled in."""
    columns = [(row[0], row[2]) for row in await catalogue_part(root_sql, "columns") if row[0] in PLATFORM]
    pointing = [row[:2] for row in await root_sql.fetch(FOREIGN_KEYS) if row[0] in PLATFORM]

    telling = {
        "organization_id",
        "event_id",
        "order_id",
        "customer_id",
        "user_id",
        "email",
        "email_key",
        "ip",
    }
    assert {table for table, _ in columns} == PLATFORM
    assert [(table, column) for table, column in columns if column in telling] == []
    assert [tuple(row) for row in pointing] == [("plugin_versions", "plugins")]


async def test_every_table_says_in_one_sentence_what_a_row_is():
    said = {row.class_.__tablename__: row.class_.__doc__ or "" for row in Base.registry.mappers}

    assert set(said) == set(TABLES)
    assert [table for table, text in said.items() if not text.strip().endswith(".")] == []


async def test_documents_are_binary_json(root_sql):
    kinds = {row[3] for row in await catalogue_part(root_sql, "columns")}

    assert kinds & {"json", "jsonb"} == {"jsonb"}
