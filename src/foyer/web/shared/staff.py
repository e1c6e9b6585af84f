"""Staff at the office: the cookie they are known by, and the guard of every page that is not for everybody."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Final, cast
from urllib.parse import quote
from uuid import UUID

from litestar import Response
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.handlers import BaseRouteHandler
from litestar.response import Redirect

from foyer.domains.checkout import Desks
from foyer.domains.identity import session_behind, touch_session
from foyer.domains.identity.types import Session
from foyer.domains.organizations.types import Shop
from foyer.kernel.access import OPT, Access
from foyer.kernel.actor import Actor
from foyer.kernel.errors import Busy, Forbidden, Unauthenticated
from foyer.settings import Settings
from foyer.web.shared.render import AnyRequest

DAY_SECONDS: Final = 86_400
COOKIE_DAYS: Final = 30
SIGN_IN: Final = "/sign-in"
KINDS: Final = {"permission", "self", "device"}
"""The kinds of access that the office knows; a route that declares another one lets nobody in."""


@dataclass(frozen=True, slots=True)
class Staff:
    """Who sits at the office, with the rights they have at this very moment."""

    actor: Actor
    user_id: UUID
    name: str
    email: str
    role: str
    shop: Shop
    is_confirmed: bool
    """Whether the address is proved; until one owner's is, nothing is published."""
    session_id: UUID

    def may(self, permission: str) -> bool:
        return permission in self.actor.permissions


def staff(request: AnyRequest) -> Staff:
    """Whom the guard has let in."""
    return cast("Staff", request.scope["state"]["staff"])


async def staff_guard(connection: ASGIConnection, handler: BaseRouteHandler) -> None:  # type: ignore[type-arg]
    """The guard of the office: lets in who is signed in and holds what the route declares.

    Raises:
        Unauthenticated: nobody is signed in; the page of that refusal is the way to sign in.
        Forbidden: they lack the permission.
    """
    access = handler.opt.get(OPT)
    if not isinstance(access, Access) or access.kind not in KINDS:
        raise Forbidden("Nobody may do this here.")
    session = await session_of(connection)
    if session is None:
        raise Unauthenticated("Sign in first.")
    connection.scope["state"]["staff"] = Staff(
        actor=session.actor,
        user_id=session.user_id,
        name=session.name,
        email=session.email,
        role=session.role,
        shop=session.shop,
        is_confirmed=session.is_confirmed,
        session_id=session.id,
    )
    if access.kind != "self":
        session.actor.require(access.detail)


async def session_of(connection: ASGIConnection) -> Session | None:  # type: ignore[type-arg]
    """Who is signed in with this browser, if anybody is."""
    state = connection.app.state
    token = connection.cookies.get(cookie_name(state.settings))
    if not token:
        return None
    database = cast("Desks", state.desks).database
    session = await session_behind(database, token)
    if session is not None and session.is_stale:
        with suppress(Busy):  # nobody is kept waiting for the time of day
            async with database.write(session.shop.id) as tx:
                await touch_session(tx, session.id)
    return session


def cookie_name(settings: Settings) -> str:
    """On https the name itself promises that no other host or path has set the cookie."""
    return "__Host-foyer-staff" if settings.is_https else "foyer-staff"


def staff_cookie(settings: Settings, token: str) -> Cookie:
    return Cookie(
        key=cookie_name(settings),
        value=token,
        path="/",
        httponly=True,
        secure=settings.is_https,
        samesite="lax",
        max_age=COOKIE_DAYS * DAY_SECONDS if token else 0,
    )


def to_sign_in(request: AnyRequest) -> Response[None]:
    """The way to sign in, and from there back to the page that was asked for; a form is not sent again by it."""
    wanted = request.scope["raw_path"].decode("ascii", "ignore") if request.method == "GET" else "/office"
    query = request.scope["query_string"].decode("ascii", "ignore")
    if query and request.method == "GET":
        wanted = f"{wanted}?{query}"
    address = f"{SIGN_IN}?next={quote(wanted, safe='')}"
    if (
        request.headers.get("hx-request") == "true"
    ):  # else the sign-in page would be put into a corner of the old one
        return Response(None, status_code=401, headers={"HX-Redirect": address})
    return cast("Response[None]", Redirect(address, status_code=303))
