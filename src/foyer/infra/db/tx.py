"""What business code holds while it works: a transaction that it cannot end.

`ReadTx` reads, `Tx` also writes; neither has a commit, so a function's signature says what it does.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar, TypeVarTuple, cast
from uuid import UUID

import asyncpg
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Delete,
    Executable,
    Insert,
    Select,
    Update,
    any_,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.engine import CursorResult, Row
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute

from foyer.infra.db.base import Base

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record]
else:  # the class is generic for type checkers only
    Connection = asyncpg.Connection
T = TypeVar("T")
Ts = TypeVarTuple("Ts")
M = TypeVar("M", bound=Base)


class ReadTx:
    """A read-only view of one organization's rows, as of each statement (READ COMMITTED)."""

    def __init__(self, connection: AsyncConnection, organization_id: UUID) -> None:
        self.organization_id = organization_id
        self._session = AsyncSession(connection, expire_on_commit=False, autoflush=False)
        self._now: datetime | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def now(self) -> datetime:
        """The database's clock, asked once; the only clock business code has."""
        if self._now is None:
            self._now = cast("datetime", await self._session.scalar(select(func.foyer_now())))
        return self._now

    async def desk(self) -> Connection:
        """The driver's own connection, in this very transaction: for set-based SQL. PostgreSQL refuses writes on it here."""
        proxied = await (await self._session.connection()).get_raw_connection()
        return cast("Connection", proxied.driver_connection)

    async def first(self, query: Select[T]) -> T | None:
        """The single value or row object of a query that finds at most one."""
        return (await self._session.execute(query)).scalars().one_or_none()

    async def one(self, query: Select[T]) -> T:
        """The single value or row object of a query that always finds one."""
        return (await self._session.execute(query)).scalars().one()

    async def all(self, query: Select[T]) -> Sequence[T]:
        return (await self._session.execute(query)).scalars().all()

    async def rows(self, query: Select[*Ts]) -> Sequence[Row[*Ts]]:
        return (await self._session.execute(query)).all()

    async def report(self, sql: str, **values: object) -> Sequence[Row[Any]]:
        """Plain SQL where sums are made over the tables of several domains; `:tenant` is this organization."""
        statement = text(sql).bindparams(tenant=self.organization_id, **values)
        return (await self._session.execute(statement)).all()


class Tx(ReadTx):
    """A transaction that writes. It is committed by the edge that opened it."""

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                await self._session.flush()
        finally:
            await self._session.close()

    async def desk(self) -> Connection:
        """As of a `ReadTx`, and with what was added already sent: for set-based SQL that desks share with single actions."""
        await self._session.flush()
        return await super().desk()

    def add(self, *rows: DeclarativeBase) -> None:
        self._session.add_all(rows)

    async def flush(self) -> None:
        """Send what was added, where a later statement needs it or a constraint shall speak now."""
        await self._session.flush()

    async def execute(self, statement: Insert | Update | Delete | Executable) -> int:
        """Run a writing statement; returns how many rows it touched."""
        result = cast("CursorResult[Any]", await self._session.execute(statement))
        return result.rowcount

    async def lock(self, query: Select[T]) -> Sequence[T]:
        """Rows locked until the end, fresh from the table. The query orders by key."""
        locking = query.with_for_update(key_share=True).execution_options(populate_existing=True)
        return (await self._session.execute(locking)).scalars().all()


def among(column: InstrumentedAttribute[T], values: Iterable[T]) -> ColumnElement[bool]:
    """The condition that a column has one of these values, as one array: for however many it is the same statement."""
    return column == any_(literal(list(values), ARRAY(column.type)))


def own(model: type[Any], tx: ReadTx) -> ColumnElement[bool]:
    """The condition every statement carries beside the policy: rows of this organization."""
    return cast("ColumnElement[bool]", model.organization_id == tx.organization_id)
