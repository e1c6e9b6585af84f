"""Decisions about staff and credentials."""

import base64
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from unicodedata import decimal
from uuid import UUID

from foyer.domains.identity.types import LinkPurpose, UserDraft
from foyer.kernel.actor import Actor
from foyer.kernel.errors import Finding, Forbidden, Unfit
from foyer.kernel.permissions import ROLES
from foyer.kernel.text import email_address, tidy_line

NAME_MAX = 120
PASSWORD_MIN = 10
PASSWORD_MAX = 200
DEVICE_NAME_MAX = 60

SESSION_LASTS: Final = timedelta(days=30)
"""Whoever signed in so long ago signs in again."""
SESSION_IDLE: Final = timedelta(days=7)
"""Whoever was away so long signs in again."""
TOUCHED_EVERY: Final = timedelta(minutes=5)
"""How exactly it is known when somebody was there: not each page is a write."""

LINK_LASTS: Final = {
    LinkPurpose.CONFIRM: timedelta(days=3),
    LinkPurpose.RESET: timedelta(minutes=30),
}
LINK_PATHS: Final = {LinkPurpose.CONFIRM: "/confirm", LinkPurpose.RESET: "/password-reset/new"}


BUYER_SIGN_IN: Final = "buyer_sign_in"
BUYER_CODE_LASTS: Final = timedelta(minutes=15)
BUYER_CODE_DIGITS: Final = 8
"""Two more than people are used to: who guesses ten times in a quarter of an hour has no hope in a lifetime."""


class Code(NamedTuple):
    """What a link carries: where its row is, and the secret that only the link knows."""

    organization_id: UUID
    id: UUID
    secret: str

    def __str__(self) -> str:
        where = base64.urlsafe_b64encode(self.organization_id.bytes + self.id.bytes)
        return where.decode().rstrip("=") + self.secret


WHERE_LENGTH: Final = 43
SECRET_LENGTH: Final = 43
"""Characters of 32 bytes in base 64."""


def read_code(text: str) -> Code | None:
    """The code of a link; None of a text that is none."""
    if len(text) != WHERE_LENGTH + SECRET_LENGTH or not text.isascii():
        return None
    try:
        where = base64.b64decode(text[:WHERE_LENGTH] + "=", altchars=b"-_", validate=True)
    except ValueError:
        return None
    return Code(UUID(bytes=where[:16]), UUID(bytes=where[16:]), text[WHERE_LENGTH:])


def read_digits(text: str) -> str:
    """What a person meant by a code of digits: spaces and dashes are forgiven, and digits of any script are read."""
    return "".join(str(decimal(sign)) for sign in text if sign.isdecimal())


def is_whole_code(text: str) -> bool:
    """Whether as many digits were typed as a buyer's code has."""
    return len(read_digits(text)) == BUYER_CODE_DIGITS


def is_good(purpose: LinkPurpose, expires_at: datetime, used_at: datetime | None, now: datetime) -> bool:
    """Whether a link can be followed. What proves an address may come again: people press twice."""
    return expires_at > now and (used_at is None or purpose is LinkPurpose.CONFIRM)


def organization_of_code(text: str) -> UUID | None:
    """In whose transaction a link can be followed; of a text that is none of ours, nobody's."""
    code = read_code(text)
    return None if code is None else code.organization_id


def staff_findings(draft: UserDraft) -> list[Finding]:
    found = []
    if not 1 <= len(tidy_line(draft.name)) <= NAME_MAX:
        found.append(Finding("name", f"Say who this is, in 1 to {NAME_MAX} characters."))
    try:
        email_address(draft.email)
    except Unfit as wrong:
        found.append(Finding("email", wrong.detail))
    found += password_findings(draft.password)
    if draft.role not in ROLES:
        found.append(Finding("role", f"Choose one of {', '.join(ROLES)}."))
    return found


def findings_in_device(name: str) -> list[Finding]:
    if not 1 <= len(tidy_line(name)) <= DEVICE_NAME_MAX:
        return [Finding("name", f"Give it a name of up to {DEVICE_NAME_MAX} characters, like North gate.")]
    return []


def password_findings(password: str, field: str = "password") -> list[Finding]:
    if PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
        return []
    return [Finding(field, f"Use {PASSWORD_MIN} to {PASSWORD_MAX} characters.")]


def require_equal_rights(actor: Actor, rights: frozenset[str]) -> None:
    """Nobody gives or takes away what they do not hold themselves.

    Raises:
        Forbidden: naming one right that is missing.
    """
    if missing := sorted(rights - actor.permissions):
        raise Forbidden(f"This needs the permission {missing[0]}, which you do not have yourself.")
