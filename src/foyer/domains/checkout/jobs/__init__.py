"""What runs beside requests: the sweeper, and conversations with providers."""

from foyer.domains.checkout.jobs.pay import (
    begin_payment,
    begin_payments,
    follow_up,
    perform_refund,
    perform_refunds,
)
from foyer.domains.checkout.jobs.sweep import sweep

__all__ = ["begin_payment", "begin_payments", "follow_up", "perform_refund", "perform_refunds", "sweep"]
