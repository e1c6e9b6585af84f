"""What has happened before the demo is opened: orders, payments, refunds and check-ins, each at its own time.

Everything is done through the desks and actions that buyers and staff use, on a database whose clock is turned back.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from foyer.cli.demo.content import DemoEvent, DemoShop, Sold
from foyer.cli.demo.people import somebody
from foyer.domains.carts import CartEdit, EditAsk, ReserveAsk, regular_lines
from foyer.domains.carts.types import WantedLine
from foyer.domains.checkout import (
    Desks,
    approve_order,
    begin_refund,
    cancel_order,
    mark_many_paid,
    perform_refund,
    place_ask,
    refuse_order,
)
from foyer.domains.checkout.types import Placed, WantedAttendee, WantedRefund
from foyer.domains.customers.types import Customer
from foyer.domains.events import asked_of, questions_asked
from foyer.domains.events.types import AnswerValue, EventStaff, QuestionPublic, QuestionScope
from foyer.domains.orders.types import ApprovalStatus, CancelReason, Order, OrderStatus
from foyer.domains.payments import PROVIDERS
from foyer.domains.tickets import scan_ask, tickets_of_order, transfer_ticket
from foyer.domains.tickets.types import Receiver, Ticket, TicketStatus
from foyer.infra.batching import Counter
from foyer.infra.db.tx import Tx
from foyer.kernel.actor import Actor, visitor
from foyer.kernel.dice import Dice
from foyer.kernel.errors import FoyerError
from foyer.kernel.ids import uuid7

STEPS: Final = (1000, 700, 480, 330, 240, 190, 176, 171, 150, 110, 75, 40, 22, 14, 10, 7, 4, 2, 1)
"""Hours before the demo is loaded at which something happens, the oldest first."""
LATELY: Final = 3
"""So many of the steps are the last hours."""
OWING_HOURS: Final = 140
"""Orders older than this are decided: what nobody pays lapses after a week."""
BATCH: Final = 64
WAVES: Final = (0.04, 0.1, 0.22, 0.5, 0.9)
"""How much of an event has passed when people come in."""


@dataclass
class Told:
    """One event with the orders that were placed for it so far."""

    event: EventStaff
    plan: Sold
    dice: Dice
    """The event's own, so that it is the same each time whatever happens beside it."""
    said: Sequence[Sequence[AnswerValue]] = ()
    """For each of its questions what buyers answer."""
    asked: Sequence[QuestionPublic] = ()
    waiting: list[Order] = field(default_factory=list)
    """Placed in the step before; what becomes of them is decided in this one."""
    placed: list[UUID] = field(default_factory=list)


@dataclass(frozen=True)
class House:
    """One organizer's history in the making: who acts for it, and the dice that make it the same each time."""

    desks: Desks
    """The organizer's own, on a database whose clock is turned for each step."""
    shop: DemoShop
    owner: Actor
    device: Actor
    now: datetime

    @property
    def id(self) -> UUID:
        return self.owner.organization_id


@dataclass(frozen=True)
class History:
    """What is told of one organizer, in two parts: long ago, and lately."""

    house: House
    told: list[Told]

    async def long_ago(self) -> None:
        """Weeks of orders and check-ins. Nobody reacts to them any more."""
        async with self.house.desks.database.read(self.house.id) as tx:
            for one in self.told:
                one.asked = await questions_asked(tx, one.event.id)
        await self._walk(STEPS[:-LATELY])
        for one in self.told:
            await _let_in(self.house, one)

    async def lately(self) -> None:
        """The last hours, as of which whoever reacts to orders is there."""
        await self._walk(STEPS[-LATELY:])
        desks = _at(self.house, timedelta(minutes=-20))
        for one in self.told:
            await _hand_on(self.house, desks, one)

    async def _walk(self, steps: Sequence[int]) -> None:
        for hours in steps:
            desks = _at(self.house, timedelta(hours=-hours))
            await asyncio.gather(*(_step(self.house, desks, one, hours) for one in self.told))


