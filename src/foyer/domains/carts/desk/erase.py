"""A buyer let go of: carts that name them, and their uses of codes."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from foyer.infra.db.engine import Connection
from foyer.kernel.ids import uuid7

_LOCK = """
SELECT id FROM carts
WHERE organization_id = $1 AND customer IS NOT NULL
  AND (customer_id = $2 OR lower(normalize(customer ->> 'email', NFKC)) = ANY($3::text[]))
ORDER BY id FOR NO KEY UPDATE
"""

_FORGET = """
UPDATE carts SET customer = NULL, status = CASE status WHEN 'abandoned' THEN 'expired' ELSE status END, updated_at = $3
WHERE organization_id = $1 AND id = ANY($2::uuid[])
"""

_UNNAME = """
UPDATE discount_uses SET email_key = new.nobody FROM unnest($2::text[], $3::text[]) AS new (email_key, nobody)
WHERE discount_uses.organization_id = $1 AND discount_uses.email_key = new.email_key
"""


async def forget_carts(
    connection: Connection, organization_id: UUID, customer_id: UUID, keys: Sequence[str], *, now: datetime
) -> None:
    """Take a buyer out of every cart that is theirs or names one of these addresses; places stay held."""
    rows = await connection.fetch(_LOCK, organization_id, customer_id, list(keys))
    await connection.execute(_FORGET, organization_id, [row[0] for row in rows], now)


async def forget_uses(connection: Connection, organization_id: UUID, keys: Sequence[str]) -> None:
    """Keep how often codes were used by these addresses, but not by whom: nothing leads back from the new key."""
    nobody = [f"erased:{uuid7()}" for _ in keys]
    await connection.execute(_UNNAME, organization_id, list(keys), nobody)
