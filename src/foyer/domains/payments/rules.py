"""What becomes of attempts, transactions and refunds."""

from typing import Final

from foyer.domains.payments.types import AttemptStatus, Outcome, RefundStatus, TransactionStatus
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
OPEN_REFUNDS: Final = (RefundStatus.DUE, RefundStatus.PENDING)

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
