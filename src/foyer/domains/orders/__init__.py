"""Orders: what was bought."""

from foyer.domains.orders.desk import NewOrder, insert_orders, orders_of_carts
from foyer.domains.orders.queries import order, order_of_cart, revenue

__all__ = ["NewOrder", "insert_orders", "order", "order_of_cart", "orders_of_carts", "revenue"]
