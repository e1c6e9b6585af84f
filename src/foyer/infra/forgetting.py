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
LOG_KEPT: Final = timedelta(days=30)
_OLD_LOG = "DELETE FROM jobs.pgqueuer_log WHERE created < foyer_now() - $1::interval"


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


async def _forget(tools: Tools) -> None:
    async for organization_id in every_organization(tools.database):
        await forget_ground(tools.database, organization_id)
    async with tools.database.batch(UUID(int=0)) as connection:
        await connection.execute(_OLD_LOG, LOG_KEPT)


CRON: Final = (Cron("ground.forget", 3600, _forget),)
