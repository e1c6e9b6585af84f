"""Writes of carts outside the desk: changing one, giving one back."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from msgspec import structs
from sqlalchemy import delete, select

from foyer.domains.carts import rules
from foyer.domains.carts.desk import cart_line
from foyer.domains.carts.errors import lapsed
from foyer.domains.carts.models import CartItemRow, CartRow
from foyer.domains.carts.queries import NO_CART, cart_view, items_of, one_cart
from foyer.domains.carts.types import Cart, CartLine, CartStatus, WantedLine
from foyer.domains.events import on_sale, pools_behind
from foyer.domains.events.types import SaleTerms, TypeTerms
from foyer.domains.inventory import allocate, demand, lock, move
from foyer.domains.inventory.types import Move
from foyer.infra.db.tx import Tx, own
from foyer.kernel.errors import Conflict, NotFound

INSTANT = timedelta(microseconds=1)


async def change_cart(tx: Tx, cart_id: UUID, wanted: Sequence[WantedLine]) -> Cart:
    """Set the quantities of the lines named; 0 takes a line away, other lines stay. The time to pay does not change.

    Raises:
        NotFound, CartExpired, Conflict: the cart cannot be edited.
        Invalid, NotOnSale, SoldOut: as when it was made; the cart stays as it was.
    """
    row = await _lock_active(tx, cart_id)
    changes = rules.regular_lines(wanted, least=0)
    before = await items_of(tx, cart_id)
    event = await on_sale(tx, event_id=row.event_id)
    assert event is not None, "a cart's event is never deleted while it is held"
    types = {one.terms.id: one.terms for one in event.types}
    named = {line.ticket_type_id for line in before} | {line.ticket_type_id for line in changes}
    pools_of = await pools_behind(tx, named)
    pools = await lock(tx, {pool for drawn in pools_of.values() for pool in drawn})

    quantities = {line.ticket_type_id: line.quantity for line in before}
    quantities |= {line.ticket_type_id: line.quantity for line in changes}
    lines = [(type_id, count) for type_id, count in quantities.items() if count]
    rules.require_size(sum(count for _, count in lines), field="items")
    growing = tuple(line for line in changes if line.quantity)
    if (refused := rules.refusal(event.terms, types, growing, await tx.now())) is not None:
        raise refused
    had = demand(((line.ticket_type_id, line.quantity) for line in before), pools_of)
    needs = demand(lines, pools_of)
    more = {pool: needs.get(pool, 0) - had.get(pool, 0) for pool in {*had, *needs}}
    short = allocate(
        [{pool: count for pool, count in more.items() if count > 0}], {p.id: p.free for p in pools.values()}
    )
    if short[0] is not None:
        raise rules.shortage(short[0], growing, types)

    known = {line.ticket_type_id: line for line in before}
    items = [_line(known.get(type_id), types[type_id], count, event.terms) for type_id, count in lines]
    await _rewrite(tx, row, items)
    await move(tx, [Move(pool, held=count) for pool, count in more.items()])
    return cart_view(row, items)


async def release_cart(tx: Tx, cart_id: UUID) -> Cart:
    """Give all places of a cart back at once.

    Raises:
        NotFound, CartExpired, Conflict: there is nothing to give back.
    """
    row = await _lock_active(tx, cart_id)
    lines = await items_of(tx, cart_id)
    pools_of = await pools_behind(tx, [line.ticket_type_id for line in lines])
    places = demand(((line.ticket_type_id, line.quantity) for line in lines), pools_of)
    await lock(tx, places)
    row.status = CartStatus.ABANDONED.value if row.email else CartStatus.EXPIRED.value
    await tx.flush()
    await move(tx, [Move(pool, held=-count) for pool, count in places.items()])
    return cart_view(row, lines)


async def end_carts(tx: Tx, event_id: UUID) -> None:
    """Let the time of an event's live carts run out now; the sweeper gives their places back."""
    live = select(CartRow).where(
        own(CartRow, tx), CartRow.event_id == event_id, CartRow.status == CartStatus.ACTIVE.value
    )
    now = await tx.now()
    for row in await tx.lock(live.order_by(CartRow.id)):
        row.expires_at = max(min(row.expires_at, now), row.created_at + INSTANT)
    await tx.flush()


async def _lock_active(tx: Tx, cart_id: UUID) -> CartRow:
    locked = await tx.lock(one_cart(tx, cart_id))
    if not locked:
        raise NotFound(NO_CART)
    row = locked[0]
    if row.status == CartStatus.CONVERTED:
        raise Conflict("This cart has become an order; it cannot be changed any more.", field="status")
    if row.status != CartStatus.ACTIVE or row.expires_at <= await tx.now():
        raise lapsed()
    return row


def _line(before: CartLine | None, kind: TypeTerms, quantity: int, terms: SaleTerms) -> CartLine:
    """A line at its new quantity; the price a buyer has seen stays as long as the line does."""
    if before is not None:
        return structs.replace(before, quantity=quantity, subtotal=quantity * before.unit_price)
    return cart_line(rules.price_line(kind.id, kind.name, kind.price, quantity, terms))


async def _rewrite(tx: Tx, row: CartRow, items: list[CartLine]) -> None:
    await tx.execute(delete(CartItemRow).where(own(CartItemRow, tx), CartItemRow.cart_id == row.id))
    tx.add(
        *(
            CartItemRow(
                organization_id=tx.organization_id,
                cart_id=row.id,
                event_id=row.event_id,
                **structs.asdict(line),
            )
            for line in items
        )
    )
    row.subtotal = sum(line.subtotal for line in items)
    row.fees = sum(line.quantity * line.unit_fee for line in items)
    row.total = row.subtotal - row.discount_amount + row.fees + row.taxes
    row.updated_at = await tx.now()
    await tx.flush()
