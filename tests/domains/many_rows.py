"""100,000 rows in each table that is listed, most of them of one organization: what plans are looked at on.

Written with the triggers of foreign keys off, because only the tables that are read matter here.
"""

from hashlib import md5
from typing import Final
from uuid import UUID

import asyncpg

MANY: Final = 100_000
SOME: Final = 20_000
"""Of tables that are only looked into from others."""
_IDS: Final = """
CREATE FUNCTION pg_temp.org(n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE RETURN
  CASE WHEN n % 10 = 0 THEN ('01900000-0000-7000-8000-' || lpad((n / 10 % 20)::text, 12, '0'))::uuid ELSE '{large}' END;
CREATE FUNCTION pg_temp.id(kind text, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE RETURN
  (lpad(to_hex(n), 8, '0') || '-0000-7000-8000-' || left(md5(kind), 12))::uuid;
CREATE FUNCTION pg_temp.code(n bigint, length integer) RETURNS text LANGUAGE sql IMMUTABLE RETURN
  lpad(upper(to_hex(n)), length, '0');
"""


def id_of(table: str, number: int) -> UUID:
    """The id of a row; those whose number ends with another digit than 0 are the large organization's."""
    return UUID(f"{number:08x}000070008000{md5(table.encode()).hexdigest()[:12]}")


def _insert(table: str, rows: int = MANY, **values: str) -> str:
    names = ", ".join(values)
    texts = ", ".join(values.values())
    return (
        f"INSERT INTO {table} (organization_id, id, {names})"
        f" SELECT pg_temp.org(n), pg_temp.id('{table}', n), {texts} FROM generate_series(1::bigint, {rows}) AS n"
    )


def _at(table: str, number: str) -> str:
    return f"pg_temp.id('{table}', {number})"


_INDEXES: Final = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
WHERE i.indrelid = ANY($1::regclass[]) AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid)
"""

_MOMENT: Final = "timestamptz '2026-01-01 12:00Z' + n * interval '1 minute'"
EVENTS: Final = 5_000
_EVENT: Final = _at("events", f"n % {EVENTS} + 1")
_HASH: Final = "sha256(n::text::bytea)"

_FILLED: Final = (
    _insert("pools", SOME, capacity="100"),
    _insert("discounts", SOME, pool_id=_at("pools", "n"), code="'CODE' || n", percent_bps="1000"),
    _insert("users", SOME, name="'Ola'", email="'ola' || n || '@example.org'", role="'support'"),
    _insert("customers", email="'jo' || n || '@example.org'", email_key="'jo' || n || '@example.org'",
            last_name="'Name ' || n", created_at=_MOMENT),
    _insert("events", EVENTS, pool_id=_at("pools", "n"), slug="'event-' || n", title="'Event ' || n", description="'x'",
            category="'Music'", start_date="date '2027-06-01'", end_date="date '2027-06-01'", start_time="'12:00'",
            end_time="'15:00'", time_zone="'UTC'", currency="'EUR'", created_by=_at("users", "1"),
            updated_by=_at("users", "1"), status="(array['draft','published','completed'])[n % 3 + 1]",
            starts_at=f"{_MOMENT} + interval '1 year'", ends_at=f"{_MOMENT} + interval '366 days'"),
    _insert("carts", SOME, event_id=_EVENT, session_id="'s' || n", currency="'EUR'", subtotal="0", fees="0", total="0",
            created_at=_MOMENT, expires_at=f"{_MOMENT} + interval '15 minutes'",
            status="(array['converted','expired','abandoned','active'])[CASE WHEN n % 1000 = 1 THEN 4 ELSE n % 3 + 1 END]"),
    _insert("orders", event_id=_EVENT, customer_id=_at("customers", "n"), cart_id=_at("carts", "n"), customer="'{\"email\": \"jo@example.org\"}'",
            order_number="pg_temp.code(n, 8)", payment_method="'card'", payment_id="'p' || n", currency="'EUR'", subtotal="100",
            fees="0", total="100", payment_status="CASE WHEN n % 1000 = 2 THEN 'refunded' ELSE 'paid' END", created_at=_MOMENT, expires_at=_MOMENT,
            status="CASE n % 1000 WHEN 1 THEN 'pending' WHEN 2 THEN 'refunded' ELSE 'confirmed' END"),
    _insert("order_items", SOME, event_id=_EVENT, order_id=_at("orders", "n"), ticket_type_id=_at("ticket_types", f"n % {EVENTS}"),
            name="'Seat'", quantity="1", unit_price="100", unit_fee="0", subtotal="100"),
    _insert("tickets", event_id=_EVENT, order_id=_at("orders", "n"), order_item_id=_at("order_items", "n"),
            ticket_type_id=_at("ticket_types", f"n % {EVENTS}"), code="pg_temp.code(n, 16)", created_at=_MOMENT),
    _insert("scans", SOME, event_id=_EVENT, ticket_id=_at("tickets", "n"), device_id=_at("devices", "1"), result="'admitted'",
            scan_id=_at("scan", "n"), presented_hash=_HASH, created_at=_MOMENT),
    _insert("transactions", order_id=_at("orders", "n"), type="'purchase'", amount="100", currency="'EUR'",
            payment_method="'card'", payment_intent_id="'i' || n", created_at=_MOMENT,
            status="CASE WHEN n % 1000 = 1 THEN 'failed' ELSE 'completed' END"),
)  # fmt: skip


TABLES: Final = tuple(statement.split()[2] for statement in _FILLED)
"""The tables that have many rows."""


async def make_many(sql: asyncpg.Connection, large: UUID) -> None:
    """Fill the database; `sql` is a superuser's connection to a database of its own.

    Nine rows of ten belong to the organization `large`, the others to twenty more.
    Indexes are made when all rows are there, which takes half the time.
    """
    await sql.execute("SET session_replication_role = replica; SET maintenance_work_mem = '256MB'")
    await sql.execute(_IDS.replace("{large}", str(large)))
    indexes = await sql.fetch(_INDEXES, list(TABLES))
    await sql.execute("; ".join(f"DROP INDEX {row[0]}" for row in indexes))
    for statement in (*_FILLED, *(row[1] for row in indexes), "ANALYZE"):
        await sql.execute(statement)


__all__ = ["MANY", "TABLES", "id_of", "make_many"]
