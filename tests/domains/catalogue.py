"""The catalogues of a database as plain values: what two databases are compared by, and what the wall is checked on."""

import asyncpg

from foyer.infra.db.tenancy import LOOKUP_COLUMNS, tenant_column
from migrations.metadata import metadata

TENANT = "(organization_id = ( SELECT (NULLIF(current_setting('app.organization_id'::text, true), ''::text))::uuid AS \"nullif\"))"
MIGRATING = "(( SELECT current_setting('app.migration'::text, true) AS current_setting) = 'on'::text)"
CHANGES_WHILE = {"transactions": "(status = 'pending'::text)"}
"""Tables whose rows can be changed only in some states, and how PostgreSQL writes that."""

QUERIES = {
    "tables": """
        SELECT c.relname, c.relkind::text, c.relrowsecurity, c.relforcerowsecurity, r.rolname, c.reloptions,
               c.relpersistence::text, c.relacl::text[]
        FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
          AND c.relname <> 'alembic_version' ORDER BY 1""",
    "columns": """
        SELECT c.relname, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
               pg_get_expr(d.adbin, d.adrelid), o.collname, a.attidentity::text, a.attgenerated::text
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        LEFT JOIN pg_collation o ON o.oid = a.attcollation
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
          AND c.relname <> 'alembic_version' ORDER BY 1, 2""",
    "constraints": """
        SELECT conrelid::regclass::text, conname, contype::text, pg_get_constraintdef(oid), convalidated FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> 'alembic_version' AND contype <> 'n' ORDER BY 1, 2""",
    "indexes": """
        SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version'
        ORDER BY 1, 2""",
    "policies": """
        SELECT tablename, policyname, permissive, roles::text[], cmd, qual, with_check FROM pg_policies
        WHERE schemaname = 'public' ORDER BY 1, 2""",
    "table grants": """
        SELECT table_schema, table_name, grantee, privilege_type, is_grantable FROM information_schema.table_privileges
        WHERE table_schema IN ('public', 'lookups') AND grantee <> 'foyer_owner' AND table_name <> 'alembic_version'
        ORDER BY 1, 2, 3, 4""",
    "column grants": """
        SELECT c.relname, a.attname, a.attacl::text FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE c.relnamespace = 'public'::regnamespace AND a.attacl IS NOT NULL ORDER BY 1, 2""",
    "schemas": """
        SELECT nspname, nspacl::text[] FROM pg_namespace WHERE nspname IN ('public', 'lookups') ORDER BY 1""",
    "functions": """
        SELECT n.nspname, p.proname, pg_get_function_identity_arguments(p.oid), pg_get_function_result(p.oid), r.rolname,
               p.prosecdef, p.provolatile::text, p.proparallel::text, p.proconfig, p.proacl::text[], pg_get_functiondef(p.oid)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_roles r ON r.oid = p.proowner
        WHERE n.nspname IN ('public', 'lookups') ORDER BY 1, 2""",
    "triggers": """
        SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2""",
    "default privileges": "SELECT defaclrole::regrole::text, defaclobjtype::text, defaclacl::text FROM pg_default_acl",
}  # fmt: skip
QUEUE = ("tables", "columns", "constraints", "indexes", "table grants", "schemas", "functions")
QUERIES |= {f"{name} of jobs": QUERIES[name].replace("'public'", "'jobs'") for name in QUEUE}

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


async def catalogue(sql: asyncpg.Connection) -> dict[str, list[tuple[object, ...]]]:
    return {name: [tuple(row) for row in await sql.fetch(query)] for name, query in QUERIES.items()}


async def holes_in_the_wall(sql: asyncpg.Connection) -> list[str]:
    """Everything by which the application's role could step over the wall; empty in a sound database."""
    found = []
    role = await sql.fetchrow("SELECT * FROM pg_roles WHERE rolname = 'foyer_app'")
    found += [
        f"foyer_app has {name}"
        for name in ("rolsuper", "rolbypassrls", "rolcreaterole", "rolcreatedb", "rolreplication") if role[name]
    ]  # fmt: skip
    members = "SELECT roleid::regrole::text FROM pg_auth_members WHERE member = 'foyer_app'::regrole"
    found += [f"foyer_app is a member of {row[0]}" for row in await sql.fetch(members)]
    owned = "SELECT objid::text FROM pg_shdepend WHERE refobjid = 'foyer_app'::regrole AND deptype = 'o'"
    found += [f"foyer_app owns {row[0]}" for row in await sql.fetch(owned)]
    tables = {row[0]: row for row in (await catalogue_part(sql, "tables"))}
    policies: dict[str, set[tuple[object, ...]]] = {}
    for table, *policy in await catalogue_part(sql, "policies"):
        policies.setdefault(table, set()).add(
            tuple(tuple(one) if isinstance(one, list) else one for one in policy)
        )
    for table in metadata.sorted_tables:
        column = tenant_column(table)
        if column is None:
            continue
        if not (tables[table.name][2] and tables[table.name][3]):
            found.append(f"{table.name}: row-level security is not enabled and forced")
        if policies.get(table.name) != wanted_policies(table.name, column):
            found.append(f"{table.name}: its policies are not the wanted ones")
    return found


def wanted_policies(table: str, column: str) -> set[tuple[object, ...]]:
    tenant = TENANT.replace("organization_id", column, 1)
    wanted = {
        ("tenant", "PERMISSIVE", ("foyer_app",), "ALL", tenant, tenant),
        ("migration", "PERMISSIVE", ("foyer_owner",), "ALL", MIGRATING, MIGRATING),
    }
    if table in CHANGES_WHILE:
        wanted.add(("changes", "RESTRICTIVE", ("foyer_app",), "UPDATE", CHANGES_WHILE[table], "true"))
    if table in LOOKUP_COLUMNS:
        wanted.add(("lookup", "PERMISSIVE", ("foyer_lookup",), "SELECT", "true", None))
    return wanted


async def catalogue_part(sql: asyncpg.Connection, name: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in await sql.fetch(QUERIES[name])]
