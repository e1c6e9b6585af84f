"""What staff do with orders: take money, decide, cancel, give back, let people in. Once in a while their request dies halfway."""

from collections.abc import Awaitable, Callable, Mapping

from foyer.domains.checkout import approve_order, erase_customer, refuse_order
from foyer.domains.checkout.types import WantedRefund
from foyer.domains.tickets import scan_ask
from foyer.kernel.actor import Actor, ActorKind
from foyer.kernel.errors import FoyerError
from tests.races.cancelling import cancelled_at
from tests.simulation.outcome import Outcome, Then, did, refused, stands
from tests.simulation.providers import carry_out
from tests.simulation.town import BUYERS, BrokenError, Town
from tests.simulation.view import OrderView

RARELY = 18


async def _ask(
    town: Town,
    order: OrderView,
    what: str,
    work: Callable[[], Awaitable[object]],
    then: Then,
    *,
    must: bool = False,
) -> Outcome:
    """Have something done with an order; when the request dies halfway, it is done or it is not.

    Args:
        town: the town.
        order: which.
        what: in words.
        work: makes the request.
        then: what has to be so when it was done.
        must: nothing speaks against it, so it may not be refused.
    """
    if town.chance(RARELY):
        place = town.dice.randint(1, 14)
        await cancelled_at(work(), place)  # type: ignore[arg-type] # a coroutine
        return did(f"{what}, and die at await {place}", order.id, then=[_done_or_not(order, then)])
    try:
        await work()
    except FoyerError as no:
        if must:
            raise BrokenError(f"{what}: refused with {no.code}, and nothing speaks against it") from no
        return refused(what, no)
    return did(what, order.id, then=[then])


def _done_or_not(order: OrderView, done: Then) -> Then:
    def then(before, after) -> None:
        if after.orders[order.id] != order:
            done(before, after)

    return then


def _tickets(order: OrderView) -> int:
    return sum(line.quantity for line in order.lines)


async def take_money(town: Town) -> Outcome | None:
    order = town.order(lambda one: one.is_open and one.method == "manual" and one.approval != "requested")
    if order is None:
        return None
    is_standing = town.view.events[order.event_id].status != "cancelled"
    must = order.is_open and order.method == "manual" and order.approval != "requested" and is_standing
    then = stands("orders", order.id, status="confirmed", payment="paid", good=_tickets(order))
    what = f"mark {town.call(order.id, 'order')} paid"
    return await _ask(town, order, what, lambda: town.trade.mark_paid(order.id), then, must=must)


async def approve(town: Town) -> Outcome | None:
    order = town.order(lambda one: one.approval == "requested")
    if order is None:
        return None
    trade, owner = town.trade, town.trade.organization.owner

    async def work() -> None:
        async with trade.database.write(trade.id) as tx:
            await approve_order(tx, order.id, actor=owner, providers=trade.providers)

    status, good = ("pending", 0) if order.total else ("confirmed", _tickets(order))
    then = stands("orders", order.id, status=status, approval="approved", good=good)
    must = order.approval == "requested" and town.is_selling(town.evening_of(order.event_id))
    return await _ask(town, order, f"approve {town.call(order.id, 'order')}", work, then, must=must)


async def refuse(town: Town) -> Outcome | None:
    order = town.order(lambda one: one.approval == "requested")
    if order is None:
        return None
    trade, owner = town.trade, town.trade.organization.owner

    async def work() -> None:
        async with trade.database.write(trade.id) as tx:
            await refuse_order(tx, order.id, actor=owner, reason="Full")

    then = stands("orders", order.id, status="cancelled", reason="refused", approval="refused", good=0)
    must = order.approval == "requested"
    return await _ask(town, order, f"refuse {town.call(order.id, 'order')}", work, then, must=must)


async def cancel(town: Town) -> Outcome | None:
    order = town.order(lambda one: one.is_open or (one.status == "confirmed" and not one.total))
    if order is None:
        return None
    then = stands("orders", order.id, status="cancelled", reason="staff", good=0)
    is_free = order.status == "confirmed" and not order.total and not any(line.used for line in order.lines)
    what = f"cancel {town.call(order.id, 'order')}"
    return await _ask(
        town, order, what, lambda: town.trade.cancel(order.id), then, must=order.is_open or is_free
    )


