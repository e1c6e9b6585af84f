"""Attempts and refunds: each thing happens once, whoever tells it and however often."""

import asyncio

import asyncpg
import pytest

from foyer.domains.payments import (
    answer_attempts,
    attempts_of_order,
    close_attempts,
    complete_refunds,
    fail_refunds,
    open_attempts,
    open_refund_of,
    open_refunds,
    refunded_quantities,
    refunds_of_order,
    start_refunds,
    unanswered_attempts,
    unanswered_refunds,
)
from foyer.domains.payments.types import (
    AccountKind,
    AttemptStatus,
    Outcome,
    PaymentState,
    RefundDone,
    RefundStatus,
)
from foyer.infra.batching import Counter
from foyer.kernel.ids import uuid7
from tests.domains.books import House, attempt, make_house, refund

PAID = PaymentState(Outcome.SUCCEEDED, "charge_1", gateway_fee=55)
WAITS = PaymentState(Outcome.PENDING, "charge_1", redirect_url="https://pay.example/1")
DECLINED = PaymentState(Outcome.FAILED, "charge_1", error="The card was declined.")


@pytest.fixture
async def house(database, owner_sql) -> House:
    return await make_house(database, owner_sql)


async def begin(house, *new):
    now = await house.now()
    await house.desk(lambda desk: open_attempts(desk, house.counter, new, now=now))


async def answer(house, attempt_id, state):
    now = await house.now()
    answered = await house.desk(lambda desk: answer_attempts(desk, house.id, {attempt_id: state}, now=now))
    return answered[attempt_id].attempt


async def close(house, *orders, to=AttemptStatus.CANCELLED, **more):
    now = await house.now()
    return await house.desk(lambda desk: close_attempts(desk, house.id, orders, to=to, now=now, **more))


async def statuses(house, order_id):
    async with house.database.read(house.id) as tx:
        return [one.status.value for one in await attempts_of_order(tx, order_id)]


async def test_attempt_is_written_as_it_was_begun(house):
    order = await house.order()
    one = attempt(order, status=AttemptStatus.PENDING, reference="charge_1", amount=1_234)
    await begin(house, one, attempt(await house.order()))

    async with house.database.read(house.id) as tx:
        (found,) = await attempts_of_order(tx, order)
    assert (found.id, found.order_id, found.provider, found.amount, found.currency) == one[:5]
    assert (found.status, found.reference, found.error_message) == (AttemptStatus.PENDING, "charge_1", None)


async def test_order_has_one_attempt_at_a_time(house):
    order = await house.order()
    await begin(house, attempt(order))
    with pytest.raises(asyncpg.UniqueViolationError, match="uq_payment_attempts_live"):
        await begin(house, attempt(order))
    await close(house, order)
    await begin(house, attempt(order))

    assert await statuses(house, order) == ["cancelled", "created"]


async def test_closing_touches_open_attempts_of_these_orders_alone(house):
    orders = [await house.order() for _ in range(4)]
    made = [
        attempt(order, status=status)
        for order, status in zip(
            orders,
            (AttemptStatus.CREATED, AttemptStatus.PENDING, AttemptStatus.SUCCEEDED, AttemptStatus.PENDING),
            strict=True,
        )
    ]
    await begin(house, *made)
    closed = await close(house, *orders[:3])

    assert [one.id for one in closed] == [made[0].id, made[1].id]
    assert {one.status for one in closed} == {AttemptStatus.CANCELLED}
    assert await close(house, *orders[:3]) == []
    assert [await statuses(house, order) for order in orders] == [
        ["cancelled"], ["cancelled"], ["succeeded"], ["pending"],
    ]  # fmt: skip
    only = {"to": AttemptStatus.SUCCEEDED, "only_from": [AttemptStatus.CREATED]}
    assert await close(house, orders[3], **only) == []
    (paid,) = await close(house, orders[3], to=AttemptStatus.SUCCEEDED)
    assert paid.status is AttemptStatus.SUCCEEDED


