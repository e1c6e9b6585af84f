"""Who does something."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from foyer.kernel.errors import Forbidden


class ActorKind(StrEnum):
    USER = "user"
    API_KEY = "api_key"
    DEVICE = "device"
    VISITOR = "visitor"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """One principal, already authenticated; `id` is the row behind the credential."""

    kind: ActorKind
    organization_id: UUID
    id: UUID | None = None
    user_id: UUID | None = None
    """The staff member who acts, or who made the key or device."""
    name: str = ""
    permissions: frozenset[str] = frozenset()

    def require(self, permission: str) -> None:
        """Refuse unless the actor holds the permission.

        Raises:
            Forbidden: naming the permission that is missing.
        """
        if permission not in self.permissions:
            raise Forbidden(
                f"This needs the permission {permission}; ask an owner of the organization for it."
            )


def visitor(organization_id: UUID) -> Actor:
    return Actor(ActorKind.VISITOR, organization_id)


def system(organization_id: UUID) -> Actor:
    return Actor(ActorKind.SYSTEM, organization_id)
