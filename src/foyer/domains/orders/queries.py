"""Reads of orders."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import func, select

from foyer.domains.carts import tax_lines
from foyer.domains.customers.types import Customer
from foyer.domains.orders.models import ApprovalRow, OrderItemRow, OrderRow
from foyer.domains.orders.types import (
    Approval,
    ApprovalStatus,
    CancelReason,
    Order,
    OrderLine,
    OrderStatus,
    PaymentStatus,
)
from foyer.infra.db.tx import ReadTx, own

_LINE_FIELDS: Final = OrderLine.__struct_fields__
_DERIVED: Final = {
    "status", "payment_status", "customer", "items", "tax_lines", "cancel_reason", "approval"
}  # fmt: skip
_SAME: Final = tuple(name for name in Order.__struct_fields__ if name not in _DERIVED)


async def find_order(tx: ReadTx, order_id: UUID) -> Order | None:
    """One order with its lines."""
    row = await tx.first(select(OrderRow).where(own(OrderRow, tx), OrderRow.id == order_id))
    return None if row is None else (await whole_orders(tx, [row]))[0]


async def whole_orders(tx: ReadTx, rows: Sequence[OrderRow]) -> list[Order]:
    """Orders with their lines and approvals, in the order given."""
    ids = [row.id for row in rows]
    lines: dict[UUID, list[OrderLine]] = {order_id: [] for order_id in ids}
    items = select(OrderItemRow).where(own(OrderItemRow, tx), OrderItemRow.order_id.in_(ids))
    for line in await tx.all(items.order_by(OrderItemRow.id)):
        lines[line.order_id].append(OrderLine(**{name: getattr(line, name) for name in _LINE_FIELDS}))
    asked = select(ApprovalRow).where(own(ApprovalRow, tx), ApprovalRow.order_id.in_(ids))
    approvals = {row.order_id: _approval(row) for row in await tx.all(asked)}
    return [
        Order(
            **{name: getattr(row, name) for name in _SAME},
            status=OrderStatus(row.status),
            payment_status=PaymentStatus(row.payment_status),
            customer=msgspec.convert(row.customer, Customer),
            items=lines[row.id],
            tax_lines=tax_lines(lines[row.id]),
            cancel_reason=CancelReason(row.cancel_reason) if row.cancel_reason else None,
            approval=approvals.get(row.id),
        )
        for row in rows
    ]


def _approval(row: ApprovalRow) -> Approval:
    return Approval(
        status=ApprovalStatus(row.status),
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        reason=row.reason,
    )


async def order_of_cart(tx: ReadTx, cart_id: UUID) -> Order | None:
    found = await tx.first(select(OrderRow.id).where(own(OrderRow, tx), OrderRow.cart_id == cart_id))
    return None if found is None else await find_order(tx, found)


async def revenue(tx: ReadTx, event_ids: Sequence[UUID]) -> dict[UUID, int]:
    """What was paid less what was refunded, by event, in minor units of the event's currency."""
    query = (
        select(OrderRow.event_id, func.sum(OrderRow.total - OrderRow.refunded_amount))
        .where(own(OrderRow, tx), OrderRow.event_id.in_(list(event_ids)))
        .where(OrderRow.payment_status.in_([PaymentStatus.PAID.value, PaymentStatus.PARTIAL_REFUND.value]))
        .group_by(OrderRow.event_id)
    )
    earned = {event_id: int(amount) for event_id, amount in await tx.rows(query)}
    return {event_id: earned.get(event_id, 0) for event_id in event_ids}