async def test_what_the_tables_do_not_list_is_not_written(house):
    order = await house.order()
    with pytest.raises(AssertionError):
        await begin(house, attempt(order, status=AttemptStatus.FAILED))
    with pytest.raises(AssertionError):
        await open_them(house, refund(order, status=RefundStatus.COMPLETED))
    await begin(house, attempt(order, status=AttemptStatus.SUCCEEDED))
    with pytest.raises(AssertionError):
        await close(house, order, only_from=[AttemptStatus.SUCCEEDED])

    assert await statuses(house, order) == ["succeeded"]


@pytest.mark.parametrize(
    ("told", "becomes"),
    [
        ([WAITS], "pending"),
        ([WAITS, PAID], "succeeded"),
        ([PAID], "succeeded"),
        ([DECLINED], "failed"),
        ([WAITS, DECLINED], "failed"),
        ([PAID, WAITS], "succeeded"),
        ([PAID, DECLINED], "succeeded"),
        ([DECLINED, WAITS], "failed"),
        ([DECLINED, PAID], "succeeded"),
    ],
)
async def test_attempt_follows_its_provider_and_never_goes_back(house, told, becomes):
    one = attempt(await house.order())
    await begin(house, one)
    for state in told:
        found = await answer(house, one.id, state)

    assert (found.status.value, found.reference) == (becomes, "charge_1")
    assert found.error_message == ("The card was declined." if becomes == "failed" else None)


@pytest.mark.parametrize("state", [WAITS, PAID, DECLINED])
async def test_answer_that_is_repeated_changes_nothing(house, state):
    one = attempt(await house.order())
    await begin(house, one)
    first = await answer(house, one.id, state)

    assert await answer(house, one.id, state) == first


@pytest.mark.parametrize("unnamed", [None, ""])
async def test_refusal_without_a_reference_leaves_it_open(house, unnamed):
    """Several may be refused before their provider has given them a name of its own; the name can come later."""
    made = [attempt(await house.order()) for _ in range(2)]
    await begin(house, *made)
    for one in made:
        refused = await answer(house, one.id, DECLINED._replace(reference=unnamed))
        assert (refused.status, refused.reference) == (AttemptStatus.FAILED, None)
    named = await answer(house, made[0].id, WAITS)

    assert (named.status, named.reference) == (AttemptStatus.FAILED, "charge_1")
    assert named.error_message == "The card was declined."


async def test_money_that_comes_after_all_counts_and_ends_the_next_attempt(house):
    order = await house.order()
    first, second = attempt(order), attempt(order)
    await begin(house, first)
    await close(house, order)
    await begin(house, second)
    found = await answer(house, first.id, PAID)

    assert found.status is AttemptStatus.SUCCEEDED
    assert await statuses(house, order) == ["succeeded", "cancelled"]


async def test_money_that_comes_a_second_time_pays_nothing(house):
    order = await house.order()
    first, second = attempt(order), attempt(order)
    await begin(house, first)
    await close(house, order)
    await begin(house, second)
    await answer(house, second.id, PAID._replace(reference="charge_2"))
    found = await answer(house, first.id, PAID)

    assert (found.status, found.reference) == (AttemptStatus.CANCELLED, "charge_1")
    assert await statuses(house, order) == ["cancelled", "succeeded"]


async def test_attempt_of_another_organization_is_not_there(house, database, owner_sql):
    stranger = await make_house(database, owner_sql)
    one = attempt(await stranger.order())
    await begin(stranger, one)
    now, told = await house.now(), {one.id: PAID, uuid7(): PAID}
    assert await house.desk(lambda desk: answer_attempts(desk, house.id, told, now=now)) == {}

    assert await statuses(stranger, one.order_id) == ["created"]


