"""Who is signed in at the office, as of this very moment."""

from dataclasses import dataclass
from typing import cast
from uuid import UUID

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from foyer.domains.organizations.types import Shop
from foyer.kernel.access import OPT, Access
from foyer.kernel.actor import Actor
from foyer.kernel.errors import Unauthenticated
from foyer.web.shared.render import AnyRequest


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff with the rights they have now, and the organization they work for."""

    actor: Actor
    user_id: UUID
    name: str
    email: str
    role: str
    shop: Shop


def staff(request: AnyRequest) -> Staff:
    """Who the office's guard has let in."""
    return cast("Staff", request.scope["state"]["staff"])


async def staff_guard(connection: ASGIConnection, handler: BaseRouteHandler) -> None:  # type: ignore[type-arg]
    """Let in staff with the permission that the route declares.

    Raises:
        Unauthenticated, Forbidden: see each.
    """
    here = connection.scope["state"].get("staff")
    if here is None:
        raise Unauthenticated("Sign in to the office first.")
    access = handler.opt[OPT]
    if isinstance(access, Access) and access.kind == "permission":
        here.actor.require(access.detail)
