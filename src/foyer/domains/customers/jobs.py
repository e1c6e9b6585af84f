"""What is let go of by the clock: where buyers are signed in no longer."""

from typing import Final
from uuid import UUID

from sqlalchemy import delete, or_

from foyer.domains.customers.models import BuyerSessionRow
from foyer.infra.db.engine import Database
from foyer.infra.db.everyone import every_organization
from foyer.infra.db.tx import own
from foyer.infra.jobs import Cron, Tools


async def forget_sessions(database: Database, organization_id: UUID) -> None:
    """Let go of the sessions of one organization's buyers that have ended: nobody asks for them again."""
    async with database.write(organization_id) as tx:
        over = or_(BuyerSessionRow.expires_at < await tx.now(), BuyerSessionRow.revoked_at.is_not(None))
        await tx.execute(delete(BuyerSessionRow).where(own(BuyerSessionRow, tx), over))


async def _forget(tools: Tools) -> None:
    async for organization_id in every_organization(tools.database):
        await forget_sessions(tools.database, organization_id)


CRON: Final = (Cron("customers.forget", 3600, _forget),)
