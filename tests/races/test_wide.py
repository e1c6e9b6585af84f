"""Several events of an organization in one batch: as few statements as for one, and no event suffers for another."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import asyncpg
import pytest

from foyer.domains.carts import ReserveAsk, Reserved, ReserveDesk, regular_lines
from foyer.domains.carts.types import WantedLine
from foyer.domains.events import gate
from foyer.domains.events.desk import draw_alone
from foyer.domains.events.types import EventStaff, TicketTypeDraft
from foyer.infra.batching import Clerk, Counter, turns
from foyer.infra.batching import clerk as engine
from foyer.infra.db.engine import Database
from foyer.kernel.errors import Invalid, SoldOut
from foyer.kernel.ids import uuid7
from tests.races.cutting import Cut, wired
from tests.support.counting import CountingDatabase
from tests.support.installation import imbalances
from tests.support.world import KEYRING, Organization, make_event, make_organization

SEAT = TicketTypeDraft(name="Seat", quantity=1_000, is_free=True)
EVENTS = 12


@dataclass
class Fair:
    """Many events of one organization, and the clerk who reserves at all of them."""

    clerk: Clerk[ReserveAsk, Reserved]
    database: CountingDatabase
    organization: Organization
    events: Sequence[EventStaff]

    def ask(self, event: EventStaff, quantity: int = 1, type_id: UUID | None = None, **given):
        line = WantedLine(ticket_type_id=type_id or event.ticket_types[0].id, quantity=quantity)
        ask = ReserveAsk(uuid7(), None, KEYRING.new_session(), regular_lines([line]), None)._replace(**given)
        return self.clerk.ask(Counter(self.organization.id, event.id), ask)

    async def at_all(self, **given) -> list[object]:
        return await asyncio.gather(
            *(self.ask(event, **given) for event in self.events), return_exceptions=True
        )


@pytest.fixture(scope="module")
async def house(database: Database) -> tuple[Organization, list[EventStaff]]:
    organization = await make_organization(database)
    return organization, [
        await make_event(database, organization, SEAT, title=f"Evening {n}") for n in range(EVENTS)
    ]


@asynccontextmanager
async def reserving(url: str, house: tuple[Organization, list[EventStaff]], *, lanes: int = 2):
    """The clerk, with a connection that is there already."""
    database = CountingDatabase(url, pool_size=2)
    clerk: Clerk[ReserveAsk, Reserved] = Clerk("reserve", database, ReserveDesk(), lanes=lanes, gate=gate)
    fair = Fair(clerk, database, *house)
    await fair.at_all()
    try:
        yield fair
    finally:
        await clerk.close()
        await database.close()


@pytest.fixture
async def fair(app_url, house, monkeypatch) -> AsyncIterator[Fair]:
    """On one lane, however slow it is, so that batches can be counted."""
    monkeypatch.setattr(engine, "LANES_MAX", 1)
    async with reserving(app_url, house, lanes=1) as fair:
        yield fair


async def test_many_events_are_one_batch_with_the_statements_of_one(fair, owner):
    with fair.database.counting() as one:
        await fair.ask(fair.events[0])
    before = fair.clerk.tally.batches
    with fair.database.counting() as all_:
        carts = [reserved.cart for reserved in await fair.at_all()]
    assert [cart.event_id for cart in carts] == [event.id for event in fair.events]
    assert fair.clerk.tally.batches - before == 1
    assert all_.count == one.count
    assert await imbalances(owner, fair.organization.id) == []


async def test_each_event_is_sold_by_its_own_terms(fair, database, owner):
    """A type of another event, an event that is sold out, a visitor who has a cart at one and none at another."""
    first, third = fair.events[:2]
    few = TicketTypeDraft(name="Few", quantity=100, is_free=True)
    second = await make_event(database, fair.organization, few)
    session = KEYRING.new_session()
    (had,) = await asyncio.gather(fair.ask(first, session_id=session))
    outcomes = await asyncio.gather(
        fair.ask(first, session_id=session),
        fair.ask(second, session_id=session),
        fair.ask(third, type_id=first.ticket_types[0].id),
        fair.ask(third, 10),
        *(fair.ask(second, 10) for _ in range(11)),
        return_exceptions=True,
    )
    again, other, foreign, plenty, *many = outcomes
    assert (again.is_new, again.cart.id) == (False, had.cart.id)
    assert (other.is_new, other.cart.event_id, other.cart.session_id) == (True, second.id, session)
    assert isinstance(foreign, Invalid)
    assert plenty.cart.items[0].quantity == 10
    assert [type(one) for one in many].count(SoldOut) >= 2
    assert await imbalances(owner, fair.organization.id) == []


async def test_a_request_that_breaks_a_constraint_spoils_no_other_event(fair, owner):
    """The id of its cart is taken already. Its event and all others are then served each by itself."""
    spoiled, *rest = fair.events
    taken = (await fair.ask(spoiled)).cart.id
    outcomes = await asyncio.gather(
        fair.ask(spoiled, cart_id=taken),
        fair.ask(spoiled),
        *(fair.ask(event) for event in rest),
        return_exceptions=True,
    )
    assert isinstance(outcomes[0], asyncpg.UniqueViolationError)
    assert [one.is_new for one in outcomes[1:]] == [True] * (len(rest) + 1)
    assert fair.clerk.tally.split > 0
    assert await imbalances(owner, fair.organization.id) == []


@pytest.mark.parametrize("seconds", [turns.ALONE_SECONDS, 0.0], ids=["taken apart", "tried together again"])
async def test_an_event_that_somebody_holds_keeps_no_other_waiting(app_url, house, monkeypatch, seconds):
    """The control: where events that were in each other's way share their next batch too, nobody is served."""
    monkeypatch.setattr(turns, "ALONE_SECONDS", seconds)
    async with reserving(app_url, house) as fair:
        held, *rest = fair.events
        async with fair.database.batch(fair.organization.id) as staff:
            await draw_alone(staff, Counter(fair.organization.id, held.id))
            stuck = asyncio.ensure_future(fair.ask(held))
            others = [asyncio.ensure_future(fair.ask(event)) for event in rest]
            served, _ = await asyncio.wait(others, timeout=None if seconds else 1.0)
        await asyncio.wait([stuck, *others])
    assert {one.result().is_new for one in others} == {True}
    assert len(served) == (len(rest) if seconds else 0)


