"""Reads of carts: what is offered, what is held."""

from uuid import UUID

from sqlalchemy import Select, select

from foyer.domains.carts.models import CartItemRow, CartRow
from foyer.domains.carts.rules.pricing import unit_fee
from foyer.domains.carts.types import Cart, CartLine, CartStatus, Offer, OfferedType
from foyer.domains.events import public_view, sale_of, sold_event
from foyer.infra.db.tx import ReadTx, own
from foyer.kernel.errors import NotFound

NO_CART = "There is no such cart."


async def offer(tx: ReadTx, *, event_id: UUID | None = None, slug: str | None = None) -> Offer:
    """An event as the shop shows it, with what can be bought of it at this moment; hidden types are not there.

    Raises:
        NotFound: no such event, or one that a shop does not show: a draft, or a private one.
    """
    row = await sold_event(tx, event_id=event_id, slug=slug)
    if row is None:
        raise NotFound("There is no such event.")
    terms, kinds, pools = await sale_of(tx, row)
    if not terms.is_shown:
        raise NotFound("There is no such event.")
    now = await tx.now()
    types = []
    for kind, rule in kinds:
        if kind.is_hidden:
            continue
        free = max(0, min((pools[pool].free for pool in rule.pools), default=0))
        fee = unit_fee(kind.price, terms)
        window = terms.sales.narrowed(rule.sales)
        types.append(
            OfferedType(
                id=kind.id,
                name=kind.name,
                description=kind.description,
                price=kind.price,
                fee=fee,
                total=kind.price + fee,
                is_free=kind.price == 0,
                requires_approval=kind.requires_approval,
                min_per_order=kind.min_per_order,
                max_per_order=kind.max_per_order,
                available_quantity=free,
                state=terms.state_of(rule, free=free, now=now),
                sales_start_date=window.start,
                sales_end_date=window.end,
                sort_order=kind.sort_order,
            )
        )
    return Offer(event=public_view(row), ticket_types=types, as_of=now)


def one_cart(tx: ReadTx, cart_id: UUID) -> Select[CartRow]:
    return select(CartRow).where(own(CartRow, tx), CartRow.id == cart_id)


async def cart(tx: ReadTx, cart_id: UUID) -> Cart:
    """A cart as it stands. One whose time has passed reads `expired` at once, before its places went back.

    Raises:
        NotFound: no such cart.
    """
    row = await tx.first(one_cart(tx, cart_id))
    if row is None:
        raise NotFound(NO_CART)
    found = cart_view(row, await items_of(tx, cart_id))
    if found.status is CartStatus.ACTIVE and found.expires_at <= await tx.now():
        return cart_view(row, found.items, status=CartStatus.EXPIRED)
    return found


async def items_of(tx: ReadTx, cart_id: UUID) -> list[CartLine]:
    query = (
        select(CartItemRow)
        .where(own(CartItemRow, tx), CartItemRow.cart_id == cart_id)
        .order_by(CartItemRow.id)
    )
    fields = CartLine.__struct_fields__
    return [CartLine(**{name: getattr(row, name) for name in fields}) for row in await tx.all(query)]


def cart_view(row: CartRow, items: list[CartLine], *, status: CartStatus | None = None) -> Cart:
    same = {name: getattr(row, name) for name in Cart.__struct_fields__ if name not in {"status", "items"}}
    return Cart(**same, status=status or CartStatus(row.status), items=items)
