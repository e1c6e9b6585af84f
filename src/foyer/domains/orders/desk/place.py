"""Orders of a batch, written as arrays; sums and lines come from their carts in SQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

from foyer.domains.orders.types import GivenAnswer, Order
from foyer.infra.batching import Counter
from foyer.infra.db.engine import Connection
from foyer.kernel.ids import uuid7

_INSERT = """
WITH new_orders AS (
  INSERT INTO orders (organization_id, id, event_id, cart_id, customer_id, user_id, order_number, customer, currency,
                      subtotal, discount_amount, discount_id, discount_code, fees, taxes, total, status, payment_method,
                      payment_status, attendees, expires_at, language, created_at, updated_at)
  SELECT $1, new.id, $2, new.cart_id, new.customer_id, c.user_id, new.order_number, new.customer, c.currency, c.subtotal,
         c.discount_amount, c.discount_id, c.discount_code, c.fees, c.taxes, c.total, new.status, new.payment_method,
         new.payment_status, new.attendees, new.expires_at, new.language, $3, $3
  FROM unnest($4::uuid[], $5::uuid[], $6::uuid[], $7::text[], $8::jsonb[], $9::text[], $10::text[], $11::text[],
              $12::jsonb[], $13::timestamptz[], $14::text[])
    AS new (id, cart_id, customer_id, order_number, customer, status, payment_method, payment_status, attendees, expires_at, language)
  JOIN carts c ON c.organization_id = $1 AND c.id = new.cart_id
), new_lines AS (
  INSERT INTO order_items (organization_id, id, event_id, order_id, ticket_type_id, type, name, quantity, unit_price,
                           unit_discount, unit_fee, unit_tax, tax_name, tax_rate_bps, tax_included, subtotal)
  SELECT $1, new.id, $2, new.order_id, i.ticket_type_id, i.type, i.name, i.quantity, i.unit_price, i.unit_discount, i.unit_fee,
         i.unit_tax, i.tax_name, i.tax_rate_bps, i.tax_included, i.subtotal
  FROM unnest($15::uuid[], $16::uuid[], $17::uuid[]) AS new (id, order_id, cart_item_id)
  JOIN cart_items i ON i.organization_id = $1 AND i.id = new.cart_item_id
)
SELECT EXISTS (SELECT FROM questions WHERE organization_id = $1 AND event_id = $2 AND deleted_at IS NULL)
"""

_REQUEST = """
INSERT INTO approvals (organization_id, id, event_id, order_id, created_at, updated_at)
SELECT $1, id, $2, order_id, $3, $3 FROM unnest($4::uuid[], $5::uuid[]) AS new (id, order_id)
"""

_ANSWER = """
INSERT INTO answers (organization_id, id, event_id, question_id, order_id, order_item_id, place, value, created_at, updated_at)
SELECT $1, id, $2, question_id, order_id, order_item_id, place, value, $3, $3
FROM unnest($4::uuid[], $5::uuid[], $6::uuid[], $7::uuid[], $8::int[], $9::jsonb[])
  AS new (id, question_id, order_id, order_item_id, place, value)
"""


class NewOrder(NamedTuple):
    """An order to be written; its lines are copied from the cart, each under a new id."""

    order: Order
    customer_id: UUID
    cart_item_ids: tuple[UUID, ...]
    attendees: bytes | None
    """Who was named, as JSON, for an order whose tickets are issued later."""
    language: str | None
    """In which the buyer reads; None where nobody said."""
    answers: Sequence[GivenAnswer] = ()


async def insert_orders(
    connection: Connection, counter: Counter, new: Sequence[NewOrder], *, now: datetime
) -> bool:
    """Write orders with their lines and answers, and a request for each that waits for approval.

    Returns:
        Whether the event asks its buyers something: known here without a statement of its own.
    """
    orders = [one.order for one in new]
    lines = [
        (line.id, one.order.id, cart_item_id)
        for one in new
        for line, cart_item_id in zip(one.order.items, one.cart_item_ids, strict=True)
    ]
    asks = bool(
        await connection.fetchval(
            _INSERT,
            *counter,
            now,
            [order.id for order in orders],
            [order.cart_id for order in orders],
            [one.customer_id for one in new],
            [order.order_number for order in orders],
            [msgspec.json.encode(order.customer).decode() for order in orders],
            [order.status.value for order in orders],
            [order.payment_method for order in orders],
            [order.payment_status.value for order in orders],
            [one.attendees and one.attendees.decode() for one in new],
            [order.expires_at for order in orders],
            [one.language for one in new],
            [line[0] for line in lines],
            [line[1] for line in lines],
            [line[2] for line in lines],
        )
    )
    await _insert_answers(connection, counter, new, now=now)
    asking = [order.id for order in orders if order.approval is not None]
    if asking:
        await connection.execute(_REQUEST, *counter, now, [uuid7() for _ in asking], asking)
    return asks


async def _insert_answers(
    connection: Connection, counter: Counter, new: Sequence[NewOrder], *, now: datetime
) -> None:
    answers = [(one.order.id, answer) for one in new for answer in one.answers]
    if answers:
        await connection.execute(
            _ANSWER,
            *counter,
            now,
            [uuid7() for _ in answers],
            [answer.question_id for _, answer in answers],
            [order_id for order_id, _ in answers],
            [answer.order_item_id for _, answer in answers],
            [answer.place for _, answer in answers],
            [msgspec.json.encode(answer.value).decode() for _, answer in answers],
        )
