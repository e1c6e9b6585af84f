"""Writes of ticket types."""

from collections.abc import Callable
from uuid import UUID

from foyer.domains.events import rules
from foyer.domains.events.actions.rows import lock_event, lock_one, require_open
from foyer.domains.events.models import TicketTypePoolRow, TicketTypeRow
from foyer.domains.events.queries import (
    NO_TAX_RATE,
    NO_TYPE,
    one_tax_rate,
    one_type,
    ticket_type_for_staff,
)
from foyer.domains.events.types import TicketTypeDraft, TicketTypeStaff
from foyer.domains.inventory import lock, open_pool, resize
from foyer.infra.audit import differences, record
from foyer.infra.db.constraints import in_words
from foyer.infra.db.tx import Tx
from foyer.kernel.actor import Actor
from foyer.kernel.errors import Finding, Invalid
from foyer.kernel.ids import uuid7

_SAME = tuple(
    name for name in TicketTypeDraft.__struct_fields__ if name not in {"is_free", "quantity", "metadata"}
)


async def add_ticket_type(tx: Tx, event_id: UUID, draft: TicketTypeDraft, *, actor: Actor) -> TicketTypeStaff:
    """Add a ticket type with a pool of its own; it draws on the event's pool as well.

    Raises:
        NotFound, Invalid: see each.
        Conflict: the event is over or cancelled.
    """
    event = await lock_event(tx, event_id)
    require_open(event)
    regular, found = rules.regular_type(draft, event.ends_at)
    found += await _odd_tax_rate(tx, regular.tax_rate_id)
    if found:
        raise Invalid.of(found)
    row = TicketTypeRow(
        organization_id=tx.organization_id,
        id=uuid7(),
        event_id=event_id,
        pool_id=await open_pool(tx, regular.quantity),
    )
    _write_type(row, regular)
    tx.add(row)
    await _flush(tx)
    tx.add(
        *(
            TicketTypePoolRow(
                organization_id=tx.organization_id, ticket_type_id=row.id, pool_id=pool, event_id=event_id
            )
            for pool in (row.pool_id, event.pool_id)
        )
    )
    record(tx, actor, "ticket_type.created", "ticket_type", row.id, {"name": [None, row.name]})
    await tx.flush()
    return await ticket_type_for_staff(tx, event_id, row.id)


async def edit_ticket_type(
    tx: Tx,
    event_id: UUID,
    type_id: UUID,
    revise: Callable[[TicketTypeDraft], TicketTypeDraft],
    *,
    actor: Actor,
    version: int | None = None,
) -> TicketTypeStaff:
    """Revise a ticket type under its lock; what carts and orders hold keeps its price.

    Raises:
        NotFound, Invalid, PreconditionFailed: see each.
        Conflict: the event is over or cancelled, or the quantity is below what is sold and held.
    """
    event = await lock_event(tx, event_id)
    require_open(event)
    row = await lock_one(tx, one_type(tx, event_id, type_id), version, missing=NO_TYPE, thing="ticket type")
    before = type_draft_of(await ticket_type_for_staff(tx, event_id, type_id))
    regular, found = rules.regular_type(revise(before), event.ends_at)
    found += await _odd_tax_rate(tx, regular.tax_rate_id)
    if found:
        raise Invalid.of(found)
    _write_type(row, regular)
    row.updated_at = await tx.now()
    await _flush(tx)
    pools = await lock(tx, [row.pool_id])
    await resize(tx, pools[row.pool_id], regular.quantity, field="quantity")
    record(tx, actor, "ticket_type.updated", "ticket_type", type_id, differences(before, regular))
    return await ticket_type_for_staff(tx, event_id, type_id)


def type_draft_of(kind: TicketTypeStaff) -> TicketTypeDraft:
    """The ticket type as its organizer would write it today. `is_free` follows from the price."""
    return TicketTypeDraft(
        **{name: getattr(kind, name) for name in _SAME}, quantity=kind.quantity, metadata=kind.metadata
    )


def _write_type(row: TicketTypeRow, regular: TicketTypeDraft) -> None:
    for name in _SAME:
        setattr(row, name, getattr(regular, name))
    row.metadata_ = regular.metadata


async def _odd_tax_rate(tx: Tx, tax_rate_id: UUID | None) -> list[Finding]:
    if tax_rate_id is None or await tx.first(one_tax_rate(tx, tax_rate_id)) is not None:
        return []
    return [Finding("taxRateId", NO_TAX_RATE)]


async def _flush(tx: Tx) -> None:
    with in_words(
        uq_ticket_types_name=Invalid("The event has a ticket type of this name already.", field="name"),
        fk_ticket_types_organization_id_tax_rate_id=Invalid(NO_TAX_RATE, field="taxRateId"),
    ):
        await tx.flush()
