"""Who wanted to hear of a sale is told once, however many workers look at the clock."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from foyer.domains.events.types import EventStaff
from foyer.domains.notifications.actions import crowds
from foyer.domains.waiting import desk
from tests.support.trade import Trade, trading
from tests.support.waiting import OPENS_IN, not_yet, remind

READERS = 6
READ_ONLY = """
SELECT c.id, c.email, r.language FROM sale_reminders r JOIN customers c ON c.organization_id = $1 AND c.id = r.customer_id
WHERE r.organization_id = $1 AND r.event_id = $2 AND r.ticket_type_id = $3 ORDER BY r.id LIMIT $4
"""


@pytest.fixture
async def trade(app_url: str) -> AsyncIterator[Trade]:
    async with trading(app_url) as trade:
        yield trade


async def opened(trade: Trade, readers: int) -> EventStaff:
    """An event whose sale has just opened, and of which so many wanted to hear."""
    event = await not_yet(trade.database, trade.organization)
    for number in range(readers):
        await remind(trade.database, trade.organization, event, f"jo{number}@example.org")
    trade.jump(OPENS_IN + timedelta(minutes=1))
    return event


async def tell(trade: Trade, event: EventStaff) -> int:
    """One worker's turn."""
    async with trade.database.write(trade.id) as tx:
        return await crowds.tell_of_sale(tx, event.id, event.ticket_types[0].id)


async def told(trade: Trade) -> list[str]:
    async with trade.database.batch(trade.id) as connection:
        query = "SELECT recipient FROM mail_log WHERE organization_id = $1 AND template = 'sale_opened' ORDER BY recipient"
        return [row[0] for row in await connection.fetch(query, trade.id)]


async def test_workers_at_once_write_to_each_reader_once(trade):
    event = await opened(trade, READERS)

    counts = await asyncio.gather(*(tell(trade, event) for _ in range(4)))

    assert sum(counts) == READERS
    assert await told(trade) == [f"jo{number}@example.org" for number in range(READERS)]


async def test_without_taking_the_rows_a_reader_would_be_written_to_twice(trade, monkeypatch):
    """The control: two workers read the same rows, and one reader gets two mails.

    All is as it is but the taking, and the key by which a mail of this opening is known: that is a second guard of the same.
    """
    event = await opened(trade, 1)
    monkeypatch.setattr(desk, "_TAKE_REMINDERS", READ_ONLY)
    both, write = asyncio.Barrier(2), crowds.want_mail

    async def together(tx, mail):
        await both.wait()
        return await write(tx, mail._replace(once=None))

    monkeypatch.setattr(crowds, "want_mail", together)

    assert await asyncio.gather(tell(trade, event), tell(trade, event)) == [1, 1]
    assert await told(trade) == ["jo0@example.org"] * 2
