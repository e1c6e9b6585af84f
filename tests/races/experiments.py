"""What is done to show a guard at work: each runs in this process over connections like several processes have.

An experiment says what harm was done, and nothing when all is well. Between reading and writing each waits for a rival
who has read too, so that a race which can be lost is lost; where a lock keeps the rival away, it goes on after a while.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from types import ModuleType
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from foyer.domains.carts import Replay, ReserveAsk, ReserveDesk, lapse_due, regular_lines
from foyer.domains.carts.types import WantedLine
from foyer.domains.checkout import Desks, PlaceAsk, PlaceDesk, place_ask, sweep
from foyer.domains.customers.types import Customer
from foyer.domains.events import stop_event
from foyer.domains.events.types import EventStaff, TicketTypeDraft
from foyer.domains.inventory import move_places
from foyer.domains.inventory.types import Move
from foyer.domains.tickets import DoorDesk, scan_ask
from foyer.infra.batching import Counter
from foyer.infra.db.engine import Database
from foyer.kernel.actor import Actor, ActorKind
from foyer.kernel.errors import FoyerError, NotOnSale
from foyer.kernel.ids import uuid7
from tests.races.cancelling import cancelled_at
from tests.support.installation import imbalances
from tests.support.world import KEYRING, Organization, make_event, make_organization

LOCKED_OUT_SECONDS = 0.3
NOT_LOCKED_OUT_SECONDS = 5.0


class Meeting:
    """Once it is called: the first two who come go on together; one who is left alone goes on after a while."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._is_called = False
        self._both = asyncio.Event()
        self._has_first = False

    def call(self, *, patience: float | None = None) -> None:
        self._is_called = True
        self._patience = patience or self._patience

    async def wait(self) -> None:
        if not self._is_called:
            return
        if self._has_first:
            self._is_called = False
            self._both.set()
            return
        self._has_first = True
        with suppress(TimeoutError):
            await asyncio.wait_for(self._both.wait(), self._patience)
        self._is_called = False


def home_of(thing: Any) -> ModuleType:
    """The module in which a function or class finds what it uses."""
    return sys.modules[thing.__module__]


@dataclass(frozen=True)
class Arena:
    """One event of an organization, and everything needed to fight over it."""

    url: str
    database: Database
    owner: asyncpg.Connection
    organization: Organization
    event: EventStaff
    meeting: Meeting

    @property
    def counter(self) -> Counter:
        return Counter(self.organization.id, self.event.id)

    def wish(self, quantity: int = 1, replay: Replay | None = None) -> ReserveAsk:
        line = WantedLine(ticket_type_id=self.event.ticket_types[0].id, quantity=quantity)
        return ReserveAsk(uuid7(), None, KEYRING.new_session(), regular_lines([line]), replay)

    async def imbalances(self) -> list[str]:
        return await imbalances(self.owner, self.organization.id)


Experiment = Callable[[Arena], Awaitable[list[str]]]


@asynccontextmanager
async def arena(
    url: str, owner: asyncpg.Connection, patch: pytest.MonkeyPatch, *, is_guarded: bool
) -> AsyncIterator[Arena]:
    database = Database(url, pool_size=4)
    organization = await make_organization(database)
    event = await make_event(database, organization, TicketTypeDraft(name="Seat", quantity=10, is_free=True))
    meeting = Meeting(LOCKED_OUT_SECONDS if is_guarded else NOT_LOCKED_OUT_SECONDS)
    _meet_before_writing(patch, meeting)
    yield Arena(url, database, owner, organization, event, meeting)
    await database.close()


def _meet_before_writing(patch: pytest.MonkeyPatch, meeting: Meeting) -> None:
    """Whoever has read and decided waits for a rival before writing what follows from it."""

    async def moving(*given):
        await meeting.wait()
        await move_places(*given)

    reserving, placing = home_of(ReserveDesk), home_of(PlaceDesk)
    take, link, write = reserving._write, placing.link_customers, DoorDesk._write

    async def taking(*given):
        await meeting.wait()
        await take(*given)

    async def linking(*given):
        await meeting.wait()
        return await link(*given)

    async def writing(*given):
        await meeting.wait()
        await write(*given)

    patch.setattr(home_of(lapse_due), "move_places", moving)
    patch.setattr(reserving, "_write", taking)
    patch.setattr(placing, "link_customers", linking)
    patch.setattr(DoorDesk, "_write", staticmethod(writing))


@asynccontextmanager
async def houses(here: Arena, count: int) -> AsyncIterator[list[Desks]]:
    """So many processes' worth of desks, each request a transaction of its own."""
    opened = [Desks(Database(here.url, pool_size=2), KEYRING, max_batch=1) for _ in range(count)]
    yield opened
    await asyncio.gather(*(one.close() for one in opened))


def defects(outcomes: Iterable[object]) -> list[str]:
    """What was neither an answer nor a refusal."""
    return [
        repr(one) for one in outcomes if isinstance(one, BaseException) and not isinstance(one, FoyerError)
    ]


async def last_places(here: Arena) -> list[str]:
    """Six buyers at three processes want six places each, and there are 10."""
    async with houses(here, 3) as three:
        here.meeting.call()
        outcomes = await asyncio.gather(
            *(three[turn % 3].reserve.ask(here.counter, here.wish(6)) for turn in range(6)),
            return_exceptions=True,
        )
    return defects(outcomes) + await here.imbalances()


