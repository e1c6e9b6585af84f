"""A batch sends the same few statements however much is in it: every desk, and the sweeper."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

import pytest

from foyer.domains.carts import CartEdit, EditAsk, ReserveAsk, lapse_due, regular_lines
from foyer.domains.carts.types import Cart, WantedLine
from foyer.domains.checkout import PlaceAsk, cancel_event, mark_many_paid, place_ask
from foyer.domains.checkout.desk import RefundAsk, Told, lapse_orders, wind_up
from foyer.domains.checkout.jobs import begin_payments
from foyer.domains.checkout.types import Placed
from foyer.domains.customers.types import Customer
from foyer.domains.events import add_question
from foyer.domains.events.types import EventStaff, QuestionDraft, TicketTypeDraft
from foyer.domains.payments import RESUMED_MAX, start_refunds, unanswered_attempts, unanswered_refunds
from foyer.domains.payments.types import Outcome, PaymentState, RefundState
from foyer.domains.tickets import scan_ask
from foyer.infra.batching import Clerk
from foyer.kernel.actor import Actor, ActorKind
from foyer.kernel.errors import CodeExhausted
from foyer.kernel.ids import uuid7
from tests.support.counting import CountingDatabase
from tests.support.trade import Trade, trading
from tests.support.world import KEYRING

SEATS = (
    TicketTypeDraft(name="Stalls", quantity=20_000, price=1_000),
    TicketTypeDraft(name="Balcony", quantity=20_000, price=500),
    TicketTypeDraft(name="Lap", quantity=20_000, is_free=True),
)
FEW, MANY = 3, 50
MOST = 26
"""No batch needs more statements than this, beginning and end of its transaction among them."""


def selling(url: str):
    """A house of its own: a clerk that has served few in a second does not take on very many at once."""
    return trading(url, clock_offset=timedelta(seconds=1), database=CountingDatabase, max_batch=1_000)


@pytest.fixture
async def trade(app_url: str):
    async with selling(app_url) as trade:
        yield trade


def wish(event: EventStaff, *counts: int) -> ReserveAsk:
    kinds = zip(event.ticket_types, counts, strict=False)
    lines = [WantedLine(ticket_type_id=kind.id, quantity=count) for kind, count in kinds if count]
    return ReserveAsk(uuid7(), None, KEYRING.new_session(), regular_lines(lines), None)


def purchase(cart: Cart, buyer: object, method: str) -> PlaceAsk:
    customer = Customer(email=f"{buyer}@example.org", first_name="Jo")
    return place_ask(cart.id, customer, [], method, known_methods=("free", "manual", "sandbox"))


class Life:
    """What happens to so many of everything at once, and how many statements each step takes."""

    def __init__(self, trade: Trade, event: EventStaff, size: int) -> None:
        self.trade, self.event, self.size = trade, event, size
        self.counter = trade.counter(event.id)
        self.took: dict[str, int] = {}

    async def at(self, step: str, clerk: Clerk, asks: Sequence[object]) -> list:
        return await self.counted(
            step,
            lambda: asyncio.gather(*(clerk.ask(self.counter, ask) for ask in asks), return_exceptions=True),
        )

    async def counted(self, step: str, work: Callable[[], Awaitable]):
        with self.trade.database.counting() as sent:
            result = await work()
        self.took[step] = sent.count
        return result

    async def in_a_batch(self, step: str, work: Callable[..., Awaitable], **more: object):
        async def act():
            async with self.trade.database.batch(self.trade.id) as connection:
                return await work(connection, self.counter, **more)

        return await self.counted(step, act)

    async def carts(self, *counts: int, step: str = "reserve") -> list[Cart]:
        found = await self.at(
            step, self.trade.desks.reserve, [wish(self.event, *counts) for _ in range(self.size)]
        )
        return [one.cart for one in found]

    async def place(self, step: str, carts: Sequence[Cart], method: str) -> list[Placed]:
        asks = [purchase(cart, turn, method) for turn, cart in enumerate(carts)]
        return await self.at(step, self.trade.desks.place, asks)

    async def buyers(self) -> list[Placed]:
        """Carts of two lines are changed, get a code, become orders; one buyer has used the code before."""
        edit = self.trade.desks.edit
        carts = await self.carts(2, 1)
        chosen = regular_lines(
            [WantedLine(ticket_type_id=self.event.ticket_types[0].id, quantity=3)], least=0
        )
        changed = await self.at("change", edit, [EditAsk(cart.id, CartEdit(chosen)) for cart in carts])
        assert {sum(line.quantity for line in cart.items) for cart in changed} == {4}
        coded = await self.at("code", edit, [EditAsk(cart.id, CartEdit(code="once")) for cart in carts])
        assert all(cart.discount_id for cart in coded)
        names = [*range(len(carts) - 1), 0]
        asks = [purchase(cart, name, "manual") for cart, name in zip(carts, names, strict=True)]
        placed = await self.at("place, to be paid", self.trade.desks.place, asks)
        assert [type(one) for one in placed[-2:]] == [Placed, CodeExhausted]
        gone = await self.carts(0, 1)
        await self.at("release", edit, [EditAsk(cart.id, CartEdit(releases=True)) for cart in gone])
        return placed[:-1]

    async def money(self, waiting: Sequence[Placed]) -> None:
        """Staff take money for some, a provider says so of others."""
        trade, ids = self.trade, [one.order.id for one in waiting]
        paid = await self.counted(
            "settle, by staff",
            lambda: mark_many_paid(trade.desks.till, trade.id, ids, actor=trade.organization.owner),
        )
        assert set(paid.values()) == {None}
        placed = await self.place("place, paid elsewhere", await self.carts(1), "sandbox")
        trade.jump(timedelta(minutes=1))
        asked = await self.in_a_batch("take up again", unanswered_attempts, before=await trade.now())
        await begin_payments(trade.desks.till, self.counter, asked)
        told = [
            Told(
                charge.intent.order_id,
                charge.intent.key,
                PaymentState(Outcome.SUCCEEDED, charge.reference),
                False,
            )
            for charge in trade.sandbox.charges.values()
            if charge.intent.order_id in {one.order.id for one in placed}
        ]
        assert len(told) == self.size
        assert {
            one.value for one in await self.at("settle, by a provider", trade.desks.till.settle, told)
        } == {"confirmed"}
        again = await self.at("settle, told once more", trade.desks.till.settle, told)
        assert {one.value for one in again} == {"noted"}

    async def visitors(self) -> None:
        """Free orders, and all of them at the door."""
        placed = await self.place("place, free", await self.carts(0, 0, 2), "free")
        house = self.trade.organization
        gate = Actor(ActorKind.DEVICE, self.trade.id, house.device_id, house.user_id, "Gate", frozenset())
        asks = [scan_ask(gate, code=one.tickets[0].code) for one in placed]
        seen = await self.at("check in", self.trade.desks.door, asks)
        assert {one.result.value for one in seen} == {"admitted"}

    async def ends(self) -> None:
        """Carts and orders lapse; the event is cancelled, and what was paid goes back."""
        trade = self.trade
        await self.place("place", await self.carts(1), "manual")
        await self.carts(1)
        trade.jump(timedelta(hours=2))
        assert await self.in_a_batch("lapse, carts", lapse_due) == self.size + 1
        assert await self.in_a_batch("lapse, orders", lapse_orders) == self.size
        async with trade.database.write(trade.id) as tx:
            await cancel_event(tx, self.event.id, actor=trade.organization.owner)
        assert await self.in_a_batch("wind up", wind_up)
        async with trade.database.batch(trade.id) as connection:
            query = "SELECT id FROM refunds WHERE organization_id = $1 AND event_id = $2 AND status = 'due'"
            due = [row[0] for row in await connection.fetch(query, trade.id, self.event.id)]
            await start_refunds(connection, trade.id, due, now=await trade.now())
        assert len(due) == 2 * self.size - 1
        asked = await self.in_a_batch("take up again", unanswered_refunds, before=await trade.now())
        assert len(asked) == min(len(due), RESUMED_MAX)
        done = RefundState(Outcome.SUCCEEDED, None)
        asks = [RefundAsk(refund, done, is_direct=refund.provider == "manual") for refund in asked]
        await self.at("refund", trade.desks.till.refund, asks)


async def live(url: str, size: int) -> dict[str, int]:
    """How many statements each step of a life takes."""
    async with selling(url) as trade:
        event = await trade.event(*SEATS, manual_payment_hours=1)
        await trade.shared_pool(event, "House", 30_000, *(kind.id for kind in event.ticket_types[:2]))
        await trade.discount("ONCE", percentage=10.0, uses_per_customer=1)
        life = Life(trade, event, size)
        await life.money(await life.buyers())
        await life.visitors()
        await life.ends()
        assert await trade.audit() == []
        return life.took


async def test_batch_of_many_sends_what_a_batch_of_few_sends(app_url) -> None:
    few, many = await live(app_url, FEW), await live(app_url, MANY)
    assert few == many
    assert max(many.values()) <= MOST, many


async def test_desk_that_goes_through_its_asks_is_noticed(trade, monkeypatch) -> None:
    """The control: the same counter sees a statement for each ask."""
    desk = trade.desks.till.settle.desk
    together = desk.serve

    async def one_by_one(connection, counter, asks):
        return [(await together(connection, counter, [ask]))[0] for ask in asks]

    monkeypatch.setattr(desk, "serve", one_by_one)
    counts = []
    for size in (2, 4):
        life = Life(trade, await trade.event(*SEATS), size)
        placed = await life.place("place", await life.carts(1), "manual")
        ids = [one.order.id for one in placed]
        await life.counted(
            "settle",
            lambda ids=ids: mark_many_paid(trade.desks.till, trade.id, ids, actor=trade.organization.owner),
        )
        counts.append(life.took["settle"])
    assert counts[1] > counts[0] + 10


async def test_answers_of_a_batch_are_two_statements_and_none_where_nothing_is_asked(trade) -> None:
    took = {}
    for size in (FEW, MANY):
        plain, asking = await trade.event(*SEATS), await trade.event(*SEATS)
        async with trade.database.write(trade.id) as tx:
            asked = await add_question(
                tx, asking.id, QuestionDraft(label="Menu?"), actor=trade.organization.owner
            )
        for event in (plain, asking):
            life = Life(trade, event, size)
            # Of an event that nobody has bought of, the desk does not know yet whether it asks something.
            await life.place("first", [(await life.carts(1))[0]], "manual")
            asks = [
                purchase(cart, f"{event.id}-{turn}", "manual")
                for turn, cart in enumerate(await life.carts(1))
            ]
            if event is asking:
                asks = [ask.answering({asked.id: "None, thanks"}) for ask in asks]
            placed = await life.at("place", trade.desks.place, asks)
            assert {type(one) for one in placed} == {Placed}
            took[event is asking, size] = life.took["place"]

    assert took[False, FEW] == took[False, MANY]
    assert took[True, FEW] == took[True, MANY] == took[False, MANY] + 2
    async with trade.database.snapshot(trade.id) as connection:
        query = "SELECT count(*), count(DISTINCT order_id) FROM answers WHERE organization_id = $1"
        assert tuple(await connection.fetchrow(query, trade.id)) == (FEW + MANY, FEW + MANY)


async def test_five_hundred_orders_of_ten_tickets_are_a_handful_of_statements(trade) -> None:
    event = await trade.event(*SEATS)
    life = Life(trade, event, 500)
    placed = await life.place("place", await life.carts(10), "manual")
    ids = [one.order.id for one in placed]
    await life.counted(
        "settle", lambda: mark_many_paid(trade.desks.till, trade.id, ids, actor=trade.organization.owner)
    )

    async with trade.database.snapshot(trade.id) as connection:
        query = "SELECT count(*) FROM tickets WHERE organization_id = $1"
        assert await connection.fetchval(query, trade.id) == 5_000
    assert max(life.took.values()) <= MOST, life.took
