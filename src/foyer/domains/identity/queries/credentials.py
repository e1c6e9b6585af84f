"""Reads of identity: who stands behind a credential, as of this very moment."""

from uuid import UUID

from sqlalchemy import select

from foyer.domains.identity.models import ApiKeyRow, DeviceRow, UserRow
from foyer.domains.organizations import is_live
from foyer.infra.crypto import API_KEY_PREFIX, DEVICE_PREFIX, secret_hash
from foyer.infra.db.engine import Database
from foyer.infra.db.tx import ReadTx, own
from foyer.kernel.access import CHECK_IN
from foyer.kernel.actor import Actor, ActorKind
from foyer.kernel.errors import Unauthenticated
from foyer.kernel.permissions import effective, expand

UNKNOWN = "This key is not known, or no longer valid."


async def actor_behind(database: Database, secret: str) -> Actor:
    """The principal of a bearer credential, with the rights it has now.

    Raises:
        Unauthenticated: unknown, expired, revoked, or its maker may no longer act.
    """
    if secret.startswith(API_KEY_PREFIX):
        found = await database.look_up("api_key_by_hash", secret_hash(secret))
    elif secret.startswith(DEVICE_PREFIX):
        found = await database.look_up("device_by_hash", secret_hash(secret))
    else:
        raise Unauthenticated(UNKNOWN)
    if not found:
        raise Unauthenticated(UNKNOWN)
    organization_id, credential_id = found[0]
    async with database.read(organization_id) as tx:
        is_key = secret.startswith(API_KEY_PREFIX)
        actor = await (_api_key(tx, credential_id) if is_key else _device(tx, credential_id))
        if actor is not None and not await is_live(tx):
            actor = None
    if actor is None:
        raise Unauthenticated(UNKNOWN)
    return actor


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


async def _device(tx: ReadTx, device_id: UUID) -> Actor | None:
    query = (
        select(DeviceRow, UserRow)
        .join(
            UserRow,
            (UserRow.organization_id == DeviceRow.organization_id) & (UserRow.id == DeviceRow.user_id),
        )
        .where(own(DeviceRow, tx), DeviceRow.id == device_id, DeviceRow.revoked_at.is_(None))
        .where(own(UserRow, tx), UserRow.status == "active", UserRow.deleted_at.is_(None))
    )
    for device, user in await tx.rows(query):
        rights = effective(user.role, user.permissions) & {CHECK_IN}
        return Actor(ActorKind.DEVICE, tx.organization_id, device.id, user.id, device.name, rights)
    return None


async def serves_all_events(tx: ReadTx, device_id: UUID) -> bool:
    """Whether a door device admits at every event of its organization."""
    return bool(
        await tx.first(select(DeviceRow.all_events).where(own(DeviceRow, tx), DeviceRow.id == device_id))
    )
