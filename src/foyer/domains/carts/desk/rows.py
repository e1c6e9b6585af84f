"""Cart rows of a batch: read whole, locked in key order, written as arrays."""

from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

import msgspec
from asyncpg import Record

from foyer.domains.carts.queries import COLUMNS
from foyer.domains.carts.rules import PricedLine, tax_lines
from foyer.domains.carts.types import Cart, CartLine, CartStatus
from foyer.domains.customers.types import Customer
from foyer.infra.batching import Counter
from foyer.infra.db.engine import Connection
from foyer.kernel.ids import uuid7

CARTS: Final = """
SELECT id, event_id, session_id, status, subtotal, discount_amount, fees, taxes, total, currency, discount_id, discount_code,
       customer::text AS customer, created_at, updated_at, expires_at, actor_hash, idempotency_key, body_hash
FROM carts WHERE organization_id = $1
"""

ITEMS: Final = """
SELECT cart_id, id, ticket_type_id, type, name, quantity, unit_price, unit_discount, unit_fee, unit_tax, tax_name,
       tax_rate_bps, tax_included, subtotal
FROM cart_items WHERE organization_id = $1 AND cart_id = ANY($2::uuid[]) ORDER BY id
"""

_INSERT_ITEMS = """
INSERT INTO cart_items (organization_id, id, event_id, cart_id, ticket_type_id, name, quantity, unit_price, unit_discount,
                        unit_fee, unit_tax, tax_name, tax_rate_bps, tax_included, subtotal)
SELECT $1, id, $2, cart_id, ticket_type_id, name, quantity, unit_price, unit_discount, unit_fee, unit_tax, tax_name,
       tax_rate_bps, tax_included, quantity * unit_price
FROM unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::int[], $8::bigint[], $9::bigint[], $10::bigint[],
            $11::bigint[], $12::text[], $13::int[], $14::bool[])
  AS new (id, cart_id, ticket_type_id, name, quantity, unit_price, unit_discount, unit_fee, unit_tax, tax_name,
          tax_rate_bps, tax_included)
"""

_REWRITE = """
UPDATE carts SET status = new.status, subtotal = new.subtotal, discount_amount = new.discount_amount, fees = new.fees,
       taxes = new.taxes, total = new.total, discount_id = new.discount_id, discount_code = new.discount_code,
       customer = new.customer, updated_at = new.updated_at
FROM unnest($2::uuid[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::uuid[],
            $10::text[], $11::jsonb[], $12::timestamptz[])
  AS new (id, status, subtotal, discount_amount, fees, taxes, total, discount_id, discount_code, customer, updated_at)
WHERE carts.organization_id = $1 AND carts.id = new.id
"""

_CONVERT = """
UPDATE carts SET status = 'converted', customer_id = new.customer_id, updated_at = foyer_now()
FROM unnest($2::uuid[], $3::uuid[]) AS new (id, customer_id)
WHERE carts.organization_id = $1 AND carts.id = new.id
"""


async def carts_by_id(connection: Connection, counter: Counter, ids: Iterable[UUID]) -> dict[UUID, Cart]:
    rows = await connection.fetch(f"{CARTS} AND event_id = $2 AND id = ANY($3::uuid[])", *counter, list(ids))
    return await with_items(connection, counter, rows)


async def lock_carts(connection: Connection, counter: Counter, ids: Iterable[UUID]) -> dict[UUID, Cart]:
    """Carts, locked in key order; the first locks a transaction takes."""
    rows = await connection.fetch(
        f"{CARTS} AND event_id = $2 AND id = ANY($3::uuid[]) ORDER BY id FOR NO KEY UPDATE",
        *counter,
        sorted(set(ids)),
    )
    return await with_items(connection, counter, rows)


async def with_items(connection: Connection, counter: Counter, rows: Sequence[Record]) -> dict[UUID, Cart]:
    items: dict[UUID, list[CartLine]] = {row["id"]: [] for row in rows}
    if items:
        for cart_id, *fields in await connection.fetch(ITEMS, counter.organization_id, list(items)):
            items[cart_id].append(CartLine(**dict(zip(CartLine.__struct_fields__, fields, strict=True))))
    return {
        row["id"]: Cart(
            **{name: row[name] for name in COLUMNS},
            status=CartStatus(row["status"]),
            items=(lines := items[row["id"]]),
            tax_lines=tax_lines(lines),
            customer=msgspec.json.decode(row["customer"], type=Customer) if row["customer"] else None,
        )
        for row in rows
    }


def cart_line(line: PricedLine, line_id: UUID | None = None) -> CartLine:
    return CartLine(
        id=line_id or uuid7(),
        ticket_type_id=line.ticket_type_id,
        type="ticket",
        name=line.name,
        quantity=line.quantity,
        unit_price=line.unit_price,
        unit_discount=line.unit_discount,
        unit_fee=line.unit_fee,
        unit_tax=line.unit_tax,
        tax_name=line.tax_name,
        tax_rate_bps=line.tax_rate_bps,
        tax_included=line.tax_included,
        subtotal=line.subtotal,
    )


async def rewrite_carts(
    connection: Connection, counter: Counter, carts: Sequence[Cart], *, keeping: Container[UUID] = ()
) -> None:
    """Write locked carts anew, with all their lines; of those in `keeping` the lines are as they were."""
    if not carts:
        return
    relined = [cart for cart in carts if cart.id not in keeping]
    lines = [(cart.id, line) for cart in relined for line in cart.items]
    if relined:
        await connection.execute(
            "DELETE FROM cart_items WHERE organization_id = $1 AND cart_id = ANY($2::uuid[])",
            counter.organization_id,
            [cart.id for cart in relined],
        )
    if lines:
        await connection.execute(
            _INSERT_ITEMS,
            *counter,
            [line.id for _, line in lines],
            [cart_id for cart_id, _ in lines],
            [line.ticket_type_id for _, line in lines],
            [line.name for _, line in lines],
            [line.quantity for _, line in lines],
            [line.unit_price for _, line in lines],
            [line.unit_discount for _, line in lines],
            [line.unit_fee for _, line in lines],
            [line.unit_tax for _, line in lines],
            [line.tax_name for _, line in lines],
            [line.tax_rate_bps for _, line in lines],
            [line.tax_included for _, line in lines],
        )
    await connection.execute(
        _REWRITE,
        counter.organization_id,
        [cart.id for cart in carts],
        [cart.status.value for cart in carts],
        [cart.subtotal for cart in carts],
        [cart.discount_amount for cart in carts],
        [cart.fees for cart in carts],
        [cart.taxes for cart in carts],
        [cart.total for cart in carts],
        [cart.discount_id for cart in carts],
        [cart.discount_code for cart in carts],
        [cart.customer and msgspec.json.encode(cart.customer).decode() for cart in carts],
        [cart.updated_at for cart in carts],
    )


async def convert_carts(connection: Connection, counter: Counter, customers: Mapping[UUID, UUID]) -> None:
    """Mark locked carts as turned into orders, with the customer of each."""
    await connection.execute(_CONVERT, counter.organization_id, list(customers), list(customers.values()))
