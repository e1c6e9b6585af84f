"""Writes of discount codes."""

from collections.abc import Callable, Iterable
from uuid import UUID

from sqlalchemy import delete

from foyer.domains.events import rules
from foyer.domains.events.actions.rows import lock_one, unknown_types
from foyer.domains.events.models import DiscountRow, DiscountTicketTypeRow
from foyer.domains.events.queries import (
    NO_DISCOUNT,
    discount,
    live_among,
    one_discount,
    percentage,
    types_named,
    uses_limit,
)
from foyer.domains.events.types import Discount, DiscountDraft
from foyer.domains.inventory import lock, open_pool, pools_by_id, resize
from foyer.domains.inventory.types import UNLIMITED, Pool
from foyer.infra.audit import differences, record
from foyer.infra.db.constraints import in_words
from foyer.infra.db.tx import Tx, own
from foyer.kernel.actor import Actor
from foyer.kernel.errors import Conflict, Invalid
from foyer.kernel.ids import uuid7
from foyer.kernel.money import percent_to_bps

_SAME = ("code", "amount", "currency", "minimum_quantity", "uses_per_customer", "starts_at", "ends_at")


async def create_discount(tx: Tx, draft: DiscountDraft, *, actor: Actor) -> Discount:
    """Make a code; its uses are counted by a pool of its own.

    Raises:
        Invalid: naming every field that cannot be taken; another code has this name.
    """
    regular = await _regular(tx, draft, standing=())
    row = DiscountRow(
        organization_id=tx.organization_id, id=uuid7(), pool_id=await open_pool(tx, _size(regular))
    )
    _write(row, regular)
    tx.add(row)
    await _flush(tx)
    _name_types(tx, row.id, regular.ticket_type_ids)
    record(tx, actor, "discount.created", "discount", row.id, {"code": [None, row.code]})
    await tx.flush()
    return await discount(tx, row.id)


async def edit_discount(
    tx: Tx,
    discount_id: UUID,
    revise: Callable[[DiscountDraft], DiscountDraft],
    *,
    actor: Actor,
    version: int | None = None,
) -> Discount:
    """Revise a code under its lock. Carts that hold it keep what it took off until they are changed.

    Args:
        tx: the transaction.
        discount_id: the code.
        revise: makes the new draft of the one that stands.
        actor: who edits.
        version: what the row's version must still be, if it matters.

    Raises:
        NotFound, Invalid, PreconditionFailed: see each.
        Conflict: fewer uses than are taken and held.
    """
    row = await _lock(tx, discount_id, version)
    standing = (await types_named(tx, [row.id]))[row.id]
    pool = (await pools_by_id(tx, [row.pool_id]))[row.pool_id]
    before = _draft_of(row, standing, pool)
    regular = await _regular(tx, revise(before), standing=standing)
    _write(row, regular)
    row.updated_at = await tx.now()
    await _flush(tx)
    if set(regular.ticket_type_ids) != set(standing):
        await tx.execute(
            delete(DiscountTicketTypeRow).where(
                own(DiscountTicketTypeRow, tx), DiscountTicketTypeRow.discount_id == row.id
            )
        )
        _name_types(tx, row.id, regular.ticket_type_ids)
        await tx.flush()
    locked = (await lock(tx, [row.pool_id]))[row.pool_id]
    if _size(regular) < (taken := locked.held + locked.sold):
        sentence = (
            f"The code is used {locked.sold} times and held {locked.held} times; allow at least {taken}."
        )
        raise Conflict(sentence, field="maxUses")
    await resize(tx, locked, _size(regular), field="maxUses")
    record(tx, actor, "discount.updated", "discount", row.id, differences(before, regular))
    return await discount(tx, row.id)


async def delete_discount(tx: Tx, discount_id: UUID, *, actor: Actor, version: int | None = None) -> None:
    """Take a code away: nobody can enter it any more, and its name is free. What it took off of orders stays.

    Raises:
        NotFound, PreconditionFailed: see each.
    """
    row = await _lock(tx, discount_id, version)
    row.deleted_at = row.updated_at = await tx.now()
    record(tx, actor, "discount.deleted", "discount", row.id, {"code": [row.code, None]})
    await tx.flush()


async def _lock(tx: Tx, discount_id: UUID, version: int | None) -> DiscountRow:
    return await lock_one(tx, one_discount(tx, discount_id), version, missing=NO_DISCOUNT, thing="code")


async def _regular(tx: Tx, draft: DiscountDraft, *, standing: Iterable[UUID]) -> DiscountDraft:
    """The draft tidied. A type that was named before may be gone since; only new ones must be there."""
    regular, found = rules.regular_discount(draft)
    fresh = set(regular.ticket_type_ids[: rules.TYPES_MAX]) - set(standing)
    missing = fresh - await live_among(tx, fresh)
    if found := [*found, *unknown_types(draft.ticket_type_ids, {*draft.ticket_type_ids} - missing)]:
        raise Invalid.of(found)
    return regular


def _draft_of(row: DiscountRow, standing: list[UUID], pool: Pool) -> DiscountDraft:
    """The code as its organizer would write it today."""
    return DiscountDraft(
        **{name: getattr(row, name) for name in _SAME},
        percentage=percentage(row.percent_bps),
        ticket_type_ids=standing,
        max_uses=uses_limit(pool),
    )


def _size(regular: DiscountDraft) -> int:
    return UNLIMITED if regular.max_uses is None else regular.max_uses


def _write(row: DiscountRow, regular: DiscountDraft) -> None:
    for name in _SAME:
        setattr(row, name, getattr(regular, name))
    row.percent_bps = None if regular.percentage is None else percent_to_bps(regular.percentage)


def _name_types(tx: Tx, discount_id: UUID, type_ids: Iterable[UUID]) -> None:
    tx.add(
        *(
            DiscountTicketTypeRow(
                organization_id=tx.organization_id, discount_id=discount_id, ticket_type_id=type_id
            )
            for type_id in type_ids
        )
    )


async def _flush(tx: Tx) -> None:
    taken = Invalid("There is a discount of this code already; choose another one.", field="code")
    with in_words(uq_discounts_code=taken):
        await tx.flush()
