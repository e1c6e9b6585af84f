"""The device: the cookie a paired phone is known by, and the guard of the door's pages."""

from typing import Final, cast
from uuid import UUID

from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.handlers import BaseRouteHandler

from foyer.domains.checkout import Desks
from foyer.domains.events import event_at_door, may_serve
from foyer.domains.events.types import DoorEvent
from foyer.infra.crypto import DEVICE_PREFIX
from foyer.infra.db.tx import ReadTx
from foyer.kernel.access import CHECK_IN
from foyer.kernel.actor import Actor
from foyer.kernel.errors import NotFound, Unauthenticated
from foyer.settings import Settings
from foyer.web.shared.render import AnyRequest

COOKIE_SECONDS: Final = 180 * 86_400
NOT_PAIRED: Final = "This phone is not paired, or not any more. Ask the office for a new code."


def cookie_name(settings: Settings) -> str:
    """On https the name itself promises that no other host or path has set the cookie."""
    return "__Host-foyer-door" if settings.is_https else "foyer-door"


def device_cookie(request: AnyRequest, secret: str) -> Cookie:
    """The cookie that holds a device's credential, out of reach of scripts; an empty secret takes it away."""
    settings = cast("Settings", request.app.state.settings)
    return Cookie(
        key=cookie_name(settings),
        value=secret,
        path="/",
        httponly=True,
        secure=settings.is_https,
        samesite="lax",
        max_age=COOKIE_SECONDS if secret else 0,
    )


async def device_guard(connection: ASGIConnection, _handler: BaseRouteHandler) -> None:  # type: ignore[type-arg]
    """Let in a paired device that may admit, as of this very moment.

    Raises:
        Unauthenticated: not paired, or revoked since.
        Forbidden: whoever made the device may not admit any more.
    """
    actor = await device_behind(connection)
    if actor is None:
        raise Unauthenticated(NOT_PAIRED)
    actor.require(CHECK_IN)
    connection.scope["state"]["actor"] = actor


async def device_behind(connection: ASGIConnection) -> Actor | None:  # type: ignore[type-arg]
    """The device that this browser is, if it is one."""
    secret = connection.cookies.get(cookie_name(connection.app.state.settings), "")
    if not secret.startswith(DEVICE_PREFIX):
        return None
    try:
        return await cast("Desks", connection.app.state.desks).credentials.actor(secret)
    except Unauthenticated:
        return None


def acting(request: AnyRequest) -> Actor:
    """The device that the guard has let in."""
    return cast("Actor", request.scope["state"]["actor"])


async def served(tx: ReadTx, actor: Actor, event_id: UUID) -> DoorEvent:
    """An event that this device is for.

    Raises:
        NotFound: there is none, or the device is for others.
    """
    assert actor.id is not None, "a device has an id"
    if not await may_serve(tx, actor.id, event_id):
        raise NotFound("This door is not for that event.")
    return await event_at_door(tx, event_id)
