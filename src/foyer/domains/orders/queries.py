"""Reads of orders."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import func, select

from foyer.domains.customers.types import Customer
from foyer.domains.orders.models import OrderItemRow, OrderRow
from foyer.domains.orders.types import Order, OrderLine, OrderStatus, PaymentStatus
from foyer.infra.db.tx import ReadTx, own

ITEM_FIELDS: Final = OrderLine.__struct_fields__
ORDER_FIELDS: Final = tuple(
    name for name in Order.__struct_fields__ if name not in {"status", "payment_status", "customer", "items"}
)


async def find_order(tx: ReadTx, order_id: UUID) -> Order | None:
    """One order with its lines."""
    row = await tx.first(select(OrderRow).where(own(OrderRow, tx), OrderRow.id == order_id))
    if row is None:
        return None
    lines = await tx.all(
        select(OrderItemRow)
        .where(own(OrderItemRow, tx), OrderItemRow.order_id == order_id)
        .order_by(OrderItemRow.id)
    )
    return Order(
        **{name: getattr(row, name) for name in ORDER_FIELDS},
        status=OrderStatus(row.status),
        payment_status=PaymentStatus(row.payment_status),
        customer=msgspec.convert(row.customer, Customer),
        items=[OrderLine(**{name: getattr(line, name) for name in ITEM_FIELDS}) for line in lines],
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
