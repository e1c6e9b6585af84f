"""A buyer let go of: nobody is named on their tickets any more."""

from datetime import datetime
from typing import Final
from uuid import UUID

from foyer.infra.db.engine import Connection

# Of a ticket that was handed on, the name is that of whoever holds it now.
_HELD: Final = """
FROM tickets t JOIN orders o ON o.organization_id = $1 AND o.id = t.order_id
WHERE t.organization_id = $1 AND coalesce(t.transferred_to, o.customer_id) = $2
"""

_LOCK = f"SELECT t.id {_HELD} ORDER BY t.id FOR NO KEY UPDATE OF t"

_FORGET = f"""
UPDATE tickets SET attendee_info = NULL, updated_at = $3
WHERE organization_id = $1 AND attendee_info IS NOT NULL AND id IN (SELECT t.id {_HELD})
"""  # noqa: S608 - a text of our own


async def lock_held(connection: Connection, organization_id: UUID, customer_id: UUID) -> None:
    """Lock the tickets that a buyer holds, in key order; after those of orders."""
    await connection.execute(_LOCK, organization_id, customer_id)


async def forget_attendees(
    connection: Connection, organization_id: UUID, customer_id: UUID, *, now: datetime
) -> None:
    """Take the names off all tickets that a buyer holds; what the tickets are worth stays."""
    await connection.execute(_FORGET, organization_id, customer_id, now)
