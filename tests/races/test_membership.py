"""What ticket types draw on changes while they are sold: every place is counted where it belongs, whoever was on the way."""

import asyncio
import sys
from collections import Counter as Count
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

import asyncpg
import httpx
import pytest

from foyer.domains.carts import CartEdit, EditAsk, ReserveAsk, lapse_due, regular_lines
from foyer.domains.carts.desk import reserve as reserving
from foyer.domains.carts.types import Cart, WantedLine
from foyer.domains.checkout import Desks, cancel_order, place_ask
from foyer.domains.customers.types import Customer
from foyer.domains.events import add_ticket_type, create_pool, delete_pool, delete_ticket_type, edit_pool
from foyer.domains.events import desk as drawing
from foyer.domains.events.actions import pool as changing
from foyer.domains.events.types import EventStaff, SharedPool, SharedPoolDraft, TicketTypeDraft
from foyer.domains.inventory import lock_pools
from foyer.domains.orders.types import CancelReason
from foyer.infra.batching import Counter
from foyer.infra.db.engine import Database
from foyer.infra.db.tx import Tx
from foyer.kernel.errors import Conflict, Invalid
from foyer.kernel.ids import uuid7
from tests.support.installation import Buyers, buyers, imbalances, unless_busy
from tests.support.patience import patiently
from tests.support.world import KEYRING, Organization, make_event

LOCKED_OUT_SECONDS = 0.1
STORM_ANSWERS = 250
STORM_SECONDS_MAX = 20.0


_MISCOUNTED = """
SELECT ARRAY[p.held, p.sold] AS is, ARRAY[sum(o.held), sum(o.sold)]::int[] AS should_be
FROM pools p
JOIN ticket_type_pools d ON d.organization_id = p.organization_id AND d.pool_id = p.id
JOIN ticket_types t ON t.organization_id = d.organization_id AND t.id = d.ticket_type_id
JOIN pools o ON o.organization_id = t.organization_id AND o.id = t.pool_id
WHERE p.organization_id = $1
GROUP BY p.id, p.held, p.sold HAVING (p.held, p.sold) <> (sum(o.held), sum(o.sold))
"""


