"""Buyers: one for each address in each organization."""

from foyer.domains.customers.actions import edit_customer, enter_account, leave_account, seek_orders
from foyer.domains.customers.desk import empty_customer, keys_of_others, link_customers, lock_buyer
from foyer.domains.customers.documents import CUSTOMER_COLUMNS, customer_rows
from foyer.domains.customers.jobs import CRON
from foyer.domains.customers.models import CustomerRow as _CustomerRow  # noqa: F401 - keys of others point at it
from foyer.domains.customers.queries import (
    buyer_behind,
    count_customers,
    customer_at,
    customer_for_staff,
    customers_around,
    customers_for_staff,
    customers_with_address,
)
from foyer.domains.customers.rules import ERASED, LOOK_UPS, regular, turns_of_code

__all__ = [
    "CRON",
    "CUSTOMER_COLUMNS",
    "ERASED",
    "LOOK_UPS",
    "buyer_behind",
    "count_customers",
    "customer_at",
    "customer_for_staff",
    "customer_rows",
    "customers_around",
    "customers_for_staff",
    "customers_with_address",
    "edit_customer",
    "empty_customer",
    "enter_account",
    "keys_of_others",
    "leave_account",
    "link_customers",
    "lock_buyer",
    "regular",
    "seek_orders",
    "turns_of_code",
]  # fmt: skip
