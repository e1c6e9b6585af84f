"""An organization with orders to be paid, for the tests of payments: written as rows, so that no other domain is asked."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import asyncpg

from foyer.domains.payments import balances
from foyer.domains.payments.types import AccountKind, NewAttempt, NewRefund, Purchase, RefundStatus
from foyer.infra.batching import Counter
from foyer.infra.db.engine import Connection, Database
from foyer.kernel.ids import uuid7
from tests.domains.rows import Rows

T = TypeVar("T")
Desk = Callable[[Connection], Awaitable[T]]


class GivenUpError(Exception):
    """A transaction that somebody ends halfway."""


@dataclass
class House:
    """One organization with one event."""

    database: Database
    sql: asyncpg.Connection
    rows: Rows
    counter: Counter

    @property
    def id(self) -> UUID:
        return self.counter.organization_id

    async def order(self, *, currency: str = "EUR") -> UUID:
        row = {**await self.rows.valid("orders"), "currency": currency}
        await self.rows.insert("orders", row)
        return row["id"]  # type: ignore[return-value]

    async def item(self, order_id: UUID) -> UUID:
        row = {**await self.rows.valid("order_items"), "order_id": order_id}
        await self.rows.insert("order_items", row)
        return row["id"]  # type: ignore[return-value]

    async def user(self) -> UUID:
        return await self.rows.id_of("users")

    async def desk(self, work: Desk[T]) -> T:
        """What the desk does in a transaction of its own."""
        async with self.database.batch(self.id) as connection:
            return await work(connection)

    async def behind(self, first: Desk[object], second: Desk[T], *, keeps: bool) -> T:
        """What the second comes to that begins while the first one's transaction is open, which is then kept or given up."""
        held, go_on = asyncio.Event(), asyncio.Event()

        async def hold() -> None:
            async with self.database.batch(self.id) as connection:
                await first(connection)
                held.set()
                await go_on.wait()
                if not keeps:
                    raise GivenUpError

        holding = asyncio.create_task(hold())
        await held.wait()
        waiting = asyncio.create_task(self.desk(second))
        await asyncio.sleep(0.1)
        assert not waiting.done(), "it waits for the first"
        go_on.set()
        await asyncio.wait([holding])
        assert (holding.exception() is None) == keeps
        return await waiting

    async def now(self) -> datetime:
        async with self.database.read(self.id) as tx:
            return await tx.now()

    async def count(self, table: str) -> int:
        return await self.sql.fetchval(f"SELECT count(*) FROM {table} WHERE organization_id = $1", self.id)

    async def balances(self) -> dict[tuple[AccountKind, str], int]:
        async with self.database.read(self.id) as tx:
            return {(one.kind, one.currency): one.balance for one in await balances(tx)}


async def make_house(database: Database, sql: asyncpg.Connection) -> House:
    rows = Rows(sql)
    counter = Counter(await rows.id_of("organizations"), await rows.id_of("events"))
    return House(database, sql, rows, counter)


def purchase(order_id: UUID, amount: int = 2_000, **changes: object) -> Purchase:
    one = Purchase(uuid7(), order_id, amount, "EUR", "sandbox", "card", f"charge_{order_id.hex}")
    return one._replace(**changes)  # type: ignore[arg-type]


def attempt(order_id: UUID, **changes: object) -> NewAttempt:
    return NewAttempt(uuid7(), order_id, "sandbox", 2_000, "EUR")._replace(**changes)  # type: ignore[arg-type]


def refund(order_id: UUID, amount: int = 500, **changes: object) -> NewRefund:
    one = NewRefund(uuid7(), order_id, "sandbox", amount, "EUR", "Ill", None, RefundStatus.PENDING)
    return one._replace(**changes)  # type: ignore[arg-type]
