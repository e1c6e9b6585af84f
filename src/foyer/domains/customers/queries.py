"""Reads of buyers for staff. Who was erased is found by id alone."""

from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Select, Text, func, or_, select

from foyer.domains.customers.models import CustomerRow
from foyer.domains.customers.types import Address, CustomerFilter, CustomerStaff
from foyer.infra.db.newest import newest
from foyer.infra.db.tx import ReadTx, own
from foyer.kernel.errors import Invalid, NotFound
from foyer.kernel.paging import Page
from foyer.kernel.text import email_address, email_key, tidy_line

NO_CUSTOMER: Final = "There is no such customer."
_SAME: Final = tuple(name for name in CustomerStaff.__struct_fields__ if name not in {"email", "address"})


def one_customer(tx: ReadTx, customer_id: UUID) -> Select[CustomerRow]:
    return select(CustomerRow).where(own(CustomerRow, tx), CustomerRow.id == customer_id)


async def customer_for_staff(tx: ReadTx, customer_id: UUID) -> CustomerStaff:
    """One buyer, erased or not.

    Raises:
        NotFound: no such customer.
    """
    row = await tx.first(one_customer(tx, customer_id))
    if row is None:
        raise NotFound(NO_CUSTOMER)
    return staff_view(row)


async def customers_for_staff(
    tx: ReadTx, wanted: CustomerFilter, *, cursor: str | None, limit: int
) -> Page[CustomerStaff]:
    """Buyers who are not erased, the newest first.

    Raises:
        Invalid: the cursor is none of ours.
    """
    conditions = [CustomerRow.erased_at.is_(None), *_conditions(wanted)]
    rows, more = await newest(tx, CustomerRow, conditions, cursor=cursor, limit=limit)
    return Page([staff_view(row) for row in rows], more)


def _conditions(wanted: CustomerFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if begun := tidy_line(wanted.q or ""):
        whole = func.concat_ws(" ", CustomerRow.first_name, CustomerRow.last_name, type_=Text)
        names = (
            whole.istartswith(begun, autoescape=True),
            CustomerRow.last_name.istartswith(begun, autoescape=True),
        )
        found.append(or_(CustomerRow.email_key.startswith(email_key(begun), autoescape=True), *names))
    if wanted.marketing is not None:
        found.append(CustomerRow.marketing.is_(wanted.marketing))
    if wanted.created_from is not None:
        found.append(CustomerRow.created_at >= wanted.created_from)
    if wanted.created_to is not None:
        found.append(CustomerRow.created_at < wanted.created_to)
    return found


async def customer_at(tx: ReadTx, email: str) -> UUID | None:
    """Whose address this is, however it is spelled.

    Raises:
        Invalid: it is no address.
    """
    try:
        key = email_key(email_address(email))
    except ValueError as wrong:
        raise Invalid(str(wrong), field="email") from None
    query = select(CustomerRow.id).where(own(CustomerRow, tx), CustomerRow.email_key == key)
    return await tx.first(query.where(CustomerRow.erased_at.is_(None)))


def staff_view(row: CustomerRow) -> CustomerStaff:
    return CustomerStaff(
        **{name: getattr(row, name) for name in _SAME},
        email=None if row.erased_at else row.email,
        address=msgspec.convert(row.address, Address) if row.address else None,
    )
