"""Orders that end by themselves: not paid in time, or of an event that does not take place."""

from typing import Final

from foyer.domains.carts import lapse_due
from foyer.domains.checkout.desk.record import CALLED_OFF, Owed, owe
from foyer.domains.checkout.desk.settle import drop
from foyer.domains.events import called_off, mark_wound_up, read_sale
from foyer.domains.orders import lock_next
from foyer.domains.orders.types import CancelReason
from foyer.domains.payments.types import RefundStatus
from foyer.infra.batching import Counter
from foyer.infra.db.engine import Connection
from foyer.kernel.actor import system

DROP_MAX: Final = 500

_DUE = "o.status = 'pending' AND o.expires_at <= foyer_now()"
_WAITING = "o.status = 'pending'"
_OWED = """o.status IN ('confirmed', 'partial_refund') AND o.total > o.refunded_amount AND NOT EXISTS (
  SELECT FROM refunds r WHERE r.organization_id = $1 AND r.order_id = o.id AND r.status IN ('due', 'pending'))"""
_LEFT = """
SELECT EXISTS (SELECT FROM carts WHERE organization_id = $1 AND event_id = $2 AND status = 'active')
  OR EXISTS (SELECT FROM orders WHERE organization_id = $1 AND event_id = $2 AND status = 'pending')
  OR EXISTS (
    SELECT FROM orders o WHERE o.organization_id = $1 AND o.event_id = $2 AND o.status IN ('confirmed', 'partial_refund')
      AND o.total > o.refunded_amount AND NOT EXISTS (
        SELECT FROM refunds r WHERE r.organization_id = $1 AND r.order_id = o.id AND r.status = 'due'))
"""


async def lapse_orders(connection: Connection, counter: Counter) -> int:
    """Cancel orders whose time has passed, at most `DROP_MAX` at once; returns how many."""
    due = await lock_next(connection, counter, _DUE, DROP_MAX)
    if due:
        sale = await read_sale(connection, counter)
        assert sale is not None, "an event with orders is not deleted"
        orders = [one.order for one in due]
        actor = system(counter.organization_id)
        await drop(connection, counter, orders, CancelReason.UNPAID, actor=actor, now=sale.now)
    return len(due)


async def wind_up(connection: Connection, counter: Counter) -> bool:
    """One step of clearing up after a cancelled event; whether another one can follow at once.

    Carts end, pending orders are cancelled, and what was paid becomes due to be refunded, a few hundred at a time and each in a
    transaction of its own, for the locks of one come before those of the next. Tickets stay as they are: the door asks the
    event.
    """
    now = await called_off(connection, counter)
    if now is None:
        return False
    actor = system(counter.organization_id)
    if await lapse_due(connection, counter, even_live=True):
        return True
    if waiting := await lock_next(connection, counter, _WAITING, DROP_MAX):
        orders = [one.order for one in waiting]
        await drop(connection, counter, orders, CancelReason.EVENT_CANCELLED, actor=actor, now=now)
        return True
    if owed := await lock_next(connection, counter, _OWED, DROP_MAX):
        due = [Owed(one.order, CALLED_OFF) for one in owed]
        await owe(connection, counter, due, status=RefundStatus.DUE, actor=actor, now=now)
        return True
    if not await connection.fetchval(_LEFT, *counter):
        await mark_wound_up(connection, counter)
    return False
