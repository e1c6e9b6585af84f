"""Members of staff: who signs in with what, and whether somebody vouches for them."""

import hashlib
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from foyer.domains.identity import rules
from foyer.domains.identity.models import OneTimeCodeRow, UserRow
from foyer.domains.identity.types import LinkHolder, LinkPurpose, Match
from foyer.domains.organizations import shop
from foyer.infra.crypto import secret_hash
from foyer.infra.db.engine import Database
from foyer.infra.db.tx import ReadTx, own
from foyer.infra.passwords import is_password
from foyer.kernel.ids import uuid7
from foyer.kernel.text import email_address


async def active_user(tx: ReadTx, user_id: UUID) -> UserRow | None:
    query = select(UserRow).where(own(UserRow, tx), UserRow.id == user_id)
    return await tx.first(query.where(UserRow.status == "active", UserRow.deleted_at.is_(None)))


async def staff_address(tx: ReadTx, user_id: UUID) -> str | None:
    """Where to write to a member of staff; None once they are none."""
    user = await active_user(tx, user_id)
    return None if user is None else user.email


def mark_of(password_hash: str) -> str:
    """By which a password is told from the next one, without saying anything of either."""
    return hashlib.sha256(password_hash.encode()).hexdigest()[:32]


async def staff_known_by(database: Database, email: str) -> list[tuple[UUID, UUID]]:
    """Organization and id of whoever uses this address at work, at most five."""
    try:
        regular = email_address(email)
    except ValueError:
        return []
    return [(row[0], row[1]) for row in await database.look_up("staff_by_email", regular)]


async def staff_with(database: Database, email: str, password: str) -> list[Match]:
    """Whoever may sign in with this address and this password: nobody, somebody, or one person at several houses.

    An address that nobody has costs what one costs that somebody has: a look at one row, and one hash.
    """
    known = await staff_known_by(database, email) or [(uuid7(), uuid7())]
    asked = [await _match(database, *one) for one in known]
    return [match for match, kept in asked if await is_password(password, kept) and match is not None]


async def staff_proved(
    database: Database, organization_id: UUID, user_id: UUID, password: str
) -> Match | None:
    """One member of staff, if this is the password."""
    match, kept = await _match(database, organization_id, user_id)
    return match if await is_password(password, kept) else None


async def _match(database: Database, organization_id: UUID, user_id: UUID) -> tuple[Match | None, str | None]:
    async with database.read(organization_id) as tx:
        user, seller = await active_user(tx, user_id), await shop(tx)
    if user is None or seller is None or user.password_hash is None:
        return None, None
    return Match(organization_id, user.id, mark_of(user.password_hash), seller.name), user.password_hash


async def is_still(tx: ReadTx, match: Match) -> bool:
    """Whether what was true when a password was compared is true still."""
    user = await active_user(tx, match.user_id)
    if user is None or user.password_hash is None or await shop(tx) is None:
        return False
    return mark_of(user.password_hash) == match.mark


async def has_confirmed_owner(tx: ReadTx) -> bool:
    """Whether an owner of the organization has proved an address: somebody answers for what it publishes."""
    query = select(func.count()).select_from(UserRow).where(own(UserRow, tx), UserRow.role == "owner")
    query = query.where(UserRow.status == "active", UserRow.deleted_at.is_(None))
    return await tx.one(query.where(UserRow.email_confirmed_at.is_not(None))) > 0


async def link_holder(tx: ReadTx, text: str, purpose: LinkPurpose) -> LinkHolder | None:
    """To whom a link was sent, while it is good; looking uses nothing up."""
    code = rules.read_code(text)
    if code is None or code.organization_id != tx.organization_id:
        return None
    row = await tx.first(select(OneTimeCodeRow).where(own(OneTimeCodeRow, tx), *sent_as(code, purpose)))
    if (
        row is None
        or row.user_id is None
        or not rules.is_good(purpose, row.expires_at, row.used_at, await tx.now())
    ):
        return None
    user = await active_user(tx, row.user_id)
    return None if user is None else LinkHolder(tx.organization_id, user.id, row.email, row.expires_at)


def sent_as(code: rules.Code, purpose: LinkPurpose) -> tuple[ColumnElement[bool], ...]:
    """The conditions that a row is the one behind a link."""
    return (
        OneTimeCodeRow.id == code.id,
        OneTimeCodeRow.purpose == purpose.value,
        OneTimeCodeRow.code_hash == secret_hash(code.secret),
    )