@pytest.mark.parametrize("cut", Cut, ids=lambda cut: cut.value)
async def test_a_lost_connection_leaves_each_cart_once(app_url, house, owner, cut):
    """What was committed is found again, at every event; what was not is done."""
    async with wired(app_url) as (wire, url), reserving(url, house) as fair:
        wire.cut = cut
        carts = [reserved.cart for reserved in await fair.at_all()]
        assert wire.cuts == (0 if cut is Cut.NEVER else 1)
    found = await owner.fetch("SELECT id FROM carts WHERE id = ANY($1)", [cart.id for cart in carts])
    assert len(found) == EVENTS
    assert await imbalances(owner, fair.organization.id) == []


async def test_two_processes_at_the_same_events_at_once(app_url, house, owner):
    """Their batches lock the same pools, each in its own order of events: nothing is lost, and nothing is done twice."""
    async with reserving(app_url, house) as one, reserving(app_url, house) as other:
        other.events = [*reversed(other.events)]
        outcomes = [*await asyncio.gather(*(fair.at_all() for fair in (one, other) for _ in range(5)))]
    wrong = [told for answers in outcomes for told in answers if not isinstance(told, Reserved | SoldOut)]
    assert wrong == []
    assert one.clerk.tally.batches < 5 * EVENTS
    assert await imbalances(owner, one.organization.id) == []
