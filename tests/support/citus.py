"""Databases on somebody's Citus server: migrated as everywhere, then distributed by organization."""

import asyncio
from collections.abc import Iterator
from urllib.parse import urlsplit

import asyncpg

from foyer.cli.migrate import bring_up_to_date
from foyer.infra.db.embedded import OWNER, SUPERUSER
from foyer.infra.db.embedded.initialize import BOOTSTRAP
from foyer.infra.db.tenancy import tenant_column
from migrations.metadata import metadata

VARIABLE = "TEST_CITUS_URL"
"""`postgresql://postgres@/postgres?host=…&port=…`: a superuser, with three roles that may sign in without a password."""

OVER_ALL_TENANTS = ("organization_slugs", "custom_domains")
"""Tables with a key over the whole installation: copied to every node, and there without a key to what is distributed."""


def distribution() -> Iterator[str]:
    """What makes the migrated tables distributed ones, parents before children."""
    for name in OVER_ALL_TENANTS:
        for key in metadata.tables[name].foreign_key_constraints:
            yield f"ALTER TABLE {name} DROP CONSTRAINT {key.name}"
    for table in metadata.sorted_tables:
        column = tenant_column(table)
        if column is None or table.name in OVER_ALL_TENANTS:
            yield f"SELECT create_reference_table('{table.name}')"
        elif table.name == "organizations":
            yield f"SELECT create_distributed_table('{table.name}', '{column}')"
        else:
            yield f"SELECT create_distributed_table('{table.name}', '{column}', colocate_with => 'organizations')"


async def make_on_citus(name: str, base: str) -> None:
    """A distributed database of this name in place of whatever had it."""
    query = urlsplit(base).query
    server = await asyncpg.connect(f"postgresql://{SUPERUSER}@/postgres?{query}")
    await server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    await server.execute(f"CREATE DATABASE {name}")
    await server.close()
    database = await asyncpg.connect(f"postgresql://{SUPERUSER}@/{name}?{query}")
    await database.execute("CREATE EXTENSION citus")
    await database.execute(BOOTSTRAP.read_text(encoding="utf-8"))
    await asyncio.to_thread(bring_up_to_date, f"postgresql://{OWNER}@/{name}?{query}")
    for statement in distribution():
        await database.execute(statement)
    await database.close()


__all__ = ["VARIABLE", "distribution", "make_on_citus"]
