"""Everything that ends a way in the office, as a designed page with the rail still beside it."""

from dataclasses import replace
from typing import Any

import structlog
from litestar import Response
from litestar.exceptions import HTTPException

from foyer.kernel.errors import Busy, FoyerError, NotFound, Unauthenticated
from foyer.web.office.frame import frame
from foyer.web.office.pages.state import OfficeState
from foyer.web.shared.origin import SAFE
from foyer.web.shared.render import AnyRequest, drawn
from foyer.web.shared.retrying import GO_BACK, address_of, calm_seconds
from foyer.web.shared.staff import to_sign_in

log = structlog.get_logger("foyer.web")

WORDS = {
    "not_found": ("There is nothing here", "compass"),
    "forbidden": ("You may not open this", "lock"),
    "precondition_failed": ("Somebody else was faster", "people"),
    "busy": ("Very busy right now", "clock"),
}


def signed_out(request: AnyRequest, _error: Unauthenticated) -> Response[Any]:
    """To the sign-in page, and back to this page afterwards; only ever a path of our own."""
    return to_sign_in(request)


def refused(request: AnyRequest, error: FoyerError) -> Response[str]:
    """The page of an expected refusal."""
    title, icon = WORDS.get(error.code, (error.title, "alert"))
    page = OfficeState(title, error.detail, icon)
    if isinstance(error, Busy) and request.scope["method"] in SAFE:
        page = replace(page, again=address_of(request), pause_seconds=calm_seconds(error))
    elif isinstance(error, Busy):
        page = replace(page, detail=f"{error.detail} {GO_BACK}")
    answer = _drawn(request, page, error.status)
    if error.retry_after_seconds is not None:
        answer.headers["Retry-After"] = str(error.retry_after_seconds)
    return answer


def unroutable(request: AnyRequest, error: HTTPException) -> Response[str]:
    """No such page, or a form that cannot be read."""
    if error.status_code == 404:
        return refused(request, NotFound("There is no page at this address."))
    answer = _drawn(request, OfficeState("That did not work", error.detail), error.status_code)
    answer.headers.update(
        {name: value for name, value in (error.headers or {}).items() if name.lower() == "allow"}
    )
    return answer


def broken(request: AnyRequest, error: Exception) -> Response[str]:
    """A defect: whoever works here gets a reference to name, the log gets the rest."""
    reference = str(request.scope.get("state", {}).get("request_id", ""))
    log.error("defect", request_id=reference, exc_info=error)
    sentence = "This is a fault of ours, and it is written down. What you did before is kept."
    return _drawn(request, OfficeState("Something went wrong", sentence, reference=reference), 500)


def _drawn(request: AnyRequest, page: OfficeState, status: int) -> Response[str]:
    if "staff" in request.scope.get("state", {}):
        page = replace(page, frame=frame(request, ""))
    return drawn("office/state.html", page, status=status)
