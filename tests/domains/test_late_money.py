"""Money that comes after its order was given up: the order stands again where it can, and what went with it counts again."""

from datetime import timedelta

import pytest

from foyer.domains.events.types import TicketTypeDraft
from foyer.domains.orders.types import OrderStatus, PaymentStatus
from tests.simulation.network import Mishap, Network, Unreliable
from tests.support.trade import trading

SEAT = TicketTypeDraft(name="Seat", quantity=2, price=1_000)


@pytest.fixture
def network() -> Network:
    return Network()


@pytest.fixture
async def trade(app_url: str, network: Network):
    async with trading(
        app_url, clock_offset=timedelta(seconds=1), behind=lambda provider: Unreliable(provider, network)
    ) as trade:
        yield trade


async def lapsed_order(trade, *, code: str | None = None):
    """An order of both seats whose time to be paid has passed."""
    event = await trade.event(SEAT, manual_payment_hours=1)
    cart = await trade.reserve(event.id, {event.ticket_types[0].id: 2})
    if code:
        await trade.discount(code, percentage=10.0, max_uses=1, uses_per_customer=1)
        await trade.edit(event.id, cart.id, code=code)
    order = (await trade.place(event.id, cart.id, "late@example.org", "sandbox")).order
    await trade.begin_payment(order.id)
    trade.jump(timedelta(hours=2))
    await trade.sweep()
    assert (await trade.order(order.id)).status is OrderStatus.CANCELLED
    return order


async def test_order_that_comes_back_uses_its_code_again(trade) -> None:
    order = await lapsed_order(trade, code="ONCE")
    await trade.pay(order.id)

    assert (await trade.order(order.id)).status is OrderStatus.CONFIRMED
    assert await trade.audit() == []
    await trade.refund(order.id)
    assert await trade.audit() == []


async def test_payment_after_the_event_goes_back(trade) -> None:
    order = await lapsed_order(trade)
    trade.jump(timedelta(days=60))
    await trade.sweep()
    await trade.pay(order.id)

    found = await trade.order(order.id)
    assert (found.status, found.payment_status) == (OrderStatus.CANCELLED, PaymentStatus.PAID)
    await trade.perform_refund(order.id)
    assert (await trade.order(order.id)).payment_status is PaymentStatus.REFUNDED
    assert await trade.audit() == []


async def test_payment_whose_beginning_was_not_heard_of_is_written_down_when_its_provider_calls(
    trade, network
) -> None:
    event = await trade.event(SEAT, manual_payment_hours=1)
    cart = await trade.reserve(event.id, {event.ticket_types[0].id: 2})
    order = (await trade.place(event.id, cart.id, "late@example.org", "sandbox")).order
    async with trade.database.snapshot(trade.id) as connection:
        key = await connection.fetchval(
            "SELECT id FROM payment_attempts WHERE organization_id = $1", trade.id
        )
    network.plan[key] = Mishap.ANSWER_LOST
    assert await trade.begin_payment(order.id) is None
    trade.jump(timedelta(hours=2))
    await trade.sweep()
    await trade.reserve(event.id, {event.ticket_types[0].id: 1})
    await trade.pay(order.id)

    found = await trade.order(order.id)
    assert (found.status, found.payment_status) == (OrderStatus.CANCELLED, PaymentStatus.PAID)
    assert await trade.audit() == []
    await trade.perform_refund(order.id)
    assert (await trade.order(order.id)).payment_status is PaymentStatus.REFUNDED
    assert [one.status.value for one in trade.sandbox.refunds.values()] == ["succeeded"]