async def refund(town: Town) -> Outcome | None:
    """Give money back, for some tickets or for all; mostly it is carried out at once."""
    order = town.order(lambda one: one.payment in {"paid", "partial_refund"} and one.total > 0)
    if order is None:
        return None
    line, name = town.pick(order.lines), town.call(order.id, "order")
    wanted = (
        [WantedRefund(order_item_id=line.id, quantity=town.dice.randint(1, 3))] if town.chance(60) else None
    )
    what = f"refund {f'{wanted[0].quantity} {town.kind(line.kind_id).name}' if wanted else 'all'} of {name}"
    amount = wanted[0].quantity * line.unit if wanted else order.total - order.refunded

    def begun(before, after) -> None:
        found = after.orders[order.id].open_refund
        if found is None or (found.status, found.amount) != ("pending", amount):
            raise BrokenError(f"{found} was begun, and {amount} goes back")

    must = not wanted and order.payment in {"paid", "partial_refund"} and order.total > 0 and (
        order.open_refund is None or order.open_refund.status == "due"
    )  # fmt: skip
    outcome = await _ask(
        town, order, what, lambda: town.trade.begin_refund(order.id, wanted), begun, must=must
    )
    if outcome.is_refusal or town.chance(30):
        return outcome
    fresh = (await town.look()).orders[order.id]
    return await carry_out(town, fresh, what) if fresh.open_refund else outcome


async def admit(town: Town) -> Outcome | None:
    """A code is typed at the door; of a good ticket it is the first time."""
    order = town.order(lambda one: any(line.valid for line in one.lines))
    if order is None or not order.lines:
        return None
    trade, owner = town.trade, town.trade.organization
    line = town.pick(order.lines)
    async with trade.database.snapshot(trade.id) as connection:
        rows = await connection.fetch(
            "SELECT code, status FROM tickets WHERE organization_id = $1 AND order_item_id = $2 ORDER BY id",
            trade.id,
            line.id,
        )
    if not rows:
        return None
    code, status = town.pick(rows)
    device = Actor(ActorKind.DEVICE, trade.id, owner.device_id, owner.user_id, "Gate", frozenset())
    said = await trade.desks.door.ask(trade.counter(order.event_id), scan_ask(device, code=code))
    is_open = town.view.events[order.event_id].status != "cancelled"
    if (said.result.value == "admitted") is not (status == "valid" and is_open):
        raise BrokenError(f"a {status} ticket is {said.result.value}")
    used = sum(one.used for one in order.lines) + (said.result.value == "admitted")

    def then(before, after) -> None:
        if sum(one.used for one in after.orders[order.id].lines) != used:
            raise BrokenError(f"{used} tickets of the order should be used")

    return did(
        f"a ticket of {town.call(order.id, 'order')} at the door: {said.result.value}", order.id, then=[then]
    )


async def erase(town: Town) -> Outcome | None:
    """A buyer is forgotten: their orders stay as they are, without a name."""
    order = town.order(lambda one: one.email in BUYERS and town.chance(10))
    if order is None:
        return None
    trade, mine = (
        town.trade,
        [one for one in town.view.orders.values() if one.customer_id == order.customer_id],
    )
    what = f"forget {order.email.split('@')[0]}"
    try:
        async with trade.database.write(trade.id) as tx:
            await erase_customer(tx, order.customer_id, actor=trade.organization.owner)
    except FoyerError as no:
        return refused(what, no)

    def then(before, after) -> None:
        for one in mine:
            if after.orders[one.id]._replace(email=one.email) != one:
                raise BrokenError(f"{town.names[one.id]} is another order now")

    return did(what, *(one.id for one in mine), then=[then])


OPERATIONS: Mapping[object, int] = {
    take_money: 8,
    approve: 4,
    refuse: 1,
    cancel: 2,
    refund: 6,
    admit: 4,
    erase: 1,
}

__all__ = ["OPERATIONS"]
