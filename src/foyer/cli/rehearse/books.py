"""Whether the sale was right, asked of the database itself: nothing of what the shop has answered is believed here."""

from collections.abc import Mapping
from typing import Final, NamedTuple
from uuid import UUID

from foyer.cli.rehearse.tally import Acknowledged
from foyer.domains.checkout import audit
from foyer.infra.db.engine import Connection
from foyer.kernel.wire import Wire

SHOWN_MAX: Final = 5

# Places as they stand in carts, orders and tickets, for each pool; what the pools say of themselves is not asked.
_OVERSOLD: Final = """
WITH taken AS (
  SELECT i.ticket_type_id, i.quantity FROM cart_items i
  JOIN carts c ON c.organization_id = i.organization_id AND c.id = i.cart_id
  WHERE c.organization_id = $1 AND c.status = 'active'
  UNION ALL
  SELECT i.ticket_type_id, i.quantity FROM order_items i
  JOIN orders o ON o.organization_id = i.organization_id AND o.id = i.order_id
  WHERE o.organization_id = $1 AND o.status = 'pending'
  UNION ALL
  SELECT ticket_type_id, 1 FROM tickets WHERE organization_id = $1 AND status IN ('valid', 'used')
)
SELECT coalesce(max(too_many), 0)::bigint FROM (
  SELECT sum(taken.quantity) - p.capacity AS too_many FROM taken
  JOIN ticket_type_pools d ON d.organization_id = $1 AND d.ticket_type_id = taken.ticket_type_id
  JOIN pools p ON p.organization_id = $1 AND p.id = d.pool_id
  GROUP BY p.id, p.capacity
) AS pools_over
"""
# A buyer presses the button with one key, so every cart beyond the keys is one too many; the same holds for who orders.
_DOUBLED: Final = """
SELECT (SELECT count(*) - count(DISTINCT idempotency_key) FROM carts WHERE organization_id = $1)
     + (SELECT count(*) - count(DISTINCT customer ->> 'email') FROM orders WHERE organization_id = $1)
"""
_LOST_CARTS: Final = """
SELECT count(*) FROM unnest($2::uuid[]) AS told (id)
WHERE NOT EXISTS (SELECT FROM carts c WHERE c.organization_id = $1 AND c.id = told.id)
"""
_LOST_ORDERS: Final = """
SELECT count(*) FROM unnest($2::uuid[], $3::bigint[]) AS told (id, tickets)
WHERE NOT EXISTS (SELECT FROM orders o WHERE o.organization_id = $1 AND o.id = told.id AND o.status IN ('pending', 'confirmed'))
   OR told.tickets > (SELECT count(*) FROM tickets t
                      WHERE t.organization_id = $1 AND t.order_id = told.id AND t.status IN ('valid', 'used'))
"""
_TAKEN: Final = """
SELECT (SELECT count(*) FROM orders WHERE organization_id = $1 AND status IN ('pending', 'confirmed')) AS orders,
       (SELECT coalesce(sum(i.quantity), 0) FROM order_items i
        JOIN orders o ON o.organization_id = i.organization_id AND o.id = i.order_id
        WHERE o.organization_id = $1 AND o.status IN ('pending', 'confirmed')) AS sold,
       (SELECT coalesce(sum(i.quantity), 0) FROM cart_items i
        JOIN carts c ON c.organization_id = i.organization_id AND c.id = i.cart_id
        WHERE c.organization_id = $1 AND c.status = 'active') AS in_carts
"""


class Books(Wire, frozen=True):
    """What the database says of the sale; the last four are 0 when all is well."""

    orders: int
    sold: int
    in_carts: int
    """Places in carts whose buyers left without giving them back."""
    oversold: int
    doubled: int
    lost: int
    """Carts and orders that buyers were told of and that are not there."""
    differences: list[str]
    """What `foyer audit` would say."""

    @property
    def is_right(self) -> bool:
        return not (self.oversold or self.doubled or self.lost or self.differences)


class _Taken(NamedTuple):
    orders: int
    sold: int
    in_carts: int


async def read_books(connection: Connection, organization_id: UUID, told: Acknowledged) -> Books:
    """Count everything anew, in one snapshot."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        taken = _Taken(*(await connection.fetch(_TAKEN, organization_id))[0])
        oversold: int = await connection.fetchval(_OVERSOLD, organization_id)
        doubled: int = await connection.fetchval(_DOUBLED, organization_id)
        lost = await connection.fetchval(_LOST_CARTS, organization_id, _ids(told.carts))
        lost += await connection.fetchval(
            _LOST_ORDERS, organization_id, _ids(told.orders), list(told.orders.values())
        )
        differences = [
            f"{one.check}: {one.subject} {one.subject_id} has {one.found}, expected {one.expected}"
            async for one in audit(connection, organization_id)
        ]
    return Books(
        orders=taken.orders,
        sold=int(taken.sold),
        in_carts=int(taken.in_carts),
        oversold=max(0, oversold),
        doubled=doubled,
        lost=lost,
        differences=differences[:SHOWN_MAX],
    )


def _ids(ids: list[str] | Mapping[str, int]) -> list[UUID]:
    return [UUID(one) for one in ids]
