"""Places that come back go to who waits for them: each once, the first in line first, and to nobody twice."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace

from foyer.domains.carts import ReserveDesk
from foyer.domains.events.types import EventStaff, TicketTypeDraft
from foyer.domains.waiting import desk as waiting_desk
from foyer.domains.waiting import offer_places
from foyer.domains.waiting.desk import offer_next
from foyer.domains.waiting.types import WaitingStatus
from foyer.kernel.errors import Conflict, FoyerError
from tests.support.trade import Trade, trading
from tests.support.waiting import join, line, standing
from tests.support.world import KEYRING

SEAT = TicketTypeDraft(name="Seat", quantity=4, price=1_000, max_per_order=4)


@pytest.fixture
async def trade(app_url: str) -> AsyncIterator[Trade]:
    async with trading(app_url) as trade:
        yield trade


async def offer(trade: Trade, event: EventStaff) -> int:
    """One worker's turn at this event."""
    async with trade.database.batch(trade.id) as connection:
        return await offer_next(connection, trade.counter(event.id), KEYRING.new_session)


async def is_due(trade: Trade, event: EventStaff) -> bool:
    return tuple(trade.counter(event.id)) in map(tuple, await trade.database.look_up("due_offers", 10_000))


async def sold_out(trade: Trade) -> tuple[EventStaff, UUID, list[UUID]]:
    """An event whose four places are held by four carts."""
    event = await trade.event(SEAT)
    kind = event.ticket_types[0].id
    carts = [(await trade.reserve(event.id, {kind: 1})).id for _ in range(4)]
    return event, kind, carts


async def change(trade: Trade, what: str, kind: UUID) -> None:
    async with trade.database.batch(trade.id) as connection:
        query = f"UPDATE ticket_types SET {what} WHERE organization_id = $1 AND id = $2"
        await connection.execute(query, trade.id, kind)


async def held(trade: Trade, owner, kind: UUID) -> int:
    return await owner.fetchval(
        "SELECT p.held FROM pools p JOIN ticket_types t ON t.pool_id = p.id WHERE t.id = $1 AND t.organization_id = $2",
        kind, trade.id,
    )  # fmt: skip


async def test_workers_at_once_offer_each_place_once_and_in_order(trade, owner):
    event, kind, carts = await sold_out(trade)
    for number in range(6):
        await join(trade, event, kind, 1, f"jo{number}@example.org")
    for cart in carts[:2]:
        await trade.edit(event.id, cart, releases=True)

    offered = await asyncio.gather(*(offer(trade, event) for _ in range(4)))

    assert sum(offered) == 2
    assert await standing(trade, event) == ["offered"] * 2 + ["waiting"] * 4
    assert await held(trade, owner, kind) == 4
    assert await trade.audit() == []


async def test_without_its_lock_a_place_in_line_would_be_offered_twice(trade, owner, monkeypatch):
    """The control: with everything as it is but the lock, two workers read the same line, and one buyer gets two carts."""
    event, kind, carts = await sold_out(trade)
    await join(trade, event, kind, 1, "jo@example.org")
    for cart in carts[:2]:
        await trade.edit(event.id, cart, releases=True)
    unlocked = waiting_desk._NEXT.replace(" FOR NO KEY UPDATE OF w", "")
    assert unlocked != waiting_desk._NEXT
    monkeypatch.setattr(waiting_desk, "_NEXT", unlocked)
    both = asyncio.Barrier(2)

    class Together(ReserveDesk):
        async def serve(self, connection, counter, asks):
            await both.wait()
            return await super().serve(connection, counter, asks)

    monkeypatch.setattr(waiting_desk, "ReserveDesk", Together)

    assert await asyncio.gather(offer(trade, event), offer(trade, event)) == [1, 1]
    assert await held(trade, owner, kind) == 4, "two places are held for one wish"


async def test_who_waits_and_who_passes_by_never_get_the_same_place(trade, owner):
    event, kind, carts = await sold_out(trade)
    for number in range(3):
        await join(trade, event, kind, 1, f"jo{number}@example.org")

    async def pass_by() -> bool:
        try:
            await trade.reserve(event.id, {kind: 1})
        except FoyerError:
            return False
        return True

    async def give_back(cart: UUID) -> int:
        await trade.edit(event.id, cart, releases=True)
        return await offer(trade, event)

    done = await asyncio.gather(
        *(give_back(cart) for cart in carts[:3]), *(pass_by() for _ in range(6)), offer(trade, event)
    )
    done += [await offer(trade, event)]

    assert sum(done) == 3
    assert await held(trade, owner, kind) == 4
    assert await trade.audit() == []


async def test_offer_that_lapses_goes_to_the_next(trade):
    event, kind, carts = await sold_out(trade)
    for number in range(2):
        await join(trade, event, kind, 1, f"jo{number}@example.org")
    await trade.edit(event.id, carts[0], releases=True)
    assert await offer(trade, event) == 1
    first, second = await line(trade, event)
    assert first.offered_until - first.offered_at == timedelta(hours=2)

    trade.jump(timedelta(hours=1, minutes=59))
    await trade.sweep()
    assert await offer(trade, event) == 1, (
        "the carts of others have lapsed, and one of their places is for the second"
    )
    assert [one.status for one in await line(trade, event)] == [WaitingStatus.OFFERED, WaitingStatus.OFFERED]
    trade.jump(timedelta(minutes=2))
    await trade.sweep()
    await offer(trade, event)

    assert [one.status for one in await line(trade, event)] == [WaitingStatus.LAPSED, WaitingStatus.OFFERED]
    await join(trade, event, kind, 4, "jo0@example.org")
    assert await standing(trade, event) == ["lapsed", "offered", "waiting"], (
        "who has missed it may wait again, at the end"
    )
    assert second.email == "jo1@example.org"
    assert await trade.audit() == []


