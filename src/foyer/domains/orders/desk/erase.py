"""A buyer let go of: their orders keep what the books need."""

from datetime import datetime
from uuid import UUID

from foyer.domains.customers import ERASED
from foyer.domains.orders.types import OrderStatus
from foyer.infra.db.engine import Connection

_ADDRESSES = (
    "SELECT DISTINCT customer ->> 'email' FROM orders WHERE organization_id = $1 AND customer_id = $2"
)

_LOCK = (
    "SELECT status FROM orders WHERE organization_id = $1 AND customer_id = $2 ORDER BY id FOR NO KEY UPDATE"
)

# The country stays, for it is what the tax was chosen by.
_FORGET = """
UPDATE orders SET attendees = NULL, version = version + 1, updated_at = $4, customer = jsonb_strip_nulls(jsonb_build_object(
  'email', $3::text,
  'address', CASE WHEN customer #>> '{address,country}' IS NOT NULL
             THEN jsonb_build_object('country', customer #> '{address,country}') END))
WHERE organization_id = $1 AND customer_id = $2
"""

_FORGET_ANSWERS = """
DELETE FROM answers USING orders o
WHERE answers.organization_id = $1 AND o.organization_id = $1 AND o.customer_id = $2 AND answers.order_id = o.id
"""


async def addresses_of(connection: Connection, organization_id: UUID, customer_id: UUID) -> set[str]:
    """The addresses that a buyer has ordered with, as they were given."""
    return {row[0] for row in await connection.fetch(_ADDRESSES, organization_id, customer_id)}


async def lock_bought(connection: Connection, organization_id: UUID, customer_id: UUID) -> set[OrderStatus]:
    """Lock all orders of a buyer, of whatever event, in key order; returns what they are."""
    rows = await connection.fetch(_LOCK, organization_id, customer_id)
    return {OrderStatus(row[0]) for row in rows}


async def forget_buyer(
    connection: Connection, organization_id: UUID, customer_id: UUID, *, now: datetime
) -> None:
    """Empty what the orders of a buyer say of persons; sums, lines and history stay."""
    await connection.execute(_FORGET, organization_id, customer_id, ERASED, now)
    await connection.execute(_FORGET_ANSWERS, organization_id, customer_id)
