"""Who may call a route. Each declares exactly one kind of access; one that declares none lets nobody in."""

from dataclasses import dataclass
from typing import Final, cast

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from foyer.api.requests import bearer, desks
from foyer.domains.identity import actor_behind
from foyer.kernel.actor import Actor, ActorKind
from foyer.kernel.errors import Forbidden, Unauthenticated

CHECK_IN: Final = "tickets:check-in"
OPT: Final = "access"


@dataclass(frozen=True, slots=True)
class Access:
    """One declared kind: `public`, `holder`, `permission`, `device`."""

    kind: str
    detail: str = ""


PUBLIC: Final = Access("public")
DEVICE: Final = Access("device", CHECK_IN)
"""A door's device, or staff with the permission to check in."""


def holder(of: str) -> Access:
    """Whoever has the token of this cart, order or ticket; the handler compares it with the id in the path."""
    return Access("holder", of)


def permission(name: str) -> Access:
    """Staff, or a program of theirs, with this permission."""
    return Access("permission", name)


def declares(access: Access) -> dict[str, Access]:
    """The `opt` of a route handler."""
    return {OPT: access}


async def enforce(connection: ASGIConnection, handler: BaseRouteHandler) -> None:  # type: ignore[type-arg]
    """The one guard of the API.

    Raises:
        Unauthenticated, Forbidden: see each.
    """
    access = cast("Access | None", handler.opt.get(OPT))
    if access is None:
        raise Forbidden("Nobody may call this.")
    if access.kind == "public":
        return
    secret = bearer(connection)
    if secret is None:
        raise Unauthenticated("Send your key as `Authorization: Bearer …`.")
    if access.kind == "holder":
        return
    actor = await actor_behind(desks(connection).database, secret)
    if access.kind == "permission" and actor.kind is ActorKind.DEVICE:
        raise Forbidden("A door's device can check tickets in and nothing else.")
    actor.require(access.detail)
    connection.scope["state"]["actor"] = actor


def acting(connection: ASGIConnection) -> Actor:  # type: ignore[type-arg]
    """The principal that the guard has let in."""
    return cast("Actor", connection.scope["state"]["actor"])
