"""What one request suffers, its neighbours do not."""

import asyncio
import time

import asyncpg
import pytest

from foyer.domains.carts import ReserveAsk, Reserved, ReserveDesk, regular_lines
from foyer.domains.carts.types import WantedLine
from foyer.domains.events.types import TicketTypeDraft
from foyer.infra.batching import Clerk, Counter, apart, turns
from foyer.infra.batching import clerk as engine
from foyer.kernel.errors import Busy, Invalid
from foyer.kernel.ids import uuid7
from tests.races.notebook import all_of, noted
from tests.support.installation import imbalances
from tests.support.world import KEYRING, make_event

SEAT = TicketTypeDraft(name="Seat", quantity=100, is_free=True)


async def test_a_request_that_breaks_a_constraint_fails_alone(database, organization, owner):
    """The id of its cart is taken already, which shows only when the whole batch is written."""
    event = await make_event(database, organization, SEAT)
    line = WantedLine(ticket_type_id=event.ticket_types[0].id, quantity=1)
    standing: Clerk[ReserveAsk, object] = Clerk("reserve", database, ReserveDesk())
    first = uuid7()
    asks = [
        ReserveAsk(
            first if place in {0, 5} else uuid7(), None, KEYRING.new_session(), regular_lines([line]), None
        )
        for place in range(12)
    ]
    counter = Counter(organization.id, event.id)
    (kept,) = await asyncio.gather(standing.ask(counter, asks[0]))
    outcomes = await asyncio.gather(*(standing.ask(counter, ask) for ask in asks[1:]), return_exceptions=True)
    await standing.close()
    failed = [place for place, outcome in enumerate(outcomes, 1) if isinstance(outcome, BaseException)]
    assert failed == [5]
    assert isinstance(outcomes[4], asyncpg.UniqueViolationError)
    assert kept.cart.id == first
    assert standing.tally.split >= 3
    assert await owner.fetchval("SELECT count(*) FROM carts WHERE event_id = $1", event.id) == 11
    assert await imbalances(owner, organization.id) == []


async def test_a_refusal_is_an_answer_and_splits_nothing(clerk, counter):
    outcomes = await all_of(clerk, counter, ["a", "refuse", "b"])
    assert [str(one) for one in outcomes] == ["done a", "No.", "done b"]
    assert (clerk.tally.batches, clerk.tally.split) == (1, 0)


@pytest.mark.parametrize("place", [0, 255])
async def test_one_bad_request_in_the_largest_batch_costs_nobody_else_anything(
    clerk, counter, superuser, place
):
    words = [str(number) for number in range(256)]
    words[place] = "poison"
    outcomes = await all_of(clerk, counter, words)
    assert isinstance(outcomes.pop(place), asyncpg.DivisionByZeroError)
    assert outcomes == [f"done {word}" for word in words if word != "poison"]
    assert len(await noted(superuser, counter)) == 255


async def test_too_much_poison_is_not_looked_for_forever(clerk, counter, desk, superuser):
    """Every request of the batch is bad: its tries are limited, whoever is left hears `busy`."""
    outcomes = await all_of(clerk, counter, ["poison"] * 128)
    assert len(desk.batches) == apart.TRIES_MAX
    assert {type(one) for one in outcomes} == {asyncpg.DivisionByZeroError, Busy}
    assert await noted(superuser, counter) == set()
    assert await clerk.ask(counter, "and on it goes") == "done and on it goes"


async def test_who_leaves_before_the_batch_is_dropped_and_who_leaves_after_is_served(
    clerk, counter, desk, superuser
):
    desk.open_.clear()
    taken = asyncio.create_task(clerk.ask(counter, "taken"))
    await desk.taken.wait()
    waiting, staying = (asyncio.create_task(clerk.ask(counter, word)) for word in ("waiting", "staying"))
    await asyncio.sleep(0)
    taken.cancel()
    waiting.cancel()
    desk.open_.set()
    assert await staying == "done staying"
    await asyncio.wait([taken, waiting])
    assert taken.cancelled()
    assert waiting.cancelled()
    assert await noted(superuser, counter) == {"taken", "staying"}


async def test_who_has_waited_is_asked_whether_he_is_still_there(
    clerk, counter, desk, superuser, monkeypatch
):
    monkeypatch.setattr(engine, "GONE_AFTER_SECONDS", 0.05)

    async def gone() -> bool:
        return True

    async def here() -> bool:
        return False

    async def confused() -> bool:
        raise RuntimeError("the connection is in a strange state")

    async def silent() -> bool:
        await asyncio.sleep(10)
        return True

    desk.open_.clear()
    first = asyncio.create_task(clerk.ask(counter, "first", is_gone=gone))
    await desk.taken.wait()
    asked = {"left": gone, "stayed": here, "confused": confused, "silent": silent, "after": here}
    rest = {
        word: asyncio.create_task(clerk.ask(counter, word, is_gone=is_gone))
        for word, is_gone in asked.items()
    }
    await asyncio.sleep(0.1)
    desk.open_.set()
    await asyncio.wait([first, *rest.values()], timeout=2)
    assert await asyncio.wait_for(clerk.ask(counter, "later"), 2) == "done later"
    assert first.result() == "done first"  # nobody looks before a batch that need not wait
    assert rest.pop("left").cancelled()
    assert {word: one.result() for word, one in rest.items()} == {word: f"done {word}" for word in rest}
    assert "left" not in await noted(superuser, counter)


