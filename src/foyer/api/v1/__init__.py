"""Version 1 of the JSON interface."""

from foyer.api.v1 import carts, check_ins, events, held_orders, shops, transactions

ROUTES = [
    *shops.ROUTES,
    *carts.ROUTES,
    *held_orders.ROUTES,
    *events.ROUTES,
    *check_ins.ROUTES,
    *transactions.ROUTES,
]
