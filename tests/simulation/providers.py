"""What happens at providers and on the way to them: buyers pay there, or not, and we hear of it, or not."""

from collections.abc import Callable, Mapping
from uuid import UUID

from foyer.domains.payments.types import Outcome as Said
from tests.simulation.network import CrashError, Mishap
from tests.simulation.outcome import Outcome, Then, did, nothing, stands
from tests.simulation.town import BrokenError, Town
from tests.simulation.view import OrderView, RefundView
from tests.support.sandbox import Charge

RARELY = 20


async def begin(town: Town, order_id: UUID) -> str:
    """Ask the provider to begin the payment of an order that was just placed; what came of it, in words."""
    (attempt,) = (await town.look()).orders[order_id].attempts
    _plan(town, attempt.id)
    try:
        state = await town.trade.begin_payment(order_id)
    except CrashError as died:
        return str(died)
    return f"the payment is {state.status.value}" if state else "no answer from the provider"


def _plan(town: Town, key: UUID) -> None:
    if town.chance(RARELY):
        town.network.plan[key] = town.pick(list(Mishap))


async def pay(town: Town) -> Outcome | None:
    """A buyer pays, and the provider calls us, or tries to."""
    return await _at_provider(town, "pays", town.trade.sandbox.pay)


async def decline(town: Town) -> Outcome | None:
    return await _at_provider(town, "is declined", town.trade.sandbox.decline)


async def _at_provider(town: Town, verb: str, act: Callable[[str], None]) -> Outcome | None:
    waiting = [one for one in town.trade.sandbox.charges.values() if one.status is Said.PENDING]
    if not waiting:
        return None
    late = [one for one in waiting if town.view.orders[one.intent.order_id].status == "cancelled"]
    charge = town.pick(late if late and town.chance(40) else waiting)
    act(charge.reference)
    what = f"the buyer of {town.call(charge.intent.order_id, 'order')} {verb}"
    if town.chance(30):
        return nothing(f"{what}, and nobody calls")
    return await _hear(town, charge, what)


async def call_again(town: Town) -> Outcome | None:
    """The provider calls about a payment, however old, once more."""
    charges = list(town.trade.sandbox.charges.values())
    if not charges:
        return None
    charge = town.pick(charges)
    what = f"a call about {town.call(charge.intent.order_id, 'order')}, which is {charge.status.value}"
    return await _hear(town, charge, what)


async def _hear(town: Town, charge: Charge, what: str) -> Outcome:
    """We ask what has become of a payment, and write it down."""
    order = town.view.orders[charge.intent.order_id]
    attempt = next(one for one in order.attempts if one.id == charge.intent.key)
    town.network.happened.clear()
    _plan(town, attempt.id)
    try:
        state = await town.trade.follow_up(order.id, attempt.id)
    except CrashError as died:
        return nothing(f"{what}: {died}")
    if state is None:
        return nothing(f"{what}: nothing is heard")
    then = recorded(town, order, charge)
    return did(f"{what}: {then.__doc__}", order.id, then=[then])


def recorded(town: Town, order: OrderView, charge: Charge) -> Then:
    """What an order has to be once it is written down what its provider says."""
    if charge.status is not Said.SUCCEEDED or any(one.status == "succeeded" for one in order.attempts):
        return _named(
            stands("orders", order.id, status=order.status, payment=order.payment, good=order.good),
            "as before",
        )
    count = sum(line.quantity for line in order.lines)
    confirmed = stands("orders", order.id, status="confirmed", payment="paid", reason=None, good=count)
    is_off = town.view.events[order.event_id].status == "cancelled"
    if order.is_open:
        return _named(_owed(order), "called off, it goes back") if is_off else _named(confirmed, "confirmed")
    is_selling = town.is_selling(town.evening_of(order.event_id))
    if order.reason == "unpaid" and is_selling and _fits_again(town, order):
        return _named(confirmed, "confirmed after all")
    return _named(_owed(order), "too late, it goes back")


def _named(then: Then, words: str) -> Then:
    then.__doc__ = words
    return then


def _fits_again(town: Town, order: OrderView) -> bool:
    free = town.all_free()
    wanted: dict[UUID, int] = {}
    for line in order.lines:
        wanted[line.kind_id] = wanted.get(line.kind_id, 0) + line.quantity
    return town.fits(wanted, free) and (order.code_id is None or free[town.view.codes[order.code_id]] > 0)


def _owed(order: OrderView) -> Then:
    """The order stays cancelled, and a refund of everything is under way."""

    def then(before, after) -> None:
        stands("orders", order.id, status="cancelled", payment="paid", good=0)(before, after)
        refund = after.orders[order.id].open_refund
        if refund is None or (refund.status, refund.amount) != ("pending", order.total):
            raise BrokenError(f"the late payment is not on its way back: {refund}")

    return then


async def perform(town: Town) -> Outcome | None:
    """A refund that was begun is carried out."""
    order = town.order(lambda one: one.open_refund is not None and one.open_refund.status == "pending")
    if order is None:
        return None
    return await carry_out(town, order, f"carry out the refund of {town.call(order.id, 'order')}")


async def carry_out(town: Town, order: OrderView, what: str) -> Outcome:
    """Perform the pending refund of an order, if it has one."""
    refund = order.open_refund
    if refund is not None:
        _plan(town, refund.id)
    try:
        state = await town.trade.perform_refund(order.id)
    except CrashError as died:
        return did(
            f"{what}: {died}",
            order.id,
            then=[stands("orders", order.id, refunds=order.refunds, status=order.status)],
        )
    if state is None or refund is None:
        return did(
            f"{what}: nothing is heard", order.id, then=[stands("orders", order.id, refunds=order.refunds)]
        )
    said = {Said.SUCCEEDED: "completed", Said.FAILED: "failed", Said.PENDING: "pending"}[state.status]
    return did(f"{what}: {said}", order.id, then=[refunded(order, refund, said)])


def refunded(order: OrderView, refund: RefundView, said: str) -> Then:
    """What an order has to be after its provider has said this of a refund."""
    if said != "completed":
        return stands(
            "orders",
            order.id,
            status=order.status,
            payment=order.payment,
            refunded=order.refunded,
            good=order.good,
        )
    back = order.refunded + refund.amount
    payment = "refunded" if back == order.total else "partial_refund"
    if order.status == "cancelled":
        return stands("orders", order.id, status="cancelled", payment=payment, refunded=back, good=0)
    good = order.good - sum(count for _, count in refund.parts)
    status = "partial_refund" if good else "refunded"
    return stands("orders", order.id, status=status, payment=payment, refunded=back, good=good)


async def end_refund(town: Town) -> Outcome | None:
    """A slow refund reaches the buyer, or comes back; we hear of it when we ask."""
    slow = [key for key, one in town.trade.sandbox.refunds.items() if one.status is Said.PENDING]
    if not slow:
        return None
    key = town.pick(slow)
    is_good = town.chance(75)
    (town.trade.sandbox.finish_refund if is_good else town.trade.sandbox.fail_refund)(key)
    return nothing(f"a slow refund {'arrives' if is_good else 'comes back'}")


OPERATIONS: Mapping[object, int] = {pay: 9, decline: 2, call_again: 4, perform: 4, end_refund: 2}

__all__ = ["OPERATIONS", "begin", "carry_out", "recorded", "refunded"]
