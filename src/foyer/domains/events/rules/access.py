"""Decisions about access links."""

from datetime import datetime
from typing import Final

from msgspec.structs import replace

from foyer.domains.events.types import AccessLinkDraft
from foyer.kernel.errors import Finding
from foyer.kernel.text import tidy_line
from foyer.kernel.time import as_utc

NAME_MAX: Final = 100
LINKS_MAX: Final = 200
"""Links that an event may have at a time."""


def regular_link(draft: AccessLinkDraft, *, now: datetime) -> tuple[AccessLinkDraft, list[Finding]]:
    """The link tidied, and everything that is wrong with it but what only the database knows."""
    regular = replace(draft, name=tidy_line(draft.name), expires_at=as_utc(draft.expires_at))
    found: list[Finding] = []
    if not 1 <= len(regular.name) <= NAME_MAX:
        sentence = f"Say in 1 to {NAME_MAX} characters who the link is for, like Press."
        found.append(Finding("name", sentence))
    if regular.expires_at is not None and regular.expires_at <= now:
        found.append(Finding("expiresAt", "Choose a moment to come, or none for a link that stays."))
    return regular, found
