"""What only the owner of the tables can do: look over the wall between organizations, and take a whole one away."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from graphlib import TopologicalSorter
from typing import Final
from uuid import UUID

import asyncpg

from foyer.infra.db.tx import Connection

_TABLES: Final = """
SELECT c.table_name::text AS name FROM information_schema.columns c
JOIN information_schema.tables t USING (table_schema, table_name)
WHERE c.table_schema = 'public' AND c.column_name = 'organization_id' AND t.table_type = 'BASE TABLE'
"""
_REFERENCES: Final = """
SELECT conrelid::regclass::text AS holder, confrelid::regclass::text AS target FROM pg_constraint
WHERE contype = 'f' AND conrelid <> confrelid AND connamespace = 'public'::regnamespace
"""
_REHEARSALS: Final = "SELECT id FROM organizations WHERE is_rehearsal"
_MARKED: Final = "SELECT is_rehearsal FROM organizations WHERE id = $1 AND is_rehearsal"
_FILES: Final = "SELECT content_hash FROM files WHERE organization_id = $1"
_SHARED: Final = (
    "SELECT content_hash FROM files WHERE organization_id <> $1 AND content_hash = ANY ($2::bytea[])"
)
_JOBS: Final = "DELETE FROM jobs.pgqueuer WHERE headers->>'organization_id' = $1"
_GONE: Final = "DELETE FROM organizations WHERE id = $1 AND is_rehearsal"


class NotRehearsalError(Exception):
    """An organization was to be removed that is somebody's."""


@asynccontextmanager
async def as_owner(url: str) -> AsyncIterator[Connection]:
    """A connection of the owner's that sees every organization, outside of any transaction."""
    connection: Connection = await asyncpg.connect(
        url, timeout=10, server_settings={"application_name": "foyer owner"}
    )
    try:
        await connection.execute("SET app.migration = 'on'")
        yield connection
    finally:
        await connection.close()


async def rehearsals(owner: Connection) -> list[UUID]:
    """Organizations that were made for rehearsals and are still there."""
    return [row[0] for row in await owner.fetch(_REHEARSALS)]


async def remove_rehearsal(owner: Connection, organization_id: UUID) -> list[bytes]:
    """Delete every row and every job of an organization that was made for a rehearsal.

    Its own row goes last, so that a removal which was broken off is found again.

    Returns:
        Hashes of the files that nobody names any more.

    Raises:
        NotRehearsalError: it is not there, or it is somebody's.
    """
    if not await owner.fetchval(_MARKED, organization_id):
        raise NotRehearsalError(str(organization_id))
    hashes = {row[0] for row in await owner.fetch(_FILES, organization_id)}
    hashes -= {row[0] for row in await owner.fetch(_SHARED, organization_id, list(hashes))}
    await owner.execute(_JOBS, str(organization_id))
    for table in await _children_first(owner):
        await owner.execute(f"DELETE FROM {table} WHERE organization_id = $1", organization_id)  # noqa: S608 - the catalogue's names
    await owner.execute(_JOBS, str(organization_id))
    await owner.execute(_GONE, organization_id)
    return sorted(hashes)


async def _children_first(owner: Connection) -> list[str]:
    """The tables of tenants, each before those it points at."""
    names = {row["name"] for row in await owner.fetch(_TABLES)}
    order: TopologicalSorter[str] = TopologicalSorter({name: set() for name in names})
    for row in await owner.fetch(_REFERENCES):
        if {row["holder"], row["target"]} <= names:
            order.add(row["target"], row["holder"])
    return list(order.static_order())