async def test_attempts_nobody_has_heard_of_are_taken_up_by_one_worker_each(house):
    made = [attempt(await house.order()) for _ in range(6)]
    await begin(house, *made)
    await answer(house, made[0].id, WAITS)
    before = await house.now()
    await begin(house, attempt(await house.order()))

    async def resume(_turn):
        return await house.desk(lambda desk: unanswered_attempts(desk, house.counter, before=before))

    taken = await asyncio.gather(*(resume(turn) for turn in range(3)))
    assert sorted(one.id for found in taken for one in found) == [one.id for one in made[1:]]
    assert await resume(3) == []
    later = await house.now()
    elsewhere = Counter(house.id, uuid7())
    assert await house.desk(lambda desk: unanswered_attempts(desk, elsewhere, before=later)) == []
    assert len(await house.desk(lambda desk: unanswered_attempts(desk, house.counter, before=later))) == 6


async def open_them(house, *new):
    now = await house.now()
    await house.desk(lambda desk: open_refunds(desk, house.counter, new, now=now))


async def complete(house, *done):
    now = await house.now()
    return await house.desk(lambda desk: complete_refunds(desk, house.id, done, now=now))


async def test_refund_is_written_with_its_lines(house):
    order = await house.order()
    items = sorted([await house.item(order), await house.item(order)])
    one = refund(order, 500, user_id=await house.user(), lines=((items[1], 1, 200), (items[0], 2, 300)))
    plain = refund(await house.order(), status=RefundStatus.DUE)
    await open_them(house, one, plain)
    found = await house.desk(lambda desk: open_refund_of(desk, house.id, [order, plain.order_id, uuid7()]))

    assert found.keys() == {order, plain.order_id}
    mine = found[order]
    assert (
        mine.id,
        mine.order_id,
        mine.provider,
        mine.amount,
        mine.currency,
        mine.reason,
        mine.user_id,
    ) == one[:7]
    assert [(line.order_item_id, line.quantity, line.amount) for line in mine.lines] == [
        (items[0], 2, 300), (items[1], 1, 200),
    ]  # fmt: skip
    assert (found[plain.order_id].status, found[plain.order_id].lines) == (RefundStatus.DUE, [])
    async with house.database.read(house.id) as tx:
        assert await refunds_of_order(tx, order) == [mine]


async def test_order_has_one_open_refund(house):
    order = await house.order()
    await open_them(house, refund(order))
    with pytest.raises(asyncpg.UniqueViolationError, match="uq_refunds_open"):
        await open_them(house, refund(order, status=RefundStatus.DUE))


async def test_due_refund_is_begun_once(house):
    one, pending = refund(await house.order(), status=RefundStatus.DUE), refund(await house.order())
    await open_them(house, one, pending)
    now = await house.now()
    started = await asyncio.gather(
        *(
            house.desk(lambda desk: start_refunds(desk, house.id, [one.id, pending.id, uuid7()], now=now))
            for _ in range(2)
        )
    )

    assert sorted(started, key=len) == [set(), {one.id}]


async def test_completed_refund_is_one_transaction_and_one_posting(house):
    one = refund(await house.order(), 500, user_id=await house.user())
    await open_them(house, one)
    done = RefundDone(one.id, uuid7(), gateway_fee=10, reference="refund_1")

    assert await complete(house, done) == {one.id}
    assert await complete(house, done._replace(transaction_id=uuid7())) == set()
    (row,) = await house.sql.fetch("SELECT * FROM transactions WHERE organization_id = $1", house.id)
    assert (row["type"], row["status"], row["amount"], row["payment_method"]) == (
        "refund",
        "completed",
        500,
        "sandbox",
    )
    assert (row["payment_intent_id"], row["payment_method_id"]) == (str(one.id), "refund_1")
    assert (row["order_id"], row["user_id"], row["gateway_fee"]) == (one.order_id, one.user_id, 10)
    async with house.database.read(house.id) as tx:
        (kept,) = await refunds_of_order(tx, one.order_id)
    assert (kept.status, kept.transaction_id) == (RefundStatus.COMPLETED, row["id"])
    assert await house.balances() == {
        (AccountKind.REFUNDS, "EUR"): 500,
        (AccountKind.BUYER_CLEARING, "EUR"): -500,
        (AccountKind.ORGANIZER_PAYABLE, "EUR"): 10,
        (AccountKind.GATEWAY_FEES, "EUR"): -10,
    }


