"""Orders: what was bought."""

from foyer.domains.orders.desk import NewOrder, insert_orders, orders_of_carts
from foyer.domains.orders.queries import find_order, order_of_cart, revenue

__all__ = ["NewOrder", "find_order", "insert_orders", "order_of_cart", "orders_of_carts", "revenue"]
