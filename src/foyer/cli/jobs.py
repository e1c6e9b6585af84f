"""`foyer jobs`: what waits, what failed and why; try it again, or let it go."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence

import asyncpg

from foyer.cli.database import reachable, require_fit_login
from foyer.infra.db.engine import REVISION, Connection, Database
from foyer.infra.job_list import SHOWN_MAX, counted, drop, retry, troubled
from foyer.settings import Settings, SettingsError

Work = Callable[[Connection], Awaitable[int]]
_TIME = "%Y-%m-%d %H:%M:%S %Z"


def show_jobs(settings: Settings) -> int:
    """Print the queue; status 1 when jobs are held."""

    async def look(connection: Connection) -> int:
        standing, trouble = await counted(connection), await troubled(connection)
        for one in trouble:
            _print_trouble(one)
        for kind in standing:
            age = f", the oldest for {kind.age_seconds:.0f} s" if kind.age_seconds else ""
            print(f"{kind.name:<40} {kind.waiting} waiting, {kind.running} running, {kind.held} held{age}")
        if len(trouble) == SHOWN_MAX:
            print(f"Only the first {SHOWN_MAX} that failed are shown.")
        if not standing:
            print("No jobs wait.")
        return 1 if any(kind.held for kind in standing) else 0

    return _with_queue(settings, look)


def retry_jobs(settings: Settings, ids: Sequence[int], *, every: bool) -> int:
    """Try jobs again; status 1 when one of them could not be."""

    async def again(connection: Connection) -> int:
        done = await retry(connection, None if every else ids)
        print(f"{len(done)} to be tried again.")
        return _missing(ids, done, "does not wait and is not held, or the same job waits already")

    if every == bool(ids):
        raise SettingsError("Name the jobs, or say --all; `foyer jobs` shows them.")
    return _with_queue(settings, again)


def drop_jobs(settings: Settings, ids: Sequence[int]) -> int:
    """Let jobs go undone; status 1 when one of them could not be."""

    async def let_go(connection: Connection) -> int:
        gone = await drop(connection, ids)
        print(f"{len(gone)} dropped.")
        return _missing(ids, gone, "is not there, or runs at this moment")

    return _with_queue(settings, let_go)


def _with_queue(settings: Settings, work: Work) -> int:
    async def working(url: str) -> int:
        await require_fit_login(url, revision=REVISION)
        connection = await Database(url).connect()
        try:
            return await work(connection)
        finally:
            await connection.close()

    try:
        with reachable(settings, makes=False) as address:
            return asyncio.run(working(address.app))
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as wrong:
        raise SettingsError(f"The queue cannot be read: {wrong}.") from None


def _print_trouble(one: asyncpg.Record) -> None:
    after = "held" if one["is_held"] else f"again {one['execute_after']:{_TIME}}"
    print(f"{one['id']:>8}  {one['entrypoint']}  organization {one['organization_id']}")
    print(f"          failed {one['failed_at'] or '':{_TIME if one['failed_at'] else ''}}, {after}")
    print(f"          {' '.join(str(one['error'] or 'no error was told').split())[:500]}\n")


def _missing(ids: Sequence[int], done: Sequence[int], why: str) -> int:
    missing = [one for one in ids if one not in done]
    for one in missing:
        print(f"{one} {why}.", file=sys.stderr)
    return 1 if missing else 0
