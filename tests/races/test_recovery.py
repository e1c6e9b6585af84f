"""A clerk's connection is lost: nothing is done twice, and nothing that was promised is missing."""

from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import asyncpg
import pytest

from foyer.domains.carts import CartEdit, EditAsk, EditDesk, ReserveAsk, Reserved, regular_lines
from foyer.domains.carts.types import Cart, CartStatus, WantedLine
from foyer.domains.checkout import Desks, place_ask
from foyer.domains.checkout.types import Placed
from foyer.domains.customers.types import Customer
from foyer.domains.events.types import EventStaff, TicketTypeDraft
from foyer.domains.tickets import scan_ask
from foyer.domains.tickets.types import CheckIn, ScanResult
from foyer.infra.batching import Counter
from foyer.infra.batching import lane as engine
from foyer.infra.db.engine import Database
from foyer.kernel.actor import Actor, ActorKind
from foyer.kernel.errors import CartExpired
from foyer.kernel.ids import uuid7
from tests.races.cutting import Cut, Wire, wired
from tests.races.notebook import all_of, noted
from tests.support.installation import imbalances
from tests.support.world import KEYRING, Organization, make_event


async def test_a_lost_connection_is_replaced_and_the_batch_is_done_once(clerk, counter, desk, superuser):
    """It is lost after the writing and before the commit."""
    desk.kills = 1
    outcomes = await all_of(clerk, counter, ["a", "kill me", "b"])
    assert outcomes == ["done a", "done kill me", "done b"]
    assert clerk.tally.replay == 1
    assert await noted(superuser, counter) == {"a", "kill me", "b"}


async def test_looking_up_what_stands_is_tried_again_where_the_database_is_slow(
    clerk, counter, desk, superuser
):
    desk.kills = desk.slow = 1
    assert await all_of(clerk, counter, ["kill me"]) == ["done kill me"]
    assert clerk.tally.replay == 2
    assert await noted(superuser, counter) == {"kill me"}


SLOW_COMMIT = """
CREATE FUNCTION commit_slowly() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.3); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER commit_slowly AFTER INSERT OR UPDATE ON {table} DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.event_id = '{event_id}') EXECUTE FUNCTION commit_slowly();
"""


@asynccontextmanager
async def slow_commits(superuser: asyncpg.Connection, table: str, event_id: UUID):
    await superuser.execute(SLOW_COMMIT.format(table=table, event_id=event_id))
    try:
        yield
    finally:
        await superuser.execute("DROP FUNCTION commit_slowly CASCADE")


@dataclass
class Stall:
    """One event, its desks at the end of a wire, and a second way to the same database."""

    wire: Wire
    house: Desks
    organization: Organization
    event: EventStaff

    @property
    def counter(self) -> Counter:
        return Counter(self.organization.id, self.event.id)

    async def reserve(self, quantity: int) -> Reserved:
        line = WantedLine(ticket_type_id=self.event.ticket_types[0].id, quantity=quantity)
        ask = ReserveAsk(uuid7(), None, KEYRING.new_session(), regular_lines([line]), None)
        return await self.house.reserve.ask(self.counter, ask)

    async def edit(self, cart: Cart, quantity: int) -> Cart:
        line = WantedLine(ticket_type_id=self.event.ticket_types[0].id, quantity=quantity)
        return await self.house.edit.ask(self.counter, EditAsk(cart.id, CartEdit(regular_lines([line]))))

    async def release(self, cart: Cart) -> Cart:
        return await self.house.edit.ask(self.counter, EditAsk(cart.id, CartEdit(releases=True)))

    async def place(self, cart: Cart) -> Placed:
        ask = place_ask(cart.id, Customer(email="buyer@example.org"), [], "free", known_methods=("free",))
        return await self.house.place.ask(self.counter, ask)

    async def admit(self, code: str) -> CheckIn:
        device = Actor(
            ActorKind.DEVICE, self.organization.id, self.organization.device_id, self.organization.user_id, "Gate", frozenset()
        )  # fmt: skip
        return await self.house.door.ask(self.counter, scan_ask(device, code=code))


@pytest.fixture
async def stall(app_url, database, organization):
    event = await make_event(database, organization, TicketTypeDraft(name="Seat", quantity=20, is_free=True))
    async with wired(app_url) as (wire, url):
        house = Desks(Database(url, pool_size=1), KEYRING, max_batch=256)
        yield Stall(wire, house, organization, event)
        await house.close()


@pytest.mark.parametrize("cut", Cut, ids=lambda cut: cut.value)
async def test_every_desk_does_once_what_it_has_promised(stall, owner, cut):
    """The same evening with a wire that holds is what it has to look like with every other."""

    async def cutting(work):
        stall.wire.cut = cut
        return await work

    reserved = await cutting(stall.reserve(2))
    edited = await cutting(stall.edit(reserved.cart, 3))
    placed = await cutting(stall.place(edited))
    other = await cutting(stall.reserve(4))
    released = await cutting(stall.release(other.cart))
    admitted = await cutting(stall.admit(placed.tickets[0].code))
    again = await cutting(stall.admit(placed.tickets[0].code))
    last = await cutting(stall.reserve(1))

    assert stall.wire.cuts == (0 if cut is Cut.NEVER else 8)
    assert [reserved.is_new, placed.is_new, last.is_new] == [True] * 3
    assert [edited.items[0].quantity, len(placed.tickets)] == [3, 3]
    assert released.status is CartStatus.EXPIRED
    assert [admitted.result, again.result] == [ScanResult.ADMITTED, ScanResult.ALREADY_USED]
    pool = await owner.fetchrow(
        "SELECT held, sold FROM pools WHERE organization_id = $1 AND sold > 0", stall.organization.id
    )
    assert tuple(pool) == (1, 3)
    assert await owner.fetchval("SELECT count(*) FROM carts WHERE event_id = $1", stall.event.id) == 3
    assert await owner.fetchval("SELECT count(*) FROM scans WHERE event_id = $1", stall.event.id) == 2
    assert await imbalances(owner, stall.organization.id) == []


async def given_back_under_a_cut(stall, superuser, *, slowly: bool) -> Cart:
    cart = (await stall.reserve(1)).cart
    stall.wire.cut = Cut.DURING
    if not slowly:
        return await stall.release(cart)
    async with slow_commits(superuser, "carts", stall.event.id):
        return await stall.release(cart)


async def test_commit_that_is_not_through_yet_is_waited_for(stall, superuser):
    assert (await given_back_under_a_cut(stall, superuser, slowly=True)).status is CartStatus.EXPIRED
    assert stall.house.edit.tally.replay == 1


async def test_looking_too_early_would_refuse_what_was_done(stall, superuser, monkeypatch):
    """The control: without the lock of its lane, the look-up finds nothing of a commit that is still under way."""
    opening = engine.Lane._opening
    monkeypatch.setattr(
        engine.Lane,
        "_opening",
        lambda *given: opening(*given).replace("pg_advisory_xact_lock(", "abs("),
    )
    with pytest.raises(CartExpired):
        await given_back_under_a_cut(stall, superuser, slowly=True)


async def test_doing_it_again_blindly_would_refuse_what_was_done(stall, superuser, monkeypatch):
    """The control: a desk that does not look up what stands."""

    async def nothing(_self, _connection, _counter, asks):
        return [None] * len(asks)

    monkeypatch.setattr(EditDesk, "recall", nothing)
    with pytest.raises(CartExpired):
        await given_back_under_a_cut(stall, superuser, slowly=False)
