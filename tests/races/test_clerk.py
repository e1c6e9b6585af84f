"""The clerk: nobody waits for a timer, events do not wait for each other, and organizations take turns."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from unittest.mock import ANY

import asyncpg
import pytest

from foyer.domains.carts import ReserveAsk, regular_lines
from foyer.domains.carts.types import WantedLine
from foyer.domains.checkout import Desks, place_ask
from foyer.domains.customers.types import Customer
from foyer.domains.events.types import TicketTypeDraft
from foyer.domains.tickets import scan_ask
from foyer.domains.tickets.types import ScanResult
from foyer.infra.batching import Clerk, Counter, turns
from foyer.infra.batching import clerk as engine
from foyer.infra.db.engine import Database
from foyer.kernel.actor import Actor, ActorKind
from foyer.kernel.errors import Busy
from foyer.kernel.ids import uuid7
from tests.races.notebook import all_of, events_of, noted
from tests.support.world import KEYRING, make_event

QUICK_SECONDS = 0.5
"""Far below the second for which a lane waits for a lock."""


@asynccontextmanager
async def held_by_somebody(superuser: asyncpg.Connection, events: Sequence[Counter]) -> AsyncIterator[None]:
    """An unfinished row in the way of whoever notes `wanted` at these events."""
    blocking = superuser.transaction()
    await blocking.start()
    for event in events:
        await superuser.execute("INSERT INTO notes VALUES ($1, 'wanted')", event.event_id)
    yield
    await blocking.rollback()


async def seconds_of(work) -> float:
    started = time.monotonic()
    await work
    return time.monotonic() - started


async def test_what_one_tick_reads_is_one_batch_and_nobody_waits_for_more(clerk, counter, desk):
    await clerk.ask(counter, "warm")
    took = min([await seconds_of(clerk.ask(counter, f"alone {turn}")) for turn in range(5)])
    await all_of(clerk, counter, [str(place) for place in range(40)])
    assert took < 0.05
    assert [len(asks) for _, asks in desk.batches] == [1] * 6 + [40]


async def test_requests_that_come_while_a_batch_is_written_are_the_next_one(clerk, counter, desk):
    desk.open_.clear()
    waiting = [asyncio.create_task(clerk.ask(counter, "first"))]
    await desk.taken.wait()
    for place in range(5):
        waiting.append(asyncio.create_task(clerk.ask(counter, str(place))))
        await asyncio.sleep(0.002)
    desk.open_.set()
    await asyncio.gather(*waiting)
    assert [asks for _, asks in desk.batches] == [["first"], ["0", "1", "2", "3", "4"]]


@pytest.mark.parametrize("lanes_max", [4, 1], ids=["further lanes", "one lane"])
async def test_event_that_waits_for_a_lock_keeps_no_other_waiting(
    notes, database, desk, superuser, monkeypatch, lanes_max
):
    """Three events of other organizations are stuck. The control: with a single lane for all, one is enough."""
    monkeypatch.setattr(engine, "LANES_MAX", lanes_max)
    clerk: Clerk[str, str] = Clerk("notebook", database, desk, lanes=min(2, lanes_max))
    stuck = [Counter(uuid7(), uuid7()) for _ in range(lanes_max - 1 or 1)]
    free = Counter(uuid7(), uuid7())
    await all_of(clerk, free, ["warm"])
    async with held_by_somebody(superuser, stuck):
        waiting = [asyncio.create_task(clerk.ask(event, "wanted")) for event in stuck]
        await asyncio.sleep(0.02)
        took = await seconds_of(clerk.ask(free, "quick"))
        assert lanes_max == 1 or not any(one.done() for one in waiting)
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    await clerk.close()
    if lanes_max > 1:
        assert took < QUICK_SECONDS
        assert outcomes == ["done wanted"] * 3
        assert len(clerk._lanes) == 4
    else:
        assert took > QUICK_SECONDS


async def test_organization_whose_events_all_hang_leaves_a_lane_to_others(clerk, desk, superuser):
    house = uuid7()
    stuck = events_of(house, 6)
    async with held_by_somebody(superuser, stuck):
        waiting = [asyncio.create_task(clerk.ask(event, "wanted")) for event in stuck]
        async with asyncio.timeout(5):
            while len({counter for counter, _ in desk.batches}) < engine.LANES_MAX - 1:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        await asyncio.sleep(0.2)
        assert len({counter for counter, _ in desk.batches}) == engine.LANES_MAX - 1, "one lane is for others"
        assert await seconds_of(clerk.ask(Counter(uuid7(), uuid7()), "quick")) < QUICK_SECONDS
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_further_lane_is_let_go_when_nothing_is_slow_any_more(clerk, counter, superuser, monkeypatch):
    monkeypatch.setattr(engine, "LINGER_SECONDS", 0.1)
    stuck = [Counter(uuid7(), uuid7()) for _ in range(3)]
    async with held_by_somebody(superuser, stuck):
        waiting = [asyncio.create_task(clerk.ask(event, "wanted")) for event in stuck]
        await asyncio.sleep(0.3)
        assert len(clerk._lanes) == 3
        opened = clerk._lanes[2]
    await asyncio.gather(*waiting)
    await asyncio.sleep(0.4)
    assert len(clerk._lanes) == 2
    assert opened._connection.is_closed()


async def test_organizations_take_turns_and_so_do_the_events_of_one(pairs, desk):
    """Six busy events of one house, one of another: of its two batches the first is next, the second two turns later."""
    busy, calm = events_of(uuid7(), 6), Counter(uuid7(), uuid7())
    desk.open_.clear()
    waiting = [asyncio.create_task(pairs.ask(event, str(place))) for event in busy for place in range(4)]
    await desk.taken.wait()
    waiting += [asyncio.create_task(pairs.ask(calm, f"calm {place}")) for place in range(4)]
    await asyncio.sleep(0)
    desk.open_.set()
    await asyncio.gather(*waiting)
    order = [counter for counter, _ in desk.batches]
    first, second = (place for place, counter in enumerate(order) if counter == calm)
    assert first <= 2
    assert second <= 4
    # Each has had a turn before any has a second.
    assert {order.index(event) for event in busy} <= set(range(8))
    assert all(len(asks) == 2 for _, asks in desk.batches)


async def test_without_turns_the_first_to_come_would_be_served_out(pairs, desk, monkeypatch):
    """The control: where all events count as one, the calm house waits behind everything."""
    monkeypatch.setattr(turns.Turns, "line", lambda *_: one)
    one = turns.Line(Counter(uuid7(), uuid7()), turns.House())
    desk.open_.clear()
    waiting = [asyncio.create_task(pairs.ask(one.counter, str(place))) for place in range(24)]
    await desk.taken.wait()
    waiting.append(asyncio.create_task(pairs.ask(Counter(uuid7(), uuid7()), "calm")))
    await asyncio.sleep(0)
    desk.open_.set()
    await asyncio.gather(*waiting)
    assert desk.batches[-1][1] == ["calm"]


async def test_at_one_event_the_first_to_come_is_the_first_to_be_served(pairs, counter, desk):
    words = [f"{place:02}" for place in range(20)]
    await all_of(pairs, counter, words)
    assert [word for _, asks in desk.batches for word in asks] == words


async def test_a_queue_that_is_full_sheds_at_once(clerk, counter, desk, monkeypatch):
    monkeypatch.setattr(turns, "QUEUE_MAX", 3)
    desk.open_.clear()
    waiting = [asyncio.create_task(clerk.ask(counter, "first"))]
    await desk.taken.wait()
    waiting += [asyncio.create_task(clerk.ask(counter, str(place))) for place in range(3)]
    await asyncio.sleep(0)
    started = time.monotonic()
    refused = await all_of(clerk, counter, [f"too many {place}" for place in range(40)])
    assert time.monotonic() - started < 0.1
    assert {type(one) for one in refused} == {Busy}
    assert {one.retry_after_seconds for one in refused} == {1, 2, 3}
    assert clerk.tally.shed == 40
    desk.open_.set()
    assert len(await asyncio.gather(*waiting)) == 4


async def test_long_queue_of_one_event_sheds_its_own_buyers_and_nobody_elses(
    notes, database, desk, superuser, monkeypatch
):
    """Each batch there takes 0.1 s and serves one, so who would come ninth in the queue would wait for longer than half a second."""
    monkeypatch.setattr(engine, "WAIT_SECONDS_MAX", 0.5)
    clerk: Clerk[str, str] = Clerk("notebook", database, desk, 1)
    crowded, other = events_of(uuid7(), 2)
    serve = desk.serve

    async def slowly(connection, counter, asks):
        await asyncio.sleep(0.1 if counter == crowded else 0)
        return await serve(connection, counter, asks)

    desk.serve = slowly
    early = [asyncio.create_task(clerk.ask(crowded, f"early {place}")) for place in range(3)]
    await early[0]
    await asyncio.sleep(0.02)
    crowd = [asyncio.create_task(clerk.ask(crowded, str(place))) for place in range(20)]
    await asyncio.sleep(0)
    assert await seconds_of(clerk.ask(other, "nobody before me")) < 0.3
    outcomes = await asyncio.gather(*crowd, return_exceptions=True)
    await clerk.close()
    served = [place for place, one in enumerate(outcomes) if isinstance(one, str)]
    assert served == list(range(len(served)))
    assert 1 <= len(served) <= 8
    assert clerk.tally.shed == 20 - len(served)
    assert clerk.tally.late == 0
    assert await noted(superuser, crowded) == {f"early {place}" for place in range(3)} | {
        str(place) for place in served
    }


async def test_closing_serves_what_is_queued_and_takes_no_more(clerk, counter, desk, superuser):
    desk.open_.clear()
    waiting = [asyncio.create_task(clerk.ask(counter, "first"))]
    await desk.taken.wait()
    waiting += [asyncio.create_task(clerk.ask(counter, str(place))) for place in range(5)]
    waiting += [asyncio.create_task(clerk.ask(event, "6")) for event in events_of(uuid7(), 5)]
    await asyncio.sleep(0)
    closing = asyncio.create_task(clerk.close())
    await asyncio.sleep(0.01)
    with pytest.raises(Busy):
        await clerk.ask(counter, "too late")
    desk.open_.set()
    await closing
    assert [one.result() for one in waiting] == [
        "done first",
        *(f"done {place}" for place in range(5)),
        *["done 6"] * 5,
    ]
    assert len(await noted(superuser, counter)) == 6


async def test_switched_off_each_request_is_a_batch_of_the_same_desk(
    notes, database, desk, counter, superuser
):
    clerk: Clerk[str, str] = Clerk("notebook", database, desk, 1)
    words = [str(place) for place in range(10)]
    assert await all_of(clerk, counter, [*words, "refuse"]) == [f"done {word}" for word in words] + [ANY]
    await clerk.close()
    assert [asks for _, asks in desk.batches] == [[word] for word in [*words, "refuse"]]
    assert await noted(superuser, counter) == {*words, "refuse"}


async def test_doors_are_served_while_buyers_are_shed(
    app_url, database, organization, superuser, monkeypatch
):
    """The pool is locked by somebody and the reservation desk's queue is full; tickets are admitted as ever."""
    monkeypatch.setattr(turns, "QUEUE_MAX", 20)
    event = await make_event(database, organization, TicketTypeDraft(name="Seat", quantity=500, is_free=True))
    counter = Counter(organization.id, event.id)
    house = Desks(Database(app_url, pool_size=2), KEYRING, max_batch=1)
    line = WantedLine(ticket_type_id=event.ticket_types[0].id, quantity=1)

    def reserve():
        ask = ReserveAsk(uuid7(), None, KEYRING.new_session(), regular_lines([line]), None)
        return asyncio.create_task(house.reserve.ask(counter, ask))

    cart = (await reserve()).cart
    order = place_ask(cart.id, Customer(email="guest@example.org"), [], "free", known_methods=("free",))
    (ticket,) = (await house.place.ask(counter, order)).tickets
    device = Actor(
        ActorKind.DEVICE, organization.id, organization.device_id, organization.user_id, "Gate", frozenset()
    )
    await asyncio.gather(house.door.ask(counter, scan_ask(device, code="ABCD-EFGH")), return_exceptions=True)
    blocking = superuser.transaction()
    await blocking.start()
    await superuser.execute("SELECT 1 FROM pools WHERE organization_id = $1 FOR UPDATE", organization.id)
    buyers = [reserve() for _ in range(40)]
    await asyncio.sleep(0.05)
    shed = [one for one in buyers if one.done()]
    started = time.monotonic()
    admitted = await house.door.ask(counter, scan_ask(device, code=ticket.code))
    took = time.monotonic() - started
    await blocking.rollback()
    await asyncio.gather(*buyers, return_exceptions=True)
    await house.close()
    assert len(shed) == 20
    assert {type(one.exception()) for one in shed} == {Busy}
    assert admitted.result is ScanResult.ADMITTED
    assert took < QUICK_SECONDS
