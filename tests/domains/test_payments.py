"""Money that came in, and the books: written once, never changed, always balanced."""

import asyncio
from functools import partial

import asyncpg
import pytest

from foyer.domains.payments import open_balance, record_purchases, transaction, transactions
from foyer.domains.payments.types import AccountKind, TransactionFilter, TransactionStatus, TransactionType
from foyer.kernel.errors import Invalid, NotFound
from foyer.kernel.ids import uuid7
from tests.domains.books import GivenUpError, House, make_house, purchase

CLEARING, PAYABLE = AccountKind.BUYER_CLEARING, AccountKind.ORGANIZER_PAYABLE


@pytest.fixture
async def house(database, owner_sql) -> House:
    return await make_house(database, owner_sql)


@pytest.fixture
async def app(house, app_url):
    """Plain SQL as the application's role, for this organization."""
    connection = await asyncpg.connect(app_url)
    await connection.execute(f"SET app.organization_id = '{house.id}'")
    yield connection
    await connection.close()


async def record(house, *purchases):
    now = await house.now()
    return await house.desk(lambda desk: record_purchases(desk, house.id, purchases, now=now))


async def test_purchase_is_recorded_completed_and_posted(house, database):
    one = purchase(
        await house.order(), user_id=await house.user(), gateway_fee=55, platform_fee=20, intent_id="charge_1"
    )
    assert await record(house, one) == {one.id}

    async with database.read(house.id) as tx:
        found = await transaction(tx, one.id)
    assert (found.type, found.status) == (TransactionType.PURCHASE, TransactionStatus.COMPLETED)
    assert (found.order_id, found.user_id) == (one.order_id, one.user_id)
    assert (found.amount, found.currency) == (2_000, "EUR")
    assert (found.payment_method, found.payment_method_id, found.payment_intent_id) == (
        "sandbox",
        "card",
        "charge_1",
    )
    assert (found.gateway_fee, found.platform_fee, found.error_message, found.metadata) == (55, 20, None, {})
    assert await house.balances() == {
        (CLEARING, "EUR"): 2_000,
        (PAYABLE, "EUR"): -1_925,
        (AccountKind.PLATFORM_FEES, "EUR"): -20,
        (AccountKind.GATEWAY_FEES, "EUR"): -55,
    }


async def test_batch_of_two_currencies_balances_in_each(house):
    euro, yen = await house.order(), await house.order(currency="JPY")
    await record(
        house,
        purchase(euro, 1_000, gateway_fee=30),
        purchase(yen, 700, currency="JPY", is_direct=True),
        purchase(await house.order(), 500),
    )
    found = await house.balances()
    sums = {
        currency: sum(amount for (_, one), amount in found.items() if one == currency)
        for currency in ("EUR", "JPY")
    }

    assert sums == {"EUR": 0, "JPY": 0}
    assert found[CLEARING, "EUR"] == 1_500
    assert found[CLEARING, "JPY"] == 0
    assert (
        open_balance({kind: amount for (kind, currency), amount in found.items() if currency == "EUR"})
        == 1_470
    )


async def test_same_intent_is_one_row_and_one_posting(house):
    one = purchase(await house.order(), gateway_fee=10)
    other = one._replace(id=uuid7())
    third = purchase(await house.order())

    assert await record(house, one, other) == {one.id}
    assert await record(house, other, third, one) == {third.id}
    assert await house.count("transactions") == 2
    assert await house.count("ledger_transfers") == 3


async def test_another_methods_intent_of_that_name_is_another(house):
    one = purchase(await house.order(), intent_id="1")
    assert len(await record(house, one, one._replace(id=uuid7(), method="manual"))) == 2


@pytest.mark.parametrize("keeps", [True, False])
async def test_same_intent_at_the_same_moment_is_one_row_and_one_posting(house, keeps):
    """The second waits for the first: where that is kept it writes nothing, where it is given up it writes all."""
    one = purchase(await house.order())
    other = one._replace(id=uuid7())
    now = await house.now()
    written = await house.behind(
        lambda desk: record_purchases(desk, house.id, [one], now=now),
        lambda desk: record_purchases(desk, house.id, [other], now=now),
        keeps=keeps,
    )

    assert written == (set() if keeps else {other.id})
    assert await house.count("transactions") == 1
    assert await house.count("ledger_transfers") == 1


async def test_crowd_telling_of_the_same_intents_writes_each_once(house):
    """Every other batch names them the other way round; nobody waits for somebody who waits for him."""
    order = await house.order()
    told = [purchase(order, 1, intent_id=f"charge_{number:04}") for number in range(1_000)]
    crowd = [[one._replace(id=uuid7()) for one in told] for _ in range(4)]
    written = await asyncio.gather(
        *(record(house, *batch[:: (-1) ** turn]) for turn, batch in enumerate(crowd))
    )

    assert sum(len(one) for one in written) == len(told)
    assert await house.count("transactions") == await house.count("ledger_transfers") == len(told)
    assert await house.count("ledger_accounts") == 2


async def test_intent_told_again_with_another_amount_stops_everything(house):
    one = purchase(await house.order())
    await record(house, one)
    fresh = purchase(await house.order())
    for change in ({"amount": 1_999}, {"order_id": fresh.order_id}, {"currency": "USD"}):
        with pytest.raises(AssertionError, match="another amount or order"):
            await record(house, fresh, one._replace(id=uuid7(), **change))

    assert await house.count("transactions") == 1


