"""HTML: the pages of the shop."""

from litestar import Response, Router
from litestar.exceptions import HTTPException


def routers() -> list[Router]:
    return []


def unroutable(request: object, error: HTTPException) -> Response[str]:
    return Response("not found", status_code=error.status_code)


def broken(request: object, error: Exception) -> Response[str]:
    raise error
