"""Tables of orders."""

from foyer.domains.orders.models.documents import AnswerRow, InvoiceNumberRow, InvoiceRow
from foyer.domains.orders.models.order import ApprovalRow, OrderItemRow, OrderRow

__all__ = [
    "AnswerRow",
    "ApprovalRow",
    "InvoiceNumberRow",
    "InvoiceRow",
    "OrderItemRow",
    "OrderRow",
]