class Gate:
    """Stops the first who comes until it is opened."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self.opened = asyncio.Event()

    async def __call__(self) -> None:
        if not self.reached.is_set():
            self.reached.set()
            await self.opened.wait()


@dataclass
class Hall:
    """An event of two types, of which the second stands in an area; one cart and one order of each are there already."""

    house: Desks
    organization: Organization
    owner: asyncpg.Connection
    event: EventStaff
    area: SharedPool

    @property
    def counter(self) -> Counter:
        return Counter(self.organization.id, self.event.id)

    @property
    def types(self) -> list[UUID]:
        return [kind.id for kind in self.event.ticket_types]

    async def cart(self, *type_ids: UUID, quantity: int = 2) -> Cart:
        wanted = [WantedLine(ticket_type_id=type_id, quantity=quantity) for type_id in type_ids]
        ask = ReserveAsk(uuid7(), None, KEYRING.new_session(), regular_lines(wanted), None)
        return (await patiently(lambda: self.house.reserve.ask(self.counter, ask))).cart

    async def order(self, cart: Cart) -> UUID:
        ask = place_ask(cart.id, Customer(email="jo@example.org"), [], "free", known_methods=("free",))
        return (await patiently(lambda: self.house.place.ask(self.counter, ask))).order.id

    async def wrong(self) -> list[str]:
        """Pools that do not count what the own pools of their types count, and places that nobody has or has twice."""
        miscounted = await self.owner.fetch(_MISCOUNTED, self.organization.id)
        found = await imbalances(self.owner, self.organization.id)
        cancelled = "SELECT 1 FROM tickets WHERE organization_id = $1 AND status = 'cancelled'"
        if await self.owner.fetchval(cancelled, self.organization.id):
            found = [
                one for one in found if "tickets are issued" not in one
            ]  # those that ended are counted there
        return found + [f"{row['is']} in the pool, {row['should_be']} of its types" for row in miscounted]


@pytest.fixture
async def hall(app_url, database: Database, organization, owner) -> AsyncIterator[Hall]:
    kinds = [
        TicketTypeDraft(name=name, quantity=40, is_free=True, max_per_order=9) for name in ("Seat", "Box")
    ]
    event = await make_event(database, organization, *kinds)
    async with database.write(organization.id) as tx:
        draft = SharedPoolDraft(name="Area", capacity=60, ticket_type_ids=[event.ticket_types[1].id])
        area = await create_pool(tx, event.id, draft, actor=organization.owner)
    house = Desks(Database(app_url, pool_size=6), KEYRING, max_batch=64)
    here = Hall(house, organization, owner, event, area)
    await here.order(await here.cart(*here.types, quantity=1))
    await here.cart(*here.types, quantity=1)
    yield here
    await house.close()


def stop_before_pools(patch: pytest.MonkeyPatch) -> Gate:
    """Whoever has read what types draw on stops before writing by it: before the lock, or with it where both are one statement."""
    gate = Gate()
    opening = reserving.open_sales

    async def opened(*given):
        found = await opening(*given)
        await gate()
        return found

    patch.setattr(reserving, "open_sales", opened)

    async def stopping(*given):
        await gate()
        return await lock_pools(*given)

    for name, module in list(sys.modules.items()):
        if name.startswith("foyer.domains.") and vars(module).get("lock_pools") is lock_pools:
            patch.setattr(module, "lock_pools", stopping)
    return gate


async def reserved(hall: Hall) -> Callable[[], Awaitable[object]]:
    return lambda: hall.cart(*hall.types)


async def more_reserved(hall: Hall) -> Callable[[], Awaitable[object]]:
    cart = await hall.cart(*hall.types)
    wanted = [WantedLine(ticket_type_id=type_id, quantity=5) for type_id in hall.types]
    edit = CartEdit(lines=regular_lines(wanted, least=0))
    return lambda: patiently(lambda: hall.house.edit.ask(hall.counter, EditAsk(cart.id, edit)))


async def released(hall: Hall) -> Callable[[], Awaitable[object]]:
    cart = await hall.cart(*hall.types)
    ask = EditAsk(cart.id, CartEdit(releases=True))
    return lambda: patiently(lambda: hall.house.edit.ask(hall.counter, ask))


async def ordered(hall: Hall) -> Callable[[], Awaitable[object]]:
    cart = await hall.cart(*hall.types)
    return lambda: hall.order(cart)


async def lapsed(hall: Hall) -> Callable[[], Awaitable[object]]:
    async def lapse() -> None:
        async with hall.house.database.batch(hall.organization.id) as connection:
            await lapse_due(connection, hall.counter, even_live=True)

    return lapse


async def cancelled(hall: Hall) -> Callable[[], Awaitable[object]]:
    order_id = await hall.order(await hall.cart(*hall.types))

    async def cancel() -> None:
        async with hall.house.database.write(hall.organization.id) as tx:
            await cancel_order(tx, order_id, actor=hall.organization.owner, reason=CancelReason.STAFF)

    return cancel


MOVES = [reserved, more_reserved, released, ordered, lapsed, cancelled]


def with_types(*places: int) -> Callable[[Tx, Hall], Awaitable[object]]:
    """The area is then for the types in these places."""

    async def change(tx: Tx, hall: Hall) -> object:
        def revise(before: SharedPoolDraft) -> SharedPoolDraft:
            return SharedPoolDraft(
                name=before.name, capacity=before.capacity, ticket_type_ids=[hall.types[place] for place in places]
            )  # fmt: skip

        return await edit_pool(tx, hall.event.id, hall.area.id, revise, actor=hall.organization.owner)

    return change


async def gone(tx: Tx, hall: Hall) -> None:
    await delete_pool(tx, hall.event.id, hall.area.id, actor=hall.organization.owner)


async def another(tx: Tx, hall: Hall) -> None:
    draft = SharedPoolDraft(name="Another", capacity=70, ticket_type_ids=hall.types)
    await create_pool(tx, hall.event.id, draft, actor=hall.organization.owner)


CHANGES = {
    "joins": with_types(0, 1), "leaves": with_types(), "swaps": with_types(0), "area goes": gone, "area comes": another,
}  # fmt: skip
PAIRS = [
    *((move, "swaps") for move in MOVES),
    *((reserved, change) for change in CHANGES if change != "swaps"),
    (lapsed, "leaves"),
    (cancelled, "area goes"),
]


async def changed(hall: Hall, change: Callable[[Tx, Hall], Awaitable[object]]) -> None:
    async with hall.house.database.write(hall.organization.id) as tx:
        await change(tx, hall)


@pytest.mark.parametrize(
    ("move", "change"), PAIRS, ids=lambda one: one if isinstance(one, str) else one.__name__
)
async def test_who_has_read_what_types_draw_on_is_waited_for(hall, monkeypatch, move, change):
    """Between reading and locking the change comes, and has to wait for the commit."""
    moving = await move(hall)
    gate = stop_before_pools(monkeypatch)
    on_the_way = asyncio.ensure_future(moving())
    await gate.reached.wait()
    waiting = asyncio.create_task(changed(hall, CHANGES[change]))
    await asyncio.sleep(LOCKED_OUT_SECONDS)
    assert not waiting.done()
    gate.opened.set()
    await asyncio.gather(on_the_way, waiting)

    assert await hall.wrong() == []


@pytest.mark.parametrize("move", [reserved, ordered, lapsed], ids=lambda move: move.__name__)
async def test_who_comes_during_a_change_waits_for_it(hall, monkeypatch, move):
    """The membership is written, the places are not moved yet; whoever comes now reads it after the commit."""
    moving = await move(hall)
    gate, lock = Gate(), changing.lock

    async def stopping(*given):
        await gate()
        return await lock(*given)

    monkeypatch.setattr(changing, "lock", stopping)
    change = asyncio.create_task(changed(hall, CHANGES["swaps"]))
    await gate.reached.wait()
    waiting = asyncio.ensure_future(moving())
    await asyncio.sleep(LOCKED_OUT_SECONDS)
    assert not waiting.done()
    gate.opened.set()
    await asyncio.gather(change, waiting)

    assert await hall.wrong() == []


@pytest.mark.parametrize("change", ["joins", "leaves"])
@pytest.mark.parametrize("move", [reserved, lapsed], ids=lambda move: move.__name__)
async def test_without_waiting_places_are_lost(hall, monkeypatch, move, change):
    """The guard is off: what was read is not what is true any more, and the counters are wrong for good."""
    monkeypatch.setattr(drawing, "_TOGETHER", "SELECT 1")
    moving = await move(hall)
    gate, lock = Gate(), changing.lock

    async def stopping(*given):
        locked = await lock(*given)
        await gate()
        return locked

    monkeypatch.setattr(changing, "lock", stopping)
    changes = asyncio.create_task(changed(hall, CHANGES[change]))
    await gate.reached.wait()
    on_the_way = asyncio.ensure_future(moving())
    await asyncio.sleep(LOCKED_OUT_SECONDS)  # it has read what the types draw on, and waits for the pools
    gate.opened.set()
    outcome = (await asyncio.gather(on_the_way, changes, return_exceptions=True))[0]

    assert await hall.wrong() or isinstance(outcome, asyncpg.CheckViolationError)


async def test_type_that_is_being_sold_is_not_deleted(hall, monkeypatch):
    type_id = await fresh_type(hall)
    gate = stop_before_pools(monkeypatch)
    buying = asyncio.create_task(hall.cart(type_id))
    await gate.reached.wait()

    async def delete(tx: Tx, _hall: Hall) -> None:
        await delete_ticket_type(tx, hall.event.id, type_id, actor=hall.organization.owner)

    deleting = asyncio.create_task(changed(hall, delete))
    await asyncio.sleep(LOCKED_OUT_SECONDS)
    gate.opened.set()

    assert (await buying).items[0].ticket_type_id == type_id
    with pytest.raises(Conflict, match="2 places are sold or held"):
        await deleting


async def test_type_that_is_deleted_is_not_sold(hall):
    type_id = await fresh_type(hall)
    async with hall.house.database.write(hall.organization.id) as tx:
        await delete_ticket_type(tx, hall.event.id, type_id, actor=hall.organization.owner)
        buying = asyncio.create_task(hall.cart(type_id))
        await asyncio.sleep(LOCKED_OUT_SECONDS)
        assert not buying.done()

    with pytest.raises(Invalid, match="no such ticket"):
        await buying


async def fresh_type(hall: Hall) -> UUID:
    async with hall.house.database.write(hall.organization.id) as tx:
        draft = TicketTypeDraft(name="Fresh", quantity=5, is_free=True)
        return (await add_ticket_type(tx, hall.event.id, draft, actor=hall.organization.owner)).id


@dataclass
class Storm:
    """Buyers and staff of one event, until it is over."""

    crowd: Buyers
    event: EventStaff
    over: asyncio.Event = field(default_factory=asyncio.Event)
    seen: Count[int] = field(default_factory=Count)

    async def ask(self, method: str, url: str, body: object = None, **headers: str) -> httpx.Response:
        content = {} if body is None else {"json": body}
        answer = await unless_busy(lambda: self.crowd.client.request(method, url, headers=headers, **content))
        return self.note(answer)

    def note(self, answer: httpx.Response) -> httpx.Response:
        self.seen[answer.status_code] += 1
        assert answer.status_code in {200, 201, 204, 409, 410}, answer.text
        if self.seen.total() >= STORM_ANSWERS:
            self.over.set()
        return answer

    async def move_types_about(self, turn: int) -> None:
        """An area comes, its types and its size change, it goes."""
        staff = self.crowd.organization.staff
        areas = f"{self.crowd.urls[turn % 2]}/api/v1/events/{self.event.id}/pools"
        ids = [str(kind.id) for kind in self.event.ticket_types]
        while not self.over.is_set():
            made = await self.ask(
                "POST", areas, {"name": f"Area {turn}", "capacity": 100, "ticketTypeIds": ids[:1]}, **staff
            )
            if made.status_code != 201:
                continue
            one = f"{areas}/{made.json()['id']}"
            for step, types in enumerate((ids, ids[1:], ids[:1], ids[turn : turn + 1])):
                await self.ask("PATCH", one, {"ticketTypeIds": types, "capacity": 100 - 9 * step}, **staff)
            await self.ask("DELETE", one, **staff)

    async def come_and_go(self, turn: int) -> None:
        """A cart is made and paid for, or changed and given back."""
        ids = [kind.id for kind in self.event.ticket_types]
        while not self.over.is_set():
            wanted = {ids[turn % 3]: turn % 4 + 1, ids[(turn + 1) % 3]: 1}
            answer = self.note(await self.crowd.reserve(turn, self.event.id, wanted))
            if answer.status_code != 201:
                await asyncio.sleep(0.05)
                continue
            cart = answer.json()
            if turn % 5 == 0:
                self.note(await self.crowd.check_out(turn, cart))
                continue
            url = f"{self.crowd._shop(turn)}/carts/{cart['id']}"
            bearer = {"Authorization": f"Bearer {cart['token']}"}
            more = {"items": [{"ticketTypeId": str(ids[(turn + 2) % 3]), "quantity": 2}]}
            await self.ask("PATCH", url, more, **bearer)
            await self.ask("DELETE", url, **bearer)


async def test_areas_change_all_the_time_while_buyers_come_and_go(house, database, organization, owner):
    """Over two web processes nothing is lost and nothing is sold twice."""
    kinds = [TicketTypeDraft(name=name, quantity=60, is_free=True, max_per_order=9) for name in "ABC"]
    event = await make_event(database, organization, *kinds, capacity=120)
    async with buyers(house.urls, organization) as crowd:
        storm = Storm(crowd, event)
        tasks = [asyncio.create_task(storm.move_types_about(turn)) for turn in range(2)]
        tasks += [asyncio.create_task(storm.come_and_go(turn)) for turn in range(24)]
        with suppress(TimeoutError):
            await asyncio.wait_for(storm.over.wait(), STORM_SECONDS_MAX)
        storm.over.set()
        await asyncio.gather(*tasks)
    assert storm.seen[201] > 20
    assert await imbalances(owner, organization.id) == []
    assert house.faults() == []
