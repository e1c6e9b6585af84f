"""Who lives in the simulation: its dice, its clock, what is on sale, and the names of everything that came about."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final, TypeVar
from uuid import UUID

from foyer.domains.events import create_tax_rate
from foyer.domains.events.types import EventStaff, TaxRateDraft, TicketTypeDraft
from foyer.infra.db.engine import Connection
from tests.simulation.network import Network
from tests.simulation.view import CartView, OrderView, View, look
from tests.support.trade import Trade

T = TypeVar("T")

BEGINNING: Final = datetime(2031, 3, 3, 9, tzinfo=UTC)
STEP: Final = timedelta(milliseconds=50)
MARGIN: Final = timedelta(seconds=20)
"""How far the clock stays away from every deadline, so that the milliseconds of a step decide nothing."""
BUYERS: Final = tuple(f"{name}@example.org" for name in ("ada", "bo", "cleo", "dan", "eve", "flo"))
MONEY: Final = {"EUR": (0, 1_050, 999), "JPY": (0, 500, 1_333), "KWD": (0, 7_250, 12_345)}
"""Currencies of two, no and three decimals, with prices that do not divide evenly."""


class BrokenError(AssertionError):
    """Something was said or done that cannot be."""


@dataclass
class Kind:
    id: UUID
    name: str
    event_id: UUID
    is_gone: bool = False


@dataclass
class Evening:
    """An event."""

    id: UUID
    name: str
    currency: str
    starts_at: datetime
    ends_at: datetime
    kinds: list[Kind] = field(default_factory=list)
    areas: list[UUID] = field(default_factory=list)


@dataclass
class Code:
    id: UUID
    code: str
    is_gone: bool = False


@dataclass
class Town:
    """Everything an operation needs; whatever it decides, it decides by `dice`."""

    trade: Trade
    dice: Random
    reader: Connection
    """Looks at everything after every step."""
    now: datetime = BEGINNING
    evenings: list[Evening] = field(default_factory=list)
    codes: list[Code] = field(default_factory=list)
    taxes: list[UUID] = field(default_factory=list)
    view: View = field(default_factory=lambda: View({}, {}, {}, {}, {}, {}, ""))
    names: dict[UUID, str] = field(default_factory=dict)
    _numbers: dict[str, int] = field(default_factory=dict)

    # The clock.

    def pin(self) -> None:
        """Let the database's clock stand where ours does; between two steps no time passes but the town's."""
        self.now += STEP
        self.trade.database.clock_offset = self.now - datetime.now(UTC)

    def pass_time(self, span: timedelta) -> None:
        self.now += span
        while any(abs(deadline - self.now) < MARGIN for deadline in self._deadlines()):
            self.now += 2 * MARGIN
        self.pin()

    def _deadlines(self) -> Iterable[datetime]:
        yield from (cart.expires_at for cart in self.view.carts.values() if cart.status == "active")
        yield from (order.expires_at for order in self.view.orders.values() if order.is_open)
        for evening in self.evenings:
            yield from (evening.starts_at, evening.ends_at)

    # The dice.

    def pick(self, things: Sequence[T]) -> T:
        return things[self.dice.randrange(len(things))]

    def chance(self, percent: int) -> bool:
        return self.dice.randrange(100) < percent

    def order(self, where: Callable[[OrderView], bool] = lambda _: True) -> OrderView | None:
        """An order of this kind, or once in a while any one: then the answer should be no."""
        return self._one(list(self.view.orders.values()), where)

    def cart(self, where: Callable[[CartView], bool] = lambda _: True) -> CartView | None:
        return self._one(list(self.view.carts.values()), where)

    def _one(self, every: list[T], where: Callable[[T], bool]) -> T | None:
        among = every if self.chance(5) else [one for one in every if where(one)]
        return self.pick(among[-30:]) if among else None

    def evening(self) -> Evening:
        """One that sells, mostly."""
        selling = [one for one in self.evenings if self.is_selling(one)]
        return self.pick(selling if selling and not self.chance(3) else self.evenings)

    def on_offer(self, evening: Evening) -> list[Kind]:
        """Its types, those that are gone once in a while as well."""
        return (
            evening.kinds
            if self.chance(3)
            else [kind for kind in evening.kinds if not kind.is_gone] or evening.kinds
        )

    def is_selling(self, evening: Evening) -> bool:
        status = self.view.events[evening.id].status if evening.id in self.view.events else "published"
        return status == "published" and evening.ends_at > self.now

    def evening_of(self, event_id: UUID) -> Evening:
        return next(one for one in self.evenings if one.id == event_id)

    def kind(self, kind_id: UUID) -> Kind:
        return next(kind for one in self.evenings for kind in one.kinds if kind.id == kind_id)

    # Names.

    def call(self, thing: UUID, noun: str) -> str:
        """The name of a thing; the first time it gets the next number of its noun."""
        if thing not in self.names:
            self._numbers[noun] = self._numbers.get(noun, 0) + 1
            self.names[thing] = f"{noun} {self._numbers[noun]}"
        return self.names[thing]

    def said(self, lines: Iterable[tuple[UUID, int]]) -> str:
        """Lines as people say them, in an order that does not hang on ids."""
        return ", ".join(sorted(f"{count} {self.kind(kind).name}" for kind, count in lines)) or "nothing"

    # What is free.

    def fits(self, wanted: dict[UUID, int], pools: dict[UUID, int]) -> bool:
        """Whether so many more of each kind fit into what is free; if so, they are taken from it."""
        needs: dict[UUID, int] = {}
        for kind_id, count in wanted.items():
            for pool in self.view.drawn[kind_id]:
                needs[pool] = needs.get(pool, 0) + count
        if any(count > max(pools[pool], 0) for pool, count in needs.items() if count > 0):
            return False
        for pool, count in needs.items():
            pools[pool] -= count
        return True

    def all_free(self) -> dict[UUID, int]:
        return {pool: one.free for pool, one in self.view.pools.items()}

    async def look(self) -> View:
        async with self.trade.database.snapshot(self.trade.id) as connection:
            return await look(connection, self.trade.id)

    @property
    def network(self) -> Network:
        """What lies between us and all providers."""
        return self.trade.providers["sandbox"].network  # type: ignore[attr-defined]


async def settle_down(town: Town) -> None:
    """Put three events on sale, and the codes that go with them."""
    trade, dice = town.trade, town.dice
    trade.sandbox.slow_refunds = town.chance(40)
    trade.sandbox.is_direct = town.chance(25)
    async with trade.database.write(trade.id) as tx:
        for rate, is_inclusive in ((19.0, False), (7.0, True)):
            draft = TaxRateDraft(name=f"Tax {rate}", rate_percentage=rate, inclusive=is_inclusive)
            town.taxes.append((await create_tax_rate(tx, draft, actor=trade.organization.owner)).id)
    for currency in dice.sample(sorted(MONEY), 3):
        await open_evening(town, currency)
    for _ in range(3):
        await print_code(town)
    town.view = await town.look()


async def open_evening(town: Town, currency: str) -> Evening:
    """An event with a few types, some of which share an area, some free, some with approval, some taxed."""
    trade, dice = town.trade, town.dice
    day = (town.now + timedelta(days=dice.choice((2, 6, 30, 30)))).date()
    types = [new_type(town, number, currency) for number in range(dice.randint(2, 4))]
    places = sum(kind.quantity for kind in types)
    event = await trade.event(
        *types, start_date=day, end_date=day, currency=currency, capacity=dice.choice((0, places - 3, places)),
        service_fee_percentage=dice.choice((0.0, 2.5, 10.0)), service_fee_fixed=dice.choice((0, 35)),
        manual_payment_hours=dice.choice((1, 24, 168)), approval_hours=dice.choice((2, 48)),
    )  # fmt: skip
    evening = Evening(event.id, "", currency, event.starts_at, event.ends_at)
    evening.name = town.call(event.id, "event")
    town.evenings.append(evening)
    take_types(evening, event)
    if town.chance(60):
        shared = [kind.id for kind in evening.kinds[: dice.randint(2, 3)]]
        evening.areas.append((await trade.shared_pool(event, "Area", dice.randint(6, 20), *shared)).id)
    return evening


def take_types(evening: Evening, event: EventStaff) -> None:
    known = {kind.id for kind in evening.kinds}
    number = evening.name.split()[1]
    evening.kinds += [
        Kind(kind.id, f"{kind.name}{number}", event.id) for kind in event.ticket_types if kind.id not in known
    ]


def new_type(town: Town, number: int, currency: str) -> TicketTypeDraft:
    return TicketTypeDraft(
        name="ABCDEFGHIJKLMNOP"[number],
        quantity=town.dice.randint(4, 18),
        price=town.pick(MONEY[currency]),
        tax_rate_id=town.pick([None, *town.taxes]),
        min_per_order=2 if town.chance(5) else 1,
        requires_approval=town.chance(20),
    )


async def print_code(town: Town) -> Code:
    """A code with few uses."""
    dice, number = town.dice, len(town.codes) + 1
    evening = town.evening()
    worth: dict[str, object] = {"percentage": dice.choice((10.0, 33.33, 100.0))}
    if town.chance(15):
        worth = {"amount": dice.choice((100, 5_000)), "currency": evening.currency}
    only = [town.pick([kind for kind in evening.kinds if not kind.is_gone]).id] if town.chance(10) else []
    made = await town.trade.discount(
        f"CODE{number}", ticket_type_ids=only, minimum_quantity=dice.choice((1, 1, 1, 2)), max_uses=dice.choice((1, 2, 3, None)),
        uses_per_customer=dice.choice((1, 2, None)), **worth,
    )  # fmt: skip
    code = Code(made.id, made.code)
    town.codes.append(code)
    town.names[made.id] = made.code
    return code


__all__ = [
    "BEGINNING",
    "BUYERS",
    "BrokenError",
    "Code",
    "Evening",
    "Kind",
    "Town",
    "new_type",
    "open_evening",
    "print_code",
    "settle_down",
    "take_types",
]
