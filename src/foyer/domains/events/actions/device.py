"""Writes of devices at doors, as far as they are about events."""

from uuid import UUID

from foyer.domains.events import rules
from foyer.domains.events.models import DeviceEventRow
from foyer.domains.events.queries import existing_events
from foyer.domains.events.types import DeviceDraft
from foyer.domains.identity import add_device, begin_pairing
from foyer.infra.audit import record
from foyer.infra.crypto import Keyring
from foyer.infra.db.tx import Tx
from foyer.kernel.actor import Actor
from foyer.kernel.errors import Invalid


async def make_device(tx: Tx, draft: DeviceDraft, *, keyring: Keyring, actor: Actor) -> UUID:
    """Make a device for named events, or for all, and the code that a phone is paired with it by.

    Raises:
        Invalid: it has no name, no event, or one that there is not.
    """
    named = sorted(set(draft.event_ids))
    known = await existing_events(tx, named)
    if found := rules.findings_in_device(draft, known):
        raise Invalid.of(found)
    device_id = await add_device(tx, name=draft.name, all_events=draft.all_events, actor=actor)
    if not draft.all_events:
        tx.add(
            *(
                DeviceEventRow(organization_id=tx.organization_id, device_id=device_id, event_id=event_id)
                for event_id in named
            )
        )
        record(tx, actor, "device.allowed", "device", device_id, {"eventIds": [[], named]})
    await begin_pairing(tx, device_id, keyring=keyring, actor=actor)
    return device_id
