"""JSON: parse, at most one action and any queries, render."""

from collections.abc import Iterator
from functools import cache

from litestar import HttpMethod, Response, get, route
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler

from foyer.api import errors, openapi, v1
from foyer.api.access import PUBLIC, access_of, declares, enforce
from foyer.api.refusals import BODY_BYTES_MAX
from foyer.api.shown import show_what_changed
from foyer.infra.rooms import Room
from foyer.kernel.errors import FoyerError


@get("/openapi.json", opt=declares(PUBLIC), include_in_schema=False)
async def show_openapi() -> dict[str, object]:
    """What a client can be generated from."""
    return _openapi()


@cache
def _openapi() -> dict[str, object]:
    return openapi.document(v1.ROUTES)


def router() -> Room:
    """Everything below `/api/v1`. Only what is not public has the guard, since any guard costs a copy of the handler."""
    routes: list[HTTPRouteHandler] = [show_openapi, *v1.ROUTES]
    public = [handler for handler in routes if access_of(handler) == PUBLIC]
    guarded = [handler for handler in routes if access_of(handler) != PUBLIC]
    return Room(
        openapi.BASE,
        route_handlers=[
            Room("/", route_handlers=[*_options(routes), *public]),
            Room("/", route_handlers=guarded, guards=[enforce], after_response=show_what_changed),
        ],
        exception_handlers={
            FoyerError: errors.refused,
            HTTPException: errors.unroutable,
            Exception: errors.broken,
        },
        request_max_body_size=BODY_BYTES_MAX,
    )


def _options(routes: list[HTTPRouteHandler]) -> Iterator[HTTPRouteHandler]:
    """Answers to OPTIONS. The framework's own know only the method that was registered first on a path."""
    methods: dict[str, set[str]] = {}
    for handler in routes:
        for path in handler.paths:
            methods.setdefault(path, {"OPTIONS"}).update(handler.http_methods)
    for path, known in methods.items():
        yield _allowing(path, ", ".join(sorted(known)))


def _allowing(path: str, methods: str) -> HTTPRouteHandler:
    @route(
        path, http_method=HttpMethod.OPTIONS, opt=declares(PUBLIC), include_in_schema=False, status_code=204
    )
    async def allow() -> Response[None]:
        return Response(None, status_code=204, headers={"Allow": methods})

    return allow


__all__ = ["BODY_BYTES_MAX", "router"]