def history_of(house: House, events: Sequence[tuple[DemoEvent, EventStaff]]) -> History:
    """The orders of an organizer's events, step by step towards today."""
    told = [
        Told(event, one.sold, Dice(event.title), [asked.said for asked in one.questions])
        for one, event in events
        if one.sold
    ]
    return History(house, told)


async def _step(house: House, desks: Desks, one: Told, hours: int) -> None:
    """Decide on what was left open, sell, and decide on most of that at once; who buys shortly before today may owe for a while."""
    await _settle(house, desks, one)
    await _sell(house, desks, one, hours)
    if hours > OWING_HOURS:
        await _settle(house, desks, one)
        return
    quick = round(len(one.waiting) * 0.6)
    late, one.waiting = one.waiting[quick:], one.waiting[:quick]
    await _settle(house, desks, one)
    one.waiting = late


def _at(house: House, offset: timedelta) -> Desks:
    """The organizer's desks with their clock turned back so far."""
    house.desks.database.clock_offset = offset
    return house.desks


def _share(one: Told, hours: int, now: datetime) -> int:
    """How many orders come in at this step: what the time since the step before is worth, and none once the event has begun."""
    begun = max(0.0, (now - one.event.starts_at).total_seconds() / 3600)
    earliest = begun + one.plan.days * 24
    before = [earliest, *STEPS]
    weights = {
        step: max(1.0, min(earliest, former) - step) ** 0.5
        for former, step in zip(before, STEPS, strict=False)
        if begun < step <= earliest
    }
    return max(1, round(one.plan.orders * weights[hours] / sum(weights.values()))) if hours in weights else 0


async def _sell(house: House, desks: Desks, one: Told, hours: int) -> None:
    count = _share(one, hours, house.now)
    placed = await asyncio.gather(*(_order(house, desks, one) for _ in range(count)))
    one.waiting = [order.order for order in placed if order is not None]
    one.placed += [order.id for order in one.waiting]


async def _order(house: House, desks: Desks, one: Told) -> Placed | None:
    """One buyer's way through the shop; who finds nothing left goes home."""
    counter, dice = Counter(house.id, one.event.id), one.dice
    names, weights = zip(*one.plan.types, strict=True)
    chosen = dice.choices(names, weights)[0]
    kind = next(kind for kind in one.event.ticket_types if kind.name == chosen)
    most = min(one.plan.most, kind.max_per_order)
    quantity = max(kind.min_per_order, min(most, dice.choice((1, 1, 2, 2, 2, 3, 4, 5, 6))))
    buyer = somebody(dice, house.shop.people)
    takes_code = one.plan.code is not None and dice.random() < 0.2
    friends = [somebody(dice, house.shop.people) for _ in range(quantity - 1)]
    lines = regular_lines([WantedLine(ticket_type_id=kind.id, quantity=quantity)])
    with suppress(FoyerError):
        ask = ReserveAsk(uuid7(), None, desks.keyring.new_session(), lines, None)
        cart = (await desks.reserve.ask(counter, ask)).cart
        if takes_code and cart.total:
            with suppress(FoyerError):
                cart = await desks.edit.ask(counter, EditAsk(cart.id, CartEdit(code=one.plan.code)))
        people = [
            WantedAttendee(
                ticket_type_id=kind.id, first_name=who.first_name, last_name=who.last_name, email=who.email,
                answers=_answers(one, QuestionScope.TICKET, kind.id),
            )
            for who in (buyer, *friends)
        ]  # fmt: skip
        customer = Customer(email=buyer.email, first_name=buyer.first_name, last_name=buyer.last_name)
        method = "manual" if cart.total else "free"
        wish = place_ask(cart.id, customer, people, method, known_methods=PROVIDERS)
        return await desks.place.ask(counter, wish.answering(_answers(one, QuestionScope.ORDER, kind.id)))
    return None


def _answers(one: Told, scope: QuestionScope, type_id: UUID) -> dict[UUID, AnswerValue]:
    """What a buyer of this type says to what is asked of them."""
    mine = {asked.id for asked in asked_of(one.asked, scope, [type_id])}
    drawn = zip(one.asked, one.said, strict=True)
    return {asked.id: one.dice.choice(said) for asked, said in drawn if asked.id in mine}


