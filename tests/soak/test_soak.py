"""Two small sales under fire; and each harm, planted into the books of the second one, is told."""

import re
import time
from collections.abc import AsyncIterator

import asyncpg
import pytest

from tests.lanes import slowness
from tests.soak.house import House, running_house
from tests.soak.ledger import State, judge
from tests.soak.sale import BACK_SECONDS_MAX, Death, Report, hold_sale, look_into, seen_by_owner

BESIDE_OTHERS = 4
"""So many times longer than `make soak` allows a way back may take here, where other work shares the machine."""
DYING = {1: ("web 1", "database"), 2: ("web 2", "worker")}
"""Who is killed, by seed."""
START_SECONDS_MAX = 8.0
"""From nothing, with the database still to be made."""
PLACES = 2_000
SECONDS = 4.0

_CHOSEN = "WHERE organization_id = $1 AND id = (SELECT id FROM {0} WHERE organization_id = $1 AND {1} ORDER BY id LIMIT 1)"
ONE_LINE = _CHOSEN.format("cart_items", "true")
ONE_TICKET = _CHOSEN.format("tickets", "true")
ONE_ORDER = _CHOSEN.format("orders", "true")
ONE_ENDED = _CHOSEN.format("carts", "status <> 'converted'")
TICKET = "organization_id, event_id, ticket_type_id, order_id, order_item_id, status, created_at, updated_at"
CART = "organization_id, event_id, session_id, currency, subtotal, fees, total, status, created_at, updated_at, expires_at"
HARMS = {
    "oversold: ": (
        f"INSERT INTO tickets ({TICKET}, id, code) SELECT {TICKET}, uuidv7(), repeat('0', 16) FROM tickets {ONE_TICKET}",
    ),
    "not sold out: ": (f"UPDATE tickets SET status = 'cancelled' {ONE_TICKET}",),
    "doubled: 2 tickets have the code": (
        "ALTER TABLE tickets DROP CONSTRAINT uq_tickets_organization_id_code",
        f"UPDATE tickets SET code = (SELECT max(code) FROM tickets WHERE organization_id = $1) {ONE_TICKET}",
    ),
    r"doubled: cart \S+ became 2 orders": (
        "ALTER TABLE orders DROP CONSTRAINT uq_orders_organization_id_cart_id",
        f"UPDATE orders SET cart_id = (SELECT cart_id FROM orders WHERE organization_id = $1 ORDER BY id DESC LIMIT 1) {ONE_ORDER}",
    ),
    "doubled: nobody was told of order": (
        f"UPDATE orders SET cart_id = (SELECT id FROM carts {ONE_ENDED}) {ONE_ORDER}",
    ),
    "doubled: nobody was told of cart": (
        f"INSERT INTO carts ({CART}, id) SELECT {CART}, uuidv7() FROM carts {ONE_ENDED}",
    ),
    r"lost: cart \S+ was acknowledged and is not there": (
        f"DELETE FROM cart_items WHERE organization_id = $1 AND cart_id = (SELECT id FROM carts {ONE_ENDED})",
        f"DELETE FROM carts {ONE_ENDED}",
    ),
    r"lost: cart \S+ was (released|left behind) and is active": (
        f"UPDATE carts SET status = 'active' {ONE_ENDED}",
    ),
    r"lost: cart \S+ was \{.*\} and is \{": (f"UPDATE cart_items SET quantity = quantity + 1 {ONE_LINE}",),
    r"lost: order \S+ with \d+ tickets was acknowledged": (f"DELETE FROM tickets {ONE_TICKET}",),
}
"""What is told of each harm, and the statements that do it."""


@pytest.fixture(scope="module")
async def house() -> AsyncIterator[House]:
    with running_house() as house:
        began = time.monotonic()
        await house.knock()
        assert time.monotonic() - began < START_SECONDS_MAX * slowness()
        yield house


@pytest.fixture(scope="module")
async def reports(house: House) -> list[Report]:
    return [
        await hold_sale(
            house,
            seed,
            places=PLACES,
            seconds=SECONDS,
            dying=dying,
            back_seconds_max=BESIDE_OTHERS * BACK_SECONDS_MAX,
        )
        for seed, dying in DYING.items()
    ]


@pytest.fixture
async def owner(house: House) -> AsyncIterator[asyncpg.Connection]:
    async with seen_by_owner(house) as connection:
        yield connection


async def test_nothing_is_oversold_doubled_or_lost_while_everything_dies(reports: list[Report]) -> None:
    for report, dying in zip(reports, DYING.values(), strict=True):
        assert report.wrong == [], str(report)
        assert {death.name for death in report.deaths} == {*dying}
        assert report.ledger.unanswered > 0, "nobody noticed that anything died"
        assert {cart.state for cart in report.ledger.carts.values()} == {*State} - {State.HELD}
        assert report.ledger.sold_places == PLACES


@pytest.mark.parametrize("told", HARMS)
async def test_harm_is_told(reports: list[Report], owner: asyncpg.Connection, told: str) -> None:
    ledger = reports[-1].ledger
    transaction = owner.transaction()
    await transaction.start()
    for statement in HARMS[told]:
        await owner.execute(statement, *([ledger.organization_id] if "$1" in statement else []))
    wrong = await judge(owner, ledger)
    await transaction.rollback()

    assert any(re.match(told, line) for line in wrong), wrong


async def test_another_answer_to_a_second_click_is_told(reports: list[Report]) -> None:
    ledger = reports[0].ledger
    cart, sold = ledger.orders[0], ledger.sold_places
    order = cart.order
    assert order is not None
    ledger.order(cart, order)
    assert (ledger.odd, ledger.sold_places) == ([], sold)
    ledger.order(cart, {**order, "id": "another"})
    assert ledger.odd == [f"cart {cart.id} became order {order['id']} and then another"]


async def test_long_ways_back_wrong_books_and_defects_are_told(
    house: House, reports: list[Report], owner: asyncpg.Connection
) -> None:
    ledger = reports[-1].ledger
    report = Report(
        ledger, [Death("web 1", BACK_SECONDS_MAX), Death("web 2", BACK_SECONDS_MAX * 10), Death("worker")]
    )
    await owner.execute(
        "UPDATE pools SET sold = sold - 1 WHERE organization_id = $1 AND sold > 0", ledger.organization_id
    )
    with (house.data / "foyer.log").open("a") as log:
        log.write('{"level":"error"}\n')
    audit, *late, defect = await look_into(house, report)

    assert audit.startswith("foyer audit ended with status 1")
    assert [line.partition(",")[0] for line in late] == ["late: web 2 50.0 s", "late: worker never"]
    assert defect == '{"level":"error"}'
