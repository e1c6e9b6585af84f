"""`foyer doctor`: what is wrong, each with what to do about it."""

import asyncio
import shutil
import socket

import asyncpg

from foyer.cli.connections import shortage
from foyer.cli.database import require_installation
from foyer.infra.crypto import CannotOpenError, Keyring, known_keys
from foyer.infra.db.embedded import orphans, read_address
from foyer.infra.db.engine import REVISION, Database
from foyer.infra.job_list import counted
from foyer.infra.secret import CONTEXT
from foyer.infra.wallets import key_troubles
from foyer.kernel.errors import Busy
from foyer.settings import Settings

FREE_BYTES_MIN = 2 * 1024**3


def doctor(settings: Settings) -> int:
    """Look at everything without changing anything; status 1 when something needs mending.

    Raises:
        SettingsError: there is nothing to look at.
    """
    require_installation(settings)
    findings = [*_machine(settings), *key_troubles(settings), *asyncio.run(_database(settings))]
    for line in findings:
        print(f"mend  {line}")
    for orphan in orphans():
        whose = (
            f"an earlier database of {orphan.data}"
            if orphan.data.exists()
            else f"the database of {orphan.data}, which is gone"
        )
        print(f"note  {orphan.root} is {whose}; remove it if you do not need its data.")
    if not findings:
        print("Everything looks well.")
    return 1 if findings else 0


def _machine(settings: Settings) -> list[str]:
    found = []
    existing = next(path for path in (settings.data, *settings.data.parents) if path.exists())
    free = shutil.disk_usage(existing).free
    if free < FREE_BYTES_MIN:
        found.append(f"Only {free // 1024**2} MB are free on the disk of {existing}; make room.")
    if settings.data.exists() and settings.data.stat().st_mode & 0o077:
        found.append(f"Others can look into {settings.data}; run `chmod 700 {settings.data}`.")
    try:
        socket.create_connection((settings.host, settings.port), timeout=1).close()
        serving = True
    except OSError:
        serving = False
    print(f"note  Something {'answers' if serving else 'could listen'} on {settings.host}:{settings.port}.")
    return found


async def _database(settings: Settings) -> list[str]:
    running = read_address(settings.data) if settings.database_url is None else None
    url = settings.database_url or (running.app if running else None)
    if url is None:
        print("note  The embedded database is not running; `foyer run` starts it.")
        return []
    database = Database(url, pool_size=1)
    try:
        revision = await database.ping()
        if revision != REVISION:
            return [
                f"The schema is {revision or 'empty'}, this version needs {REVISION}; run `foyer migrate`."
            ]
        if await database.is_privileged():
            return [
                "The login steps over the wall between organizations; use foyer_app, as docs/operate says."
            ]
        sealed = await database.standing_canary()
        keys = known_keys(settings.data, settings.secret_keys)
        if sealed is not None and keys:
            Keyring(keys).open(sealed, CONTEXT)
        held = await _held(database)
        short = await shortage(url, settings)
    except CannotOpenError:
        return ["The secret key does not open this database; see FOYER_SECRET_KEYS in docs/operate."]
    except (Busy, OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as away:
        return [f"The database does not answer: {away.__cause__ or away}."]
    finally:
        await database.close()
    if short:
        return [short]
    if held:
        were = "job has" if held == 1 else "jobs have"
        return [f"{held} {were} failed for good and wait for you; `foyer jobs` says why."]
    return []


async def _held(database: Database) -> int:
    connection = await database.connect()
    try:
        return sum(one.held for one in await counted(connection))
    finally:
        await connection.close()
