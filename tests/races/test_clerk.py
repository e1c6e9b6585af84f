"""The clerk: what one request suffers, its neighbours do not; what it promised before it ends, it keeps."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import asyncpg
import pytest

from foyer.domains.carts import ReserveAsk, ReserveDesk, regular_lines
from foyer.domains.carts.types import WantedLine
from foyer.domains.events.types import TicketTypeDraft
from foyer.infra import batching
from foyer.infra.batching import Clerk, Counter
from foyer.infra.db.engine import Connection, Database
from foyer.kernel.errors import Busy, Conflict, FoyerError
from foyer.kernel.ids import uuid7
from tests.support.installation import imbalances
from tests.support.world import KEYRING, make_event

SEAT = TicketTypeDraft(name="Seat", quantity=100, is_free=True)


@dataclass
class Notebook:
    """A desk that remembers what it was asked, and does as the ask says; its pages are a table of its own."""

    open_: asyncio.Event = field(default_factory=asyncio.Event)
    batches: list[tuple[Counter, list[str]]] = field(default_factory=list)
    taken: asyncio.Event = field(default_factory=asyncio.Event)
    kills: int = 0
    slow: int = 0

    def __post_init__(self) -> None:
        self.open_.set()

    async def serve(
        self, connection: Connection, counter: Counter, asks: Sequence[str]
    ) -> list[str | FoyerError]:
        self.batches.append((counter, list(asks)))
        self.taken.set()
        await self.open_.wait()
        if "poison" in asks:
            await connection.execute("SELECT 1 / 0")
        await connection.execute(
            "INSERT INTO notes SELECT $1, unnest($2::text[])", counter.event_id, list(asks)
        )
        if "kill me" in asks and self.kills:
            self.kills -= 1
            connection.terminate()
        return [Conflict("No.") if ask == "refuse" else f"done {ask}" for ask in asks]

    async def recall(self, connection: Connection, counter: Counter, asks: Sequence[str]) -> list[str | None]:
        if self.slow:
            self.slow -= 1
            await connection.execute("SET LOCAL statement_timeout = 1; SELECT pg_sleep(1)")
        rows = await connection.fetch("SELECT word FROM notes WHERE event_id = $1", counter.event_id)
        standing = {row[0] for row in rows}
        return [f"done {ask}" if ask in standing else None for ask in asks]


@pytest.fixture(scope="module")
async def notes(superuser_url: str) -> None:
    connection = await asyncpg.connect(superuser_url)
    await connection.execute(
        "CREATE TABLE notes (event_id uuid, word text, UNIQUE (event_id, word)); GRANT ALL ON notes TO foyer_app"
    )
    await connection.close()


@pytest.fixture
def desk() -> Notebook:
    return Notebook()


@pytest.fixture
async def clerk(notes: None, database: Database, desk: Notebook) -> AsyncIterator[Clerk[str, str]]:
    clerk: Clerk[str, str] = Clerk("notebook", database, desk)
    yield clerk
    desk.open_.set()
    await clerk.close()


@pytest.fixture
def counter() -> Counter:
    return Counter(uuid7(), uuid7())


async def all_of(clerk: Clerk[str, str], counter: Counter, asks: Sequence[str]) -> list[object]:
    return await asyncio.gather(*(clerk.ask(counter, ask) for ask in asks), return_exceptions=True)


async def noted(owner_of_all: asyncpg.Connection, counter: Counter) -> set[str]:
    rows = await owner_of_all.fetch("SELECT word FROM notes WHERE event_id = $1", counter.event_id)
    return {row[0] for row in rows}


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
    assert standing.tally.splits >= 3
    assert await owner.fetchval("SELECT count(*) FROM carts WHERE event_id = $1", event.id) == 11
    assert await imbalances(owner, organization.id) == []


async def test_a_refusal_is_an_answer_and_splits_nothing(clerk, counter, superuser):
    outcomes = await all_of(clerk, counter, ["a", "refuse", "b"])
    assert [str(one) for one in outcomes] == ["done a", "No.", "done b"]
    assert (clerk.tally.batches, clerk.tally.splits) == (1, 0)


async def test_too_much_poison_is_not_looked_for_forever(clerk, counter, desk, monkeypatch):
    """Every request of the batch is bad: its tries are limited, whoever is left hears `busy`."""
    outcomes = await all_of(clerk, counter, ["poison"] * 32)
    assert len(desk.batches) == batching.SPLITS_MAX
    assert {type(one) for one in outcomes} == {asyncpg.DivisionByZeroError, Busy}
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
    monkeypatch.setattr(batching, "LOOK_AFTER_SECONDS", 0.05)

    async def gone() -> bool:
        return True

    async def here() -> bool:
        return False

    async def confused() -> bool:
        raise RuntimeError("the connection is in a strange state")

    desk.open_.clear()
    first = asyncio.create_task(clerk.ask(counter, "first", is_gone=gone))
    await desk.taken.wait()
    rest = [
        asyncio.create_task(clerk.ask(counter, word, is_gone=is_gone))
        for word, is_gone in (("left", gone), ("stayed", here), ("confused", confused), ("after", here))
    ]
    await asyncio.sleep(0.1)
    desk.open_.set()
    await asyncio.wait([first, *rest], timeout=2)
    assert await asyncio.wait_for(clerk.ask(counter, "later"), 2) == "done later"
    assert first.result() == "done first"  # nobody looks before a batch that need not wait
    assert rest[0].cancelled()
    assert rest[1].result() == "done stayed"
    assert rest[3].result() == "done after"
    assert "left" not in await noted(superuser, counter)


async def test_who_waited_too_long_hears_busy_and_nothing_was_done(
    clerk, counter, desk, superuser, monkeypatch
):
    monkeypatch.setattr(batching, "DEADLINE_SECONDS", 0.05)
    desk.open_.clear()
    first = asyncio.create_task(clerk.ask(counter, "first"))
    await desk.taken.wait()
    late = asyncio.create_task(clerk.ask(counter, "late"))
    await asyncio.sleep(0.1)
    desk.open_.set()
    with pytest.raises(Busy):
        await late
    assert await first == "done first"
    assert clerk.tally.late == 1
    assert await noted(superuser, counter) == {"first"}


async def test_a_queue_that_is_full_sheds_at_once(clerk, counter, desk, monkeypatch):
    monkeypatch.setattr(batching, "QUEUE_MAX", 3)
    desk.open_.clear()
    waiting = [asyncio.create_task(clerk.ask(counter, "first"))]
    await desk.taken.wait()
    waiting += [asyncio.create_task(clerk.ask(counter, str(place))) for place in range(3)]
    await asyncio.sleep(0)
    started = time.monotonic()
    with pytest.raises(Busy) as refused:
        await clerk.ask(counter, "one too many")
    assert time.monotonic() - started < 0.1
    assert 1 <= refused.value.retry_after_seconds <= 3
    assert clerk.tally.shed == 1
    desk.open_.set()
    assert len(await asyncio.gather(*waiting)) == 4


def of_lane(clerk: Clerk[str, str], lane: int) -> Counter:
    """An event that this lane serves."""
    while True:
        counter = Counter(uuid7(), UUID(int=uuid7().int ^ 1))
        if hash(counter) % clerk.lanes == lane:
            return counter


async def test_events_of_two_lanes_do_not_wait_for_each_other(clerk, desk, superuser):
    slow, quick = of_lane(clerk, 0), of_lane(clerk, 1)
    await clerk.ask(slow, "warm")
    blocking = superuser.transaction()
    await blocking.start()
    await superuser.execute("INSERT INTO notes VALUES ($1, 'wanted')", slow.event_id)
    stuck = asyncio.create_task(clerk.ask(slow, "wanted"))  # waits for the unfinished row in the database
    await asyncio.sleep(0.05)
    started = time.monotonic()
    assert await clerk.ask(quick, "quick") == "done quick"
    assert time.monotonic() - started < 0.8
    assert not stuck.done()
    await blocking.rollback()
    assert await stuck == "done wanted"


async def test_events_of_one_lane_take_turns(clerk, desk):
    """A long queue at one event does not starve the other: its next batch comes after the other's."""
    busy, calm = of_lane(clerk, 0), of_lane(clerk, 0)
    clerk.max_batch = 2
    desk.open_.clear()
    waiting = [asyncio.create_task(clerk.ask(busy, str(place))) for place in range(9)]
    await desk.taken.wait()
    waiting.append(asyncio.create_task(clerk.ask(calm, "only one")))
    await asyncio.sleep(0)
    desk.open_.set()
    await asyncio.gather(*waiting)
    assert [counter for counter, _ in desk.batches].index(calm) <= 2
    assert all(len(asks) <= 2 for _, asks in desk.batches)


