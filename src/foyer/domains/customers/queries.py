"""Reads of buyers, for staff and for themselves. Who was erased is found by id alone."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Select, func, or_, select

from foyer.domains.customers.models import BuyerSessionRow, CustomerRow
from foyer.domains.customers.types import Address, Buyer, CustomerFilter, CustomerStaff
from foyer.infra.crypto import BUYER_SESSION_PREFIX, secret_hash
from foyer.infra.db.newest import around, newest
from foyer.infra.db.prefix import begins
from foyer.infra.db.tx import ReadTx, own
from foyer.kernel.errors import Invalid, NotFound, Unfit
from foyer.kernel.language import said
from foyer.kernel.paging import Page, Spot, Stretch
from foyer.kernel.text import email_address, email_key, tidy_line

NO_CUSTOMER: Final = said("There is no such customer.")
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


async def customers_around(
    tx: ReadTx, wanted: CustomerFilter, *, spot: Spot, limit: int
) -> Stretch[CustomerStaff]:
    """Buyers who are not erased, walked either way.

    Raises:
        Invalid: a cursor is none of ours.
    """
    conditions = [CustomerRow.erased_at.is_(None), *_conditions(wanted)]
    rows, before, after = await around(tx, CustomerRow, conditions, spot=spot, limit=limit)
    return Stretch([staff_view(row) for row in rows], before, after)


async def count_customers(tx: ReadTx, wanted: CustomerFilter, *, most: int) -> int:
    """How many buyers there are, counted up to `most`."""
    conditions = [own(CustomerRow, tx), CustomerRow.erased_at.is_(None), *_conditions(wanted)]
    some = select(CustomerRow.id).where(*conditions).limit(most).subquery()
    return await tx.one(select(func.count()).select_from(some))


def _conditions(wanted: CustomerFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if begun := tidy_line(wanted.q or ""):
        found.append(or_(_address_begins(begun), *_name_begins(begun)))
    if wanted.marketing is not None:
        found.append(CustomerRow.marketing.is_(wanted.marketing))
    if wanted.created_from is not None:
        found.append(CustomerRow.created_at >= wanted.created_from)
    if wanted.created_to is not None:
        found.append(CustomerRow.created_at < wanted.created_to)
    return found


def _address_begins(text: str) -> ColumnElement[bool]:
    return begins(CustomerRow.email_key, email_key(text))


def _name_begins(text: str) -> list[ColumnElement[bool]]:
    return [begins(column, text.lower()) for column in (CustomerRow.name_key, CustomerRow.last_name_key)]


async def customers_with_address(tx: ReadTx, text: str, *, most: int) -> Sequence[UUID]:
    """At most so many buyers whose address begins so."""
    query = select(CustomerRow.id).where(own(CustomerRow, tx), CustomerRow.erased_at.is_(None))
    return await tx.all(query.where(_address_begins(text)).limit(most))


async def customer_at(tx: ReadTx, email: str) -> UUID | None:
    """Whose address this is, however it is spelled.

    Raises:
        Invalid: it is no address.
    """
    return await tx.first(at_address(tx, email).with_only_columns(CustomerRow.id))


def at_address(tx: ReadTx, email: str) -> Select[CustomerRow]:
    """The buyer with this address, however it is spelled.

    Raises:
        Invalid: it is no address.
    """
    try:
        key = email_key(email_address(email))
    except Unfit as wrong:
        raise Invalid(wrong.detail, field="email") from None
    query = select(CustomerRow).where(own(CustomerRow, tx), CustomerRow.email_key == key)
    return query.where(CustomerRow.erased_at.is_(None))


async def buyer_behind(tx: ReadTx, token: str) -> Buyer | None:
    """Who is signed in at this organization with this token; None where nobody is, or no longer."""
    if not token.startswith(BUYER_SESSION_PREFIX):
        return None
    query = (
        select(
            BuyerSessionRow.id,
            CustomerRow.id,
            CustomerRow.email,
            CustomerRow.first_name,
            CustomerRow.last_name,
        )
        .join(
            CustomerRow,
            (CustomerRow.organization_id == BuyerSessionRow.organization_id)
            & (CustomerRow.id == BuyerSessionRow.customer_id),
        )
        .where(own(BuyerSessionRow, tx), BuyerSessionRow.token_hash == secret_hash(token))
        .where(BuyerSessionRow.revoked_at.is_(None), BuyerSessionRow.expires_at > await tx.now())
        .where(own(CustomerRow, tx), CustomerRow.erased_at.is_(None))
    )
    for row in await tx.rows(query):
        return Buyer(*row)
    return None


def staff_view(row: CustomerRow) -> CustomerStaff:
    return CustomerStaff(
        **{name: getattr(row, name) for name in _SAME},
        email=None if row.erased_at else row.email,
        address=msgspec.convert(row.address, Address) if row.address else None,
    )