@pytest.mark.parametrize("keeps", [True, False])
async def test_refund_completed_at_the_same_moment_is_completed_once(house, keeps):
    one = refund(await house.order())
    await open_them(house, one)
    now = await house.now()
    done = RefundDone(one.id, uuid7())
    found = await house.behind(
        lambda desk: complete_refunds(desk, house.id, [done], now=now),
        lambda desk: complete_refunds(desk, house.id, [done._replace(transaction_id=uuid7())], now=now),
        keeps=keeps,
    )

    assert found == (set() if keeps else {one.id})
    assert await house.count("transactions") == await house.count("ledger_transfers") == 1


async def test_direct_refund_leaves_nothing_in_clearing(house):
    one = refund(await house.order(), 500, provider="manual")
    await open_them(house, one)
    await complete(house, RefundDone(one.id, uuid7(), is_direct=True))

    assert await house.balances() == {
        (AccountKind.REFUNDS, "EUR"): 500,
        (AccountKind.BUYER_CLEARING, "EUR"): 0,
        (AccountKind.PAYOUTS, "EUR"): -500,
    }


async def test_refund_that_is_not_begun_or_failed_is_not_completed(house):
    due, failed = refund(await house.order(), status=RefundStatus.DUE), refund(await house.order())
    await open_them(house, due, failed)
    now = await house.now()
    tried = [
        await house.desk(
            lambda desk, one=one: fail_refunds(desk, house.id, {one.id: "The account is closed."}, now=now)
        )
        for one in (due, failed, failed)
    ]

    assert tried == [set(), {failed.id}, set()]
    assert await complete(house, RefundDone(due.id, uuid7()), RefundDone(failed.id, uuid7())) == set()
    assert await house.count("transactions") == 0
    async with house.database.read(house.id) as tx:
        (kept,) = await refunds_of_order(tx, failed.order_id)
    assert (kept.status, kept.error_message) == (RefundStatus.FAILED, "The account is closed.")


async def test_refunded_tickets_are_counted_until_a_refund_fails(house):
    order, other = await house.order(), await house.order()
    item, second, third = await house.item(order), await house.item(order), await house.item(other)
    done = refund(order, lines=((item, 2, 200), (second, 1, 100)))
    await open_them(house, done, refund(other, lines=((third, 4, 0),)))
    await complete(house, RefundDone(done.id, uuid7()))
    again = refund(order, status=RefundStatus.DUE, lines=((item, 1, 100),))
    await open_them(house, again)

    async def counted():
        return await house.desk(lambda desk: refunded_quantities(desk, house.id, [order, other, uuid7()]))

    assert await counted() == {(order, item): 3, (order, second): 1, (other, third): 4}
    now = await house.now()
    await house.desk(lambda desk: start_refunds(desk, house.id, [again.id], now=now))
    await house.desk(lambda desk: fail_refunds(desk, house.id, {again.id: None}, now=now))
    assert await counted() == {(order, item): 2, (order, second): 1, (other, third): 4}


async def test_pending_refunds_are_taken_up_by_one_worker_each(house):
    made = [refund(await house.order()) for _ in range(3)]
    await open_them(house, *made, refund(await house.order(), status=RefundStatus.DUE))
    before = await house.now()

    async def resume(_turn):
        return await house.desk(lambda desk: unanswered_refunds(desk, house.counter, before=before))

    taken = await asyncio.gather(*(resume(turn) for turn in range(2)))
    assert sorted(one.id for found in taken for one in found) == [one.id for one in made]
    assert await resume(2) == []
