"""Orders that wait, pulled at from several sides at once: exactly one side wins, and the books show it."""

import asyncio
from collections import Counter as Count
from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest

from foyer.domains.carts import CartEdit, EditAsk, ReserveAsk, regular_lines
from foyer.domains.carts.types import WantedLine
from foyer.domains.checkout import (
    Desks,
    PlaceAsk,
    approve_order,
    begin_refund,
    cancel_event,
    cancel_order,
    mark_paid,
    perform_refund,
    place_ask,
    refuse_order,
    sweep,
)
from foyer.domains.customers.types import Customer
from foyer.domains.events import create_discount
from foyer.domains.events.types import DiscountDraft, EventStaff, TicketTypeDraft
from foyer.domains.orders.types import CancelReason
from foyer.domains.payments import PROVIDERS
from foyer.infra.batching import Counter
from foyer.infra.db.engine import Database
from foyer.kernel.errors import CodeExhausted, Conflict
from foyer.kernel.ids import uuid7
from tests.support.world import KEYRING, Organization, make_event

SEAT = TicketTypeDraft(name="Seat", quantity=40, price=1000)
FREE = TicketTypeDraft(name="Gift", quantity=40, is_free=True)


@pytest.fixture
async def two(app_url: str) -> AsyncIterator[tuple[Desks, Desks]]:
    """Two processes' worth of clerks."""
    houses = tuple(Desks(Database(app_url, pool_size=8), KEYRING, max_batch=64) for _ in range(2))
    yield houses  # type: ignore[misc]
    for house in houses:
        await house.close()


async def hold(house: Desks, event: EventStaff, quantity: int = 1) -> UUID:
    line = WantedLine(ticket_type_id=event.ticket_types[0].id, quantity=quantity)
    ask = ReserveAsk(uuid7(), None, KEYRING.new_session(), regular_lines([line]), None)
    return (await house.reserve.ask(Counter(event.organization_id, event.id), ask)).cart.id


def buying(cart_id: UUID, email: str = "jo@example.org", method: str = "manual") -> PlaceAsk:
    return place_ask(cart_id, Customer(email=email), [], method, known_methods=PROVIDERS)


async def order_of(house: Desks, event: EventStaff, quantity: int = 1, method: str = "manual") -> UUID:
    ask = buying(await hold(house, event, quantity), method=method)
    return (await house.place.ask(Counter(event.organization_id, event.id), ask)).order.id


async def pools(owner: asyncpg.Connection, organization: Organization) -> set[tuple[int, int]]:
    """(held, sold) of every pool that holds or sold anything."""
    query = "SELECT held, sold FROM pools WHERE organization_id = $1 AND held + sold > 0"
    return {tuple(row) for row in await owner.fetch(query, organization.id)}


async def tally(owner: asyncpg.Connection, organization: Organization, table: str) -> int:
    return await owner.fetchval(f"SELECT count(*) FROM {table} WHERE organization_id = $1", organization.id)


def in_a_transaction(database: Database, organization: Organization, action, *given, **named):
    async def act():
        async with database.write(organization.id) as tx:
            return await action(tx, *given, **named)

    return act()


async def test_an_order_that_is_marked_paid_ten_times_is_paid_once(two, database, organization, owner):
    event = await make_event(database, organization, SEAT)
    order = await order_of(two[0], event, 3)
    outcomes = await asyncio.gather(
        *(
            mark_paid(two[turn % 2].till, organization.id, order, actor=organization.owner)
            for turn in range(10)
        ),
        return_exceptions=True,
    )
    assert Count(type(one).__name__ for one in outcomes) == {"NoneType": 1, "Conflict": 9}
    assert await pools(owner, organization) == {(0, 3)}
    assert await tally(owner, organization, "tickets") == 3
    assert await tally(owner, organization, "transactions") == 1
    assert await tally(owner, organization, "ledger_transfers") == 2


@pytest.mark.parametrize("rival", ["expiry", "buyer", "staff"])
async def test_an_order_is_either_paid_or_given_up(two, database, organization, owner, rival):
    event = await make_event(database, organization, SEAT)
    ids = [await order_of(two[0], event, 2) for _ in range(8)]
    if rival == "expiry":
        await owner.execute(
            "UPDATE orders SET expires_at = foyer_now() WHERE organization_id = $1", organization.id
        )

    async def give_up(order: UUID) -> None:
        if rival == "expiry":
            await sweep(two[1].database)
            return
        reason = CancelReason.BUYER if rival == "buyer" else CancelReason.STAFF
        await in_a_transaction(
            two[1].database, organization, cancel_order, order, actor=organization.owner, reason=reason
        )

    def pay(order: UUID):
        return mark_paid(two[0].till, organization.id, order, actor=organization.owner)

    rivals = [work for order in ids for work in (pay(order), give_up(order))]
    outcomes = await asyncio.gather(*rivals, return_exceptions=True)
    assert {type(one).__name__ for one in outcomes} <= {"NoneType", "Conflict", "int"}
    query = "SELECT status, count(*) FROM orders WHERE organization_id = $1 GROUP BY status"
    states = dict(await owner.fetch(query, organization.id))
    assert sum(states.values()) == 8
    assert set(states) <= {"confirmed", "cancelled"}
    sold = 2 * states.get("confirmed", 0)
    assert await pools(owner, organization) == ({(0, sold)} if sold else set())
    assert await tally(owner, organization, "tickets") == sold
    assert await tally(owner, organization, "transactions") == states.get("confirmed", 0)
    query = "SELECT DISTINCT status FROM payment_attempts WHERE organization_id = $1"
    assert {row[0] for row in await owner.fetch(query, organization.id)} <= {"succeeded", "cancelled"}


