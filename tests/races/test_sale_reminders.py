"""Who wanted to hear of a sale is told once, however many workers look at the clock; and erasing them meanwhile collides with none."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from foyer.domains.checkout import cancel_event, erase_customer
from foyer.domains.events.types import EventStaff
from foyer.domains.notifications.actions import crowds
from foyer.domains.waiting import desk
from foyer.kernel.errors import Busy
from tests.support.trade import Trade, trading
from tests.support.waiting import OPENS_IN, not_yet, remind

READERS = 6
READ_ONLY = """
SELECT c.id, c.email, r.language FROM sale_reminders r JOIN customers c ON c.organization_id = $1 AND c.id = r.customer_id
WHERE r.organization_id = $1 AND r.event_id = $2 AND r.customer_id = ANY($3) AND r.ticket_type_id = $4
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


async def tell_of_end(trade: Trade, event: EventStaff) -> int:
    """One worker's turn at those whom a cancelled event leaves behind."""
    async with trade.database.write(trade.id) as tx:
        return await crowds._tell_line(tx, event.id)


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


async def told_while_erased(trade: Trade, owner, tell, monkeypatch) -> list[object]:
    """What comes of a worker that has taken a reader and of who erases that reader, who waits for the worker by then."""
    event = await opened(trade, 1)
    reader = "SELECT customer_id FROM sale_reminders WHERE organization_id = $1"
    customer_id = await owner.fetchval(reader, trade.id)
    if tell is tell_of_end:
        async with trade.database.write(trade.id) as tx:
            await cancel_event(tx, event.id, actor=trade.organization.owner)
    taking: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    goes_on, write = asyncio.Event(), crowds.want_mail

    async def at_leisure(tx, mail):
        taking.set_result(await (await tx.desk()).fetchval("SELECT pg_backend_pid()"))
        await goes_on.wait()
        return await write(tx, mail)

    monkeypatch.setattr(crowds, "want_mail", at_leisure)

    async def erase() -> None:
        async with trade.database.write(trade.id) as tx:
            await erase_customer(tx, customer_id, actor=trade.organization.owner)

    telling = asyncio.create_task(tell(trade, event))
    worker = await taking
    erasing = asyncio.create_task(erase())
    waits = "SELECT count(*) FROM pg_locks WHERE NOT granted AND $1 = ANY(pg_blocking_pids(pid))"
    while not await owner.fetchval(waits, worker):
        assert not erasing.done()
        await asyncio.sleep(0.01)
    goes_on.set()
    return await asyncio.gather(telling, erasing, return_exceptions=True)


@pytest.mark.parametrize("tell", [tell, tell_of_end])
async def test_who_is_erased_while_they_are_told_is_told_and_then_forgotten(trade, owner, monkeypatch, tell):
    assert await told_while_erased(trade, owner, tell, monkeypatch) == [1, None]

    assert await owner.fetchval("SELECT count(*) FROM mail_log WHERE organization_id = $1", trade.id) == 1
    assert (
        await owner.fetchval("SELECT count(*) FROM sale_reminders WHERE organization_id = $1", trade.id) == 0
    )


@pytest.mark.parametrize(("tell", "query"), [(tell, "_REMINDED"), (tell_of_end, "_HOPEFUL")])
async def test_without_locking_the_reader_first_one_of_the_two_is_sent_away(
    trade, owner, monkeypatch, tell, query
):
    """The control: the worker has the reminder and wants the reader, whoever erases has the reader and wants the reminder."""
    unlocked = getattr(desk, query).replace(" FOR KEY SHARE", "")
    assert unlocked != getattr(desk, query)
    monkeypatch.setattr(desk, query, unlocked)

    came = await told_while_erased(trade, owner, tell, monkeypatch)

    assert [isinstance(one, Busy) for one in came].count(True) == 1
