"""Credentials of programs and doors."""

from collections.abc import Iterable
from uuid import UUID

from foyer.domains.identity.models import ApiKeyRow, DeviceRow
from foyer.domains.identity.types import Issued
from foyer.infra.crypto import API_KEY_PREFIX, DEVICE_PREFIX, new_secret, secret_hash
from foyer.infra.db.tx import Tx
from foyer.kernel.ids import uuid7


async def issue_api_key(tx: Tx, *, user_id: UUID, name: str, scopes: Iterable[str]) -> Issued:
    """Make a key that acts with these scopes as far as its maker still holds them."""
    secret = new_secret(API_KEY_PREFIX)
    row = ApiKeyRow(
        organization_id=tx.organization_id,
        id=uuid7(),
        user_id=user_id,
        name=name,
        token_hash=secret_hash(secret),
        scopes=list(scopes),
    )
    tx.add(row)
    await tx.flush()
    return Issued(id=row.id, secret=secret)


async def issue_device(tx: Tx, *, user_id: UUID, name: str, all_events: bool) -> Issued:
    """Make a door's credential. Without `all_events` it admits only where `events.allow_device` says so."""
    secret = new_secret(DEVICE_PREFIX)
    row = DeviceRow(
        organization_id=tx.organization_id,
        id=uuid7(),
        user_id=user_id,
        name=name,
        token_hash=secret_hash(secret),
        paired_at=await tx.now(),
        all_events=all_events,
    )
    tx.add(row)
    await tx.flush()
    return Issued(id=row.id, secret=secret)
