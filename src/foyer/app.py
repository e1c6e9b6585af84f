"""The web application: where everything meets."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import asyncpg
from litestar import Litestar, MediaType, Response, get
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.types import HTTPScope, Receive, Send

from foyer import api, web
from foyer.api import errors
from foyer.api.access import PUBLIC, declares
from foyer.api.requests import AnyRequest, desks
from foyer.background import REACTIONS
from foyer.domains.checkout import Desks
from foyer.infra.admission import Admission
from foyer.infra.db.engine import REVISION, Database
from foyer.infra.http import App, Doorman
from foyer.infra.outbox import register
from foyer.infra.press import workshop_in
from foyer.infra.secret import keyring_for
from foyer.infra.streams import Streams
from foyer.infra.wallets import wallets_of
from foyer.kernel.errors import Busy
from foyer.settings import Settings


@get("/livez", opt=declares(PUBLIC), media_type=MediaType.TEXT, include_in_schema=False)
async def livez() -> str:
    """Whether this process answers at all."""
    return "alive"


@get("/readyz", opt=declares(PUBLIC), media_type=MediaType.TEXT, include_in_schema=False)
async def readyz(request: AnyRequest) -> Response[str]:
    """Whether this process can serve: the database answers and has the schema of this version."""
    try:
        revision = await desks(request).revision.get(None)
    except (Busy, OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return _unready("the database does not answer")
    if revision != REVISION:
        return _unready("the database has another schema; run `foyer migrate`")
    return Response("ready")


def _unready(why: str) -> Response[str]:
    return Response(why, status_code=503, headers={"Retry-After": "1"})


def build_app(settings: Settings, database: Database) -> Doorman:
    """The application for one process; it opens and closes what it needs with its lifespan."""
    register(*REACTIONS)
    streams = Streams()

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        keyring = await keyring_for(database, settings)
        app.state.workshop = workshop_in(settings, database)
        app.state.wallets = wallets_of(settings)
        app.state.desks = Desks(database, keyring, max_batch=settings.max_batch)
        try:
            yield
        finally:
            await app.state.desks.close()

    app = Litestar(
        route_handlers=[livez, readyz, api.router(), web.router()],
        lifespan=[lifespan],
        state=State({"settings": settings, "streams": streams}),
        exception_handlers={HTTPException: _unroutable, Exception: _broken},
        openapi_config=None,
        logging_config=None,
        pdb_on_exception=False,
    )

    async def turn_away(scope: HTTPScope, receive: Receive, send: Send) -> None:
        """Say in the language of the face that was asked that there is no room; nothing else is done."""
        scope["litestar_app"] = app
        request = web.UnroutedRequest(scope, receive, send)
        is_api = scope["path"].startswith("/api/")
        answer = errors.refused(request, Busy()) if is_api else web.turned_away(request)
        await answer.to_asgi_response(app=None, request=request)(scope, receive, send)

    doorman = Doorman(cast("App", app), Admission(settings.max_requests), cast("App", turn_away))
    doorman.before_leaving = streams.close
    return doorman


def _unroutable(request: AnyRequest, error: HTTPException) -> Response[Any]:
    """No such path: told in the language of the face that was asked."""
    if request.scope["path"].startswith("/api/"):
        return errors.unroutable(request, error)
    return web.unroutable(request, error)


def _broken(request: AnyRequest, error: Exception) -> Response[Any]:
    if request.scope["path"].startswith("/api/"):
        return errors.broken(request, error)
    return web.broken(request, error)