async def cancelled_meanwhile(here: Arena) -> list[str]:
    """A batch has read its event and waits for the pool; by the time it gets it, the event is cancelled."""
    async with houses(here, 1) as (house,):
        async with here.database.write(here.organization.id) as tx:
            await stop_event(tx, here.event.id, actor=here.organization.owner)
            buying = asyncio.create_task(house.reserve.ask(here.counter, here.wish(1)))
            await asyncio.sleep(LOCKED_OUT_SECONDS)
        outcomes = await asyncio.gather(buying, return_exceptions=True)
    sold = [f"sold by a cancelled event: {one}" for one in outcomes if not isinstance(one, NotOnSale)]
    return defects(outcomes) + sold + await here.imbalances()


async def careless_move(here: Arena) -> list[str]:
    """Code that forgot to count moves more places than there are."""
    async with here.database.read(here.organization.id):
        pools = await here.owner.fetch(
            "SELECT id FROM pools WHERE organization_id = $1", here.organization.id
        )
    try:
        async with here.database.batch(here.organization.id) as connection:
            await move_places(connection, here.organization.id, [Move(row["id"], sold=11) for row in pools])
    except asyncpg.CheckViolationError:
        pass
    return [wrong for wrong in await here.imbalances() if "oversold" in wrong]


async def two_doors(here: Arena) -> list[str]:
    """One code is typed at two doors."""
    async with houses(here, 2) as two:
        (code,) = await _tickets(here, two[0], 1)
        here.meeting.call()
        device = Actor(
            ActorKind.DEVICE, here.organization.id, here.organization.device_id, here.organization.user_id, "Gate", frozenset()
        )  # fmt: skip
        outcomes = await asyncio.gather(
            *(one.door.ask(here.counter, scan_ask(device, qr=None, code=code, scan_id=None)) for one in two),
            return_exceptions=True,
        )
    admitted = await here.owner.fetchval(
        "SELECT count(*) FROM scans WHERE organization_id = $1 AND result = 'admitted'", here.organization.id
    )
    return defects(outcomes) + ([f"admitted {admitted} times"] if admitted != 1 else [])


async def _tickets(here: Arena, house: Desks, quantity: int) -> list[str]:
    cart = await house.reserve.ask(here.counter, here.wish(quantity))
    placed = await house.place.ask(here.counter, _purchase(cart.cart.id))
    return [ticket.code for ticket in placed.tickets]


def _purchase(cart_id: UUID) -> PlaceAsk:
    return place_ask(cart_id, Customer(email="buyer@example.org"), [], "free", known_methods=("free",))


async def double_submit(here: Arena) -> list[str]:
    """One cart is checked out at two processes, while others hold places too."""
    async with houses(here, 2) as two:
        cart = await two[0].reserve.ask(here.counter, here.wish(3))
        await two[0].reserve.ask(here.counter, here.wish(5))
        here.meeting.call()
        outcomes = await asyncio.gather(
            *(one.place.ask(here.counter, _purchase(cart.cart.id)) for one in two), return_exceptions=True
        )
    return defects(outcomes) + await here.imbalances()


async def two_sweepers(here: Arena) -> list[str]:
    """Two workers find the same lapsed cart, while others hold places too."""
    async with houses(here, 1) as (one,):
        lapsed = await one.reserve.ask(here.counter, here.wish(2))
        await one.reserve.ask(here.counter, here.wish(5))
    await here.owner.execute(
        "UPDATE carts SET created_at = foyer_now() - interval '1 hour', expires_at = foyer_now() WHERE id = $1",
        lapsed.cart.id,
    )
    here.meeting.call(patience=LOCKED_OUT_SECONDS)  # the second has read long since, and waits for the first
    outcomes = await asyncio.gather(*(sweep(here.database) for _ in range(2)), return_exceptions=True)
    return defects(outcomes) + await here.imbalances()


async def one_key(here: Arena) -> list[str]:
    """One request with a key reaches two processes."""
    replay = Replay(b"a" * 32, "one-wish", b"b" * 32)
    async with houses(here, 2) as two:
        here.meeting.call()
        outcomes = await asyncio.gather(
            *(one.reserve.ask(here.counter, here.wish(1, replay)) for one in two), return_exceptions=True
        )
    made = await here.owner.fetchval(
        "SELECT count(*) FROM carts WHERE organization_id = $1", here.organization.id
    )
    return defects(outcomes) + await here.imbalances() + ([f"{made} carts"] if made != 1 else [])


async def next_user(here: Arena) -> list[str]:
    """After a transaction, somebody else gets its connection."""
    one = Database(here.url, pool_size=1)
    async with one.write(here.organization.id):
        pass
    wrong = await left_in_pool(one)
    await one.close()
    return wrong


async def left_in_pool(database: Database) -> list[str]:
    """What the next user of each connection would find."""
    wrong = []
    pool = database._engine.pool
    for _ in range(50):  # a connection goes back a few turns of the loop after the caller was cancelled
        if not pool.checkedout():
            break
        await asyncio.sleep(0.002)
    if out := pool.checkedout():
        wrong.append(f"{out} connections never came back")
        return wrong
    async with database._connection() as connection:
        raw = (await connection.get_raw_connection()).driver_connection
        if raw.is_in_transaction():
            wrong.append("a transaction is still open")
        if tenant := await raw.fetchval("SELECT current_setting('app.organization_id', true)"):
            wrong.append(f"the tenant is still {tenant}")
    return wrong


async def cancelled_twice(here: Arena) -> list[str]:
    """A writer is cancelled at each of its awaits, and once more at the next one."""
    one = Database(here.url, pool_size=1)

    async def write() -> None:
        async with one.batch(here.organization.id) as connection:
            await connection.execute("SELECT 1")

    wrong = []
    place = 1
    while await cancelled_at(write(), place, times=3):
        wrong += [f"at await {place}: {found}" for found in await left_in_pool(one)]
        if wrong:
            break
        place += 1
    await one.close()
    return wrong
