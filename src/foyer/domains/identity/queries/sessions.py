"""Who is signed in, as of this very moment."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select

from foyer.domains.identity import rules
from foyer.domains.identity.models import SessionFamilyRow, SessionRow, UserRow
from foyer.domains.identity.types import Session, SignedInAt
from foyer.domains.organizations import shop
from foyer.infra.crypto import STAFF_SESSION_PREFIX, secret_hash
from foyer.infra.db.engine import Database
from foyer.infra.db.tx import ReadTx, own
from foyer.kernel.actor import Actor, ActorKind
from foyer.kernel.permissions import effective

SHOWN_MAX: Final = 50


async def session_behind(database: Database, token: str) -> Session | None:
    """Who is signed in with this token, with the rights they have now; None where nobody is, or no longer."""
    if not token.startswith(STAFF_SESSION_PREFIX):
        return None
    found = await database.look_up("session_by_hash", secret_hash(token))
    if not found:
        return None
    organization_id, session_id = found[0]
    async with database.read(organization_id) as tx:
        return await _session(tx, session_id)


async def _session(tx: ReadTx, session_id: UUID) -> Session | None:
    query = (
        select(SessionFamilyRow, UserRow)
        .join(
            SessionRow,
            (SessionRow.organization_id == SessionFamilyRow.organization_id)
            & (SessionRow.family_id == SessionFamilyRow.id),
        )
        .join(
            UserRow,
            (UserRow.organization_id == SessionFamilyRow.organization_id)
            & (UserRow.id == SessionFamilyRow.user_id),
        )
        .where(own(SessionRow, tx), SessionRow.id == session_id)
        .where(own(SessionFamilyRow, tx), SessionFamilyRow.revoked_at.is_(None))
        .where(own(UserRow, tx), UserRow.status == "active", UserRow.deleted_at.is_(None))
    )
    for family, user in await tx.rows(query):
        seller = await shop(tx)
        if seller is not None and not _is_over(family, await tx.now()):
            rights = effective(user.role, user.permissions)
            return Session(
                id=family.id,
                actor=Actor(ActorKind.USER, tx.organization_id, user.id, user.id, user.name, rights),
                user_id=user.id,
                name=user.name,
                email=user.email,
                role=user.role,
                is_confirmed=user.email_confirmed_at is not None,
                shop=seller,
                is_stale=await tx.now() - family.last_active > rules.TOUCHED_EVERY,
            )
    return None


def _is_over(family: SessionFamilyRow, now: datetime) -> bool:
    return family.expires_at <= now or family.last_active + rules.SESSION_IDLE <= now


async def sessions_of(tx: ReadTx, user_id: UUID) -> list[SignedInAt]:
    """Where somebody is signed in, the last used first."""
    now = await tx.now()
    query = (
        select(SessionFamilyRow)
        .where(own(SessionFamilyRow, tx), SessionFamilyRow.user_id == user_id)
        .where(SessionFamilyRow.revoked_at.is_(None), SessionFamilyRow.expires_at > now)
        .where(SessionFamilyRow.last_active > now - rules.SESSION_IDLE)
        .order_by(SessionFamilyRow.last_active.desc(), SessionFamilyRow.id.desc())
        .limit(SHOWN_MAX)
    )
    return [
        SignedInAt(row.id, row.device, str(row.ip), row.created_at, row.last_active)
        for row in await tx.all(query)
    ]
