"""JSON: parse, at most one action and any queries, render."""

from litestar import Router, get
from litestar.exceptions import HTTPException

from foyer.api import errors, v1
from foyer.api.access import PUBLIC, declares, enforce
from foyer.api.requests import AnyRequest
from foyer.kernel.errors import FoyerError

BODY_BYTES_MAX = 256 * 1024


@get("/openapi.json", opt=declares(PUBLIC), include_in_schema=False)
async def openapi(request: AnyRequest) -> dict[str, object]:
    """What a client can be generated from."""
    return request.app.openapi_schema.to_schema()


def router() -> Router:
    """Everything below `/api/v1`."""
    return Router(
        "/api/v1",
        route_handlers=[openapi, *v1.ROUTES],
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
