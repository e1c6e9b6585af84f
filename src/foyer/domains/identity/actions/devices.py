"""Devices at doors: made, given to a phone by a code, taken back."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select, update

from foyer.domains.identity import rules
from foyer.domains.identity.models import DevicePairingRow, DeviceRow
from foyer.domains.identity.queries.devices import NO_PAIRING
from foyer.domains.identity.types import Issued
from foyer.infra.audit import record
from foyer.infra.crypto import DEVICE_PREFIX, Keyring, new_secret, secret_hash
from foyer.infra.db.tx import Tx, own
from foyer.kernel.actor import Actor, ActorKind
from foyer.kernel.errors import Conflict, Invalid, NotFound
from foyer.kernel.ids import uuid7
from foyer.kernel.text import tidy_line

PAIRING_MINUTES: Final = 10
NO_DEVICE: Final = "There is no such device."
DEVICE: Final = "device"


async def add_device(tx: Tx, *, name: str, all_events: bool, actor: Actor) -> UUID:
    """Make a device that no phone is paired with yet.

    Raises:
        Invalid: the name cannot be taken.
    """
    if found := rules.findings_in_device(name):
        raise Invalid.of(found)
    assert actor.user_id is not None, "a device acts in the name of somebody"
    row = DeviceRow(
        organization_id=tx.organization_id,
        id=uuid7(),
        user_id=actor.user_id,
        name=tidy_line(name),
        all_events=all_events,
    )
    tx.add(row)
    await tx.flush()
    record(
        tx,
        actor,
        "device.created",
        DEVICE,
        row.id,
        {"name": [None, row.name], "allEvents": [None, all_events]},
    )
    return row.id


async def begin_pairing(tx: Tx, device_id: UUID, *, keyring: Keyring, actor: Actor) -> None:
    """Make the code that a phone becomes this device with; codes made before are worth nothing from now on.

    Raises:
        NotFound: no such device.
        Conflict: it was revoked.
    """
    device = await _lock(tx, device_id)
    assert actor.user_id is not None, "a pairing has somebody who answers for it"
    older = delete(DevicePairingRow).where(own(DevicePairingRow, tx), DevicePairingRow.device_id == device.id)
    await tx.execute(older.where(DevicePairingRow.redeemed_at.is_(None)))
    pairing_id, now = uuid7(), await tx.now()
    tx.add(
        DevicePairingRow(
            organization_id=tx.organization_id,
            id=pairing_id,
            device_id=device.id,
            user_id=actor.user_id,
            code_hash=secret_hash(keyring.pairing_code(tx.organization_id, pairing_id)),
            created_at=now,
            expires_at=now + timedelta(minutes=PAIRING_MINUTES),
        )
    )
    record(tx, actor, "device.pairing_begun", DEVICE, device.id)
    await tx.flush()


async def redeem_pairing(tx: Tx, pairing_id: UUID) -> Issued:
    """Take a code: whoever sent it is the device from now on, and the phone before it no longer.

    Raises:
        NotFound: it was taken before, its time is over, or the device was revoked meanwhile.
    """
    one = (own(DevicePairingRow, tx), DevicePairingRow.id == pairing_id)
    pairing = await tx.first(select(DevicePairingRow).where(*one))
    if pairing is None:
        raise NotFound(NO_PAIRING)
    try:
        device = await _lock(tx, pairing.device_id)  # before the pairing, as whoever makes a new one does
    except Conflict:
        raise NotFound(NO_PAIRING) from None
    now = await tx.now()
    can_be_taken = (DevicePairingRow.redeemed_at.is_(None), DevicePairingRow.expires_at > now)
    if not await tx.execute(update(DevicePairingRow).where(*one, *can_be_taken).values(redeemed_at=now)):
        raise NotFound(NO_PAIRING)
    secret = new_secret(DEVICE_PREFIX)
    device.token_hash, device.paired_at, device.user_id = secret_hash(secret), now, pairing.user_id
    actor = Actor(ActorKind.DEVICE, tx.organization_id, device.id, device.user_id, device.name)
    record(tx, actor, "device.paired", DEVICE, device.id)
    await tx.flush()
    return Issued(id=device.id, secret=secret)


async def leave_device(tx: Tx, *, actor: Actor) -> None:
    """The phone that is this device gives its credential back; another may be paired later."""
    assert actor.id is not None, "a device has an id"
    device = await _lock(tx, actor.id)
    device.token_hash = device.paired_at = None
    record(tx, actor, "device.left", DEVICE, device.id)
    await tx.flush()


async def revoke_device(tx: Tx, device_id: UUID, *, actor: Actor) -> None:
    """Shut a door's credential at once; a revoked one stays revoked.

    Raises:
        NotFound: no such device.
        Conflict: it was revoked before.
    """
    device = await _lock(tx, device_id)
    device.revoked_at = await tx.now()
    record(tx, actor, "device.revoked", DEVICE, device.id)
    await tx.flush()


async def _lock(tx: Tx, device_id: UUID) -> DeviceRow:
    query = select(DeviceRow).where(own(DeviceRow, tx), DeviceRow.id == device_id)
    found: Sequence[DeviceRow] = await tx.lock(query)
    if not found:
        raise NotFound(NO_DEVICE)
    if found[0].revoked_at is not None:
        raise Conflict("This device was revoked; add a new one.")
    return found[0]