async def _settle(house: House, desks: Desks, one: Told) -> None:
    """What becomes of the orders of the step before: most are paid, some are given up, a few go back."""
    orders, one.waiting = one.waiting, []
    for start in range(0, len(orders), BATCH):
        some = sorted(orders[start : start + BATCH], key=lambda order: order.id)
        async with desks.database.write(house.id) as tx:
            fates = {order.id: await _decided(house, one, tx, order) for order in some}
        paid = [order.id for order in some if fates[order.id]]
        await mark_many_paid(desks.till, house.id, paid, actor=house.owner)
        for order in some:
            if fates[order.id] == "refunded":
                await _refund(house, desks, one, order)


async def _decided(house: House, one: Told, tx: Tx, order: Order) -> Literal["paid", "refunded"] | None:
    """Let one order be approved, refused, given up or left waiting; returns whether it is to be paid, and refunded after that."""
    chance = one.dice.random()
    is_old = house.now - order.created_at > timedelta(hours=OWING_HOURS)
    if order.approval is not None and order.approval.status is ApprovalStatus.REQUESTED:
        if chance < 0.2:
            await refuse_order(tx, order.id, actor=house.owner, reason="All places for this are given away.")
        elif chance < 0.7:
            await approve_order(tx, order.id, actor=house.owner, providers=PROVIDERS)
        return None
    if order.status is not OrderStatus.PENDING:
        return None
    if chance < 0.03:
        await cancel_order(tx, order.id, actor=visitor(house.id), reason=CancelReason.BUYER)
    elif chance < 0.93 or is_old:
        return "refunded" if 0.9 < chance < 0.93 else "paid"
    return None


async def _refund(house: House, desks: Desks, one: Told, order: Order) -> None:
    """Half of them give everything back, the others one ticket."""
    line = order.items[0]
    wanted = [WantedRefund(order_item_id=line.id, quantity=1)] if one.dice.random() < 0.5 else None
    async with desks.database.write(house.id) as tx:
        await begin_refund(tx, order.id, wanted, actor=house.owner, reason="Cannot come")
    await perform_refund(desks.till, house.id, order.id)


async def _let_in(house: House, one: Told) -> None:
    """Those who came to an event that has begun, in a few waves."""
    begun = house.now - one.event.starts_at
    if not one.plan.came or begun <= timedelta():
        return
    lasted = min(begun, one.event.ends_at - one.event.starts_at)
    desks = _at(house, -begun)
    held = [
        ticket for ticket in await _tickets(house, desks, one.placed) if ticket.status is TicketStatus.VALID
    ]
    one.dice.shuffle(held)
    came = held[: round(len(held) * one.plan.came)]
    for wave, after in enumerate(WAVES):
        desks = _at(house, lasted * after - begun)
        asks = [scan_ask(house.device, code=ticket.code) for ticket in came[wave :: len(WAVES)]]
        await asyncio.gather(*(desks.door.ask(Counter(house.id, one.event.id), ask) for ask in asks))


async def _hand_on(house: House, desks: Desks, one: Told) -> None:
    """A ticket or two go to somebody else."""
    if one.event.starts_at <= house.now:
        return
    some = one.dice.sample(one.placed, min(3, len(one.placed)))
    held = [ticket for ticket in await _tickets(house, desks, some) if ticket.status is TicketStatus.VALID]
    for ticket in held[:2]:
        person = somebody(one.dice, house.shop.people)
        receiver = Receiver(email=person.email, first_name=person.first_name, last_name=person.last_name)
        with suppress(FoyerError):
            async with desks.database.write(house.id) as tx:
                await transfer_ticket(tx, ticket.id, receiver, actor=visitor(house.id))


async def _tickets(house: House, desks: Desks, orders: Sequence[UUID]) -> list[Ticket]:
    async with desks.database.read(house.id) as tx:
        return [
            ticket for order_id in orders for ticket in await tickets_of_order(tx, order_id, desks.signer)
        ]
