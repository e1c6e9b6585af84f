"""Payments of a batch: written and answered as arrays. Who calls holds the locks of the orders."""

from foyer.domains.payments.desk.attempts import (
    RESUMED_MAX,
    answer_attempts,
    close_attempts,
    open_attempts,
    unanswered_attempts,
)
from foyer.domains.payments.desk.purchases import known_intents, known_transactions, record_purchases
from foyer.domains.payments.desk.refunds import (
    complete_refunds,
    fail_refunds,
    lock_pending,
    named_tickets,
    open_refund_of,
    open_refunds,
    refunded_quantities,
    start_refunds,
    unanswered_refunds,
)

__all__ = [
    "RESUMED_MAX", "answer_attempts", "close_attempts", "complete_refunds", "fail_refunds", "known_intents", "known_transactions", "lock_pending", "named_tickets", "open_attempts", "open_refund_of", "open_refunds",
    "record_purchases", "refunded_quantities", "start_refunds", "unanswered_attempts", "unanswered_refunds",
]  # fmt: skip