async def test_what_fails_halfway_leaves_nothing(house):
    good, bad = purchase(await house.order()), purchase(await house.order(), 0)
    with pytest.raises(asyncpg.CheckViolationError):
        await record(house, good, bad)
    now = await house.now()

    async def give_up(desk):
        await record_purchases(desk, house.id, [good], now=now)
        raise GivenUpError

    with pytest.raises(GivenUpError):
        await house.desk(give_up)

    for table in ("transactions", "ledger_accounts", "ledger_transfers"):
        assert await house.count(table) == 0


async def test_completed_transaction_cannot_be_changed_or_deleted(house, app):
    await record(house, purchase(await house.order()))
    before = await app.fetch("SELECT * FROM transactions")

    assert len(before) == 1
    for change in (
        "amount = 1",
        "status = 'pending'",
        "status = 'failed'",
        "metadata = '{}'",
        "updated_at = foyer_now()",
    ):
        assert await app.execute(f"UPDATE transactions SET {change}") == "UPDATE 0"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await app.execute("DELETE FROM transactions")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await app.execute("TRUNCATE transactions CASCADE")
    assert await app.fetch("SELECT * FROM transactions") == before


async def test_pending_transaction_is_completed_once(house, app):
    await app.execute(
        "INSERT INTO transactions (organization_id, id, order_id, type, amount, currency, payment_method)"
        " VALUES ($1, $2, $3, 'purchase', 100, 'EUR', 'sandbox')",
        house.id, uuid7(), await house.order(),
    )  # fmt: skip
    complete = "UPDATE transactions SET status = 'completed', completed_at = foyer_now()"

    assert await app.execute(complete) == "UPDATE 1"
    assert await app.execute(complete) == "UPDATE 0"


async def test_ledger_cannot_be_changed(house, app):
    await record(house, purchase(await house.order()))
    for table, change in (("ledger_transfers", "amount = 1"), ("ledger_accounts", "kind = 'refunds'")):
        for statement in (
            f"UPDATE {table} SET {change}",
            f"DELETE FROM {table}",
            f"TRUNCATE {table} CASCADE",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await app.execute(statement)

    assert (await house.balances())[CLEARING, "EUR"] == 2_000


async def test_transfer_between_currencies_is_refused(house, app):
    euro = purchase(await house.order())
    await record(house, euro, purchase(await house.order(currency="USD"), currency="USD"))
    accounts = {
        (row["kind"], row["currency"]): row["id"] for row in await app.fetch("SELECT * FROM ledger_accounts")
    }
    insert = partial(
        app.execute,
        "INSERT INTO ledger_transfers (organization_id, id, transaction_id, debit_account_id, credit_account_id, currency,"
        " amount) VALUES ($1, $2, $3, $4, $5, $6, 1)",
        house.id, uuid7(), euro.id,
    )  # fmt: skip
    clearing, payable = "buyer_clearing", "organizer_payable"
    for debit, credit, currency in (("EUR", "USD", "EUR"), ("EUR", "USD", "USD"), ("EUR", "EUR", "USD")):
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            await insert(accounts[clearing, debit], accounts[payable, credit], currency)
    with pytest.raises(asyncpg.CheckViolationError, match="two_accounts"):
        await insert(accounts[clearing, "EUR"], accounts[clearing, "EUR"], "EUR")

    assert await insert(accounts[clearing, "EUR"], accounts[payable, "EUR"], "EUR") == "INSERT 0 1"


async def ids(database, house, limit=10, cursor=None, **wanted):
    async with database.read(house.id) as tx:
        page = await transactions(tx, TransactionFilter(**wanted), cursor=cursor, limit=limit)
    return [one.id for one in page.items], page.next_cursor


async def test_list_is_newest_first_and_stands_while_rows_are_added(house, database):
    made = [purchase(await house.order()) for _ in range(5)]
    for one in made:
        await record(house, one)
    newest = [one.id for one in reversed(made)]
    first, cursor = await ids(database, house, limit=2)
    await record(house, purchase(await house.order()))
    second, cursor = await ids(database, house, limit=2, cursor=cursor)
    third, last = await ids(database, house, limit=2, cursor=cursor)

    assert [*first, *second, *third] == newest
    assert last is None
    with pytest.raises(Invalid):
        await ids(database, house, cursor="nonsense")


async def test_list_is_filtered_by_everything_it_says(house, database):
    order = await house.order()
    one, other = purchase(order), purchase(await house.order(), method="manual")
    await record(house, one)
    between = await house.now()
    await record(house, other)
    for wanted, found in (
        ({"type": TransactionType.PURCHASE}, [other.id, one.id]),
        ({"type": TransactionType.PAYOUT}, []),
        ({"status": TransactionStatus.COMPLETED}, [other.id, one.id]),
        ({"status": TransactionStatus.FAILED}, []),
        ({"order_id": order}, [one.id]),
        ({"payment_method": "manual"}, [other.id]),
        ({"created_from": between}, [other.id]),
        ({"created_to": between}, [one.id]),
        ({"created_from": between, "created_to": between}, []),
        ({"order_id": order, "payment_method": "manual"}, []),
    ):
        assert await ids(database, house, **wanted) == (found, None), wanted


async def test_books_of_another_organization_are_not_seen(house, database, owner_sql):
    stranger = await make_house(database, owner_sql)
    theirs = purchase(await stranger.order())
    await record(stranger, theirs)

    assert await ids(database, house) == ([], None)
    assert await house.balances() == {}
    with pytest.raises(NotFound):
        async with database.read(house.id) as tx:
            await transaction(tx, theirs.id)
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await record(house, purchase(theirs.order_id))
