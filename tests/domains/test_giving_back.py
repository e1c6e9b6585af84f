"""What staff decide over an order: which tickets go back, an amount for goodwill, and whose order it is."""

import pytest

from foyer.domains.checkout import begin_refund
from foyer.domains.checkout.types import Goodwill, NamedTickets
from foyer.domains.events.types import TicketTypeDraft
from foyer.domains.orders import change_buyer, order_for_staff
from foyer.domains.orders.types import OrderStatus, PaymentStatus
from foyer.domains.tickets import tickets_for_staff
from foyer.domains.tickets.types import TicketStatus
from foyer.kernel.errors import Conflict, Invalid
from tests.support.trade import trading

SEAT = TicketTypeDraft(name="Seat", quantity=9, price=1_000)


@pytest.fixture
async def trade(app_url: str):
    async with trading(app_url) as trade:
        yield trade
        assert await trade.audit() == []


async def bought(trade, count=3, **more):
    event = await trade.event(SEAT)
    order = await trade.buy(event, {event.ticket_types[0].id: count}, "jo@example.org", "manual")
    await trade.mark_paid(order.id)
    return order


async def tickets(trade, order):
    async with trade.database.read(trade.id) as tx:
        return await tickets_for_staff(tx, order.id)


async def give_back(trade, order, wanted):
    async with trade.database.write(trade.id) as tx:
        await begin_refund(tx, order.id, wanted, actor=trade.organization.owner, reason=None)
    await trade.perform_refund(order.id)


async def test_the_named_ticket_ends_and_no_other(trade):
    order = await bought(trade)
    named = (await tickets(trade, order))[1]
    await give_back(trade, order, NamedTickets(tickets=(named.id,)))

    ended = [one.id for one in await tickets(trade, order) if one.status is TicketStatus.REFUNDED]
    assert ended == [named.id]
    assert (await trade.order(order.id)).refunded_amount == 1_000


async def test_tickets_that_ended_or_are_of_another_order_cannot_be_named(trade):
    order, other = await bought(trade), await bought(trade)
    first, second, _ = await tickets(trade, order)
    await give_back(trade, order, NamedTickets(tickets=(first.id,)))
    strange = (await tickets(trade, other))[0]
    for named in ((), (first.id,), (strange.id,), (second.id, second.id)):
        with pytest.raises(Invalid) as refused:
            await give_back(trade, order, NamedTickets(tickets=named))
        assert refused.value.field == "tickets"

    assert (await trade.order(order.id)).refunded_amount == 1_000
    assert (await trade.order(other.id)).refunded_amount == 0


async def test_amount_goes_back_while_all_tickets_stay_good(trade):
    order = await bought(trade)
    await give_back(trade, order, Goodwill(amount=2_500))

    after = await trade.order(order.id)
    assert (after.status, after.payment_status) == (OrderStatus.PARTIAL_REFUND, PaymentStatus.PARTIAL_REFUND)
    assert {one.status for one in await tickets(trade, order)} == {TicketStatus.VALID}
    for amount in (0, -1, 501):
        with pytest.raises(Invalid) as refused:
            await give_back(trade, order, Goodwill(amount=amount))
        assert refused.value.field == "amount"
    assert await trade.audit() == []

    await give_back(trade, order, None)
    whole = await trade.order(order.id)
    assert (whole.refunded_amount, whole.status) == (3_000, OrderStatus.REFUNDED)
    assert {one.status for one in await tickets(trade, order)} == {TicketStatus.REFUNDED}


async def test_order_goes_to_another_address_with_the_uses_of_its_code(trade):
    event = await trade.event(SEAT)
    await trade.discount("ONCE", percentage=10.0, uses_per_customer=1)

    async def with_code(email):
        cart = await trade.reserve(event.id, {event.ticket_types[0].id: 1})
        await trade.edit(event.id, cart.id, code="ONCE")
        return (await trade.place(event.id, cart.id, email, "manual")).order

    order = await with_code("typo@example.org")
    async with trade.database.write(trade.id) as tx:
        assert await change_buyer(tx, order.id, " Right@Example.ORG ", actor=trade.organization.owner)
    async with trade.database.read(trade.id) as tx:
        after = await order_for_staff(tx, order.id)

    assert after.customer.email == "Right@example.org"
    assert (after.generation, after.customer.first_name) == (order.generation + 1, "Jo")
    assert (await with_code("typo@example.org")).discount_code == "ONCE"
    with pytest.raises(Conflict):
        await with_code("right@example.org")


async def test_address_that_is_none_or_the_same_changes_nothing(trade):
    order = await bought(trade, 1)
    async with trade.database.write(trade.id) as tx:
        with pytest.raises(Invalid) as refused:
            await change_buyer(tx, order.id, "nobody", actor=trade.organization.owner)
        assert refused.value.field == "email"
        assert not await change_buyer(tx, order.id, "jo@example.org", actor=trade.organization.owner)

    after = await trade.order(order.id)
    assert (after.generation, after.customer) == (1, order.customer)
