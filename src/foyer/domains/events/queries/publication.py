"""Reads of what stands between an event and its buyers."""

from foyer.domains.events.queries.access import opened_by_links
from foyer.domains.events.rules import ADDRESS_TO_CONFIRM, blockers, checklist, warnings
from foyer.domains.events.types import Check, EventStaff
from foyer.domains.identity import has_confirmed_owner
from foyer.infra.db.tx import ReadTx


async def publish_checks(tx: ReadTx, event: EventStaff, *, has_refund_policy: bool) -> list[Check]:
    """What is still to be done before an event is published, and what is done."""
    now = await tx.now()
    blocked = blockers(has_types=bool(event.ticket_types), ends_at=event.ends_at, now=now)
    opened = await opened_by_links(tx, event.id)
    hidden = sum(kind.is_hidden and kind.id not in opened for kind in event.ticket_types)
    warned = warnings(event, has_link=bool(opened), hidden=hidden, starts_at=event.starts_at, now=now)
    checks = checklist(event, blocked=blocked, warned=warned, has_refund_policy=has_refund_policy)
    return checks if await has_confirmed_owner(tx) else [ADDRESS_TO_CONFIRM, *checks]
