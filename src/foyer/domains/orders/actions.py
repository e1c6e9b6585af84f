"""Writes of orders that move neither money nor places."""

from typing import Final
from uuid import UUID

from foyer.domains.orders.queries import NO_ORDER, one_order
from foyer.infra.db.tx import Tx
from foyer.kernel.errors import Invalid, NotFound, PreconditionFailed
from foyer.kernel.text import tidy

NOTES_MAX: Final = 5_000


async def edit_notes(tx: Tx, order_id: UUID, notes: str | None, *, version: int | None = None) -> None:
    """Write what staff note about an order, at most `NOTES_MAX` characters; nothing, or only blanks, takes the notes away.

    Args:
        tx: the transaction.
        order_id: the order.
        notes: lines stay as they are, without control and invisible characters.
        version: what the order's version must still be, if it matters.

    Raises:
        NotFound: no such order.
        Invalid: they are too long.
        PreconditionFailed: the order was changed in between.
    """
    text = tidy(notes or "")
    if len(text) > NOTES_MAX:
        raise Invalid(f"Use at most {NOTES_MAX} characters.", field="notes")
    locked = await tx.lock(one_order(tx, order_id))
    if not locked:
        raise NotFound(NO_ORDER)
    if version is not None and version != locked[0].version:
        raise PreconditionFailed("Somebody changed this order in between; load it again.")
    locked[0].notes = text or None
    await tx.flush()
