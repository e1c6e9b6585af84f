"""Where staff are signed in."""

from uuid import UUID

from sqlalchemy import ColumnElement, select, update

from foyer.domains.identity import rules
from foyer.domains.identity.models import SessionFamilyRow, SessionRow, UserRow
from foyer.domains.identity.queries import is_still
from foyer.domains.identity.types import Match, NewSession, Session, Visit
from foyer.infra.audit import record
from foyer.infra.crypto import STAFF_SESSION_PREFIX, new_secret, secret_hash
from foyer.infra.db.tx import Tx, own
from foyer.kernel.actor import Actor, ActorKind
from foyer.kernel.errors import Forbidden, NotFound
from foyer.kernel.ids import uuid7


async def sign_in(tx: Tx, match: Match, *, visit: Visit, instead_of: Session | None = None) -> NewSession:
    """Begin a session of somebody who has proved who they are; the one this browser had before ends.

    Raises:
        Forbidden: what they proved is not so any more.
    """
    # A password that is changed at this moment ends this session too, or this sees that it was changed.
    user = await locked_user(tx, match.user_id)
    if user is None or not await is_still(tx, match):
        raise Forbidden("Your account has changed in between. Please sign in again.")
    if instead_of is not None and instead_of.actor.organization_id == tx.organization_id:
        await end_session(tx, instead_of.user_id, instead_of.id)
    session = await begin_session(tx, user.id, visit=visit)
    actor = Actor(ActorKind.USER, tx.organization_id, user.id, user.id, user.name)
    record(tx, actor, "session.begun", "session", session.id)
    return session


async def sign_out(tx: Tx, session_id: UUID, *, actor: Actor) -> None:
    """End one of one's own sessions; one that has ended already stays so.

    Raises:
        NotFound: it is not one of theirs.
    """
    assert actor.user_id is not None, "only people sign out"
    query = select(SessionFamilyRow.id).where(own(SessionFamilyRow, tx), SessionFamilyRow.id == session_id)
    if await tx.first(query.where(SessionFamilyRow.user_id == actor.user_id)) is None:
        raise NotFound("There is no such session.")
    if await end_session(tx, actor.user_id, session_id):
        record(tx, actor, "session.ended", "session", session_id)


async def sign_out_elsewhere(tx: Tx, session_id: UUID, *, actor: Actor) -> None:
    """End all of one's own sessions but one."""
    assert actor.user_id is not None, "only people sign out"
    if await end_other_sessions(tx, actor.user_id, but=session_id):
        record(tx, actor, "session.ended_elsewhere", "user", actor.user_id)


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


async def locked_user(tx: Tx, user_id: UUID) -> UserRow | None:
    """A member of staff who may sign in, as they are now and stay until the end."""
    query = select(UserRow).where(own(UserRow, tx), UserRow.id == user_id)
    for user in await tx.lock(query.where(UserRow.status == "active", UserRow.deleted_at.is_(None))):
        return user
    return None
