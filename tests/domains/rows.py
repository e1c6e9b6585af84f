"""One valid row for every table, with fresh keys each time: what bad rows are made from by changing one thing."""

import json
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from uuid import UUID

import asyncpg

from foyer.kernel.ids import crockford, uuid7

NOW = datetime(2027, 6, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=3)
HASH = b"x" * 32
Row = dict[str, object]
_numbers = count(1)


class Rows:
    """Rows of one organization; what a row points at is made first and used again."""

    def __init__(self, sql: asyncpg.Connection) -> None:
        self.sql = sql
        self.organization_id = uuid7()
        self._known: dict[str, Row] = {}

    async def insert(self, table: str, row: Row) -> None:
        names = ", ".join(row)
        places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
        values = [json.dumps(value) if isinstance(value, dict) else value for value in row.values()]
        await self.sql.execute(f"INSERT INTO {table} ({names}) VALUES ({places})", *values)

    async def standing(self, table: str) -> Row:
        """A row of this table that is in the database."""
        if table not in self._known:
            row = await self.valid(table)
            await self.insert(table, row)
            self._known[table] = row
        return self._known[table]

    async def id_of(self, table: str) -> UUID:
        return (await self.standing(table))["id"]  # type: ignore[return-value]

    async def valid(self, table: str) -> Row:
        """A row that could be inserted now, with nothing in it that any other row has but what it points at."""
        number = next(_numbers)
        if table == "organizations":
            return {"id": self.organization_id, "name": "House", "email": "desk@example.org"}
        if table == "installation":
            return {"id": 1, "canary": b"x"}
        if table != "organization_slugs" or self._known.get("organizations") is None:
            await self.standing("organizations")
        row: Row = {"organization_id": self.organization_id, "id": uuid7()}
        special = getattr(self, f"_{table}", None)
        return {**row, **(await special(number))} if special else row

    async def _facts(self, _number: int) -> Row:
        return {"type": "a.thing", "subject_id": uuid7(), "actor_kind": "system", "body": {}}

    async def _customers(self, number: int) -> Row:
        return {"email": f"jo{number}@example.org", "email_key": f"jo{number}@example.org"}

    async def _pools(self, _number: int) -> Row:
        return {"capacity": 5, "held": 1, "sold": 1}

    async def _signing_keys(self, number: int) -> Row:
        return {"key_id": number, "public_key": HASH, "sealed_private_key": b"x", "retired_at": NOW}

    async def _users(self, number: int) -> Row:
        return {"name": "Ola", "email": f"ola{number}@example.org", "password_hash": "x", "role": "owner"}

    async def _api_keys(self, number: int) -> Row:
        hashed = number.to_bytes(32, "big")
        return {"user_id": await self.id_of("users"), "name": "Key", "token_hash": hashed, "scopes": ["*"]}

    async def _devices(self, number: int) -> Row:
        return {
            "user_id": await self.id_of("users"),
            "name": "Gate",
            "token_hash": number.to_bytes(32, "big"),
        }

    async def _events(self, number: int) -> Row:
        pool = await self.valid("pools")
        await self.insert("pools", pool)
        return {
            "pool_id": pool["id"], "slug": f"event-{number}", "title": "Evening", "description": "x", "category": "Music",
            "start_date": date(2027, 6, 1), "end_date": date(2027, 6, 1), "start_time": time(12), "end_time": time(15),
            "time_zone": "UTC", "starts_at": NOW, "ends_at": LATER, "currency": "EUR",
            "created_by": await self.id_of("users"), "updated_by": await self.id_of("users"),
        }  # fmt: skip

    async def _ticket_types(self, number: int) -> Row:
        pool = await self.valid("pools")
        await self.insert("pools", pool)
        event = await self.id_of("events")
        return {"event_id": event, "pool_id": pool["id"], "name": f"Seat {number}", "price": 100}

    async def _carts(self, number: int) -> Row:
        return {
            "event_id": await self.id_of("events"), "session_id": f"session {number}", "currency": "EUR", "subtotal": 200,
            "fees": 20, "total": 220, "created_at": NOW, "expires_at": LATER, "user_id": await self.id_of("users"),
            "customer_id": await self.id_of("customers"), **self._replayable(number),
        }  # fmt: skip

    async def _orders(self, number: int) -> Row:
        cart = await self.valid("carts")
        await self.insert("carts", cart)
        return {
            "event_id": await self.id_of("events"), "customer_id": await self.id_of("customers"), "cart_id": cart["id"],
            "user_id": await self.id_of("users"), "order_number": crockford(8), "customer": {}, "status": "confirmed",
            "payment_method": "card", "payment_id": f"payment {number}", "payment_status": "paid", "currency": "EUR",
            "subtotal": 200, "fees": 20, "total": 220,
        }  # fmt: skip

    @staticmethod
    def _replayable(number: int) -> Row:
        return {"actor_hash": HASH, "idempotency_key": f"key {number}", "body_hash": HASH}

    async def _line(self) -> Row:
        kind = await self.valid("ticket_types")
        await self.insert("ticket_types", kind)
        return {
            "event_id": await self.id_of("events"), "ticket_type_id": kind["id"], "name": "Seat", "quantity": 2,
            "unit_price": 100, "unit_fee": 10, "subtotal": 200,
        }  # fmt: skip

    async def _cart_items(self, _number: int) -> Row:
        return {"cart_id": await self.id_of("carts"), **await self._line()}

    async def _order_items(self, _number: int) -> Row:
        return {"order_id": await self.id_of("orders"), **await self._line()}

    async def _tickets(self, _number: int) -> Row:
        item = await self.standing("order_items")
        return {
            "event_id": item["event_id"], "ticket_type_id": item["ticket_type_id"], "order_id": item["order_id"],
            "order_item_id": item["id"], "code": crockford(16), "transferred_at": NOW,
            "transferred_from": await self.id_of("customers"), "transferred_to": await self.id_of("customers"),
        }  # fmt: skip

    async def _scans(self, _number: int) -> Row:
        return {
            "event_id": await self.id_of("events"), "ticket_id": await self.id_of("tickets"), "scan_id": uuid7(),
            "device_id": await self.id_of("devices"), "result": "admitted", "presented_hash": HASH,
        }  # fmt: skip


