"""Keys that writes have used, each with the resource it made; a key counts for 24 hours."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final, NamedTuple
from uuid import UUID

import asyncpg
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError

from foyer.infra.db.tables import IdempotencyRow
from foyer.infra.db.tx import Connection, Tx, own
from foyer.kernel.errors import Conflict

KEPT: Final = timedelta(hours=24)


class Standing(NamedTuple):
    body_hash: bytes
    resource_id: UUID


async def claim(tx: Tx, actor_hash: bytes, key: str, body_hash: bytes, placeholder: UUID) -> Standing | None:
    """Take a key; returns what stands under it already, if anything.

    Raises:
        Conflict: another request with this key is in flight, and was not answered within the lock timeout.
    """
    mine = (
        own(IdempotencyRow, tx),
        IdempotencyRow.actor_hash == actor_hash,
        IdempotencyRow.idempotency_key == key,
    )
    now = await tx.now()
    await tx.execute(delete(IdempotencyRow).where(*mine, IdempotencyRow.created_at < now - KEPT))
    new = insert(IdempotencyRow).values(
        organization_id=tx.organization_id,
        actor_hash=actor_hash,
        idempotency_key=key,
        body_hash=body_hash,
        resource_id=placeholder,
        created_at=now,
    )
    try:
        is_new = await tx.execute(new.on_conflict_do_nothing())
    except DBAPIError as refused:
        if refused.orig and isinstance(refused.orig.__cause__, asyncpg.LockNotAvailableError):
            raise Conflict(
                "The same request is being served at this moment; ask again in a second."
            ) from None
        raise
    if is_new:
        return None
    row = await tx.one(select(IdempotencyRow).where(*mine))
    return Standing(row.body_hash, row.resource_id)


async def settle(tx: Tx, placeholder: UUID, resource_id: UUID) -> None:
    """Write down what the key has made."""
    row = update(IdempotencyRow).where(own(IdempotencyRow, tx), IdempotencyRow.resource_id == placeholder)
    await tx.execute(row.values(resource_id=resource_id))


class Used(NamedTuple):
    """A key, what the request that carries it says, and what it makes."""

    actor_hash: bytes
    key: str
    body_hash: bytes
    resource_id: UUID


_FORGET = """
DELETE FROM idempotency
WHERE organization_id = $1 AND (actor_hash, idempotency_key) IN (SELECT * FROM unnest($2::bytea[], $3::text[]))
  AND created_at < foyer_now() - $4::interval
"""

_STANDING = """
SELECT actor_hash, idempotency_key, body_hash, resource_id FROM idempotency
WHERE organization_id = $1 AND (actor_hash, idempotency_key) IN (SELECT * FROM unnest($2::bytea[], $3::text[]))
"""

_TAKE = """
INSERT INTO idempotency (organization_id, actor_hash, idempotency_key, body_hash, resource_id)
SELECT $1, actor_hash, key, body_hash, resource_id
FROM unnest($2::bytea[], $3::text[], $4::bytea[], $5::uuid[]) AS new (actor_hash, key, body_hash, resource_id)
ORDER BY actor_hash, key
"""


async def standing_keys(
    connection: Connection, organization_id: UUID, keys: Sequence[tuple[bytes, str]]
) -> dict[tuple[bytes, str], Standing]:
    """As `claim`, for the desks: what stands under keys. Those that count no longer are forgotten on the way."""
    if not keys:
        return {}
    columns = [key[0] for key in keys], [key[1] for key in keys]
    await connection.execute(_FORGET, organization_id, *columns, KEPT)
    rows = await connection.fetch(_STANDING, organization_id, *columns)
    return {(row[0], row[1]): Standing(row[2], row[3]) for row in rows}


async def take_keys(connection: Connection, organization_id: UUID, used: Sequence[Used]) -> None:
    """Write down what keys have made under which nothing stood.

    Raises:
        asyncpg.UniqueViolationError: another transaction took one of them meanwhile; a second try finds it.
    """
    if used:
        await connection.execute(
            _TAKE,
            organization_id,
            [one.actor_hash for one in used],
            [one.key for one in used],
            [one.body_hash for one in used],
            [one.resource_id for one in used],
        )