async def test_group_gets_its_places_together_and_keeps_its_place_in_line(trade):
    event, kind, carts = await sold_out(trade)
    await join(trade, event, kind, 3, "group@example.org")
    await join(trade, event, kind, 1, "single@example.org")
    await trade.edit(event.id, carts[0], releases=True)
    assert await offer(trade, event) == 1
    assert await standing(trade, event) == ["waiting", "offered"]

    for cart in carts[1:]:
        await trade.edit(event.id, cart, releases=True)
    assert await offer(trade, event) == 1

    assert await standing(trade, event) == ["offered", "offered"]
    assert await trade.audit() == []


async def test_line_for_what_is_not_sold_now_stops_no_other(trade, monkeypatch):
    monkeypatch.setattr(waiting_desk, "OFFERS_MAX", 1)
    kinds = [replace(SEAT, name=name, quantity=1) for name in ("Hidden", "Ended", "Deleted", "Sold")]
    event = await trade.event(*kinds)
    hidden, ended, deleted, sold = (kind.id for kind in event.ticket_types)
    carts = [(await trade.reserve(event.id, {kind.id: 1})).id for kind in event.ticket_types]
    for kind in (hidden, ended, deleted, sold):
        await join(trade, event, kind, 1, "jo@example.org")
    for cart in carts:
        await trade.edit(event.id, cart, releases=True)
    await change(trade, "is_hidden = true", hidden)
    await change(trade, "sales_end_date = foyer_now()", ended)
    await change(trade, "deleted_at = foyer_now()", deleted)

    assert [await offer(trade, event) for _ in range(2)] == [1, 0]

    assert await standing(trade, event) == ["waiting", "waiting", "waiting", "offered"]
    await change(trade, "is_hidden = false", hidden)
    assert await offer(trade, event) == 1, "the place in line was kept"
    assert await standing(trade, event) == ["offered", "waiting", "waiting", "offered"]


async def test_offer_holds_what_was_waited_for_and_nothing_more(trade, owner):
    event = await trade.event(SEAT, replace(SEAT, name="Parking"))
    kind, parking = (one.id for one in event.ticket_types)
    carts = [(await trade.reserve(event.id, {kind: 2})).id for _ in range(2)]
    await join(trade, event, kind, 2, "jo@example.org")
    for cart in carts:
        await trade.edit(event.id, cart, releases=True)
    assert await offer(trade, event) == 1
    (cart,) = await owner.fetchrow("SELECT cart_id FROM waiting_list WHERE organization_id = $1", trade.id)
    before = await untouched(trade, owner)

    for more in ({kind: 3}, {parking: 1}, {kind: 1, parking: 1}):
        with pytest.raises(Conflict, match="waiting list"):
            await trade.edit(event.id, cart, more)
        assert await untouched(trade, owner) == before

    assert [line.quantity for line in (await trade.edit(event.id, cart, {kind: 1})).items] == [1]
    with pytest.raises(Conflict, match="waiting list"):
        await trade.edit(event.id, cart, {kind: 2})
    assert await held(trade, owner, kind) == 1
    usual = (await trade.reserve(event.id, {kind: 1})).id
    assert len((await trade.edit(event.id, usual, {kind: 2, parking: 1})).items) == 2
    assert await trade.audit() == []


async def untouched(trade: Trade, owner) -> list[object]:
    """All that an edit of a cart could change."""
    tables = ("carts", "cart_items", "pools", "waiting_list")
    return [
        await owner.fetch(f"SELECT * FROM {table} WHERE organization_id = $1 ORDER BY id", trade.id)
        for table in tables
    ]


async def test_offer_is_bought_like_any_cart(trade):
    event, kind, carts = await sold_out(trade)
    await join(trade, event, kind, 2, "jo@example.org")
    for cart in carts[:2]:
        await trade.edit(event.id, cart, releases=True)
    await offer(trade, event)
    async with trade.database.batch(trade.id) as connection:
        cart_id = await connection.fetchval(
            "SELECT cart_id FROM waiting_list WHERE organization_id = $1", trade.id
        )

    placed = await trade.place(event.id, cart_id, "jo@example.org", "manual")
    await offer(trade, event)

    assert placed.order.items[0].quantity == 2
    assert await standing(trade, event) == ["taken"]
    assert await trade.audit() == []


async def test_round_finds_only_events_where_somebody_can_be_offered_something(trade):
    event, kind, carts = await sold_out(trade)
    await join(trade, event, kind, 2, "jo@example.org")
    assert not await is_due(trade, event), "nothing is free"
    await trade.edit(event.id, carts[0], releases=True)
    assert not await is_due(trade, event), "too little is free for the only group"
    await trade.edit(event.id, carts[1], releases=True)
    assert await is_due(trade, event)

    await offer_places(trade.database, KEYRING.new_session)

    assert await standing(trade, event) == ["offered"]
    assert not await is_due(trade, event)
    await join(trade, event, kind, 1, "ida@example.org")
    await trade.edit(event.id, carts[2], releases=True)
    assert await is_due(trade, event)
    trade.jump(event.ends_at - await trade.now())
    await trade.sweep()
    await offer(trade, event)
    assert not await is_due(trade, event), "the event is over"
    assert await standing(trade, event) == ["lapsed", "waiting"]
