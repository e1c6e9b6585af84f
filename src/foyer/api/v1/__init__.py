"""Version 1 of the JSON interface."""

from foyer.api.v1 import (
    audit,
    carts,
    check_ins,
    customers,
    discounts,
    documents,
    events,
    held_orders,
    images,
    orders,
    organization,
    pools,
    shops,
    tax_rates,
    tickets,
    transactions,
)

ROUTES = [
    *shops.ROUTES,
    *carts.ROUTES,
    *held_orders.ROUTES,
    *events.ROUTES,
    *images.ROUTES,
    *pools.ROUTES,
    *tax_rates.ROUTES,
    *discounts.ROUTES,
    *orders.ROUTES,
    *organization.ROUTES,
    *documents.ROUTES,
    *customers.ROUTES,
    *tickets.ROUTES,
    *check_ins.ROUTES,
    *transactions.ROUTES,
    *audit.ROUTES,
]
