"""Copies of events."""

from collections.abc import Mapping
from uuid import UUID

from msgspec.structs import replace
from sqlalchemy import select

from foyer.domains.events import rules
from foyer.domains.events.actions.event import create_event
from foyer.domains.events.actions.pool import create_pool
from foyer.domains.events.actions.question import add_question, draft_of
from foyer.domains.events.actions.ticket_type import add_ticket_type
from foyer.domains.events.models import DiscountRow, DiscountTicketTypeRow
from foyer.domains.events.queries import event_for_staff, questions, shared_pools
from foyer.domains.events.types import EventCopy, EventStaff, SharedPoolDraft
from foyer.infra.audit import record
from foyer.infra.db.tx import Tx, among, own
from foyer.kernel.actor import Actor


async def duplicate_event(tx: Tx, event_id: UUID, wanted: EventCopy, *, actor: Actor) -> EventStaff:
    """Make a draft like another event: nothing of it is sold, whatever of the original is.

    Codes that name ticket types of the original are good for those of the copy too, where that is wanted.

    Raises:
        NotFound: no such event.
        Invalid: naming what cannot be taken: the title, a day out of the calendar.
    """
    original = await event_for_staff(tx, event_id)
    copy = await create_event(tx, rules.copied_event(original, wanted), actor=actor)
    types: dict[UUID, UUID] = {}
    if wanted.with_ticket_types:
        types = {
            kind.id: (
                await add_ticket_type(tx, copy.id, rules.copied_type(kind, original, wanted), actor=actor)
            ).id
            for kind in original.ticket_types
        }
        if wanted.with_pools:
            await _copy_pools(tx, original, copy, types, actor=actor)
        if wanted.with_discounts:
            await _extend_discounts(tx, types)
    await _copy_questions(tx, original, copy, types, actor=actor)
    record(tx, actor, "event.duplicated", "event", copy.id, {"original": [None, event_id]})
    await tx.flush()
    return await event_for_staff(tx, copy.id)


async def _copy_pools(
    tx: Tx, original: EventStaff, copy: EventStaff, types: Mapping[UUID, UUID], *, actor: Actor
) -> None:
    for pool in await shared_pools(tx, original.id):
        members = [types[one] for one in pool.ticket_type_ids if one in types]
        draft = SharedPoolDraft(name=pool.name, capacity=pool.capacity, ticket_type_ids=members)
        await create_pool(tx, copy.id, draft, actor=actor)


async def _copy_questions(
    tx: Tx, original: EventStaff, copy: EventStaff, types: Mapping[UUID, UUID], *, actor: Actor
) -> None:
    """Ask in the copy what the original asks, but for what it asks of ticket types alone that are not copied."""
    for asked in await questions(tx, original.id):
        named = [types[one] for one in asked.ticket_type_ids if one in types]
        if named or not asked.ticket_type_ids:
            draft = replace(draft_of(asked), ticket_type_ids=named)
            await add_question(tx, copy.id, draft, actor=actor)


async def _extend_discounts(tx: Tx, types: Mapping[UUID, UUID]) -> None:
    """Let each live code that names a type of the original name its copy as well, as far as a code may name types."""
    named = DiscountTicketTypeRow
    query = select(named.discount_id, named.ticket_type_id).join(
        DiscountRow,
        (DiscountRow.organization_id == named.organization_id) & (DiscountRow.id == named.discount_id),
    )
    rows = await tx.rows(
        query.where(own(named, tx), own(DiscountRow, tx), DiscountRow.deleted_at.is_(None)).where(
            named.discount_id.in_(
                select(named.discount_id).where(own(named, tx), among(named.ticket_type_id, types))
            )
        )
    )
    counts: dict[UUID, int] = {}
    for discount_id, _ in rows:
        counts[discount_id] = counts.get(discount_id, 0) + 1
    for discount_id, type_id in rows:
        if type_id in types and counts[discount_id] < rules.TYPES_MAX:
            counts[discount_id] += 1
            tx.add(
                named(
                    organization_id=tx.organization_id, discount_id=discount_id, ticket_type_id=types[type_id]
                )
            )
