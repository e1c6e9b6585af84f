"""Events that are stopped while money, orders or their own deletion are on the way."""

from datetime import timedelta

import pytest

from foyer.domains.checkout import cancel_event
from foyer.domains.events import delete_event
from foyer.domains.events.types import TicketTypeDraft
from foyer.domains.orders.types import CancelReason, OrderStatus, PaymentStatus
from foyer.kernel.errors import Conflict
from tests.support.trade import trading

SEAT = TicketTypeDraft(name="Seat", quantity=4, price=1_000)


@pytest.fixture
async def trade(app_url: str):
    async with trading(app_url, clock_offset=timedelta(seconds=1)) as trade:
        yield trade


async def call_off(trade, event_id) -> None:
    async with trade.database.write(trade.id) as tx:
        await cancel_event(tx, event_id, actor=trade.organization.owner)


async def test_money_that_comes_after_its_event_was_cancelled_and_before_it_is_wound_up_goes_back(
    trade,
) -> None:
    event = await trade.event(SEAT)
    await trade.discount("ONCE", percentage=10.0, max_uses=1, uses_per_customer=1)
    cart = await trade.reserve(event.id, {event.ticket_types[0].id: 2})
    await trade.edit(event.id, cart.id, code="ONCE")
    order = (await trade.place(event.id, cart.id, "jo@example.org", "sandbox")).order
    await trade.begin_payment(order.id)
    await call_off(trade, event.id)
    await trade.pay(order.id)

    found = await trade.order(order.id)
    assert (found.status, found.payment_status) == (OrderStatus.CANCELLED, PaymentStatus.PAID)
    assert found.cancel_reason is CancelReason.EVENT_CANCELLED
    assert await trade.audit() == []
    await trade.perform_refund(order.id)
    await trade.sweep()
    assert (await trade.order(order.id)).payment_status is PaymentStatus.REFUNDED
    assert [one.status.value for one in trade.sandbox.refunds.values()] == ["succeeded"]
    assert await trade.audit() == []


async def test_staff_take_no_money_for_an_event_that_was_cancelled(trade) -> None:
    event = await trade.event(SEAT)
    order = await trade.buy(event, {event.ticket_types[0].id: 1}, "jo@example.org", "manual")
    await call_off(trade, event.id)
    with pytest.raises(Conflict, match="cancelled"):
        await trade.mark_paid(order.id)

    assert (await trade.order(order.id)).status is OrderStatus.PENDING
    assert await trade.audit() == []


async def test_event_that_is_deleted_before_it_is_wound_up_is_wound_up_all_the_same(trade) -> None:
    event = await trade.event(SEAT)
    await call_off(trade, event.id)
    async with trade.database.write(trade.id) as tx:
        await delete_event(tx, event.id, actor=trade.organization.owner)
    assert await is_due(trade, event.id)

    await trade.sweep()
    assert not await is_due(trade, event.id)


async def is_due(trade, event_id) -> bool:
    """Whether the sweeper still comes by for this event."""
    due = await trade.database.look_up("due_holds", 10_000)
    return event_id in {row[1] for row in due}
