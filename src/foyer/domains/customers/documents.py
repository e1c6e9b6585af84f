"""Customers as a file for spreadsheets."""

from collections.abc import Callable, Sequence
from typing import Final

from foyer.domains.customers.queries import customers_for_staff
from foyer.domains.customers.types import CustomerFilter, CustomerStaff
from foyer.infra.db.tx import ReadTx
from foyer.infra.sheet import CHUNK, Cell, Column
from foyer.kernel.paging import Page


async def customer_rows(wanted: CustomerFilter, tx: ReadTx, cursor: str | None) -> Page[CustomerStaff]:
    """So many customers as one piece of the file holds."""
    return await customers_for_staff(tx, wanted, cursor=cursor, limit=CHUNK)


def _address(name: str) -> Callable[[CustomerStaff], Cell]:
    return lambda customer: getattr(customer.address, name) if customer.address else None


CUSTOMER_COLUMNS: Final[Sequence[Column[CustomerStaff]]] = [
    Column("email", lambda customer: customer.email),
    Column("firstName", lambda customer: customer.first_name),
    Column("lastName", lambda customer: customer.last_name),
    Column("phone", lambda customer: customer.phone),
    *(
        Column(name, _address(field))
        for name, field in (
            ("line1", "line1"),
            ("line2", "line2"),
            ("postalCode", "postal_code"),
            ("city", "city"),
            ("state", "state"),
            ("country", "country"),
        )
    ),
    Column("marketing", lambda customer: customer.marketing),
    Column("marketingAt", lambda customer: customer.marketing_at),
    Column("createdAt", lambda customer: customer.created_at),
    Column("id", lambda customer: customer.id),
]