async def test_closing_serves_what_is_queued_and_takes_no_more(clerk, counter, desk, superuser):
    desk.open_.clear()
    waiting = [asyncio.create_task(clerk.ask(counter, "first"))]
    await desk.taken.wait()
    waiting += [asyncio.create_task(clerk.ask(counter, str(place))) for place in range(5)]
    await asyncio.sleep(0)
    closing = asyncio.create_task(clerk.close())
    await asyncio.sleep(0.01)
    with pytest.raises(Busy):
        await clerk.ask(counter, "too late")
    desk.open_.set()
    await closing
    assert [one.result() for one in waiting] == ["done first", *(f"done {place}" for place in range(5))]
    assert len(await noted(superuser, counter)) == 6


async def test_a_lost_connection_is_replaced_and_the_batch_is_done_once(clerk, counter, desk, superuser):
    """It is lost after the writing and before the commit."""
    desk.kills = 1
    outcomes = await all_of(clerk, counter, ["a", "kill me", "b"])
    assert outcomes == ["done a", "done kill me", "done b"]
    assert clerk.tally.replays == 1
    assert await noted(superuser, counter) == {"a", "kill me", "b"}


async def test_looking_up_what_stands_is_tried_again_where_the_database_is_slow(
    clerk, counter, desk, superuser
):
    desk.kills = desk.slow = 1
    assert await all_of(clerk, counter, ["kill me"]) == ["done kill me"]
    assert clerk.tally.replays == 2
    assert await noted(superuser, counter) == {"kill me"}


async def test_a_commit_whose_answer_is_lost_is_found_again(clerk, counter, desk, superuser, monkeypatch):
    """It went through; only the answer did not come. Done twice, it would break the table's constraint."""
    through, lost = batching.through, []

    async def losing(work):
        status = await through(work)
        if status == "COMMIT" and not lost:
            lost.append(status)
            await clerk._lanes[hash(counter) % clerk.lanes]._connection.close()
            raise asyncpg.ConnectionDoesNotExistError("the answer is lost")
        return status

    monkeypatch.setattr(batching, "through", losing)
    assert await all_of(clerk, counter, ["a", "b"]) == ["done a", "done b"]
    assert lost
    assert len(desk.batches) == 1
    assert await noted(superuser, counter) == {"a", "b"}
