"""What identity lets go of by the clock."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, or_, select

from foyer.domains.identity.actions import forget_turns
from foyer.domains.identity.models import DevicePairingRow, OneTimeCodeRow, SessionFamilyRow, SessionRow
from foyer.infra.db.engine import Database
from foyer.infra.db.everyone import every_organization
from foyer.infra.db.tx import own
from foyer.infra.jobs import Cron, Tools

KEPT: Final = timedelta(days=30)
"""What is over stays for so long, for whoever asks where somebody was signed in."""


async def forget_proofs(database: Database, organization_id: UUID) -> None:
    """Let go of links, pairing codes and sessions of one organization that ended long ago."""
    async with database.write(organization_id) as tx:
        before = await tx.now() - KEPT
        for kind in (OneTimeCodeRow, DevicePairingRow):
            await tx.execute(delete(kind).where(own(kind, tx), kind.expires_at < before))
        over = or_(SessionFamilyRow.expires_at < before, SessionFamilyRow.revoked_at < before)
        ended = select(SessionFamilyRow.id).where(own(SessionFamilyRow, tx), over)
        await tx.execute(delete(SessionRow).where(own(SessionRow, tx), SessionRow.family_id.in_(ended)))
        await tx.execute(delete(SessionFamilyRow).where(own(SessionFamilyRow, tx), over))


async def _forget(tools: Tools) -> None:
    await forget_turns(tools.database)
    async for organization_id in every_organization(tools.database):
        await forget_proofs(tools.database, organization_id)


CRON: Final = (Cron("identity.forget", 3600, _forget),)
