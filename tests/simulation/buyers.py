"""What buyers do: take places, change their minds, order, give up."""

import asyncio
from collections.abc import Mapping
from uuid import UUID

from foyer.domains.orders.types import CancelReason
from foyer.kernel.errors import CodeExhausted, FoyerError, SoldOut
from tests.simulation.outcome import Outcome, did, nothing, refused, stands
from tests.simulation.providers import begin
from tests.simulation.town import BUYERS, BrokenError, Evening, Town
from tests.simulation.view import CartView


async def reserve(town: Town) -> Outcome | None:
    evening = town.evening()
    wanted = _wish(town, evening)
    what = f"reserve {town.said(wanted.items())}"
    fits = town.fits(wanted, town.all_free())
    try:
        cart = await town.trade.reserve(evening.id, wanted)
    except FoyerError as no:
        if fits and isinstance(no, SoldOut):
            raise BrokenError(f"{what}: told to be sold out, and is free") from no
        return refused(what, no)
    if not fits:
        raise BrokenError(f"{what}: given, and was not free")
    name = town.call(cart.id, "cart")
    lines = tuple(sorted(wanted.items()))
    told = stands(
        "carts", cart.id, status="active", total=cart.total, lines=lines, expires_at=cart.expires_at
    )
    return did(f"{what}: {name}, {cart.total}", cart.id, then=[told])


def _wish(town: Town, evening: Evening) -> dict[UUID, int]:
    offered = town.on_offer(evening)
    kinds = town.dice.sample(offered, min(len(offered), town.dice.choice((1, 1, 2))))
    return {kind.id: town.dice.choice((1, 1, 2, 2, 3, 4)) for kind in kinds}


async def crowd(town: Town) -> Outcome | None:
    """Many at once at one desk: served in the order in which they came, each all or nothing."""
    evening = town.evening()
    wishes = [_wish(town, evening) for _ in range(town.dice.randint(3, 9))]
    answers = await asyncio.gather(
        *(town.trade.reserve(evening.id, wish) for wish in wishes), return_exceptions=True
    )
    free = town.all_free()
    said, made = [], []
    for wish, answer in zip(wishes, answers, strict=True):
        if isinstance(answer, FoyerError) and not isinstance(answer, SoldOut):
            said.append(answer.code)
            continue
        if isinstance(answer, BaseException) and not isinstance(answer, FoyerError):
            raise answer
        fits = town.fits(wish, free)
        if fits is isinstance(answer, SoldOut):
            raise BrokenError(f"{town.said(wish.items())} in a crowd: {answer!r}, and free is {fits}")
        said.append("sold_out" if isinstance(answer, FoyerError) else town.call(answer.id, "cart"))
        if not isinstance(answer, FoyerError):
            made.append(answer)
    told = [stands("carts", cart.id, status="active", total=cart.total) for cart in made]
    what = f"a crowd reserves {'; '.join(town.said(wish.items()) for wish in wishes)}: {', '.join(said)}"
    return did(what, *(cart.id for cart in made), then=told)


async def change(town: Town) -> Outcome | None:
    """Another quantity of one kind in a cart."""
    cart = town.cart(_is_active)
    if cart is None:
        return None
    kind, count = (
        town.pick(town.on_offer(town.evening_of(cart.event_id))),
        town.dice.choice((0, 0, 1, 2, 3, 6)),
    )
    before = dict(cart.lines)
    what = f"make it {count} {kind.name} in {town.call(cart.id, 'cart')}"
    fits = town.fits({kind.id: count - before.get(kind.id, 0)}, town.all_free())
    try:
        answer = await town.trade.edit(cart.event_id, cart.id, {kind.id: count})
    except FoyerError as no:
        if fits and isinstance(no, SoldOut):
            raise BrokenError(f"{what}: told to be sold out, and is free") from no
        return refused(what, no)
    if not fits:
        raise BrokenError(f"{what}: given, and was not free")
    lines = tuple(sorted((one, many) for one, many in {**before, kind.id: count}.items() if many))
    told = stands(
        "carts",
        cart.id,
        lines=lines,
        total=answer.total,
        code_id=answer.discount_id,
        expires_at=cart.expires_at,
    )
    return did(f"{what}: {answer.total}", cart.id, then=[told])


def _is_active(cart: CartView) -> bool:
    return cart.status == "active"


async def enter_code(town: Town) -> Outcome | None:
    cart = town.cart(lambda one: _is_active(one) and one.total > 0)
    if cart is None or not town.codes:
        return None
    live = [one for one in town.codes if not one.is_gone]
    code = town.pick(live if live and not town.chance(5) else town.codes)
    what = f"enter {code.code} in {town.call(cart.id, 'cart')}"
    is_free = town.view.pools[town.view.codes[code.id]].free > 0 or cart.code_id == code.id
    try:
        answer = await town.trade.edit(cart.event_id, cart.id, code=code.code)
    except FoyerError as no:
        if is_free and isinstance(no, CodeExhausted):
            raise BrokenError(f"{what}: told to be used up, and is not") from no
        return refused(what, no)
    if code.is_gone or not is_free:
        raise BrokenError(f"{what}: taken, and is used up or deleted")
    told = stands("carts", cart.id, lines=cart.lines, code_id=code.id, total=answer.total)
    return did(f"{what}: {answer.total}", cart.id, then=[told])


