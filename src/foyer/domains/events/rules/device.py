"""Decisions about devices at doors."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from foyer.domains.events.types import DeviceDraft
from foyer.kernel.errors import Finding

DEVICE_EVENTS_MAX: Final = 50


def findings_in_device(draft: DeviceDraft, known: Collection[UUID]) -> list[Finding]:
    """What is wrong with the events of a draft; its name is looked at where devices are made."""
    if draft.all_events:
        return []
    if not draft.event_ids:
        return [Finding("eventIds", "Choose at least one event, or all of them.")]
    if len(draft.event_ids) > DEVICE_EVENTS_MAX:
        return [Finding("eventIds", f"Choose up to {DEVICE_EVENTS_MAX} events, or all of them.")]
    if any(event_id not in known for event_id in draft.event_ids):
        return [Finding("eventIds", "One of these events does not exist any more.")]
    return []
