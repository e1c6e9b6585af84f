"""JSON: parse, at most one action and any queries, render."""

from functools import cache

from litestar import Router, get
from litestar.exceptions import HTTPException

from foyer.api import errors, openapi, v1
from foyer.api.access import PUBLIC, declares, enforce
from foyer.kernel.errors import FoyerError

BODY_BYTES_MAX = 256 * 1024


@get("/openapi.json", opt=declares(PUBLIC), include_in_schema=False)
async def show_openapi() -> dict[str, object]:
    """What a client can be generated from."""
    return _openapi()


@cache
def _openapi() -> dict[str, object]:
    return openapi.document(router())


def router() -> Router:
    """Everything below `/api/v1`."""
    return Router(
        "/api/v1",
        route_handlers=[show_openapi, *v1.ROUTES],
        guards=[enforce],
        exception_handlers={
            FoyerError: errors.refused,
            HTTPException: errors.unroutable,
            Exception: errors.broken,
        },
        request_max_body_size=BODY_BYTES_MAX,
        response_headers={"Cache-Control": "no-store"},
    )


__all__ = ["router"]
