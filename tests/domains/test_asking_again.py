"""What the sweeper carries on with: one conversation that goes wrong does not keep the others waiting."""

from datetime import timedelta

import pytest

from foyer.domains.events.types import TicketTypeDraft
from foyer.domains.orders.types import OrderStatus
from foyer.domains.payments.types import RefundIntent, RefundState
from tests.support.trade import trading

SEAT = TicketTypeDraft(name="Seat", quantity=4, price=1_000)


@pytest.fixture
async def trade(app_url: str):
    async with trading(app_url, clock_offset=timedelta(seconds=1)) as trade:
        yield trade


async def test_refund_that_fails_each_time_does_not_stop_those_after_it(trade, monkeypatch) -> None:
    event = await trade.event(SEAT)
    orders = [
        await trade.buy(event, {event.ticket_types[0].id: 1}, f"{name}@example.org", "sandbox")
        for name in ("first", "second")
    ]
    for order in orders:
        await trade.pay(order.id)
    broken, _ = [await trade.begin_refund(order.id) for order in orders]
    whole = trade.sandbox.refund

    async def refund(intent: RefundIntent) -> RefundState:
        assert intent.key != broken, "nobody has thought of this"
        return await whole(intent)

    monkeypatch.setattr(trade.sandbox, "refund", refund)
    trade.jump(timedelta(minutes=1))
    await trade.sweep()
    found = [(await trade.order(order.id)).status for order in orders]
    assert found == [OrderStatus.CONFIRMED, OrderStatus.REFUNDED]