async def test_who_waited_too_long_hears_busy_and_nothing_was_done(
    clerk, counter, desk, superuser, monkeypatch
):
    """While the batch before is still under way: nobody waits for it longer than they have to."""
    monkeypatch.setattr(turns, "DEADLINE_SECONDS", 0.05)
    desk.open_.clear()
    first = asyncio.create_task(clerk.ask(counter, "first"))
    await desk.taken.wait()
    with pytest.raises(Busy):
        await asyncio.wait_for(clerk.ask(counter, "late"), 1)
    assert not first.done()
    desk.open_.set()
    assert await first == "done first"
    assert clerk.tally.late == 1
    assert await noted(superuser, counter) == {"first"}


async def test_who_needs_what_somebody_else_has_locked_is_busy_alone(clerk, counter, desk, superuser):
    """Thirty-two want something; the row of one is locked elsewhere, for longer than any lane waits."""
    words = [f"{place:02}" for place in range(32)]
    await clerk.ask(counter, "warm")
    blocking = superuser.transaction()
    await blocking.start()
    await superuser.execute("INSERT INTO notes VALUES ($1, '13')", counter.event_id)
    started = time.monotonic()
    outcomes = await all_of(clerk, counter, words)
    took = time.monotonic() - started
    await blocking.rollback()
    assert isinstance(outcomes.pop(13), Busy)
    assert outcomes == [f"done {word}" for word in words if word != "13"]
    assert await noted(superuser, counter) == {"warm", *words} - {"13"}
    assert took < 2


async def test_what_all_need_and_somebody_has_locked_is_not_tried_for_each(
    clerk, counter, desk, superuser, monkeypatch
):
    blocking = superuser.transaction()
    await blocking.start()
    await superuser.execute("LOCK TABLE notes IN SHARE MODE")
    outcomes = await all_of(clerk, counter, [str(place) for place in range(64)])
    await blocking.rollback()
    assert {type(one) for one in outcomes} == {Busy}
    assert len(desk.batches) == 3
    assert await noted(superuser, counter) == set()
    assert await clerk.ask(counter, "1") == "done 1"


async def test_desk_that_hangs_is_cut_off_and_its_lane_goes_on(clerk, counter, desk, superuser, monkeypatch):
    monkeypatch.setitem(engine.Lane.__init__.__globals__["LANE_TIMEOUTS"], "statement_timeout", "300")
    hanging = asyncio.create_task(clerk.ask(counter, "sleep"))
    await desk.taken.wait()
    assert await clerk.ask(Counter(uuid7(), uuid7()), "elsewhere") == "done elsewhere"
    assert not hanging.done()
    with pytest.raises(Busy):
        await hanging
    assert await clerk.ask(counter, "next") == "done next"
    assert await noted(superuser, counter) == {"next"}


async def test_oversized_wish_is_refused_before_the_queue_and_the_largest_slows_nobody(
    database, organization, owner
):
    kinds = [TicketTypeDraft(name=f"Row {place}", quantity=1000, is_free=True) for place in range(50)]
    event = await make_event(database, organization, *kinds)
    lines = [WantedLine(ticket_type_id=kind.id, quantity=1) for kind in event.ticket_types]
    with pytest.raises(Invalid) as refused:
        regular_lines([*lines * 10])
    assert refused.value.field == "items"
    desk: Clerk[ReserveAsk, Reserved] = Clerk("reserve", database, ReserveDesk())
    counter = Counter(organization.id, event.id)

    async def seconds(*wishes: list[WantedLine]) -> float:
        asks = [
            ReserveAsk(uuid7(), None, KEYRING.new_session(), regular_lines(wish), None) for wish in wishes
        ]
        started = time.monotonic()
        assert len(await asyncio.gather(*(desk.ask(counter, ask) for ask in asks))) == len(wishes)
        return time.monotonic() - started

    neighbours = [lines[:1]] * 100
    await seconds(*neighbours, lines)
    alone = min([await seconds(*neighbours) for _ in range(3)])
    beside = min([await seconds(*neighbours, lines) for _ in range(3)])
    await desk.close()
    assert beside < 4 * alone
    assert desk.tally.batches == 7
    assert await imbalances(owner, organization.id) == []
