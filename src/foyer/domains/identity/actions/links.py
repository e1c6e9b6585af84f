"""Links that are sent to an address of staff: each proves once, and for a while, that whoever follows it reads there."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update

from foyer.domains.identity import rules
from foyer.domains.identity.actions.sessions import end_other_sessions, locked_user
from foyer.domains.identity.facts import AddressClaimed, PasswordChanged, PasswordResetAsked
from foyer.domains.identity.models import OneTimeCodeRow, UserRow
from foyer.domains.identity.queries import active_user, sent_as
from foyer.domains.identity.types import LinkPurpose, StaffLink
from foyer.infra.audit import record
from foyer.infra.crypto import new_secret, secret_hash
from foyer.infra.db.tx import Tx, own
from foyer.infra.outbox import publish
from foyer.kernel.actor import Actor, system, visitor
from foyer.kernel.errors import NotFound
from foyer.kernel.ids import uuid7
from foyer.kernel.text import email_key

GONE = "This link was used already, or its time is up. Ask for a new one."


async def fresh_confirmation_link(tx: Tx, user_id: UUID, base_url: str) -> StaffLink | None:
    """A link that proves the address of a member of staff; None where it is proved, or nobody is there any more.

    It is made when the mail is written, so that neither a fact nor a job knows it.
    """
    user = await active_user(tx, user_id)
    if user is None or user.email_confirmed_at is not None:
        return None
    return await _link(tx, user, LinkPurpose.CONFIRM, base_url)


async def fresh_reset_link(tx: Tx, user_id: UUID, base_url: str) -> StaffLink | None:
    """A link that sets a new password, made when the mail is written; None where nobody is there any more."""
    user = await active_user(tx, user_id)
    return None if user is None else await _link(tx, user, LinkPurpose.RESET, base_url)


async def link_for_operator(tx: Tx, user_id: UUID, base_url: str) -> StaffLink | None:
    """As `fresh_reset_link`, for whoever runs the installation to hand on; the organization sees that it was made."""
    link = await fresh_reset_link(tx, user_id, base_url)
    if link is not None:
        record(tx, system(tx.organization_id), "user.reset_by_operator", "user", user_id)
    return link


async def ask_for_confirmation(tx: Tx, user_id: UUID, *, actor: Actor) -> None:
    """Have the link that proves an address sent (again)."""
    publish(tx, actor, AddressClaimed(user_id=user_id))


async def ask_for_reset(tx: Tx, user_id: UUID) -> None:
    """Have a link sent that sets a new password; of somebody who may not sign in, nothing happens."""
    if await active_user(tx, user_id) is not None:
        publish(tx, visitor(tx.organization_id), PasswordResetAsked(user_id=user_id))


async def confirm_address(tx: Tx, text: str) -> None:
    """Prove an address by the link that was sent to it. Doing it twice is harmless.

    Raises:
        NotFound: the link is none of ours, too old, or of an address that is another one by now.
    """
    user, sent_to = await _followed(tx, text, LinkPurpose.CONFIRM)
    if user is None or user.email != sent_to:
        raise NotFound(GONE)
    if user.email_confirmed_at is None:
        user.email_confirmed_at = await tx.now()
        await tx.flush()


async def reset_password(tx: Tx, text: str, password_hash: str) -> UUID:
    """Set a new password by the link that was sent; whoever is signed in anywhere with the old one is signed out.

    Raises:
        NotFound: the link is none of ours, was used, or is too old.
    """
    user, sent_to = await _followed(tx, text, LinkPurpose.RESET)
    if user is None:
        raise NotFound(GONE)
    user.password_hash = password_hash
    if user.email == sent_to and user.email_confirmed_at is None:
        user.email_confirmed_at = await tx.now()  # who got this mail reads there
    await tx.flush()
    await end_other_sessions(tx, user.id)
    publish(tx, visitor(tx.organization_id), PasswordChanged(user_id=user.id))
    return user.id


async def _link(tx: Tx, user: UserRow, purpose: LinkPurpose, base_url: str) -> StaffLink:
    now = await tx.now()
    code = rules.Code(tx.organization_id, uuid7(), new_secret(""))
    lasts: timedelta = rules.LINK_LASTS[purpose]
    row = OneTimeCodeRow(
        organization_id=tx.organization_id,
        id=code.id,
        purpose=purpose.value,
        user_id=user.id,
        email=user.email,
        email_key=email_key(user.email),
        code_hash=secret_hash(code.secret),
        created_at=now,
        expires_at=now + lasts,
    )
    tx.add(row)
    await tx.flush()
    url = f"{base_url}{rules.LINK_PATHS[purpose]}?code={code}"
    return StaffLink(
        user_id=user.id, name=user.name, role=user.role, email=user.email, url=url, expires_at=row.expires_at
    )


async def _followed(tx: Tx, text: str, purpose: LinkPurpose) -> tuple[UserRow | None, str]:
    """Use a link up, and every other one of its kind; who it was sent to, and where."""
    code = rules.read_code(text)
    if code is None or code.organization_id != tx.organization_id:
        return None, ""
    query = select(OneTimeCodeRow).where(own(OneTimeCodeRow, tx), *sent_as(code, purpose))
    seen = await tx.first(query)
    if seen is None or seen.user_id is None:
        return None, ""
    # First whose link it is: two links of one person, followed at once, would else wait for each other.
    user = await locked_user(tx, seen.user_id)
    now = await tx.now()
    for row in await tx.lock(query):
        if not rules.is_good(purpose, row.expires_at, row.used_at, now):
            continue
        used = (
            update(OneTimeCodeRow)
            .where(own(OneTimeCodeRow, tx), OneTimeCodeRow.user_id == seen.user_id)
            .where(OneTimeCodeRow.purpose == purpose.value, OneTimeCodeRow.used_at.is_(None))
            .values(used_at=now)
        )
        await tx.execute(used)
        return user, row.email
    return None, ""
