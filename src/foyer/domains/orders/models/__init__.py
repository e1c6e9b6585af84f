"""Tables of orders."""

from foyer.domains.orders.models.order import OrderItemRow, OrderRow

__all__ = ["OrderItemRow", "OrderRow"]
