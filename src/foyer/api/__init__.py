"""JSON: parse, at most one action and any queries, render."""

from functools import cache

from litestar import Router, get
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler

from foyer.api import errors, openapi, v1
from foyer.api.access import PUBLIC, access_of, declares, enforce
from foyer.kernel.errors import FoyerError

BODY_BYTES_MAX = 256 * 1024


@get("/openapi.json", opt=declares(PUBLIC), include_in_schema=False)
async def show_openapi() -> dict[str, object]:
    """What a client can be generated from."""
    return _openapi()


@cache
def _openapi() -> dict[str, object]:
    return openapi.document(v1.ROUTES)


def router() -> Router:
    """Everything below `/api/v1`. Only what is not public has the guard, since any guard costs a copy of the handler."""
    routes: list[HTTPRouteHandler] = [show_openapi, *v1.ROUTES]
    public = [route for route in routes if access_of(route) == PUBLIC]
    guarded = [route for route in routes if access_of(route) != PUBLIC]
    return Router(
        openapi.BASE,
        route_handlers=[
            Router("/", route_handlers=public),
            Router("/", route_handlers=guarded, guards=[enforce]),
        ],
        exception_handlers={
            FoyerError: errors.refused,
            HTTPException: errors.unroutable,
            Exception: errors.broken,
        },
        request_max_body_size=BODY_BYTES_MAX,
    )


__all__ = ["router"]
