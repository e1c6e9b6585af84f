"""Who waits at the gate of an event keeps nothing that batches wait for.

A batch is through the gate already. Were the other one to wait behind somebody who waits for the batch, all three would wait.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator

import pytest

from foyer.domains.carts import lapse_due
from foyer.domains.events import draw_together
from foyer.domains.events.types import TicketTypeDraft
from tests.races.test_membership import Gate
from tests.support.trade import Trade, trading

SEAT = TicketTypeDraft(name="Seat", quantity=10, price=1_000)


@pytest.fixture
async def trade(app_url: str) -> AsyncIterator[Trade]:
    async with trading(app_url) as trade:
        yield trade


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """Stops whoever asks to be let through by itself; batches ask as they begin."""
    gate = Gate()

    async def stopping(*given):
        await gate()
        return await draw_together(*given)

    for name, module in list(sys.modules.items()):
        if name.startswith("foyer.domains.") and vars(module).get("draw_together") is draw_together:
            monkeypatch.setattr(module, "draw_together", stopping)
    yield gate
    gate.opened.set()


async def test_cart_that_lapses_can_still_be_given_back_by_its_buyer(trade, gate) -> None:
    event = await trade.event(SEAT)
    cart = await trade.reserve(event.id, {event.ticket_types[0].id: 2})

    async def lapse() -> int:
        async with trade.database.batch(trade.id) as connection:
            return await lapse_due(connection, trade.counter(event.id), even_live=True)

    lapsing = asyncio.create_task(lapse())
    await gate.reached.wait()
    await trade.edit(event.id, cart.id, releases=True)
    gate.opened.set()

    assert await lapsing == 0
    assert await trade.audit() == []


async def test_buyer_whose_code_comes_back_can_use_it_meanwhile(trade, gate) -> None:
    event = await trade.event(SEAT)
    await trade.discount("AGAIN", percentage=10.0)
    carts = [await trade.reserve(event.id, {event.ticket_types[0].id: 1}) for _ in range(2)]
    for cart in carts:
        await trade.edit(event.id, cart.id, code="AGAIN")
    order = (await trade.place(event.id, carts[0].id, "jo@example.org", "manual")).order
    ending = asyncio.create_task(trade.cancel(order.id))
    await gate.reached.wait()
    await trade.place(event.id, carts[1].id, "jo@example.org", "manual")
    gate.opened.set()
    await ending

    assert await trade.audit() == []
