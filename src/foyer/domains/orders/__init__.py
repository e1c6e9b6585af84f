"""Orders: what was bought."""

from foyer.domains.orders.desk import (
    Confirmed,
    Decision,
    LockedOrder,
    NewOrder,
    Refunded,
    await_payment,
    cancel_orders,
    confirm_orders,
    decide,
    insert_orders,
    lock_next,
    lock_orders,
    orders_of_carts,
    refund_orders,
)
from foyer.domains.orders.queries import find_order, order_of_cart, revenue
from foyer.domains.orders.rules import APPROVAL, ORDER, PAYMENT

__all__ = [
    "APPROVAL", "ORDER", "PAYMENT", "Confirmed", "Decision", "LockedOrder", "NewOrder", "Refunded", "await_payment",
    "cancel_orders", "confirm_orders", "decide", "find_order", "insert_orders", "lock_next", "lock_orders", "order_of_cart",
    "orders_of_carts", "refund_orders", "revenue",
]  # fmt: skip
