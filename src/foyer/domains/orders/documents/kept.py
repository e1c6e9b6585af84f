"""Reads of what was issued."""

from typing import NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import select

from foyer.domains.orders.models import InvoiceRow
from foyer.domains.orders.types import Invoice, InvoiceDocument
from foyer.infra.db.tx import ReadTx, own
from foyer.kernel.errors import NotFound
from foyer.kernel.language import said

NO_INVOICE = said("There is no such invoice.")


class Issued(NamedTuple):
    """Something issued, and what it follows from."""

    id: UUID
    cause_id: UUID
    document: InvoiceDocument


async def issued_for(tx: ReadTx, order_id: UUID) -> list[Issued]:
    """Everything issued for an order, the oldest first."""
    query = (
        select(InvoiceRow).where(own(InvoiceRow, tx), InvoiceRow.order_id == order_id).order_by(InvoiceRow.id)
    )
    return [
        Issued(row.id, row.cause_id, msgspec.convert(row.document, InvoiceDocument))
        for row in await tx.all(query)
    ]


async def invoices_of_order(tx: ReadTx, order_id: UUID) -> list[Invoice]:
    """Invoices and credit notes of an order, the oldest first."""
    query = (
        select(InvoiceRow).where(own(InvoiceRow, tx), InvoiceRow.order_id == order_id).order_by(InvoiceRow.id)
    )
    return [_invoice(row) for row in await tx.all(query)]


async def credit_note_for(tx: ReadTx, refund_id: UUID) -> Invoice | None:
    """The credit note that follows from a refund, if there is one."""
    row = await tx.first(select(InvoiceRow).where(own(InvoiceRow, tx), InvoiceRow.cause_id == refund_id))
    return None if row is None else _invoice(row)


async def find_invoice(tx: ReadTx, invoice_id: UUID) -> tuple[Invoice, InvoiceDocument]:
    """One invoice or credit note, with all that stands on it.

    Raises:
        NotFound: there is no such one.
    """
    row = await tx.first(select(InvoiceRow).where(own(InvoiceRow, tx), InvoiceRow.id == invoice_id))
    if row is None:
        raise NotFound(NO_INVOICE)
    return _invoice(row), msgspec.convert(row.document, InvoiceDocument)


def _invoice(row: InvoiceRow) -> Invoice:
    document = msgspec.convert(row.document, InvoiceDocument)
    return Invoice(
        id=row.id,
        order_id=row.order_id,
        kind=document.kind,
        number=document.number,
        total=document.total,
        currency=document.currency,
        issued_on=document.issued_on,
        refers_to=document.refers_to,
        created_at=row.created_at,
    )
