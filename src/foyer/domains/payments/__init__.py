"""Payments: attempts, transactions, the ledger, refunds, and who carries the money."""

from foyer.domains.payments.desk import (
    answer_attempt,
    close_attempts,
    complete_refunds,
    fail_refund,
    named_tickets,
    open_attempts,
    open_refund_of,
    open_refunds,
    record_purchases,
    refunded_quantities,
    start_refunds,
    unanswered_attempts,
    unanswered_refunds,
)
from foyer.domains.payments.ledger import open_balance, postings
from foyer.domains.payments.providers import PROVIDERS, Provider
from foyer.domains.payments.queries import (
    attempts_of_order,
    balances,
    refund,
    refunds_due,
    refunds_of_order,
    transaction,
    transactions,
)

__all__ = [
    "PROVIDERS", "Provider", "answer_attempt", "attempts_of_order", "balances", "close_attempts", "complete_refunds", "fail_refund",
    "named_tickets",
    "open_attempts", "open_balance", "open_refund_of", "open_refunds", "postings", "record_purchases", "refund",
    "refunded_quantities", "refunds_due", "refunds_of_order", "start_refunds", "transaction", "transactions", "unanswered_attempts", "unanswered_refunds",
]  # fmt: skip