class Keyed(Rows):
    """Also the tables whose key is not `(organization_id, id)`."""

    async def valid(self, table: str) -> Row:
        number = next(_numbers)
        own: Row = {"organization_id": self.organization_id}
        match table:
            case "idempotency":
                key = {"actor_hash": HASH, "idempotency_key": f"key {number}", "body_hash": HASH}
                return {**own, **key, "resource_id": uuid7()}
            case "organization_slugs":
                await self.standing("organizations")
                return {"slug": f"house-{self.organization_id.hex[-12:]}-{number}", **own, "current": False}
            case "organization_settings":
                other = Keyed(self.sql)
                await other.standing("organizations")
                return {"organization_id": other.organization_id, "id": uuid7()}
            case "device_events":
                device, event = await self.valid("devices"), await self.valid("events")
                await self.insert("devices", device)
                await self.insert("events", event)
                return {**own, "device_id": device["id"], "event_id": event["id"]}
            case "ticket_type_pools":
                kind, pool = await self.valid("ticket_types"), await self.valid("pools")
                await self.insert("ticket_types", kind)
                await self.insert("pools", pool)
                return {
                    **own,
                    "ticket_type_id": kind["id"],
                    "pool_id": pool["id"],
                    "event_id": kind["event_id"],
                }
            case "organizations":
                return {
                    "id": self.organization_id if "organizations" not in self._known else uuid7(),
                    "name": "House",
                    "email": "a@example.org",
                }
            case _:
                return await super().valid(table)


__all__ = ["HASH", "LATER", "NOW", "Keyed", "Row"]