@pytest.mark.parametrize("kind", [SEAT, FREE], ids=["paid", "free"])
async def test_an_approval_is_decided_once(two, database, organization, owner, kind):
    from msgspec.structs import replace

    event = await make_event(database, organization, replace(kind, requires_approval=True))
    order = await order_of(two[0], event, 2, "manual" if kind is SEAT else "free")
    assert await tally(owner, organization, "tickets") == 0
    decisions = [
        (approve_order, {"providers": PROVIDERS}) if turn % 2 else (refuse_order, {"reason": None})
        for turn in range(10)
    ]
    outcomes = await asyncio.gather(
        *(
            in_a_transaction(
                two[turn % 2].database, organization, act, order, actor=organization.owner, **more
            )
            for turn, (act, more) in enumerate(decisions)
        ),
        return_exceptions=True,
    )
    assert Count(type(one).__name__ for one in outcomes) == {"NoneType": 1, "Conflict": 9}
    approval = await owner.fetchval("SELECT status FROM approvals WHERE order_id = $1", order)
    status = await owner.fetchval("SELECT status FROM orders WHERE id = $1", order)
    wanted = {
        "refused": ("cancelled", set()),
        "approved": ("pending", {(2, 0)}) if kind is SEAT else ("confirmed", {(0, 2)}),
    }[approval]
    assert (status, await pools(owner, organization)) == wanted
    assert await tally(owner, organization, "tickets") == (2 if status == "confirmed" else 0)


async def test_a_refund_that_is_asked_for_five_times_goes_back_once(two, database, organization, owner):
    event = await make_event(database, organization, SEAT)
    order = await order_of(two[0], event, 3)
    await mark_paid(two[0].till, organization.id, order, actor=organization.owner)

    async def refund(house: Desks) -> None:
        await in_a_transaction(
            house.database, organization, begin_refund, order, None, actor=organization.owner, reason=None
        )
        await perform_refund(house.till, organization.id, order)

    outcomes = await asyncio.gather(*(refund(two[turn % 2]) for turn in range(5)), return_exceptions=True)
    again = await asyncio.gather(*(perform_refund(one.till, organization.id, order) for one in two * 3))
    assert Count(type(one).__name__ for one in outcomes) == {"NoneType": 1, "Conflict": 4}
    assert again == [None] * 6
    row = await owner.fetchrow(
        "SELECT status, payment_status, refunded_amount, total FROM orders WHERE id = $1", order
    )
    assert tuple(row) == ("refunded", "refunded", 3000, 3000)
    assert await pools(owner, organization) == set()
    assert await tally(owner, organization, "refunds") == 1
    assert await tally(owner, organization, "transactions") == 2


async def test_a_cancelled_event_is_wound_up_once_by_two_sweepers(two, database, organization, owner):
    event = await make_event(database, organization, SEAT)
    paid = [await order_of(two[0], event) for _ in range(6)]
    for order in paid:
        await mark_paid(two[0].till, organization.id, order, actor=organization.owner)
    waiting = [await order_of(two[0], event) for _ in range(6)]
    carts = [await hold(two[0], event) for _ in range(6)]
    await in_a_transaction(database, organization, cancel_event, event.id, actor=organization.owner)
    assert await pools(owner, organization) == {(12, 6)}
    while await owner.fetchval("SELECT wound_up_at IS NULL FROM events WHERE id = $1", event.id):
        await asyncio.gather(*(sweep(one.database) for one in two))
    query = "SELECT id, status, cancel_reason FROM orders WHERE organization_id = $1"
    states = {row[0]: tuple(row[1:]) for row in await owner.fetch(query, organization.id)}
    assert {states[order] for order in paid} == {("confirmed", None)}
    assert {states[order] for order in waiting} == {("cancelled", "event_cancelled")}
    query = "SELECT status, amount FROM refunds WHERE organization_id = $1"
    assert [tuple(row) for row in await owner.fetch(query, organization.id)] == [("due", 1000)] * 6
    query = "SELECT count(*) FROM carts WHERE id = ANY($1) AND status = 'expired'"
    assert await owner.fetchval(query, carts) == 6
    assert await pools(owner, organization) == {(0, 6)}, "the door asks the event; tickets stay as they are"


