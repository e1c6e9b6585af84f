"""Runs migrations as the owner, one at a time, never waiting long for a lock while people buy."""

import asyncio

import asyncpg
from alembic import context
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from migrations.metadata import metadata

ADVISORY_LOCK = 0x466F796572


def upgrade(connection: Connection) -> None:
    # Forced row-level security hides every row from the owner too; backfills need this switch.
    connection.exec_driver_sql("SET app.migration = 'on'")
    connection.exec_driver_sql("SET lock_timeout = '4s'")
    connection.exec_driver_sql(f"SELECT pg_advisory_lock({ADVISORY_LOCK})")
    connection.commit()
    context.configure(connection=connection, target_metadata=metadata, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
    connection.exec_driver_sql("GRANT SELECT ON alembic_version TO foyer_app")
    connection.commit()


async def main() -> None:
    url = context.config.attributes.get("owner_url")
    if url is None:
        raise SystemExit("Run `foyer migrate`; it knows the owner's address.")
    engine = create_async_engine("postgresql+asyncpg://", async_creator=lambda: asyncpg.connect(url))
    async with engine.connect() as connection:
        await connection.run_sync(upgrade)
    await engine.dispose()


asyncio.run(main())
