"""Buyers: one for each address in each organization."""

from foyer.domains.customers.desk import link_customers
from foyer.domains.customers.models import CustomerRow as _CustomerRow  # noqa: F401 - keys of others point at it
from foyer.domains.customers.rules import regular

__all__ = ["link_customers", "regular"]
