"""The one edge where transactions begin and end.

A transaction sends `BEGIN` and the tenant in one message, and its end is never left to a library: the answer to a caller
goes out after `COMMIT` came back, and a connection whose outcome is unknown is thrown away.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, Final, LiteralString, TypeVar, cast
from uuid import UUID

import asyncpg
import msgspec
from sqlalchemy import PoolProxiedConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from foyer.infra import metrics
from foyer.infra.db.gate import IS_APART, Gate
from foyer.infra.db.login import PRIVILEGED, pooler_of, sign_in
from foyer.infra.db.tx import Connection, ReadTx, Tx
from foyer.kernel.errors import Busy
from foyer.kernel.language import said

__all__ = [
    "COLLIDED",
    "LOST",
    "REVISION",
    "TOO_SLOW",
    "CommitRefusedError",
    "Connection",
    "Database",
    "through",
]

T = TypeVar("T")

POOL_SIZE: Final = 10
KEPT_APART: Final = 3
"""Connections beside these for doors and health, so that no crowd at the shop keeps a guest outside."""
TIMEOUTS: Final = {
    "lock_timeout": "2000",
    "statement_timeout": "10000",
    "idle_in_transaction_session_timeout": "15000",
}  # milliseconds
PATIENCE: Final = (
    "SET LOCAL statement_timeout = '10min'; SET LOCAL idle_in_transaction_session_timeout = '10min'; "
    "SET LOCAL work_mem = '32MB'; SET LOCAL plan_cache_mode = force_custom_plan"
)
"""For statements over everything: they take their time, and the plan for one organization suits no other."""
_UNPREPARED: Final[dict[str, object]] = {
    "prepared_statement_cache_size": 0,
    "prepared_statement_name_func": lambda: "",
}
"""Arguments of SQLAlchemy's driver with which no statement outlives its transaction."""


AWAY: Final = said("The database does not answer at this moment; please try again.")
LOST: Final = (
    asyncpg.TooManyConnectionsError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError,
    asyncpg.OperatorInterventionError, asyncpg.InternalClientError, OSError, EOFError,
)  # fmt: skip
"""The connection went away, or there was none to be had."""
TOO_SLOW: Final = (asyncpg.LockNotAvailableError, asyncpg.QueryCanceledError)
"""Something was held for longer than anybody should wait. Looked at before `LOST`, whose kind a cancelled query is too."""
COLLIDED: Final = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError)
"""Two transactions were in each other's way, and this one gave in."""
FAILED: Final = (DBAPIError, *LOST, *TOO_SLOW, *COLLIDED)
"""Every way in which the driver says that something went wrong, wrapped by SQLAlchemy or not."""

REVISION: Final = "0001"
"""The migration that this code is written for."""

_TYPES: Final = "SELECT $1::uuid[], $2::text[], $3::int[], $4::bigint[], $5::bool[], $6::jsonb[], $7::timestamptz[], $8::bytea[]"


class CommitRefusedError(Exception):
    """The database answered `COMMIT` with a rollback."""


