"""Everything that ends a way at the door: a page for people, a problem for the page's script."""

from dataclasses import replace
from typing import Any

import structlog
from litestar import Response
from litestar.exceptions import HTTPException
from litestar.response import Redirect

from foyer.kernel.errors import Busy, FoyerError, NotFound, Unauthenticated
from foyer.web.door.pages.notice import Notice
from foyer.web.shared.origin import SAFE
from foyer.web.shared.render import AnyRequest, drawn
from foyer.web.shared.retrying import address_of

log = structlog.get_logger("foyer.web")
JSON = "application/json"


def wants_json(request: AnyRequest) -> bool:
    """Whether the page's own script asks."""
    return request.headers.get("accept") == JSON


def refused(request: AnyRequest, error: FoyerError) -> Response[Any]:
    """An expected refusal. Who is not paired is shown how to be."""
    if wants_json(request):
        answer: Response[Any] = Response(
            {"code": error.code, "detail": error.detail}, status_code=error.status, media_type=JSON
        )
    elif isinstance(error, Unauthenticated):
        return Redirect("/door/pair", status_code=303)
    else:
        page = Notice(error.title, error.detail)
        if isinstance(error, Busy) and request.scope["method"] in SAFE:
            page = replace(page, again=address_of(request), pause_seconds=error.retry_after_seconds or 1)
        elif isinstance(error, Busy):
            page = replace(page, detail=f"{error.detail} Then scan the ticket again.")
        answer = drawn("door/notice.html", page, status=error.status)
    if error.retry_after_seconds is not None:
        answer.headers["Retry-After"] = str(error.retry_after_seconds)
    return answer


def unroutable(request: AnyRequest, error: HTTPException) -> Response[Any]:
    """No such page, or a form that cannot be read."""
    if error.status_code == 404:
        return refused(request, NotFound("There is no page at this address."))
    if wants_json(request):
        return Response(
            {"code": "malformed", "detail": error.detail}, status_code=error.status_code, media_type=JSON
        )
    answer = drawn("door/notice.html", Notice("That did not work", error.detail), status=error.status_code)
    answer.headers.update(
        {name: value for name, value in (error.headers or {}).items() if name.lower() == "allow"}
    )
    return answer


def broken(request: AnyRequest, error: Exception) -> Response[Any]:
    """A defect: the steward is told that it is ours and that nothing was decided."""
    reference = str(request.scope.get("state", {}).get("request_id", ""))
    log.error("defect", request_id=reference, exc_info=error)
    sentence = "This is a fault of ours, and it is written down. Scan the ticket again."
    if wants_json(request):
        return Response({"code": "internal", "detail": sentence}, status_code=500, media_type=JSON)
    return drawn("door/notice.html", Notice("Something went wrong", sentence, reference), status=500)
