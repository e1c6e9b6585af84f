"""Keys that writes have used, each with the resource it made; a key counts for 24 hours."""

from datetime import timedelta
from typing import Final, NamedTuple
from uuid import UUID

import asyncpg
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError

from foyer.infra.db.tables import IdempotencyRow
from foyer.infra.db.tx import Tx, own
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
