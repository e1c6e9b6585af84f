"""Buyers of a batch of orders."""

from collections.abc import Iterable
from uuid import UUID

from foyer.domains.customers.types import Customer
from foyer.infra.db.engine import Connection
from foyer.kernel.ids import uuid7
from foyer.kernel.text import email_key

_LINK = """
INSERT INTO customers (organization_id, id, email, email_key, first_name, last_name, phone)
SELECT $1, id, email, email_key, first_name, last_name, phone
FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
  AS new (id, email, email_key, first_name, last_name, phone)
ORDER BY email_key
ON CONFLICT (organization_id, email_key) WHERE erased_at IS NULL DO NOTHING
"""

_FIND = """
SELECT email_key, id FROM customers
WHERE organization_id = $1 AND email_key = ANY($2::text[]) AND erased_at IS NULL
"""


async def link_customers(
    connection: Connection, organization_id: UUID, customers: Iterable[Customer]
) -> dict[str, UUID]:
    """The customer behind each address, by `email_key`: found, never changed, or made."""
    first = {email_key(customer.email): customer for customer in reversed(list(customers))}
    keys = sorted(first)
    known = {row[0]: row[1] for row in await connection.fetch(_FIND, organization_id, keys)}
    new = [key for key in keys if key not in known]
    if not new:
        return known
    await connection.execute(
        _LINK,
        organization_id,
        [uuid7() for _ in new],
        [first[key].email for key in new],
        new,
        [first[key].first_name for key in new],
        [first[key].last_name for key in new],
        [first[key].phone for key in new],
    )
    return known | {row[0]: row[1] for row in await connection.fetch(_FIND, organization_id, new)}
