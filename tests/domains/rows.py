"""One valid row for every table, with fresh keys each time: what bad rows are made from by changing one thing.

What a row points at comes from the foreign keys themselves; here stands only what no key says.
"""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Final
from uuid import UUID

import asyncpg

from foyer.kernel.ids import crockford, uuid7
from migrations.metadata import metadata

NOW: Final = datetime(2027, 6, 1, 12, tzinfo=UTC)
LATER: Final = NOW + timedelta(hours=3)
DAY: Final = date(2027, 6, 1)
HASH: Final = b"x" * 32
Row = dict[str, object]
_numbers = count(1)

MONEY: Final = {"currency": "EUR", "subtotal": 200, "fees": 20, "total": 220}
LINE: Final = {"name": "Seat", "quantity": 2, "unit_price": 100, "unit_fee": 10, "subtotal": 200}
LIVE: Final = {"created_at": NOW, "expires_at": LATER}
AMOUNT: Final = {"amount": 100, "currency": "EUR"}


def hashed(number: int) -> bytes:
    return number.to_bytes(32, "big")


VALUES: Final[dict[str, Callable[[int], Row]]] = {
    "access_links": lambda n: {"name": "Friends", "token_hash": hashed(n)},
    "answers": lambda n: {"place": n, "value": '"vegan"'},
    "api_keys": lambda n: {"name": "Key", "token_hash": hashed(n), "scopes": ["*"]},
    "approvals": lambda _: {"status": "approved", "decided_at": NOW},
    "audit": lambda _: {"action": "renamed", "subject_kind": "event", "subject_id": uuid7(), "actor_kind": "user"},
    "buyer_sessions": lambda n: {"token_hash": hashed(n), **LIVE},
    "cart_items": lambda _: LINE,
    "carts": lambda n: {"session_id": f"session {n}", "discount_code": "EARLY", "actor_hash": HASH,
                        "idempotency_key": f"key {n}", "body_hash": HASH, **MONEY, **LIVE},
    "consents": lambda _: {"marketing": True, "source": "customer"},
    "custom_domains": lambda n: {"host": f"tickets{n}.example.org"},
    "customers": lambda n: {"email": f"jo{n}@example.org", "email_key": f"jo{n}@example.org"},
    "device_pairings": lambda n: {"code_hash": hashed(n), **LIVE},
    "devices": lambda n: {"name": "Gate", "token_hash": hashed(n)},
    "discount_uses": lambda n: {"email_key": f"jo{n}@example.org"},
    "discounts": lambda n: {"code": f"CODE{n}", "percent_bps": 1000},
    "disputes": lambda n: {"provider": "card", "reference": f"dispute {n}", **AMOUNT},
    "domain_proofs": lambda _: {"method": "dns_txt", "token": "foyer=x"},
    "event_analytics": lambda n: {"date": DAY + timedelta(days=n), "currency": "EUR"},
    "event_images": lambda _: {"kind": "gallery"},
    "event_series": lambda _: {"name": "Season"},
    "event_translations": lambda _: {"language": "da", "title": "Aften", "description": "x"},
    "events": lambda n: {
        "slug": f"event-{n}", "title": "Evening", "description": "x", "category": "Music", "start_date": DAY, "end_date": DAY,
        "start_time": time(12), "end_time": time(15), "time_zone": "UTC", "starts_at": NOW, "ends_at": LATER, "currency": "EUR",
    },
    "facts": lambda _: {"type": "a.thing", "subject_id": uuid7(), "actor_kind": "system", "body": {}},
    "files": lambda n: {"content_hash": HASH, "media_type": "application/pdf", "size_bytes": 1,
                        "made_from": n.to_bytes(32, "big"), "subject_id": uuid7()},
    "gates": lambda n: {"name": f"Gate {n}"},
    "idempotency": lambda n: {"actor_hash": HASH, "idempotency_key": f"key {n}", "body_hash": HASH, "resource_id": uuid7()},
    "installation": lambda _: {"id": 1, "canary": b"x"},
    "installed_plugins": lambda _: {},
    "invitations": lambda n: {"token_hash": hashed(n), **LIVE},
    "invoice_numbers": lambda n: {"series": f"{n}"},
    "invoices": lambda n: {
        "kind": "invoice", "cause_id": uuid7(), "series": "INV-2027", "number": n, "document": {},
    },
    "ledger_accounts": lambda n: {"kind": "payouts", "currency": currency(n)},
    "ledger_transfers": lambda _: {"amount": 100},
    "mail_log": lambda n: {"template": "order", "recipient": "jo@example.org", "once_key": f"order:{n}"},
    "mail_opt_outs": lambda n: {"address_hash": hashed(n)},
    "message_campaigns": lambda _: {"subject": "Doors", "body": "At eight."},
    "one_time_codes": lambda _: {"purpose": "password_reset", "email": "jo@example.org", "email_key": "jo@example.org",
                                 "code_hash": HASH, **LIVE},
    "operators": lambda n: {"id": uuid7(), "name": "Op", "token_hash": hashed(n)},
    "order_items": lambda _: LINE,
    "orders": lambda n: {
        "order_number": crockford(8), "customer": {"email": "jo@example.org"}, "discount_code": "EARLY", "status": "confirmed", "payment_method": "card",
        "payment_id": f"payment {n}", "payment_status": "paid", **MONEY,
    },
    "organization_slugs": lambda n: {"slug": f"house-{uuid7().hex[-12:]}-{n}", "current": False},
    "organizations": lambda _: {"id": uuid7(), "name": "House", "email": "desk@example.org"},
    "passkeys": lambda n: {"name": "Phone", "credential_id": hashed(n), "public_key": b"x"},
    "payment_attempts": lambda n: {"provider": "card", "status": "failed", "reference": f"attempt {n}", **AMOUNT},
    "payouts": lambda n: {"reference": f"payout {n}", **AMOUNT},
    "plan_usage": lambda n: {"resource": f"thing {n}", "used": 1},
    "plugin_consents": lambda _: {"permissions": []},
    "plugin_storage": lambda n: {"key": f"{n}", "value": "[]"},
    "plugin_versions": lambda n: {"id": uuid7(), "version": f"1.0.{n}", "description": "x"},
    "plugins": lambda n: {"id": uuid7(), "name": f"plugin {uuid7().hex} {n}", "kind": "trusted", "category": "payment"},
    "pools": lambda _: {"capacity": 5, "held": 1, "sold": 1},
    "provider_accounts": lambda n: {"provider": "card", "account": f"account {n}"},
    "provider_events": lambda n: {"provider": "card", "reference": f"event {n}", "type": "paid", "body": b"{}"},
    "questions": lambda _: {"label": "Menu?", "scope": "ticket", "type": "text"},
    "rate_counters": lambda n: {"scope": "sign-in", "subject_hash": hashed(n), "window_starts_at": NOW},
    "reactions_done": lambda _: {"fact_id": uuid7(), "reaction": "greet"},
    "recovery_codes": lambda n: {"code_hash": hashed(n)},
    "refund_lines": lambda _: {"quantity": 1, "amount": 100},
    "refund_tickets": lambda _: {},
    "refunds": lambda _: {"provider": "card", "status": "completed", **AMOUNT},
    "sales_analytics": lambda n: {"date_range": "daily", "date": DAY + timedelta(days=n), "currency": "EUR"},
    "scans": lambda _: {"user_id": None, "scan_id": uuid7(), "result": "admitted", "presented_hash": HASH},
    "session_families": lambda _: {"device": "Firefox", "ip": "192.0.2.1", **LIVE},
    "sessions": lambda n: {"token_hash": hashed(n), "refresh_token_hash": hashed(n), **LIVE},
    "shared_pools": lambda n: {"name": f"Area {n}"},
    "signing_keys": lambda n: {"key_id": n, "public_key": HASH, "sealed_private_key": b"x", "retired_at": NOW},
    "tax_rates": lambda n: {"name": f"VAT {n}", "rate_bps": 1900, "is_inclusive": True},
    "ticket_types": lambda n: {"name": f"Seat {n}", "price": 100},
    "tickets": lambda _: {"code": crockford(16), "transferred_at": NOW},
    "totp_secrets": lambda _: {"sealed_secret": b"x"},
    "traefik_middlewares": lambda n: {"id": uuid7(), "name": f"m {n} {uuid7()}", "type": "compress"},
    "traefik_routes": lambda n: {"id": uuid7(), "name": f"r {n} {uuid7()}", "rule": "x", "service": "x", "tls": True},
    "transactions": lambda n: {"type": "purchase", "payment_method": "card", "payment_intent_id": f"intent {n}", **AMOUNT},
    "transfers": lambda n: {"generation": n + 1, "former_code": f"{n:016}"},
    "users": lambda n: {"name": "Ola", "email": f"ola{n}@example.org", "password_hash": "x", "role": "owner"},
    "sale_reminders": lambda _: {"language": "en"},
    "visitor_hashes": lambda n: {"date": DAY, "visitor_hash": hashed(n)},
    "waiting_list": lambda _: {"quantity": 1, "language": "en", "status": "offered", "offered_at": NOW},
    "webhook_deliveries": lambda _: {},
    "webhook_endpoints": lambda _: {"url": "https://example.org/", "types": ["order.paid"], "sealed_secret": b"x"},
}  # fmt: skip
"""What a table asks for beside its keys; the number is another one each time."""

