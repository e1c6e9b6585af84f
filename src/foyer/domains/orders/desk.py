"""Orders of a batch: written as arrays, read back as a whole."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

from foyer.domains.customers.types import Customer
from foyer.domains.orders.queries import ITEM_FIELDS, ORDER_FIELDS
from foyer.domains.orders.types import Order, OrderLine, OrderStatus, PaymentStatus
from foyer.infra.batching import Counter
from foyer.infra.db.engine import Connection

_INSERT = """
WITH new_orders AS (
  INSERT INTO orders (organization_id, id, event_id, cart_id, customer_id, order_number, customer, currency, subtotal,
                      discount_amount, fees, taxes, total, status, payment_method, payment_status, created_at, updated_at)
  SELECT $1, new.id, $2, new.cart_id, new.customer_id, new.order_number, new.customer, c.currency, c.subtotal,
         c.discount_amount, c.fees, c.taxes, c.total, $3, $4, $5, $6, $6
  FROM unnest($7::uuid[], $8::uuid[], $9::uuid[], $10::text[], $11::jsonb[])
    AS new (id, cart_id, customer_id, order_number, customer)
  JOIN carts c ON c.organization_id = $1 AND c.id = new.cart_id
)
INSERT INTO order_items (organization_id, id, event_id, order_id, ticket_type_id, type, name, quantity, unit_price,
                         unit_fee, subtotal)
SELECT $1, new.id, $2, new.order_id, i.ticket_type_id, i.type, i.name, i.quantity, i.unit_price, i.unit_fee, i.subtotal
FROM unnest($12::uuid[], $13::uuid[], $14::uuid[]) AS new (id, order_id, cart_item_id)
JOIN cart_items i ON i.organization_id = $1 AND i.id = new.cart_item_id
"""

_ORDERS = """
SELECT id, event_id, cart_id, order_number, customer, subtotal, discount_amount, fees, taxes, total, currency, status,
       payment_method, payment_status, refunded_amount, created_at, updated_at, generation
FROM orders WHERE organization_id = $1 AND event_id = $2 AND cart_id = ANY($3::uuid[])
"""

_ITEMS = """
SELECT order_id, id, ticket_type_id, type, name, quantity, unit_price, unit_fee, subtotal
FROM order_items WHERE organization_id = $1 AND order_id = ANY($2::uuid[]) ORDER BY id
"""


class NewOrder(NamedTuple):
    """An order to be written; its lines are copied from the cart, each under a new id."""

    order: Order
    customer_id: UUID
    cart_item_ids: tuple[UUID, ...]


async def insert_orders(
    connection: Connection, counter: Counter, new: Sequence[NewOrder], *, now: datetime
) -> None:
    """Write orders of one kind (the status and method of the first) with their lines; sums come from the carts in SQL."""
    kind = new[0].order
    lines = [
        (line.id, one.order.id, cart_item_id)
        for one in new
        for line, cart_item_id in zip(one.order.items, one.cart_item_ids, strict=True)
    ]
    await connection.execute(
        _INSERT,
        *counter,
        kind.status.value,
        kind.payment_method,
        kind.payment_status.value,
        now,
        [one.order.id for one in new],
        [one.order.cart_id for one in new],
        [one.customer_id for one in new],
        [one.order.order_number for one in new],
        [msgspec.json.encode(one.order.customer).decode() for one in new],
        [line[0] for line in lines],
        [line[1] for line in lines],
        [line[2] for line in lines],
    )


async def orders_of_carts(
    connection: Connection, counter: Counter, carts: Iterable[UUID]
) -> dict[UUID, Order]:
    """The order each of these carts has become, by cart."""
    rows = await connection.fetch(_ORDERS, *counter, list(carts))
    items: dict[UUID, list[OrderLine]] = {row["id"]: [] for row in rows}
    if items:
        for order_id, *fields in await connection.fetch(_ITEMS, counter.organization_id, list(items)):
            items[order_id].append(OrderLine(**dict(zip(ITEM_FIELDS, fields, strict=True))))
    return {
        row["cart_id"]: Order(
            **{name: row[name] for name in ORDER_FIELDS},
            status=OrderStatus(row["status"]),
            payment_status=PaymentStatus(row["payment_status"]),
            customer=msgspec.json.decode(row["customer"], type=Customer),
            items=items[row["id"]],
        )
        for row in rows
    }
