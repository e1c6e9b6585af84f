"""Reads of the devices at doors, and of the codes that phones are paired by."""

from typing import Final
from uuid import UUID

from sqlalchemy import select

from foyer.domains.identity.models import DevicePairingRow, DeviceRow, UserRow
from foyer.domains.identity.types import Device, Pairing
from foyer.infra.crypto import PAIRING_CODE_LENGTH, Keyring, secret_hash
from foyer.infra.db.engine import Database
from foyer.infra.db.tx import ReadTx, own
from foyer.kernel.errors import NotFound
from foyer.kernel.ids import CROCKFORD, read_crockford

DEVICES_MAX: Final = 200
NO_PAIRING: Final = (
    "This code is not known, or was used, or its ten minutes are over. Ask the office for a new one."
)


async def devices(tx: ReadTx) -> list[Device]:
    """The devices that are not revoked, the newest first."""
    query = (
        select(DeviceRow, UserRow.name)
        .join(
            UserRow,
            (UserRow.organization_id == DeviceRow.organization_id) & (UserRow.id == DeviceRow.user_id),
        )
        .where(own(DeviceRow, tx), own(UserRow, tx), DeviceRow.revoked_at.is_(None))
        .order_by(DeviceRow.id.desc())
        .limit(DEVICES_MAX)
    )
    return [
        Device(
            id=row.id,
            name=row.name,
            all_events=row.all_events,
            made_by=made_by,
            created_at=row.created_at,
            paired_at=row.paired_at,
        )
        for row, made_by in await tx.rows(query)
    ]


async def pairing_of(tx: ReadTx, device_id: UUID, keyring: Keyring) -> Pairing:
    """The code of a device that was made last, as long as it can be taken.

    Raises:
        NotFound: no such device, or it was revoked.
    """
    named = select(DeviceRow).where(
        own(DeviceRow, tx), DeviceRow.id == device_id, DeviceRow.revoked_at.is_(None)
    )
    device = await tx.first(named)
    if device is None:
        raise NotFound("There is no such device.")
    newest = (
        select(DevicePairingRow)
        .where(own(DevicePairingRow, tx), DevicePairingRow.device_id == device_id)
        .order_by(DevicePairingRow.id.desc())
        .limit(1)
    )
    row = await tx.first(newest)
    is_open = row is not None and row.redeemed_at is None and row.expires_at > await tx.now()
    return Pairing(
        device_id=device.id,
        device_name=device.name,
        code=keyring.pairing_code(tx.organization_id, row.id) if row and is_open else None,
        expires_at=row.expires_at if row and is_open else None,
        redeemed_at=row.redeemed_at if row else None,
    )


async def find_pairing(database: Database, typed: str) -> tuple[UUID, UUID]:
    """Organization and pairing that a typed or scanned code belongs to; whether it can still be taken is not said.

    Raises:
        NotFound: there is none.
    """
    code = read_crockford(typed)
    if len(code) == PAIRING_CODE_LENGTH and set(code) <= set(CROCKFORD):
        for organization_id, pairing_id in await database.look_up(
            "device_pairing_by_hash", secret_hash(code)
        ):
            return organization_id, pairing_id
    raise NotFound(NO_PAIRING)