async def drop_code(town: Town) -> Outcome | None:
    cart = town.cart(lambda one: _is_active(one) and one.code_id is not None)
    if cart is None:
        return None
    what = f"take the code off {town.call(cart.id, 'cart')}"
    try:
        answer = await town.trade.edit(cart.event_id, cart.id, drops_code=True)
    except FoyerError as no:
        return refused(what, no)
    told = stands("carts", cart.id, lines=cart.lines, code_id=None, total=answer.total)
    return did(f"{what}: {answer.total}", cart.id, then=[told])


async def give_back(town: Town) -> Outcome | None:
    cart = town.cart(_is_active)
    if cart is None:
        return None
    what = f"give {town.call(cart.id, 'cart')} back"
    try:
        answer = await town.trade.edit(cart.event_id, cart.id, releases=True)
    except FoyerError as no:
        return refused(what, no)
    return did(what, cart.id, then=[stands("carts", cart.id, status=answer.status.value, lines=cart.lines)])


async def place(town: Town) -> Outcome | None:
    """Order what is in a cart; once in a while twice at the same moment."""
    cart = town.cart(lambda one: _is_active(one) and bool(one.lines))
    if cart is None:
        return None
    email, method = town.pick(BUYERS), _method(town, cart)
    what = f"{email.split('@')[0]} orders {town.call(cart.id, 'cart')} by {method}"
    asks = [
        town.trade.place(cart.event_id, cart.id, email, method) for _ in range(2 if town.chance(10) else 1)
    ]
    answers = await asyncio.gather(*asks, return_exceptions=True)
    if len({getattr(one, "order", one).id for one in answers if not isinstance(one, BaseException)}) > 1:
        raise BrokenError(f"{what}: two orders of one cart")
    if isinstance(answer := answers[0], BaseException):
        if not isinstance(answer, FoyerError):
            raise answer
        return _not_placed(town, cart, what, method, answer)
    order = answer.order
    if not answer.is_new:
        return nothing(f"{what}: it is {town.call(order.id, 'order')} already")
    if order.total != cart.total:
        raise BrokenError(f"{what}: costs {order.total}, and {cart.total} was shown")
    name = town.call(order.id, "order")
    count = sum(quantity for _, quantity in cart.lines)
    good = count if order.status.value == "confirmed" else 0
    told = [
        stands("orders", order.id, status=order.status.value, total=cart.total, good=good, code_id=cart.code_id, email=email),
        stands("carts", cart.id, status="converted"),
    ]  # fmt: skip
    said = f"{what}: {name}, {order.status.value}, {order.total}"
    if order.payment_method != "sandbox" or order.approval is not None:
        return did(said, order.id, cart.id, then=told)
    paying = await begin(town, order.id)
    return did(f"{said}; {paying}", order.id, cart.id, then=told)


def _method(town: Town, cart: CartView) -> str:
    if town.chance(3):
        return town.pick(("free", "manual", "sandbox"))
    return town.pick(("manual", "sandbox")) if cart.total else "free"


def _not_placed(town: Town, cart: CartView, what: str, method: str, no: FoyerError) -> Outcome:
    is_fine = (
        _is_active(cart) and cart.expires_at > town.now and cart.lines and (cart.total == 0 or method != "free")
        and town.is_selling(town.evening_of(cart.event_id))
    )  # fmt: skip
    if not isinstance(no, CodeExhausted):
        if is_fine:
            raise BrokenError(f"{what}: refused with {no.code}, and nothing speaks against it") from no
        return refused(what, no)
    told = stands("carts", cart.id, status="active", lines=cart.lines, code_id=None)
    return did(f"{what}: no, {no.code}", cart.id, then=[told])


async def leave_while_placing(town: Town) -> Outcome | None:
    """The buyer is gone before the batch takes the order, or after; then nobody hears of it, and it stands all the same."""
    cart = town.cart(lambda one: _is_active(one) and bool(one.lines))
    if cart is None:
        return None
    is_late = town.chance(60)
    what = f"order {town.call(cart.id, 'cart')} and leave {'in between' if is_late else 'at once'}"
    clerk = town.trade.desks.place
    batches = clerk.tally.batches
    method = "manual" if cart.total else "free"
    task = asyncio.create_task(town.trade.place(cart.event_id, cart.id, town.pick(BUYERS), method))
    await asyncio.sleep(0)
    while is_late and clerk.tally.batches == batches and not task.done():  # noqa: ASYNC110 - the clerk tells nobody
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task, *(lane.task for lane in clerk._lanes if lane.task)])
    if not is_late:
        return nothing(what)
    after = await town.look()
    made = [one for one in after.orders.values() if one.cart_id == cart.id and one.id not in town.view.orders]
    names = [town.call(one.id, "order") for one in made]
    return did(f"{what}: {', '.join(names) or 'nothing'}", cart.id, *(one.id for one in made))


async def give_up(town: Town) -> Outcome | None:
    """A buyer gives up an order that waits."""
    order = town.order(lambda one: one.is_open)
    if order is None:
        return None
    what = f"give {town.call(order.id, 'order')} up"
    try:
        await town.trade.cancel(order.id, CancelReason.BUYER)
    except FoyerError as no:
        if order.is_open:
            raise BrokenError(f"{what}: refused with {no.code}, and it was waiting") from no
        return refused(what, no)
    return did(what, order.id, then=[stands("orders", order.id, status="cancelled", reason="buyer", good=0)])


OPERATIONS: Mapping[object, int] = {
    reserve: 15, crowd: 3, change: 6, enter_code: 13, drop_code: 1, give_back: 3, place: 16, leave_while_placing: 2, give_up: 2,
}  # fmt: skip

__all__ = ["OPERATIONS"]
