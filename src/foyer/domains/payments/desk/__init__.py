"""Payments of a batch: written as arrays, answered one by one. Who calls holds the locks of the orders."""

from foyer.domains.payments.desk.attempts import (
    answer_attempt,
    close_attempts,
    open_attempts,
    unanswered_attempts,
)
from foyer.domains.payments.desk.purchases import record_purchases
from foyer.domains.payments.desk.refunds import (
    complete_refunds,
    fail_refund,
    named_tickets,
    open_refund_of,
    open_refunds,
    refunded_quantities,
    start_refunds,
    unanswered_refunds,
)

__all__ = [
    "answer_attempt", "close_attempts", "complete_refunds", "fail_refund", "named_tickets", "open_attempts", "open_refund_of", "open_refunds",
    "record_purchases", "refunded_quantities", "start_refunds", "unanswered_attempts", "unanswered_refunds",
]  # fmt: skip
