"""A connection that was lost is let go of: the next one who asks gets another."""

import asyncio
from contextlib import suppress
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import asyncpg
import pytest

from foyer.infra.db.engine import Database
from foyer.kernel.errors import Busy
from foyer.kernel.ids import uuid7

FIRST = UUID(int=0)


@pytest.fixture
async def one(app_url: str):
    """A pool of one connection, as a worker has that is alone with its sweeper."""
    database = Database(app_url, pool_size=1)
    yield database
    await database.close()


async def cut(one: Database, root_sql: asyncpg.Connection) -> None:
    async with one.batch(uuid7()) as connection:
        pid = connection.get_server_pid()
    assert await root_sql.fetchval("SELECT pg_terminate_backend($1, 5000)", pid)


async def test_look_ups_go_on_after_the_database_was_away(one, root_sql) -> None:
    await cut(one, root_sql)
    with pytest.raises(Busy):
        await one.look_up("organizations_page", FIRST, 1)

    assert await one.look_up("organizations_page", FIRST, 1) is not None
    assert await one.ping() is not None


async def test_transactions_go_on_after_the_database_was_away(one, root_sql) -> None:
    await cut(one, root_sql)
    with pytest.raises(Busy):
        async with one.read(uuid7()):
            pass

    async with one.read(uuid7()) as tx:
        assert await tx.now() is not None


async def test_slow_look_up_is_busy_and_keeps_its_connection(one, root_sql) -> None:
    async with one.batch(uuid7()) as connection:
        pid = connection.get_server_pid()
        await connection.execute("SET statement_timeout = 1")
    blocking = root_sql.transaction()
    await blocking.start()
    await root_sql.execute("LOCK TABLE organizations IN ACCESS EXCLUSIVE MODE")
    with pytest.raises(Busy):
        await one.look_up("organizations_page", FIRST, 1)
    await blocking.rollback()

    async with one.batch(uuid7()) as connection:
        assert connection.get_server_pid() == pid


PARSE = b"P"
"""With this letter the first statement begins that is prepared."""


@pytest.fixture
async def cutting_url(app_url: str):
    """A way to the database that lets everybody sign in and hangs up at their first statement."""
    parts = urlsplit(app_url)
    where = parse_qs(parts.query)
    socket = f"{where['host'][0]}/.s.PGSQL.{where.get('port', ['5432'])[0]}"

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, until: bytes) -> None:
        with suppress(ConnectionError):
            while (chunk := await reader.read(65_536)) and chunk[:1] != until:
                writer.write(chunk)
                await writer.drain()
        writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        their_reader, their_writer = await asyncio.open_unix_connection(socket)
        answers = asyncio.create_task(forward(their_reader, writer, until=b"none"))
        await forward(reader, their_writer, until=PARSE)
        writer.close()
        await answers

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        yield f"postgresql://{parts.username}@127.0.0.1:{port}{parts.path}?sslmode=disable"


async def test_connection_that_is_lost_while_it_is_made_is_busy(cutting_url) -> None:
    one = Database(cutting_url, pool_size=1)
    with pytest.raises(Busy):
        async with one.read(uuid7()):
            pass
    with pytest.raises(Busy):
        await one.ping()
    await one.close()
