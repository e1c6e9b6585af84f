"""Members of staff."""

from uuid import UUID

from sqlalchemy import select

from foyer.domains.identity import rules
from foyer.domains.identity.actions.sessions import end_other_sessions
from foyer.domains.identity.facts import PasswordChanged
from foyer.domains.identity.models import UserRow
from foyer.domains.identity.queries import is_still
from foyer.domains.identity.types import Match, UserDraft
from foyer.infra.audit import record
from foyer.infra.db.tx import Tx, own
from foyer.infra.outbox import publish
from foyer.infra.passwords import hash_password
from foyer.kernel.actor import Actor
from foyer.kernel.errors import Conflict, Invalid, NotFound
from foyer.kernel.ids import uuid7
from foyer.kernel.permissions import ROLES, effective
from foyer.kernel.text import email_address, tidy_line


async def add_user(
    tx: Tx, draft: UserDraft, *, is_confirmed: bool = True, password_hash: str | None = None
) -> UUID:
    """Add an active member of staff.

    Args:
        tx: the transaction.
        draft: who it is.
        is_confirmed: whether somebody vouches for the address: an operator, or a link that was sent to it.
        password_hash: of the draft's password, where it was made before the transaction began.

    Raises:
        Invalid: a field cannot be taken.
    """
    if found := rules.staff_findings(draft):
        raise Invalid.of(found)
    row = UserRow(
        organization_id=tx.organization_id,
        id=uuid7(),
        name=tidy_line(draft.name),
        email=email_address(draft.email),
        email_confirmed_at=await tx.now() if is_confirmed else None,
        password_hash=password_hash or await hash_password(draft.password),
        role=draft.role,
        status="active",
    )
    tx.add(row)
    await tx.flush()
    return row.id


async def change_password(
    tx: Tx, match: Match, password_hash: str, *, actor: Actor, session_id: UUID | None
) -> None:
    """Set another password of one's own; whoever is signed in elsewhere with the old one is signed out.

    Args:
        tx: the transaction.
        match: that the old password was typed.
        password_hash: of the new one.
        actor: whose it is.
        session_id: the session that stays.

    Raises:
        Conflict: the password was changed in between.
    """
    user = await _locked(tx, match.user_id)
    if not await is_still(tx, match):
        raise Conflict("The password was changed in between. Please sign in again.")
    user.password_hash = password_hash
    await tx.flush()
    await end_other_sessions(tx, user.id, but=session_id)
    record(tx, actor, "user.password_changed", "user", user.id, {"password": "changed"})
    publish(tx, actor, PasswordChanged(user_id=user.id))


async def change_role(tx: Tx, user_id: UUID, role: str, *, actor: Actor) -> None:
    """Give a member of staff another role. It counts from their next request.

    Raises:
        NotFound: no such member of staff.
        Invalid: no such role.
        Forbidden: the actor lacks a right that either role holds.
        Conflict: they are the last owner.
    """
    if role not in ROLES:
        raise Invalid(f"Choose one of {', '.join(ROLES)}.", field="role")
    owners = select(UserRow).where(own(UserRow, tx), UserRow.role == "owner", UserRow.status == "active")
    owners = owners.where(UserRow.deleted_at.is_(None)).order_by(UserRow.id)
    # Two who demote each other at once take turns, so that the second finds the other gone.
    standing = await tx.lock(owners)
    user = await _locked(tx, user_id)
    rules.require_equal_rights(actor, effective(user.role, user.permissions) | ROLES[role])
    if role != "owner" and [one.id for one in standing] == [user_id]:
        raise Conflict("This is the last owner. Make somebody else one first.")
    before, user.role = user.role, role
    await tx.flush()
    record(tx, actor, "user.role_changed", "user", user.id, {"role": [before, role]})


async def _locked(tx: Tx, user_id: UUID) -> UserRow:
    query = select(UserRow).where(own(UserRow, tx), UserRow.id == user_id, UserRow.deleted_at.is_(None))
    for user in await tx.lock(query):
        return user
    raise NotFound("There is no such member of staff.")
