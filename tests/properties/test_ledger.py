"""The books: whatever happens in whatever order, they balance, and say what a plain calculation says."""

from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foyer.domains.payments.ledger import balances_of, open_balance, postings
from foyer.domains.payments.types import AccountKind, Posting, TransactionType

AMOUNTS = st.integers(1, 10**12)
FEES = st.integers(0, 10**9)
bounded = settings(derandomize=True, max_examples=300, deadline=None)


class Moved(NamedTuple):
    kind: TransactionType
    amount: int
    gateway_fee: int
    platform_fee: int
    is_direct: bool


@st.composite
def moves(draw, kinds=tuple(TransactionType)):
    kind = draw(st.sampled_from(kinds))
    is_direct = draw(st.booleans()) and kind is not TransactionType.PAYOUT
    return Moved(kind, draw(AMOUNTS), draw(FEES), draw(FEES), is_direct)


def posted(*moved: Moved) -> list[Posting]:
    return [
        posting
        for one in moved
        for posting in postings(
            one.kind, one.amount, one.gateway_fee, one.platform_fee, is_direct=one.is_direct
        )
    ]


def owed(one: Moved) -> int:
    """What the platform owes the organizer more than before, without any accounts."""
    sign = 1 if one.kind is TransactionType.PURCHASE else -1
    if one.is_direct:
        return -one.platform_fee  # the money and the provider's fee have met the organizer already
    return sign * one.amount - one.platform_fee - one.gateway_fee


@bounded
@given(st.lists(moves(), max_size=8))
def test_all_accounts_together_are_always_zero(moved):
    assert sum(balances_of(posted(*moved)).values()) == 0


@bounded
@given(st.lists(moves(), max_size=8))
def test_open_balance_is_what_a_plain_calculation_says(moved):
    assert open_balance(balances_of(posted(*moved))) == sum(owed(one) for one in moved)


@bounded
@given(st.lists(moves(), max_size=8))
def test_nothing_of_direct_money_stays_with_the_platform(moved):
    direct = [one for one in moved if one.is_direct]
    balances = balances_of(posted(*direct))

    assert balances[AccountKind.BUYER_CLEARING] == 0
    assert balances[AccountKind.GATEWAY_FEES] == 0
    assert balances[AccountKind.PLATFORM_FEES] == -sum(one.platform_fee for one in direct)


@bounded
@given(st.lists(moves(), max_size=8))
def test_clearing_holds_what_came_in_less_what_went_out(moved):
    through = [one for one in moved if not one.is_direct]
    signs = {TransactionType.PURCHASE: 1}

    assert balances_of(posted(*moved))[AccountKind.BUYER_CLEARING] == sum(
        signs.get(one.kind, -1) * one.amount for one in through
    )


@bounded
@given(moves())
def test_every_transfer_moves_something_between_two_accounts(one):
    found = posted(one)

    assert found
    assert all(posting.amount > 0 and posting.debit is not posting.credit for posting in found)


@bounded
@given(moves(kinds=(TransactionType.PURCHASE,)))
def test_whole_refund_leaves_the_fees_and_nothing_else(one):
    back = one._replace(kind=TransactionType.REFUND, gateway_fee=0, platform_fee=0)
    balances = balances_of(posted(one, back))
    borne = one.platform_fee + (0 if one.is_direct else one.gateway_fee)

    assert balances[AccountKind.BUYER_CLEARING] == 0
    assert open_balance(balances) == -borne


def test_each_kind_posts_what_is_written_down():
    clearing, payable = AccountKind.BUYER_CLEARING, AccountKind.ORGANIZER_PAYABLE
    gateway, payouts = AccountKind.GATEWAY_FEES, AccountKind.PAYOUTS

    assert postings(TransactionType.PURCHASE, 100, 3, 2) == [
        Posting(clearing, payable, 100),
        Posting(payable, AccountKind.PLATFORM_FEES, 2),
        Posting(payable, gateway, 3),
    ]
    assert postings(TransactionType.PURCHASE, 100, 3, is_direct=True) == [
        Posting(clearing, payable, 100),
        Posting(payable, gateway, 3),
        Posting(payouts, clearing, 100),
        Posting(gateway, payouts, 3),
    ]
    assert postings(TransactionType.REFUND, 40) == [Posting(AccountKind.REFUNDS, clearing, 40)]
    assert postings(TransactionType.REFUND, 40, is_direct=True) == [
        Posting(AccountKind.REFUNDS, clearing, 40),
        Posting(clearing, payouts, 40),
    ]
    assert postings(TransactionType.CHARGEBACK, 40, 15) == [
        Posting(AccountKind.CHARGEBACKS, clearing, 40),
        Posting(payable, gateway, 15),
    ]
    assert postings(TransactionType.PAYOUT, 55) == [Posting(payouts, clearing, 55)]


@pytest.mark.parametrize(
    ("kind", "amount", "more"),
    [
        (TransactionType.PURCHASE, 0, {}),
        (TransactionType.REFUND, -1, {}),
        (TransactionType.PURCHASE, 1, {"gateway_fee": -1}),
        (TransactionType.PURCHASE, 1, {"platform_fee": -1}),
        (TransactionType.PAYOUT, 1, {"is_direct": True}),
    ],
)
def test_what_makes_no_sense_is_not_posted(kind, amount, more):
    with pytest.raises(AssertionError):
        postings(kind, amount, **more)
