"""Tables of payments."""

from foyer.domains.payments.models.attempts import PaymentAttemptRow, TransactionRow
from foyer.domains.payments.models.ledger import LedgerAccountRow, LedgerTransferRow
from foyer.domains.payments.models.providers import (
    DisputeRow,
    PayoutRow,
    ProviderAccountRow,
    ProviderEventRow,
)
from foyer.domains.payments.models.refunds import RefundLineRow, RefundRow, RefundTicketRow

__all__ = [
    "DisputeRow",
    "LedgerAccountRow",
    "LedgerTransferRow",
    "PaymentAttemptRow",
    "PayoutRow",
    "ProviderAccountRow",
    "ProviderEventRow",
    "RefundLineRow",
    "RefundRow",
    "RefundTicketRow",
    "TransactionRow",
]
