"""Invoices and credit notes, issued: numbered without gaps, one series of each kind, organization and year.

The counter of a series is locked first and counted up last: whoever issues waits for the one before, sees what that one wrote,
and where their transaction fails, their number is the next one's.
"""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from foyer.domains.events import on_sale
from foyer.domains.orders.documents.draw import Occasion, chosen, drawn, full_number, series, standing
from foyer.domains.orders.documents.kept import Issued, issued_for
from foyer.domains.orders.models import InvoiceNumberRow, InvoiceRow
from foyer.domains.orders.queries import find_order
from foyer.domains.orders.types import InvoiceKind, Order, OrderLine, OrderStatus
from foyer.domains.organizations import seller
from foyer.infra.db.tx import Tx, own
from foyer.kernel.ids import uuid7

STANDING = frozenset(
    {OrderStatus.PENDING, OrderStatus.CONFIRMED, OrderStatus.PARTIAL_REFUND, OrderStatus.REFUNDED}
)


class _Paper(NamedTuple):
    """Something about to be issued."""

    order: Order
    lines: list[OrderLine]
    cause_id: UUID
    why: Occasion


async def issue_invoice(tx: Tx, order_id: UUID) -> UUID | None:
    """Invoice an order that stands, unless that is done or there is nothing to pay. One that was taken back with the order is
    followed by another when the order comes back.

    Returns:
        The invoice's id, or None where nothing was issued.
    """
    today = await _today(tx)
    await _lock(tx, today, InvoiceKind.INVOICE)
    order = await find_order(tx, order_id)
    if order is None or not order.total or order.status not in STANDING:
        return None
    before = await issued_for(tx, order_id)
    if before and not _came_back(before):
        return None
    is_paid = order.status is not OrderStatus.PENDING
    due_on = (
        None if is_paid or order.expires_at is None else order.expires_at.astimezone(await _zone(tx)).date()
    )
    why = Occasion(InvoiceKind.INVOICE, today, paid_on=today if is_paid else None, due_on=due_on)
    cause_id = before[-1].id if before else order_id
    return await _write(tx, _Paper(order, list(order.items), cause_id, why))


async def issue_credit_note(
    tx: Tx,
    order_id: UUID,
    quantities: Mapping[UUID, int] | None,
    *,
    cause_id: UUID | None = None,
    reason: str | None = None,
    returned: int | None = None,
) -> UUID | None:
    """Take back an invoice, whole or in part; never more than is invoiced, and nothing where nothing is.

    Tickets are taken back at what they were invoiced with. Where less went back for them, the rest went back before, as an amount
    for which there is no note; this one says so.

    Args:
        tx: the transaction.
        order_id: the order.
        quantities: how many tickets of each line; None takes back all that are left.
        cause_id: the refund that it follows from; None where the order was cancelled.
        reason: why, as it stands on the note.
        returned: how much went back with that refund.

    Returns:
        The credit note's id, or None where nothing was issued.
    """
    today = await _today(tx)
    # First that of invoices: one that is being issued for this order is waited for, and then seen.
    await _lock(tx, today, InvoiceKind.INVOICE, InvoiceKind.CREDIT_NOTE)
    order, before = await find_order(tx, order_id), await issued_for(tx, order_id)
    invoices = [one for one in before if one.document.kind is InvoiceKind.INVOICE]
    left = standing(one.document for one in before)
    if (
        order is None
        or not invoices
        or (cause_id is not None and any(one.cause_id == cause_id for one in before))
    ):
        return None
    wanted = (
        left
        if quantities is None
        else {line: min(count, left.get(line, 0)) for line, count in quantities.items()}
    )
    lines = chosen(order, wanted)
    if not sum(line.quantity * line.unit_total for line in lines):
        return None
    number = invoices[-1].document.number
    why = Occasion(InvoiceKind.CREDIT_NOTE, today, refers_to=number, reason=reason, returned=returned)
    return await _write(tx, _Paper(order, lines, cause_id or invoices[-1].id, why))


def _came_back(before: list[Issued]) -> bool:
    """Whether the last thing issued took back a whole invoice because the order was given up."""
    return before[-1].cause_id in {one.id for one in before}


async def _zone(tx: Tx) -> ZoneInfo:
    return ZoneInfo((await seller(tx)).time_zone)


async def _today(tx: Tx) -> date:
    return (await tx.now()).astimezone(await _zone(tx)).date()


async def _lock(tx: Tx, today: date, *kinds: InvoiceKind) -> None:
    """Wait for whoever issues in these series now."""
    for kind in kinds:
        counter = insert(InvoiceNumberRow).values(
            organization_id=tx.organization_id, series=series(kind, today), last_number=0
        )
        same = {"last_number": InvoiceNumberRow.last_number}
        await tx.execute(
            counter.on_conflict_do_update(index_elements=["organization_id", "series"], set_=same)
        )


async def _write(tx: Tx, paper: _Paper) -> UUID:
    sale = await on_sale(tx, event_id=paper.order.event_id)
    assert sale is not None, "an event with orders is not deleted"
    name = series(paper.why.kind, paper.why.today)
    counter = update(InvoiceNumberRow).where(own(InvoiceNumberRow, tx), InvoiceNumberRow.series == name)
    await tx.execute(counter.values(last_number=InvoiceNumberRow.last_number + 1))
    last = select(InvoiceNumberRow.last_number).where(
        own(InvoiceNumberRow, tx), InvoiceNumberRow.series == name
    )
    number = await tx.one(last)
    document = drawn(
        paper.order, sale.event, await seller(tx), paper.lines, full_number(name, number), paper.why
    )
    row = InvoiceRow(
        organization_id=tx.organization_id,
        id=uuid7(),
        event_id=paper.order.event_id,
        order_id=paper.order.id,
        kind=paper.why.kind.value,
        cause_id=paper.cause_id,
        series=name,
        number=number,
        document=msgspec.to_builtins(document),
    )
    tx.add(row)
    await tx.flush()
    return row.id