async def through(work: Coroutine[Any, Any, T]) -> T:
    """Carry a short piece of work to its end even when the caller is cancelled meanwhile; then be cancelled."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as signal:
            if task.cancelled():
                raise
            cancelled = signal
        except BaseException:  # noqa: BLE001 - the task's own outcome is taken below
            break
    result = task.result()
    if cancelled is not None:
        raise cancelled
    return result


class Database:
    """A pool of connections of the application role, and the transactions made on them."""

    def __init__(
        self, url: str, *, pool_size: int = POOL_SIZE, clock_offset: timedelta = timedelta()
    ) -> None:
        self.url = url
        self.clock_offset = clock_offset
        """Shifts `foyer_now()`; only tests set it."""
        self._is_pooled = pooler_of(url) is not None
        self._gate = Gate(pool_size)
        self._gate_apart = Gate(KEPT_APART)
        self._engine = create_async_engine(
            "postgresql+asyncpg://",
            connect_args={"async_creator_fn": self.connect, **(_UNPREPARED if self._is_pooled else {})},
            isolation_level="AUTOCOMMIT",
            pool_size=pool_size + KEPT_APART,
            max_overflow=0,
            pool_reset_on_return=None,
            hide_parameters=True,  # what people typed stays out of logs
            json_serializer=lambda value: msgspec.json.encode(value).decode(),
            json_deserializer=msgspec.json.decode,
        )

    async def connect(self, **settings: str) -> Connection:
        """A connection of its own, outside the pool, as a lane of the clerk wants it."""
        connection = await sign_in(self.url, {**TIMEOUTS, "jit": "off", **settings})
        if self._is_pooled:
            # A statement that is only prepared would keep the server's connection from all others.
            return connection
        try:
            # The driver asks what a type is where it first meets it; in a batch that would be under the lock of the pools.
            await connection.prepare(_TYPES)
        except BaseException:
            connection.terminate()
            raise
        return connection

    async def close(self) -> None:
        await self._engine.dispose()

    def opening(
        self,
        organization_id: UUID,
        begin: LiteralString = "BEGIN",
        *,
        limits: Mapping[str, str] = TIMEOUTS,
    ) -> str:
        """The first message of a transaction: begin, whose rows can be seen, and what a connection could not keep.

        `limits` are those with which its connection was made; through a pooler each transaction says them anew.
        """
        return f"{self._begin(begin, limits)}; SET LOCAL app.organization_id = '{UUID(str(organization_id))}'"

    def _begin(self, begin: LiteralString, limits: Mapping[str, str]) -> str:
        parts: list[str] = [begin]
        if self._is_pooled:
            parts += [f"SET LOCAL {name} = {value}" for name, value in {**limits, "jit": "off"}.items()]
        if self.clock_offset:
            parts.append(f"SET LOCAL {self._clock()}")
        return "; ".join(parts)

    def _clock(self) -> str:
        return f"app.clock_offset = '{self.clock_offset.total_seconds()} seconds'"

    @asynccontextmanager
    async def write(self, organization_id: UUID) -> AsyncIterator[Tx]:
        """A transaction of one organization: committed where the block ends, rolled back where it raises."""
        async with (
            self._transaction(self.opening(organization_id)) as connection,
            Tx(connection, organization_id) as tx,
        ):
            yield tx

    @asynccontextmanager
    async def read(self, organization_id: UUID) -> AsyncIterator[ReadTx]:
        """As `write`, but PostgreSQL refuses every change."""
        opening = self.opening(organization_id, "BEGIN READ ONLY")
        async with self._transaction(opening) as connection, ReadTx(connection, organization_id) as tx:
            yield tx

    @asynccontextmanager
    async def batch(self, organization_id: UUID) -> AsyncIterator[Connection]:
        """As `write`, with the driver's own connection: for set-based SQL that no clerk runs."""
        async with self._transaction(self.opening(organization_id)) as connection:
            yield await _driver(connection)

    @asynccontextmanager
    async def snapshot(self, organization_id: UUID) -> AsyncIterator[Connection]:
        """As `read`, with the driver's own connection: every statement sees the same moment, however long all of them take."""
        begin = self.opening(organization_id, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        async with self._transaction(f"{begin}; {PATIENCE}") as connection:
            yield await _driver(connection)

    async def look_up(self, function: LiteralString, *arguments: object) -> list[asyncpg.Record]:
        """Call a function of schema `lookups`: what must be known before the tenant is.

        Raises:
            Busy: the database does not answer.
        """
        slots = ", ".join(f"${place}" for place in range(1, len(arguments) + 1))
        async with self._nobodys() as raw:
            if self.clock_offset and not self._is_pooled:  # outside of a transaction nothing is local to one
                await raw.execute(f"SET {self._clock()}")
            return list(await raw.fetch(f"SELECT * FROM lookups.{function}({slots})", *arguments))  # noqa: S608

    async def canary(self, fresh: bytes) -> bytes:
        """What the installation was sealed with first; `fresh` becomes it where there is none yet."""
        async with self._nobodys() as raw:
            await raw.execute(
                "INSERT INTO installation (id, canary) VALUES (1, $1) ON CONFLICT DO NOTHING", fresh
            )
            return cast("bytes", await raw.fetchval("SELECT canary FROM installation"))

    async def standing_canary(self) -> bytes | None:
        """As `canary`, without leaving anything behind."""
        async with self._nobodys() as raw:
            return cast("bytes | None", await raw.fetchval("SELECT canary FROM installation"))

    async def is_privileged(self) -> bool:
        """Whether this login could step over the tenant wall: a superuser, one that bypasses policies, or an owner."""
        async with self._nobodys() as raw:
            return bool(await raw.fetchval(PRIVILEGED))

    async def ping(self) -> str | None:
        """The schema's revision, or None before the first migration.

        Raises:
            Busy: the database does not answer.
        """
        async with self._nobodys() as raw:
            if await raw.fetchval("SELECT to_regclass('public.alembic_version')") is None:
                return None
            return cast("str | None", await raw.fetchval("SELECT version_num FROM public.alembic_version"))

    @asynccontextmanager
    async def _nobodys(self) -> AsyncIterator[Connection]:
        """The driver's own connection for statements that no organization is behind; through a pooler, in a transaction of their own."""
        if self._is_pooled:
            async with self._transaction(self._begin("BEGIN", TIMEOUTS)) as connection:
                yield await _driver(connection)
        else:
            async with self._connection() as connection:
                yield await _driver(connection)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[AsyncConnection]:
        gate = self._gate_apart if IS_APART.get() else self._gate
        await gate.enter()
        try:
            connection = await self._connect()
            metrics.meter.pool(1)
            try:
                yield connection
            except TOO_SLOW as slow:
                raise Busy from slow
            except LOST as away:
                # Back in the pool it would be handed out again and again.
                await through(connection.invalidate())
                raise Busy(AWAY) from away
            finally:
                metrics.meter.pool(-1)
                await through(connection.close())
        finally:
            gate.leave()

    async def _connect(self) -> AsyncConnection:
        """A connection of the pool, which has one for everybody whom a gate lets through."""
        try:
            return await self._engine.connect()
        except FAILED as error:
            if (busy := _busy(error)) is None:
                raise
            raise busy from error

    @asynccontextmanager
    async def _transaction(self, opening: str) -> AsyncIterator[AsyncConnection]:
        async with self._connection() as connection:
            raw = await _driver(connection)
            if raw.is_in_transaction():
                await connection.invalidate()
                raise RuntimeError("a connection came out of the pool inside a transaction")
            settled = False
            try:
                await raw.execute(opening)
                yield connection
                status = await through(raw.execute("COMMIT"))
                settled = True
                if status != "COMMIT":
                    raise CommitRefusedError(status)
            except FAILED as error:
                if (busy := _busy(error)) is None:
                    raise
                raise busy from error
            finally:
                if not settled:
                    await through(_abandon(connection, raw))


async def _abandon(connection: AsyncConnection, raw: Connection) -> None:
    """Roll back; where even that cannot be known to have worked, throw the connection away."""
    try:
        await raw.execute("ROLLBACK")
    except Exception:  # noqa: BLE001 - whatever it was, the connection is not trusted any more
        await connection.invalidate()


def _busy(error: Exception) -> Busy | None:
    """What to say where another try may go well; None where it will not."""
    cause = _cause(error)
    if isinstance(cause, (*TOO_SLOW, *COLLIDED)):
        return Busy()
    return Busy(AWAY) if isinstance(cause, LOST) else None


def _cause(error: BaseException) -> BaseException | None:
    """The driver's own error behind what SQLAlchemy has wrapped."""
    return error.orig.__cause__ if isinstance(error, DBAPIError) and error.orig else error


async def _driver(connection: AsyncConnection) -> Connection:
    proxied: PoolProxiedConnection = await connection.get_raw_connection()
    return cast("Connection", proxied.driver_connection)
