"""Decisions about staff and credentials."""

from datetime import timedelta
from typing import Final

from foyer.domains.identity.types import UserDraft
from foyer.kernel.errors import Finding
from foyer.kernel.permissions import ROLES
from foyer.kernel.text import email_address, tidy_line

PASSWORD_MIN = 10
PASSWORD_MAX = 200

SESSION_LASTS: Final = timedelta(days=30)
"""Whoever signed in so long ago signs in again."""
SESSION_IDLE: Final = timedelta(days=7)
"""Whoever was away so long signs in again."""
TOUCHED_EVERY: Final = timedelta(minutes=5)
"""How exactly it is known when somebody was there: not each page is a write."""


def findings_in(draft: UserDraft) -> list[Finding]:
    found = []
    if not tidy_line(draft.name):
        found.append(Finding("name", "Say who this is."))
    try:
        email_address(draft.email)
    except ValueError as wrong:
        found.append(Finding("email", str(wrong)))
    if not PASSWORD_MIN <= len(draft.password) <= PASSWORD_MAX:
        found.append(Finding("password", f"Use {PASSWORD_MIN} to {PASSWORD_MAX} characters."))
    if draft.role not in ROLES:
        found.append(Finding("role", f"Choose one of {', '.join(ROLES)}."))
    return found
