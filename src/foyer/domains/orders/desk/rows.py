"""Order rows of a batch: read whole, or locked in key order."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

import msgspec
from asyncpg import Record

from foyer.domains.carts import tax_lines
from foyer.domains.customers.types import Customer
from foyer.domains.orders.queries import SAME
from foyer.domains.orders.types import (
    Approval,
    ApprovalStatus,
    CancelReason,
    Order,
    OrderLine,
    OrderStatus,
    PaymentStatus,
)
from foyer.infra.batching import Counter
from foyer.infra.db.engine import Connection

_ORDERS = f"""
SELECT {", ".join(f"o.{name}" for name in SAME)}, o.status, o.payment_status, o.customer::text AS customer, o.cancel_reason,
       o.attendees::text AS attendees,
       a.status AS approval_status, a.decided_by, a.decided_at, a.reason
FROM orders o
LEFT JOIN approvals a ON a.organization_id = o.organization_id AND a.order_id = o.id
WHERE o.organization_id = $1 AND o.event_id = $2
"""  # noqa: S608 - names of our own fields

_LOCK = """
SELECT id FROM orders WHERE organization_id = $1 AND event_id = $2 AND id = ANY($3::uuid[])
ORDER BY id FOR NO KEY UPDATE
"""

_ITEMS = """
SELECT order_id, id, ticket_type_id, type, name, quantity, unit_price, unit_discount, unit_fee, unit_tax, tax_name,
       tax_rate_bps, tax_included, subtotal
FROM order_items WHERE organization_id = $1 AND order_id = ANY($2::uuid[]) ORDER BY id
"""


class LockedOrder(NamedTuple):
    """An order nobody else can change now; `attendees` is who was named, while there are no tickets yet."""

    order: Order
    attendees: list[dict[str, object]]


async def orders_of_carts(
    connection: Connection, counter: Counter, carts: Iterable[UUID]
) -> dict[UUID, Order]:
    """The order each of these carts has become, by cart."""
    rows = await connection.fetch(f"{_ORDERS} AND o.cart_id = ANY($3::uuid[])", *counter, list(carts))
    return {one.order.cart_id: one.order for one in await _whole(connection, counter, rows)}


async def lock_orders(
    connection: Connection, counter: Counter, ids: Iterable[UUID]
) -> dict[UUID, LockedOrder]:
    """Orders of an event, locked in key order; the first locks a transaction takes after those of carts."""
    locked = await connection.fetch(_LOCK, *counter, sorted(set(ids)))
    # Read after the lock, for what a rival wrote while we waited is not in the statement that waited.
    rows = await connection.fetch(
        f"{_ORDERS} AND o.id = ANY($3::uuid[])", *counter, [row[0] for row in locked]
    )
    return {one.order.id: one for one in await _whole(connection, counter, rows)}


async def lock_next(connection: Connection, counter: Counter, condition: str, most: int) -> list[LockedOrder]:
    """At most so many orders that a condition of ours names and nobody else holds."""
    locked = await connection.fetch(
        f"SELECT id FROM orders o WHERE o.organization_id = $1 AND o.event_id = $2 AND {condition}"  # noqa: S608
        " ORDER BY id LIMIT $3 FOR NO KEY UPDATE SKIP LOCKED",
        *counter,
        most,
    )
    if not locked:
        return []
    ids = [row[0] for row in locked]
    rows = await connection.fetch(
        f"{_ORDERS} AND o.id = ANY($3::uuid[]) AND {condition} ORDER BY o.id", *counter, ids
    )
    return await _whole(connection, counter, rows)


async def _whole(connection: Connection, counter: Counter, rows: Sequence[Record]) -> list[LockedOrder]:
    items: dict[UUID, list[OrderLine]] = {row["id"]: [] for row in rows}
    if items:
        for order_id, *fields in await connection.fetch(_ITEMS, counter.organization_id, list(items)):
            items[order_id].append(OrderLine(**dict(zip(OrderLine.__struct_fields__, fields, strict=True))))
    return [LockedOrder(_order(row, items[row["id"]]), _named(row["attendees"])) for row in rows]


def _named(text: str | None) -> list[dict[str, object]]:
    return msgspec.json.decode(text, type=list[dict[str, object]]) if text else []


def _order(row: Record, lines: list[OrderLine]) -> Order:
    approval = row["approval_status"] and Approval(
        status=ApprovalStatus(row["approval_status"]),
        decided_by=row["decided_by"],
        decided_at=row["decided_at"],
        reason=row["reason"],
    )
    return Order(
        **{name: row[name] for name in SAME},
        status=OrderStatus(row["status"]),
        payment_status=PaymentStatus(row["payment_status"]),
        customer=msgspec.json.decode(row["customer"], type=Customer),
        items=lines,
        tax_lines=tax_lines(lines),
        cancel_reason=CancelReason(row["cancel_reason"]) if row["cancel_reason"] else None,
        approval=approval or None,
    )
