"""Buyers of a batch of orders."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import msgspec

from foyer.domains.customers.rules import ERASED
from foyer.domains.customers.types import Address, Customer
from foyer.infra.db.engine import Connection
from foyer.kernel.ids import uuid7
from foyer.kernel.text import email_key

_LINK = """
INSERT INTO customers (organization_id, id, email, email_key, first_name, last_name, phone, address)
SELECT $1, id, email, email_key, first_name, last_name, phone, address
FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::jsonb[])
  AS new (id, email, email_key, first_name, last_name, phone, address)
ORDER BY email_key
ON CONFLICT (organization_id, email_key) WHERE erased_at IS NULL DO NOTHING
"""

_FIND = """
SELECT email_key, id FROM customers
WHERE organization_id = $1 AND email_key = ANY($2::text[]) AND erased_at IS NULL
"""

# Whoever is being erased at this moment is waited for, and then not found.
_TAKE = f"{_FIND} ORDER BY email_key FOR KEY SHARE"

_LOCK = "SELECT erased_at IS NOT NULL FROM customers WHERE organization_id = $1 AND id = $2 FOR UPDATE"

_ERASE = """
UPDATE customers SET email = $3, email_key = 'erased:' || id, first_name = NULL, last_name = NULL, phone = NULL, address = NULL,
       marketing = false, marketing_at = NULL, erased_at = $4, updated_at = $4
WHERE organization_id = $1 AND id = $2
"""

_SIGN_OUT = "DELETE FROM buyer_sessions WHERE organization_id = $1 AND customer_id = $2"


async def link_customers(
    connection: Connection, organization_id: UUID, customers: Iterable[Customer]
) -> dict[str, UUID]:
    """The customer behind each address, by `email_key`: found, never changed, or made; none of them is erased before the end."""
    first = {email_key(customer.email): customer for customer in reversed(list(customers))}
    known: dict[str, UUID] = {}
    # Whoever is erased between the insert that found them and the lock is made anew.
    while new := sorted(first.keys() - known.keys()):
        known |= {row[0]: row[1] for row in await connection.fetch(_TAKE, organization_id, new)}
        if unknown := [key for key in new if key not in known]:
            await _make(connection, organization_id, {key: first[key] for key in unknown})
    return known


async def _make(connection: Connection, organization_id: UUID, new: dict[str, Customer]) -> None:
    people = list(new.values())
    await connection.execute(
        _LINK,
        organization_id,
        [uuid7() for _ in people],
        [person.email for person in people],
        list(new),
        [person.first_name for person in people],
        [person.last_name for person in people],
        [person.phone for person in people],
        [_json(person.address) for person in people],
    )


def _json(address: Address | None) -> str | None:
    return msgspec.json.encode(address).decode() if address else None


async def lock_buyer(connection: Connection, organization_id: UUID, customer_id: UUID) -> bool:
    """Lock a buyer so that nobody links an order to them; after their orders and tickets. Returns whether they were erased."""
    return bool(await connection.fetchval(_LOCK, organization_id, customer_id))


async def keys_of_others(
    connection: Connection, organization_id: UUID, customer_id: UUID, keys: Iterable[str]
) -> set[str]:
    """Which of these addresses belong to other buyers."""
    rows = await connection.fetch(_FIND, organization_id, list(keys))
    return {row[0] for row in rows if row[1] != customer_id}


async def empty_customer(
    connection: Connection, organization_id: UUID, customer_id: UUID, *, now: datetime
) -> None:
    """Take everything personal out of the row of a locked buyer, and sign them out everywhere; their address is free again."""
    await connection.execute(_ERASE, organization_id, customer_id, ERASED, now)
    await connection.execute(_SIGN_OUT, organization_id, customer_id)
