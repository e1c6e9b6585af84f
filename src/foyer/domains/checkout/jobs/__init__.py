"""What runs beside requests: the sweeper, and conversations with providers."""

from foyer.domains.checkout.jobs.pay import begin_payment, follow_up, perform_refund
from foyer.domains.checkout.jobs.sweep import sweep

__all__ = ["begin_payment", "follow_up", "perform_refund", "sweep"]