FRESH: Final[dict[str, set[str]]] = {
    "approvals": {"order_id"},
    "cart_items": {"ticket_type_id"},
    "device_events": {"device_id"},
    "discount_ticket_types": {"ticket_type_id"},
    "discounts": {"pool_id"},
    "question_ticket_types": {"ticket_type_id"},
    "event_images": {"event_id"},
    "event_translations": {"event_id"},
    "events": {"pool_id"},
    "installed_plugins": {"plugin_id"},
    "orders": {"cart_id"},
    "organization_settings": {"organization_id"},
    "payment_attempts": {"order_id"},
    "payouts": {"transaction_id"},
    "plugin_versions": {"plugin_id"},
    "refund_lines": {"refund_id"},
    "refund_tickets": {"refund_id"},
    "refunds": {"transaction_id", "order_id"},
    "shared_pools": {"pool_id"},
    "sale_reminders": {"customer_id"},
    "ticket_type_pools": {"pool_id"},
    "ticket_types": {"pool_id"},
    "totp_secrets": {"user_id"},
    "waiting_list": {"customer_id"},
    "webhook_deliveries": {"fact_id"},
}
"""Columns whose target is made anew for each row, because a unique key knows them."""


def currency(number: int) -> str:
    """A code of three letters, another one for each of 17,576 numbers."""
    return "".join(chr(65 + number // 26**place % 26) for place in range(3))


class Rows:
    """Rows of one organization; what a row points at is made first and used again."""

    def __init__(self, sql: asyncpg.Connection) -> None:
        self.sql = sql
        self._known: dict[str, Row] = {}

    async def insert(self, table: str, row: Row) -> None:
        names = ", ".join(row)
        places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
        values = [json.dumps(value) if isinstance(value, dict) else value for value in row.values()]
        await self.sql.execute(f"INSERT INTO {table} ({names}) VALUES ({places})", *values)

    async def standing(self, table: str) -> Row:
        """A row of this table that is in the database."""
        if table not in self._known:
            self._known[table] = await self.fresh(table)
        return self._known[table]

    async def fresh(self, table: str) -> Row:
        """One more row of this table in the database."""
        row = await self.valid(table)
        await self.insert(table, row)
        return row

    async def fill(self) -> UUID:
        """A row in every table that belongs to an organization, all of this one; returns its id."""
        organization_id = await self.organization()
        for table in sorted(metadata.tables):
            if table == "organization_settings":
                await self.insert(table, {**await self.valid(table), "organization_id": organization_id})
            elif "organization_id" in metadata.tables[table].c:
                await self.standing(table)
        return organization_id

    async def id_of(self, table: str) -> UUID:
        return (await self.standing(table))["id"]  # type: ignore[return-value]

    async def organization(self) -> UUID:
        return await self.id_of("organizations")

    async def valid(self, table: str) -> Row:
        """A row that could be inserted now, with nothing in it that any other row has but what it points at."""
        columns, row = metadata.tables[table].c, Row()
        if "organization_id" in columns:
            row["organization_id"] = await self.organization()
        if "organization_id" in columns and "id" in columns:
            row["id"] = uuid7()
        # Keys with more columns come last: they know the event as well, and are never wrong about it.
        for key in sorted(metadata.tables[table].foreign_key_constraints, key=lambda key: len(key.elements)):
            pairs = [(one.parent.name, one.column.name) for one in key.elements]
            is_fresh = {column for column, _ in pairs} & FRESH.get(table, set())
            target = await (self.fresh if is_fresh else self.standing)(key.referred_table.name)
            row |= {column: target[other] for column, other in pairs}
        if table == "ledger_transfers":
            row["credit_account_id"] = await self._other_account()
        return {**row, **VALUES.get(table, lambda _: {})(next(_numbers))}

    async def _other_account(self) -> object:
        """A second account in the currency of the first, for what goes from one to the other."""
        if "the other account" not in self._known:
            account = {**await self.standing("ledger_accounts"), "id": uuid7(), "kind": "refunds"}
            await self.insert("ledger_accounts", account)
            self._known["the other account"] = account
        return self._known["the other account"]["id"]


__all__ = ["HASH", "LATER", "NOW", "VALUES", "Row", "Rows"]
