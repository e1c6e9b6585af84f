"""What a batch decides is what its asks would have been told one after the other: places, sums, refusals, in their order."""

import asyncio
from collections.abc import Sequence
from random import Random

import asyncpg
import pytest

from foyer.domains.carts import CartEdit, EditAsk, ReserveAsk, regular_lines
from foyer.domains.carts.types import Cart, WantedLine
from foyer.domains.checkout import place_ask
from foyer.domains.checkout.types import Placed
from foyer.domains.customers.types import Customer
from foyer.domains.events.types import EventStaff, TicketTypeDraft
from foyer.infra.batching import Clerk
from foyer.kernel.errors import FoyerError
from foyer.kernel.ids import uuid7
from tests.support.trade import Trade, trading
from tests.support.world import KEYRING

KINDS = (
    TicketTypeDraft(name="Stalls", quantity=30, price=1_000, min_per_order=1, max_per_order=4),
    TicketTypeDraft(name="Balcony", quantity=25, price=700),
    TicketTypeDraft(name="Lap", quantity=12, is_free=True),
)
ASKS = 40


def seen(outcome: object) -> object:
    """What can be compared of an answer: all that is no id and no time."""
    if isinstance(outcome, FoyerError):
        return type(outcome).__name__, outcome.detail, outcome.field
    assert not isinstance(outcome, BaseException), repr(outcome)
    if isinstance(outcome, Placed):
        tickets = sorted(ticket.attendee.email for ticket in outcome.tickets)
        return (
            outcome.order.status,
            outcome.order.payment_status,
            outcome.is_new,
            tickets,
            sums(outcome.order),
        )
    return outcome.status, sums(outcome)


def sums(one) -> object:
    lines = [
        (line.name, line.quantity, line.unit_price, line.unit_discount, line.unit_fee) for line in one.items
    ]
    return lines, one.total, one.discount_amount, one.discount_code


class Shop:
    """One house, in which everything is asked at once or one after the other."""

    def __init__(self, trade: Trade, event: EventStaff, *, at_once: bool) -> None:
        self.trade, self.event, self.at_once = trade, event, at_once
        self.kinds = [kind.id for kind in event.ticket_types]

    async def ask(self, clerk: Clerk, asks: Sequence[object]) -> list:
        counter = self.trade.counter(self.event.id)
        if self.at_once:
            return await asyncio.gather(*(clerk.ask(counter, ask) for ask in asks), return_exceptions=True)
        return [(await asyncio.gather(clerk.ask(counter, ask), return_exceptions=True))[0] for ask in asks]

    def chosen(self, dice: Random, least: int) -> tuple:
        kinds = dice.sample(self.kinds, dice.randint(1, 3))
        lines = [WantedLine(ticket_type_id=kind, quantity=dice.randint(least, 5)) for kind in kinds]
        return regular_lines(lines, least=least)

    async def reserve(self, dice: Random) -> list:
        spare = KEYRING.new_session
        asks = [ReserveAsk(uuid7(), None, spare(), self.chosen(dice, 1), None) for _ in range(ASKS)]
        return await self.ask(self.trade.desks.reserve, asks)

    async def edit(self, dice: Random, carts: Sequence[Cart]) -> list:
        asks = [EditAsk(dice.choice(carts).id, self.change(dice)) for _ in range(ASKS)]
        return await self.ask(self.trade.desks.edit, asks)

    def change(self, dice: Random) -> CartEdit:
        what = dice.random()
        if what < 0.1:
            return CartEdit(releases=True)
        if what < 0.6:
            return CartEdit(self.chosen(dice, 0))
        return CartEdit(code=dice.choice(("twice", "many", "none")))

    async def place(self, dice: Random, carts: Sequence[Cart]) -> list:
        asks = []
        for cart in dice.sample(carts, len(carts)):
            buyer, total = dice.choice("abcdef"), dice.choice((None, None, None, 1_000))
            method = "manual" if dice.random() < 0.9 else "free"
            asks += [
                place_ask(
                    cart.id, Customer(email=f"{buyer}@example.org"), [], method,
                    known_methods=("free", "manual"), expected_total=total,
                )
            ] * (1 if cart.discount_id else dice.choice((1, 1, 2)))  # fmt: skip
        return await self.ask(self.trade.desks.place, [ask._replace(order_id=uuid7()) for ask in asks])


async def live(url: str, sql: asyncpg.Connection, seed: int, max_batch: int) -> list[object]:
    """All outcomes in order, and what stands in the books at the end."""
    dice = Random(seed)
    async with trading(url, max_batch=max_batch) as trade:
        event = await trade.event(*KINDS, service_fee_percentage=3.5)
        await trade.shared_pool(event, "House", 40, *(kind.id for kind in event.ticket_types[:2]))
        await trade.discount("TWICE", percentage=10.0, max_uses=3, uses_per_customer=1)
        await trade.discount("MANY", percentage=50.0, uses_per_customer=1)
        shop = Shop(trade, event, at_once=max_batch > 1)
        reserved = await shop.reserve(dice)
        carts = [one.cart for one in reserved if not isinstance(one, Exception)]
        edited = await shop.edit(dice, carts)
        now = {cart.id: cart for cart in carts} | {one.id: one for one in edited if isinstance(one, Cart)}
        placed = await shop.place(dice, list(now.values()))
        assert await trade.audit() == []
        rows = await sql.fetch(
            "SELECT capacity, held, sold FROM pools WHERE organization_id = $1 ORDER BY 1, 2, 3", trade.id
        )
        taken = [one if isinstance(one, Exception) else one.cart for one in reserved]
        return [*map(seen, [*taken, *edited, *placed]), *map(tuple, rows)]


@pytest.mark.parametrize("seed", [1, 2])
async def test_batch_answers_what_its_asks_would_have_heard_one_by_one(app_url, owner_sql, seed) -> None:
    together, alone = await live(app_url, owner_sql, seed, 256), await live(app_url, owner_sql, seed, 1)

    assert together == alone
    names = {one[0] for one in alone if isinstance(one[0], str)}
    assert {"SoldOut", "CodeInvalid", "CodeExhausted"} <= names, "the dice try everything"
