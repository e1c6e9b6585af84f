"""Who may call a route. Each declares exactly one kind of access; one that declares none lets nobody in."""

from dataclasses import dataclass
from typing import Final

CHECK_IN: Final = "tickets:check-in"
OPT: Final = "access"


@dataclass(frozen=True, slots=True)
class Access:
    """One declared kind: `public`, `holder`, `permission`, `device`, `self`."""

    kind: str
    detail: str = ""


PUBLIC: Final = Access("public")
SELF: Final = Access("self")
"""Whoever is signed in, for what is their own."""
DEVICE: Final = Access("device", CHECK_IN)
"""A door's device, or staff with the permission to check in."""


def holder(of: str) -> Access:
    """Whoever has the token or the session of this cart, order or ticket; the handler compares it with the id in the path."""
    return Access("holder", of)


def permission(name: str) -> Access:
    """Staff, or a program of theirs, with this permission."""
    return Access("permission", name)


def declares(access: Access) -> dict[str, Access]:
    """The `opt` of a route handler."""
    return {OPT: access}
