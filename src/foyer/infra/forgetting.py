"""What the ground lets go of: keys that count no more, reactions long done, the log of jobs."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete

from foyer.infra.db.engine import Database
from foyer.infra.db.everyone import every_organization
from foyer.infra.db.tables import IdempotencyRow, ReactionDoneRow
from foyer.infra.db.tx import own
from foyer.infra.idempotency import KEPT
from foyer.infra.jobs import Cron, Tools
from foyer.kernel.ids import first_uuid7

REACTIONS_KEPT: Final = timedelta(days=90)
"""Longer than any job waits for a person, so that one tried again late still knows that it was done."""
LOG_KEPT: Final = timedelta(days=14)
LOG_AT_ONCE: Final = 10_000
# What is told of a job stays as long as the job: a person has yet to read it.
_OLD_LOG = """
DELETE FROM jobs.pgqueuer_log WHERE id IN (
  SELECT l.id FROM jobs.pgqueuer_log l
  WHERE l.created < foyer_now() - $1::interval AND NOT EXISTS (SELECT FROM jobs.pgqueuer q WHERE q.id = l.job_id) LIMIT $2)
"""


async def forget_ground(database: Database, organization_id: UUID) -> None:
    """Let go of what one organization has no use for any more."""
    async with database.write(organization_id) as tx:
        now = await tx.now()
        await tx.execute(
            delete(IdempotencyRow).where(own(IdempotencyRow, tx), IdempotencyRow.created_at < now - KEPT)
        )
        await tx.execute(
            delete(ReactionDoneRow).where(
                own(ReactionDoneRow, tx), ReactionDoneRow.fact_id < first_uuid7(now - REACTIONS_KEPT)
            )
        )


async def forget_log(database: Database) -> None:
    """Let go of what was told of jobs that are gone, a few thousand lines at a time."""
    gone = f"DELETE {LOG_AT_ONCE}"
    while gone == f"DELETE {LOG_AT_ONCE}":
        async with database.batch(UUID(int=0)) as connection:
            gone = await connection.execute(_OLD_LOG, LOG_KEPT, LOG_AT_ONCE)


async def _forget(tools: Tools) -> None:
    async for organization_id in every_organization(tools.database):
        await forget_ground(tools.database, organization_id)
    await forget_log(tools.database)


CRON: Final = (Cron("ground.forget", 3600, _forget),)
