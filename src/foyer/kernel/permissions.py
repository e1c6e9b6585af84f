"""The published list of permissions and what each role holds."""

from collections.abc import Iterable
from typing import Final

PERMISSIONS: Final = (
    "organization:edit", "billing:manage", "domains:manage", "users:view", "users:manage",
    "events:view", "events:create", "events:edit", "events:publish", "events:delete",
    "orders:view", "orders:edit", "orders:refund", "customers:view", "customers:edit", "customers:erase",
    "tickets:view", "tickets:manage", "tickets:check-in", "discounts:manage", "payouts:view", "payouts:manage",
    "plugins:manage", "webhooks:manage", "analytics:view", "exports:create", "audit:view",
)  # fmt: skip
ALL: Final = frozenset(PERMISSIONS)

_MANAGER = {
    name for name in PERMISSIONS
    if name.split(":")[0] in {"events", "orders", "tickets", "discounts", "customers", "analytics", "exports"}
} - {"customers:erase"}  # fmt: skip

ROLES: Final[dict[str, frozenset[str]]] = {
    "owner": ALL,
    "admin": ALL - {"billing:manage", "payouts:manage"},
    "manager": frozenset(_MANAGER),
    "support": frozenset({
        "events:view", "orders:view", "orders:edit", "customers:view", "tickets:view", "tickets:check-in",
    }),
    "analyst": frozenset({"events:view", "orders:view", "tickets:view", "analytics:view", "exports:create"}),
}  # fmt: skip


def expand(granted: Iterable[str]) -> frozenset[str]:
    """Permissions meant by a list that may hold `*` and `noun:*`; unknown names mean nothing."""
    found: set[str] = set()
    for name in granted:
        if name == "*":
            return ALL
        if name.endswith(":*"):
            found.update(known for known in PERMISSIONS if known.startswith(name[:-1]))
        elif name in ALL:
            found.add(name)
    return frozenset(found)


def effective(role: str, granted: Iterable[str]) -> frozenset[str]:
    """A user's permissions: the preset of the role and what was granted beside it."""
    return ROLES[role] | expand(granted)
