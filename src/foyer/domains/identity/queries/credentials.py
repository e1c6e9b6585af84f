"""Reads of identity: who stands behind a credential, as of this very moment."""

from typing import Final
from uuid import UUID

from sqlalchemy import select

from foyer.domains.identity.models import ApiKeyRow, DeviceRow, UserRow
from foyer.domains.organizations import is_live
from foyer.infra.crypto import secret_hash
from foyer.infra.db.engine import Database
from foyer.infra.db.tx import ReadTx, own
from foyer.kernel.actor import Actor, ActorKind
from foyer.kernel.errors import Unauthenticated
from foyer.kernel.permissions import effective, expand

UNKNOWN: Final = "This key is not known, or no longer valid."


async def key_behind(database: Database, secret: str) -> Actor:
    """The principal of a program's key, with the rights it has now.

    Raises:
        Unauthenticated: unknown, expired, revoked, or its maker may no longer act.
    """
    found = await database.look_up("api_key_by_hash", secret_hash(secret))
    if found:
        async with database.read(found[0][0]) as tx:
            actor = await _api_key(tx, found[0][1])
            if actor is not None and await is_live(tx):
                return actor
    raise Unauthenticated(UNKNOWN)


async def _api_key(tx: ReadTx, key_id: UUID) -> Actor | None:
    query = (
        select(ApiKeyRow, UserRow)
        .join(
            UserRow,
            (UserRow.organization_id == ApiKeyRow.organization_id) & (UserRow.id == ApiKeyRow.user_id),
        )
        .where(own(ApiKeyRow, tx), ApiKeyRow.id == key_id, ApiKeyRow.revoked_at.is_(None))
        .where(own(UserRow, tx), UserRow.status == "active", UserRow.deleted_at.is_(None))
    )
    for key, user in await tx.rows(query):
        if key.expires_at is None or key.expires_at > await tx.now():
            rights = expand(key.scopes) & effective(user.role, user.permissions)
            return Actor(ActorKind.API_KEY, tx.organization_id, key.id, user.id, key.name, rights)
    return None


async def serves_all_events(tx: ReadTx, device_id: UUID) -> bool:
    """Whether a door device admits at every event of its organization."""
    return bool(
        await tx.first(select(DeviceRow.all_events).where(own(DeviceRow, tx), DeviceRow.id == device_id))
    )
