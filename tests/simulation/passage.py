"""Time passes, and the sweeper does what is due: ends carts and orders, winds events up, asks providers again."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta

from foyer.domains.payments.types import Outcome as Said
from tests.simulation.network import Mishap
from tests.simulation.outcome import Outcome, Thing, did, nothing
from tests.simulation.providers import refunded
from tests.simulation.town import BrokenError, Town
from tests.simulation.view import CartView, EventView, OrderView, View

SPANS = (
    *3 * (timedelta(minutes=1),), *3 * (timedelta(minutes=4),), *3 * (timedelta(minutes=9),), *2 * (timedelta(minutes=16),),
    timedelta(hours=3), timedelta(days=1),
)  # fmt: skip
RARELY = 15


async def jump(town: Town) -> Outcome | None:
    """Time passes, and nobody sweeps."""
    span = town.pick(SPANS)
    town.pass_time(span)
    return nothing(f"{span} pass")


async def jump_and_sweep(town: Town) -> Outcome | None:
    span = town.pick(SPANS)
    town.pass_time(span)
    outcome = await sweep(town)
    return outcome._replace(text=f"{span} pass; {outcome.text}")


async def sweep(town: Town) -> Outcome:
    """One sweeper, or two at once; on their way to providers something may go wrong."""
    sweepers = 2 if town.chance(25) else 1
    network = town.network
    network.plan.clear()
    network.happened.clear()
    for key in _asked(town) if sweepers == 1 else ():
        if town.chance(RARELY):
            network.plan[key] = town.pick(list(Mishap))
    await asyncio.gather(*(town.trade.sweep() for _ in range(sweepers)))
    network.plan.clear()
    died = any("die" in mishap for mishap in network.happened)
    what = f"{'two sweepers' if sweepers == 2 else 'the sweeper'}, {len(network.happened)} mishaps"
    then = () if died else (lambda _, after: _nothing_is_left(town, after),)
    return did(what, then=then)._replace(excuses=lambda was, now: _is_due(town, was, now))


def _asked(town: Town) -> list:
    """Keys of everything that a sweeper may ask a provider for, in the order in which it came about."""
    return [
        one.id
        for order in town.view.orders.values()
        for one in (*order.attempts, *order.refunds)
        if one.status in {"created", "pending"}
    ]


def _nothing_is_left(town: Town, after: View) -> None:
    """After a round nothing is there whose time has passed."""
    for cart in after.carts.values():
        if cart.status == "active" and (
            cart.expires_at <= town.now or after.events[cart.event_id].status == "cancelled"
        ):
            raise BrokenError(f"{town.names.get(cart.id)} is over, and still holds its places")
    for order in after.orders.values():
        if order.is_open and (
            order.expires_at <= town.now or after.events[order.event_id].status == "cancelled"
        ):
            raise BrokenError(f"{town.names.get(order.id)} is over, and still holds its places")
    for evening in town.evenings:
        if after.events[evening.id].status == "published" and evening.ends_at <= town.now:
            raise BrokenError(f"{evening.name} is over, and not completed")


def _is_due(town: Town, was: Thing | None, now: Thing | None) -> bool:
    """Whether the sweeper may have done this."""
    match was, now:
        case CartView(), CartView():
            over = was.expires_at <= town.now or town.view.events[was.event_id].status == "cancelled"
            return (
                was.status == "active"
                and over
                and now == was._replace(status=now.status)
                and now.status in {"expired", "abandoned"}
            )
        case OrderView(), OrderView():
            return _is_due_order(town, was, now)
        case EventView(), EventView():
            return (was.status, now.status) == ("published", "completed") or now == was._replace(
                is_wound_up=True
            )
        case _:
            return False


def _is_due_order(town: Town, was: OrderView, now: OrderView) -> bool:
    is_called_off = town.view.events[was.event_id].status == "cancelled"
    if was.is_open and now.status == "cancelled":
        is_due = (
            was.expires_at <= town.now
            if now.reason == "unpaid"
            else now.reason == "event_cancelled" and is_called_off
        )
        return is_due and now.good == 0
    if was.is_open and now.status == "confirmed":
        count = sum(line.quantity for line in was.lines)
        return _has_paid(town, was) and now.good == count and now.payment == "paid" and not is_called_off
    done = [one for one in now.refunds if one.status == "completed" and one not in was.refunds]
    if done:
        (before,) = [one for one in was.refunds if one.id == done[0].id]
        refunded(was, before, "completed")(town.view, town.view._replace(orders={was.id: now}))
        return before.status == "pending"
    # Without that only attempts and refunds may say something new; a refund that is new is one that is due.
    fresh = [one for one in now.refunds if one.id not in {old.id for old in was.refunds}]
    is_owed = not fresh or (is_called_off and [one.status for one in fresh] == ["due"])
    return is_owed and now == was._replace(attempts=now.attempts, refunds=now.refunds)


def _has_paid(town: Town, order: OrderView) -> bool:
    charges = town.trade.sandbox.charges.values()
    return any(one.intent.order_id == order.id and one.status is Said.SUCCEEDED for one in charges)


OPERATIONS: Mapping[object, int] = {jump: 3, jump_and_sweep: 8, sweep: 2}

__all__ = ["OPERATIONS", "sweep"]
