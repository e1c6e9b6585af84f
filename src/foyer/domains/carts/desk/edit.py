"""Changes of carts in batches: all locks first, then one after the other in memory, then one rewrite."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from msgspec import structs

from foyer.domains.carts import rules
from foyer.domains.carts.desk.reserve import HOLD
from foyer.domains.carts.desk.rows import cart_line, carts_by_id, lock_carts, rewrite_carts
from foyer.domains.carts.errors import no_cart
from foyer.domains.carts.rules import CartEdit
from foyer.domains.carts.types import Cart, CartStatus, ChosenLine
from foyer.domains.events import Sale, pools_drawn, read_discounts, read_sale, read_types
from foyer.domains.events.types import DiscountTerms, TypeTerms
from foyer.domains.inventory import demand, lock_pools, move_places, shortage
from foyer.domains.inventory.types import Move, Shortage
from foyer.infra.batching import Counter
from foyer.infra.db.engine import Connection
from foyer.kernel.errors import CodeExhausted, Conflict, FoyerError
from foyer.kernel.language import said


class EditAsk(NamedTuple):
    """A change of one cart."""

    cart_id: UUID
    edit: CartEdit


class _Book(NamedTuple):
    """Everything the batch decides by, read under its locks."""

    sale: Sale
    types: Mapping[UUID, TypeTerms]
    drawn: Mapping[UUID, Sequence[UUID]]
    codes: Sequence[DiscountTerms]
    uses: Mapping[UUID, UUID]
    """The pool of each code."""

    def places(self, cart: Cart) -> dict[UUID, int]:
        """What a cart holds of each pool, the use of its code as well."""
        if cart.status is not CartStatus.ACTIVE:
            return {}
        held = demand(((line.ticket_type_id, line.quantity) for line in cart.items), self.drawn)
        if cart.discount_id is not None:
            held[self.uses[cart.discount_id]] = 1
        return held


class EditDesk:
    """Changes carts of one event. Several changes of one cart follow each other in the order in which they came."""

    async def serve(
        self, connection: Connection, counter: Counter, asks: Sequence[EditAsk]
    ) -> list[Cart | FoyerError]:
        carts = await lock_carts(connection, counter, [ask.cart_id for ask in asks])
        named = {line.ticket_type_id for ask in asks for line in ask.edit.lines}
        named |= {line.ticket_type_id for cart in carts.values() for line in cart.items}
        types = await read_types(connection, counter, named)
        drawn = await pools_drawn(connection, counter, named)
        codes = await read_discounts(
            connection,
            counter.organization_id,
            ids={cart.discount_id for cart in carts.values() if cart.discount_id},
            codes={ask.edit.code for ask in asks if ask.edit.code},
        )
        wanted = {pool for pools in drawn.values() for pool in pools} | {code.pool_id for code in codes}
        pools = await lock_pools(connection, counter.organization_id, wanted)
        sale = await read_sale(connection, counter)
        if sale is None:
            return [no_cart() for _ in asks]
        book = _Book(sale, types, drawn, codes, {code.id: code.pool_id for code in codes})
        free = {pool.id: pool.free for pool in pools.values()}
        standing = dict(carts)
        moved: dict[UUID, int] = {}
        answers: list[Cart | FoyerError] = []
        for ask in asks:
            before = standing.get(ask.cart_id)
            if before is None:
                answers.append(no_cart())
                continue
            try:
                after = _after(before, ask.edit, book)
                needs = _difference(book.places(before), book.places(after))
                if (short := shortage(needs, free)) is not None:
                    raise _shortage(short, ask.edit.lines, book)
            except FoyerError as refused:
                answers.append(refused)
                continue
            for pool, places in needs.items():
                free[pool] -= places
                moved[pool] = moved.get(pool, 0) + places
            standing[ask.cart_id] = after
            answers.append(after)
        changed = [cart for cart in standing.values() if cart is not carts[cart.id]]
        kept = {cart.id for cart in changed if cart.items is carts[cart.id].items}
        await rewrite_carts(connection, counter, changed, keeping=kept)
        moves = [Move(pool, held=places) for pool, places in moved.items()]
        await move_places(connection, counter.organization_id, moves)
        return answers

    async def recall(
        self, connection: Connection, counter: Counter, asks: Sequence[EditAsk]
    ) -> list[Cart | None]:
        """A change sets and does not add, so it can be made again; only a cart given back cannot be given back twice."""
        found = await carts_by_id(connection, counter, [ask.cart_id for ask in asks])
        ended = {CartStatus.EXPIRED, CartStatus.ABANDONED}
        return [
            cart if ask.edit.releases and (cart := found.get(ask.cart_id)) and cart.status in ended else None
            for ask in asks
        ]


def _after(cart: Cart, edit: CartEdit, book: _Book) -> Cart:
    """The cart after a change.

    Raises:
        FoyerError: the change cannot be made.
    """
    rules.require_live(cart, book.sale.terms, book.sale.now)
    customer = edit.customer or cart.customer
    if edit.releases:
        status = CartStatus.EXPIRED if customer is None else CartStatus.ABANDONED
        rules.CART.require(cart.status, status)
        return structs.replace(cart, status=status, customer=customer, updated_at=book.sale.now)
    # Places are held longer than usual where they were offered to who waited for just these.
    if cart.expires_at - cart.created_at > HOLD and rules.grows(cart, edit.lines):
        raise Conflict(
            said("These places are held for you from the waiting list; reserve more in a cart of its own."),
            field="items",
        )
    priced = rules.edited(cart, edit, book.sale.terms, book.types, book.codes, book.sale.now)
    return repriced(
        structs.replace(cart, customer=customer, updated_at=book.sale.now), priced.lines, priced.discount
    )


def repriced(cart: Cart, lines: Sequence[rules.PricedLine], discount: DiscountTerms | None) -> Cart:
    """The cart with these lines; a line that stays keeps its id."""
    ids = {line.ticket_type_id: line.id for line in cart.items}
    sums = rules.sums(lines)
    return structs.replace(
        cart,
        items=[cart_line(line, ids.get(line.ticket_type_id)) for line in lines],
        subtotal=sums.subtotal,
        discount_amount=sums.discount_amount,
        fees=sums.fees,
        taxes=sums.taxes,
        tax_lines=rules.tax_lines(lines),
        total=sums.total,
        discount_id=discount and discount.id,
        discount_code=discount and discount.code,
    )


def _difference(before: Mapping[UUID, int], after: Mapping[UUID, int]) -> dict[UUID, int]:
    changes = {pool: after.get(pool, 0) - before.get(pool, 0) for pool in {**before, **after}}
    return {pool: places for pool, places in changes.items() if places}


def _shortage(short: Shortage, lines: Sequence[ChosenLine], book: _Book) -> FoyerError:
    if short.pool_id in book.uses.values():
        return CodeExhausted(said("This code was used as often as it can be."), field="discountCode")
    return rules.shortage(short, [line for line in lines if line.quantity], book.types)
