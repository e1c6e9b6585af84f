"""`foyer migrate`: the schema, brought up to date by its owner."""

import asyncio
from pathlib import Path

import asyncpg

from foyer.cli.database import reachable
from foyer.settings import Settings, SettingsError

MIGRATIONS = Path(__file__).resolve().parents[3] / "migrations"


def migrate(settings: Settings) -> int:
    """Bring the configured database up to date and say what was done."""
    if settings.database_owner_url is not None and settings.database_url is None:
        raise SettingsError(
            "Set FOYER_DATABASE_URL as well: without it the embedded database is meant, which has its own owner."
        )
    if settings.database_url is not None and settings.database_owner_url is None:
        raise SettingsError(
            "Set FOYER_DATABASE_OWNER_URL to the owner's login; `foyer migrate` changes the schema with it."
        )
    with reachable(settings) as address:
        print(
            "The schema was brought up to date."
            if bring_up_to_date(address.owner)
            else "The schema is up to date."
        )
    return 0


def bring_up_to_date(owner_url: str) -> bool:
    """Run the migrations that are missing; whether there were any.

    Raises:
        SettingsError: the owner cannot sign in.
    """
    newest = max(path.stem.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
    try:
        current = asyncio.run(_revision(owner_url))
    except (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as wrong:
        raise SettingsError(f"The database's owner cannot sign in: {wrong}") from None
    if current == newest:
        return False
    # Alembic is slow to import and needed only when there is something to do.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.set_main_option("prepend_sys_path", str(MIGRATIONS.parent))
    config.attributes["owner_url"] = owner_url
    command.upgrade(config, "head")
    return True


async def _revision(owner_url: str) -> str | None:
    connection = await asyncpg.connect(owner_url, timeout=10)
    try:
        if await connection.fetchval("SELECT to_regclass('public.alembic_version')") is None:
            return None
        return str(await connection.fetchval("SELECT version_num FROM public.alembic_version"))
    finally:
        await connection.close()
