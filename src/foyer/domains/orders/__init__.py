"""Orders: what was bought."""

from foyer.domains.orders.actions import change_buyer, edit_notes
from foyer.domains.orders.desk import (
    Confirmed,
    Decision,
    LockedOrder,
    NewOrder,
    Refunded,
    addresses_of,
    await_payment,
    cancel_orders,
    confirm_orders,
    decide,
    forget_buyer,
    insert_orders,
    lock_bought,
    lock_next,
    lock_orders,
    orders_of_carts,
    refund_orders,
)
from foyer.domains.orders.documents import (
    find_invoice,
    invoice_pdf,
    invoices_of_order,
    issue_credit_note,
    issue_invoice,
)
from foyer.domains.orders.queries import (
    bought_by,
    bought_with,
    count_orders,
    find_order,
    language_of_order,
    order_for_staff,
    order_numbers,
    order_of_cart,
    orders_around,
    orders_begun,
    orders_for_staff,
    orders_that_stand,
    revenue,
    standing_orders,
)
from foyer.domains.orders.rules import APPROVAL, ORDER, PAYMENT, state_of

__all__ = [
    "APPROVAL", "ORDER", "PAYMENT", "Confirmed", "Decision", "LockedOrder", "NewOrder", "Refunded", "addresses_of", "await_payment",
    "bought_by", "bought_with", "cancel_orders", "change_buyer", "confirm_orders", "count_orders", "decide", "edit_notes", "find_invoice", "find_order", "forget_buyer", "insert_orders", "invoice_pdf", "invoices_of_order", "issue_credit_note", "issue_invoice", "language_of_order",
    "lock_bought", "lock_next", "lock_orders", "order_for_staff", "order_numbers", "order_of_cart", "orders_around", "orders_begun", "orders_for_staff", "orders_of_carts", "orders_that_stand",
    "refund_orders", "revenue", "standing_orders", "state_of",
]  # fmt: skip
