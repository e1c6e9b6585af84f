"""Payments: attempts, transactions, the ledger, refunds, and who carries the money."""

from foyer.domains.payments.desk import (
    RESUMED_MAX,
    answer_attempts,
    close_attempts,
    complete_refunds,
    fail_refunds,
    known_intents,
    known_transactions,
    lock_pending,
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
    references_paid,
    refund,
    refunds_due,
    refunds_of_order,
    transaction,
    transactions,
)

__all__ = [
    "PROVIDERS", "RESUMED_MAX", "Provider", "answer_attempts", "attempts_of_order", "balances", "close_attempts", "complete_refunds", "fail_refunds", "known_intents", "known_transactions", "lock_pending",
    "named_tickets",
    "open_attempts", "open_balance", "open_refund_of", "open_refunds", "postings", "record_purchases", "references_paid", "refund",
    "refunded_quantities", "refunds_due", "refunds_of_order", "start_refunds", "transaction", "transactions", "unanswered_attempts", "unanswered_refunds",
]  # fmt: skip