async def code(database: Database, organization: Organization, **limits: int) -> None:
    async with database.write(organization.id) as tx:
        await create_discount(
            tx, DiscountDraft(code="ONCE", percentage=50, **limits), actor=organization.owner
        )


async def apply(house: Desks, event: EventStaff, cart_id: UUID):
    counter = Counter(event.organization_id, event.id)
    return await house.edit.ask(counter, EditAsk(cart_id, CartEdit(code="once")))


async def test_a_code_for_three_uses_is_held_three_times_by_thirty_carts(two, database, organization, owner):
    """Over two events, whose clerks know nothing of each other."""
    events = [await make_event(database, organization, SEAT, title=f"Evening {turn}") for turn in range(2)]
    await code(database, organization, max_uses=3)
    carts = [(events[turn % 2], await hold(two[0], events[turn % 2])) for turn in range(30)]
    outcomes = await asyncio.gather(
        *(apply(two[turn % 2], *cart) for turn, cart in enumerate(carts)), return_exceptions=True
    )
    assert Count(type(one).__name__ for one in outcomes) == {"Cart": 3, "CodeExhausted": 27}
    query = """
    SELECT p.held, p.sold, p.capacity FROM discounts d JOIN pools p ON p.id = d.pool_id WHERE d.organization_id = $1
    """
    assert tuple(await owner.fetchrow(query, organization.id)) == (3, 0, 3)
    held = [cart for cart, outcome in zip(carts, outcomes, strict=True) if not isinstance(outcome, Exception)]
    for event, cart_id in held:
        counter = Counter(organization.id, event.id)
        await two[0].edit.ask(counter, EditAsk(cart_id, CartEdit(drops_code=True)))
    assert tuple(await owner.fetchrow(query, organization.id)) == (0, 0, 3), (
        "what comes off can be used again"
    )


async def test_one_buyer_uses_a_code_once_however_many_carts_they_check_out(
    two, database, organization, owner
):
    event = await make_event(database, organization, SEAT)
    await code(database, organization, uses_per_customer=1)
    carts = [await hold(two[0], event) for _ in range(8)]
    for cart_id in carts:
        await apply(two[0], event, cart_id)
    counter = Counter(organization.id, event.id)
    outcomes = await asyncio.gather(
        *(
            two[turn % 2].place.ask(counter, buying(cart_id, "Jo@example.org"))
            for turn, cart_id in enumerate(carts)
        ),
        return_exceptions=True,
    )
    assert Count(type(one).__name__ for one in outcomes) == {"Placed": 1, "CodeExhausted": 7}
    query = (
        "SELECT status, discount_code, total, count(*) FROM carts WHERE organization_id = $1 GROUP BY 1, 2, 3"
    )
    assert {tuple(row) for row in await owner.fetch(query, organization.id)} == {
        ("converted", "ONCE", 500, 1),
        ("active", None, 1000, 7),
    }
    refused = [one for one in outcomes if isinstance(one, CodeExhausted)]
    assert all("10.00" in one.detail for one in refused), "the new total has to be confirmed"
    uses = await owner.fetchval("SELECT uses FROM discount_uses WHERE organization_id = $1", organization.id)
    held = await owner.fetchval(
        "SELECT p.held FROM discounts d JOIN pools p ON p.id = d.pool_id WHERE d.organization_id = $1",
        organization.id,
    )
    assert (uses, held) == (1, 1)
    left = next(cart for cart, one in zip(carts, outcomes, strict=True) if isinstance(one, CodeExhausted))
    assert (await two[0].place.ask(counter, buying(left, "jo@example.org"))).order.total == 1000


async def test_a_use_comes_back_with_its_order(two, database, organization, owner):
    event = await make_event(database, organization, SEAT)
    await code(database, organization, uses_per_customer=1, max_uses=1)
    cart_id = await hold(two[0], event)
    await apply(two[0], event, cart_id)
    counter = Counter(organization.id, event.id)
    order = (await two[0].place.ask(counter, buying(cart_id))).order
    assert order.total == 500
    await in_a_transaction(
        database, organization, cancel_order, order.id, actor=organization.owner, reason=CancelReason.BUYER
    )
    again = await hold(two[0], event)
    assert (await apply(two[0], event, again)).total == 500
    with pytest.raises(Conflict):
        await in_a_transaction(
            database,
            organization,
            cancel_order,
            order.id,
            actor=organization.owner,
            reason=CancelReason.STAFF,
        )
    assert (await two[0].place.ask(counter, buying(again))).order.total == 500
