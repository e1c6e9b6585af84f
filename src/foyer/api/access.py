"""What a route declares, and the one guard of the API."""

from typing import cast

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from foyer.api.contract import IDEMPOTENCY_KEY, IF_MATCH, IF_NONE_MATCH, MergePatch, declares
from foyer.api.requests import bearer, desks
from foyer.kernel.access import DEVICE, OPT, PUBLIC, Access, holder, permission
from foyer.kernel.actor import Actor, ActorKind
from foyer.kernel.errors import Forbidden, Unauthenticated

__all__ = ["DEVICE", "IDEMPOTENCY_KEY", "IF_MATCH", "IF_NONE_MATCH", "PUBLIC", "Access", "MergePatch", "access_of", "acting", "declares", "enforce",
           "holder", "permission"]  # fmt: skip


def access_of(handler: BaseRouteHandler) -> Access:
    """What a route declares; one that declares nothing is not built."""
    access = handler.opt.get(OPT)
    assert isinstance(access, Access), f"{handler} declares no access"
    return access


async def enforce(connection: ASGIConnection, handler: BaseRouteHandler) -> None:  # type: ignore[type-arg]
    """Let in whom the route declares; public routes do not ask.

    Raises:
        Unauthenticated, Forbidden: see each.
    """
    access = access_of(handler)
    secret = bearer(connection)
    if secret is None:
        raise Unauthenticated("Send your key as `Authorization: Bearer …`.")
    if access.kind == "holder":
        return
    actor = await desks(connection).credentials.actor(secret)
    if access.kind == "permission" and actor.kind is ActorKind.DEVICE:
        raise Forbidden("A door's device can check tickets in and nothing else.")
    actor.require(access.detail)
    connection.scope["state"]["actor"] = actor


def acting(connection: ASGIConnection) -> Actor:  # type: ignore[type-arg]
    """The principal that the guard has let in."""
    return cast("Actor", connection.scope["state"]["actor"])
