"""The desk of orders: written, read, locked and changed as arrays."""

from foyer.domains.orders.desk.change import (
    Confirmed,
    Decision,
    Refunded,
    await_payment,
    cancel_orders,
    confirm_orders,
    decide,
    readdress,
    refund_orders,
)
from foyer.domains.orders.desk.erase import addresses_of, forget_buyer, lock_bought
from foyer.domains.orders.desk.place import NewOrder, insert_orders
from foyer.domains.orders.desk.rows import LockedOrder, lock_next, lock_orders, orders_of_carts

__all__ = [
    "Confirmed", "Decision", "LockedOrder", "NewOrder", "Refunded", "addresses_of", "await_payment", "cancel_orders", "confirm_orders", "decide",
    "forget_buyer", "insert_orders", "lock_bought", "lock_next", "lock_orders", "orders_of_carts", "readdress", "refund_orders",
]  # fmt: skip
