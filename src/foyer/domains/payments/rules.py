"""What becomes of attempts, transactions and refunds."""

from typing import Final

from foyer.domains.payments.types import (
    AttemptStatus,
    Outcome,
    RefundStatus,
    TransactionFilter,
    TransactionStatus,
)
from foyer.kernel.errors import Finding, Invalid
from foyer.kernel.machine import Machine

ATTEMPT: Final = Machine(
    "payment attempt",
    start=frozenset({AttemptStatus.CREATED, AttemptStatus.PENDING, AttemptStatus.SUCCEEDED}),
    moves={
        AttemptStatus.CREATED: frozenset(
            {AttemptStatus.PENDING, AttemptStatus.SUCCEEDED, AttemptStatus.FAILED, AttemptStatus.CANCELLED}
        ),
        AttemptStatus.PENDING: frozenset(
            {AttemptStatus.SUCCEEDED, AttemptStatus.FAILED, AttemptStatus.CANCELLED}
        ),
        # Money can come after we have given it up: a buyer pays in another window, a bank is slow.
        AttemptStatus.FAILED: frozenset({AttemptStatus.SUCCEEDED}),
        AttemptStatus.CANCELLED: frozenset({AttemptStatus.SUCCEEDED}),
        AttemptStatus.SUCCEEDED: frozenset(),
    },
)
OPEN_ATTEMPTS: Final = (AttemptStatus.CREATED, AttemptStatus.PENDING)
"""Attempts that wait for a provider or a buyer."""

TRANSACTION: Final = Machine(
    "transaction",
    start=frozenset({TransactionStatus.PENDING, TransactionStatus.COMPLETED}),
    moves={
        TransactionStatus.PENDING: frozenset(
            {TransactionStatus.COMPLETED, TransactionStatus.FAILED, TransactionStatus.CANCELLED}
        ),
        TransactionStatus.COMPLETED: frozenset(),
        TransactionStatus.FAILED: frozenset(),
        TransactionStatus.CANCELLED: frozenset(),
    },
)

REFUND: Final = Machine(
    "refund",
    start=frozenset({RefundStatus.DUE, RefundStatus.PENDING}),
    moves={
        RefundStatus.DUE: frozenset({RefundStatus.PENDING}),
        RefundStatus.PENDING: frozenset({RefundStatus.COMPLETED, RefundStatus.FAILED}),
        RefundStatus.COMPLETED: frozenset(),
        # What is tried again is another refund: under the same key a provider gives the same answer.
        RefundStatus.FAILED: frozenset(),
    },
)

_SAID: Final = {
    Outcome.PENDING: AttemptStatus.PENDING,
    Outcome.SUCCEEDED: AttemptStatus.SUCCEEDED,
    Outcome.FAILED: AttemptStatus.FAILED,
}


def after_answer(now: AttemptStatus, outcome: Outcome, *, is_paid: bool) -> AttemptStatus | None:
    """What an attempt becomes by what its provider says; None where that changes nothing.

    Args:
        now: what it is.
        outcome: what the provider says of it.
        is_paid: another attempt has paid the order: money that comes a second time does not pay it again.
    """
    then = _SAID[outcome]
    if not ATTEMPT.allows(now, then) or (then is AttemptStatus.SUCCEEDED and is_paid):
        return None
    return then


YEARS: Final = (1970, 2200)


def require_askable(wanted: TransactionFilter) -> None:
    """Refuse moments of no time zone, and those that no calendar of ours has.

    Raises:
        Invalid: naming the fields.
    """
    found = []
    for field, at in (("createdFrom", wanted.created_from), ("createdTo", wanted.created_to)):
        if at is not None and at.tzinfo is None:
            found.append(Finding(field, "Say in which time zone, like 2027-06-11T19:30:00Z."))
        elif at is not None and not YEARS[0] < at.year < YEARS[1]:
            found.append(Finding(field, f"Use a moment between {YEARS[0]} and {YEARS[1]}."))
    if found:
        raise Invalid.of(found)
