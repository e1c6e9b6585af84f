"""Where staff are signed in."""

from uuid import UUID

from sqlalchemy import ColumnElement, update

from foyer.domains.identity import rules
from foyer.domains.identity.models import SessionFamilyRow, SessionRow, UserRow
from foyer.domains.identity.types import NewSession, Visit
from foyer.infra.crypto import STAFF_SESSION_PREFIX, new_secret, secret_hash
from foyer.infra.db.tx import Tx, own
from foyer.kernel.ids import uuid7


async def begin_session(tx: Tx, user_id: UUID, *, visit: Visit) -> NewSession:
    """Sign somebody in who has proved who they are; only the answer knows the token."""
    now = await tx.now()
    token = new_secret(STAFF_SESSION_PREFIX)
    family = SessionFamilyRow(
        organization_id=tx.organization_id,
        id=uuid7(),
        user_id=user_id,
        device=visit.device,
        ip=visit.ip,
        last_active=now,
        created_at=now,
        expires_at=now + rules.SESSION_LASTS,
    )
    tx.add(family)
    await tx.flush()
    tx.add(
        SessionRow(
            organization_id=tx.organization_id,
            id=uuid7(),
            family_id=family.id,
            token_hash=secret_hash(token),
            created_at=now,
            expires_at=family.expires_at,
        )
    )
    await tx.execute(update(UserRow).where(own(UserRow, tx), UserRow.id == user_id).values(last_active=now))
    return NewSession(id=family.id, token=token)


async def touch_session(tx: Tx, session_id: UUID) -> None:
    """Note that somebody is still there."""
    touched = (
        update(SessionFamilyRow)
        .where(own(SessionFamilyRow, tx), SessionFamilyRow.id == session_id)
        .where(SessionFamilyRow.revoked_at.is_(None))
        .values(last_active=await tx.now())
    )
    await tx.execute(touched)


async def end_session(tx: Tx, user_id: UUID, session_id: UUID) -> bool:
    """Sign somebody out where this session is; whether it was signed in there."""
    return await _end(tx, user_id, SessionFamilyRow.id == session_id)


async def end_other_sessions(tx: Tx, user_id: UUID, *, but: UUID | None = None) -> bool:
    """Sign somebody out everywhere, except in one session; whether there was another one."""
    return await _end(tx, user_id, *([] if but is None else [SessionFamilyRow.id != but]))


async def _end(tx: Tx, user_id: UUID, *which: ColumnElement[bool]) -> bool:
    ended = (
        update(SessionFamilyRow)
        .where(own(SessionFamilyRow, tx), SessionFamilyRow.user_id == user_id)
        .where(SessionFamilyRow.revoked_at.is_(None), *which)
        .values(revoked_at=await tx.now())
    )
    return await tx.execute(ended) > 0
