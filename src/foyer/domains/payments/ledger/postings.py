"""Which amount goes from which account to which: for every kind of transaction, in full."""

from collections.abc import Iterable, Iterator, Mapping

from foyer.domains.payments.types import AccountKind, Posting, TransactionType


def postings(
    kind: TransactionType,
    amount: int,
    gateway_fee: int = 0,
    platform_fee: int = 0,
    *,
    is_direct: bool = False,
) -> list[Posting]:
    """The transfers that a completed transaction makes; those of nothing are left out.

    Args:
        kind: of the transaction.
        amount: minor units, above zero.
        gateway_fee: what the provider keeps for itself, 0 or more; the organizer bears it.
        platform_fee: what the platform keeps, 0 or more; the organizer bears it.
        is_direct: the money went to or came from the organizer without passing the platform. Then nothing of it stays in
            clearing, it counts as paid out, and the provider has had its fee from the organizer.
    """
    assert amount > 0, "a transaction moves something"
    assert gateway_fee >= 0, "nobody is paid for taking money"
    assert platform_fee >= 0, "nobody is paid for taking money"
    assert not (is_direct and kind is TransactionType.PAYOUT), "what is direct is never paid out"
    every = _all(kind, amount, gateway_fee, platform_fee, is_direct=is_direct)
    return [one for one in every if one.amount > 0]


def _all(
    kind: TransactionType, amount: int, gateway_fee: int, platform_fee: int, *, is_direct: bool
) -> Iterator[Posting]:
    clearing, payable, payouts = (
        AccountKind.BUYER_CLEARING,
        AccountKind.ORGANIZER_PAYABLE,
        AccountKind.PAYOUTS,
    )
    match kind:
        case TransactionType.PURCHASE:
            yield Posting(clearing, payable, amount)
        case TransactionType.REFUND:
            yield Posting(AccountKind.REFUNDS, clearing, amount)
        case TransactionType.CHARGEBACK:
            yield Posting(AccountKind.CHARGEBACKS, clearing, amount)
        case TransactionType.PAYOUT:
            yield Posting(payouts, clearing, amount)
    yield Posting(payable, AccountKind.PLATFORM_FEES, platform_fee)
    yield Posting(payable, AccountKind.GATEWAY_FEES, gateway_fee)
    if is_direct:
        came_in = kind is TransactionType.PURCHASE
        yield Posting(payouts, clearing, amount) if came_in else Posting(clearing, payouts, amount)
        yield Posting(AccountKind.GATEWAY_FEES, payouts, gateway_fee)


def balances_of(moved: Iterable[Posting]) -> dict[AccountKind, int]:
    """What went into each account less what went out of it; all of them together are zero."""
    balances = dict.fromkeys(AccountKind, 0)
    for one in moved:
        balances[one.debit] += one.amount
        balances[one.credit] -= one.amount
    return balances


def open_balance(balances: Mapping[AccountKind, int]) -> int:
    """What the platform owes the organizer, in minor units; negative is what the organizer owes."""
    theirs = (
        AccountKind.ORGANIZER_PAYABLE, AccountKind.REFUNDS, AccountKind.CHARGEBACKS, AccountKind.PAYOUTS,
    )  # fmt: skip
    return -sum(balances.get(kind, 0) for kind in theirs)
