"""Writes of orders that move neither money nor places."""

from typing import Final
from uuid import UUID

from msgspec.structs import replace

from foyer.domains.carts import Use, lower_uses, raise_uses
from foyer.domains.customers import ERASED, link_customers
from foyer.domains.orders.desk import lock_orders, readdress
from foyer.domains.orders.facts import OrderReaddressed
from foyer.domains.orders.queries import NO_ORDER, find_order, one_order
from foyer.domains.orders.types import OrderStatus
from foyer.infra.audit import UNSAID, record
from foyer.infra.batching import Counter
from foyer.infra.db.tx import Tx
from foyer.infra.outbox import publish
from foyer.kernel.actor import Actor
from foyer.kernel.errors import Conflict, Invalid, NotFound, PreconditionFailed, Unfit
from foyer.kernel.language import said
from foyer.kernel.text import email_address, email_key, tidy

NOTES_MAX: Final = 5_000
_STANDING: Final = {OrderStatus.PENDING, OrderStatus.CONFIRMED, OrderStatus.PARTIAL_REFUND}
"""Orders that count as uses of their code."""


async def edit_notes(
    tx: Tx, order_id: UUID, notes: str | None, *, actor: Actor, version: int | None = None
) -> None:
    """Write what staff note about an order, at most `NOTES_MAX` characters; nothing, or only blanks, takes the notes away.

    Args:
        tx: the transaction.
        order_id: the order.
        notes: lines stay as they are, without control and invisible characters.
        actor: who writes.
        version: what the order's version must still be, if it matters.

    Raises:
        NotFound: no such order.
        Invalid: they are too long.
        PreconditionFailed: the order was changed in between.
    """
    text = tidy(notes or "")
    if len(text) > NOTES_MAX:
        raise Invalid(said("Use at most %(most)s characters.", most=NOTES_MAX), field="notes")
    locked = await tx.lock(one_order(tx, order_id))
    if not locked:
        raise NotFound(NO_ORDER)
    if version is not None and version != locked[0].version:
        raise PreconditionFailed(said("Somebody changed this order in between; load it again."))
    changed = locked[0].notes != (text or None)
    locked[0].notes = text or None
    record(tx, actor, "order.noted", "order", order_id, {"notes": UNSAID} if changed else None)
    await tx.flush()


async def change_buyer(tx: Tx, order_id: UUID, email: str, *, actor: Actor) -> bool:
    """Give an order to another address: its buyer is from now on whoever has that one; whether anything changed.

    Whoever holds the old link to the order holds it no more: the order has a new generation. The links to tickets
    that are still the buyer's end with it; codes stay, and so does whatever was handed on. Uses of a code go with the order, even above what one buyer may have: staff have decided.

    Raises:
        NotFound: no such order.
        Invalid: the address is none.
        Conflict: the buyer was erased.
    """
    try:
        address = email_address(email)
    except Unfit as wrong:
        raise Invalid(wrong.detail, field="email") from None
    found = await find_order(tx, order_id)
    if found is None:
        raise NotFound(NO_ORDER)
    connection = await tx.desk()
    counter = Counter(tx.organization_id, found.event_id)
    order = (await lock_orders(connection, counter, [order_id]))[order_id].order
    if order.customer.email == ERASED:
        raise Conflict(
            said("The buyer of this order was erased; there is nobody to write to."), field="email"
        )
    if order.customer.email == address:
        return False
    buyer = replace(order.customer, email=address, id=None)
    linked = await link_customers(connection, tx.organization_id, [buyer])
    keys = email_key(order.customer.email), email_key(address)
    if order.discount_id is not None and keys[0] != keys[1] and order.status in _STANDING:
        moves = [(keys[0], lower_uses), (keys[1], raise_uses)]
        for key, move in sorted(moves, key=lambda one: one[0]):  # locked in key order, as everywhere
            await move(connection, tx.organization_id, [Use(order.discount_id, key)])
    await readdress(connection, tx.organization_id, order_id, linked[keys[1]], address, now=await tx.now())
    record(tx, actor, "order.buyer_changed", "order", order_id, {"email": UNSAID})
    publish(tx, actor, OrderReaddressed(order_id=order_id, event_id=order.event_id))
    await tx.flush()
    return True
