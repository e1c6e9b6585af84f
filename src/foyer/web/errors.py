"""Everything that ends a way, as a designed page."""

from collections.abc import Sequence
from typing import Any

import structlog
from litestar import Response
from litestar.datastructures import Cookie
from litestar.exceptions import HTTPException

from foyer.domains.organizations.types import Shop
from foyer.kernel.errors import Busy, FoyerError, NotFound, Unauthenticated
from foyer.kernel.language import said
from foyer.web.shared.language import speak_now
from foyer.web.shared.pages import StateKind, StatePage
from foyer.web.shared.render import AnyRequest, drawn
from foyer.web.shared.retrying import Retrying
from foyer.web.shared.staff import to_sign_in
from foyer.web.shared.visitor import desks

log = structlog.get_logger("foyer.web")

KINDS = {
    "not_found": StateKind.NOT_FOUND,
    "no_wallet": StateKind.NOT_FOUND,
    "forbidden": StateKind.FORBIDDEN,
    "cart_expired": StateKind.CART_EXPIRED,
    "sold_out": StateKind.SOLD_OUT,
    "not_on_sale": StateKind.NOT_ON_SALE,
}


def refused(request: AnyRequest, error: FoyerError, *, cookies: Sequence[Cookie] = ()) -> Response[Any]:
    """The page of an expected refusal, in the colours of the shop where one is known."""
    speak_now(request)
    if isinstance(error, Unauthenticated):
        return to_sign_in(request)
    if isinstance(error, Busy):
        return Retrying(error, _shop(request), cookies)
    kind = KINDS.get(error.code, StateKind.WRONG)
    known = kind is not StateKind.WRONG
    page = StatePage(
        kind=kind,
        shop=_shop(request),
        headline="" if known else error.title,
        sentence=error.detail if kind is not StateKind.CART_EXPIRED else "",
    )
    answer = drawn("shop/state.html", page, status=error.status)
    if error.retry_after_seconds is not None:
        answer.headers["Retry-After"] = str(error.retry_after_seconds)
    return answer


def unroutable(request: AnyRequest, error: HTTPException) -> Response[Any]:
    """No such page, or a form that cannot be read."""
    if error.status_code == 404:
        return refused(request, NotFound(said("There is nothing at this address.")))
    speak_now(request)
    page = StatePage(
        kind=StateKind.WRONG,
        headline=said("That did not work"),
        sentence=said("What was sent here could not be read. Go back and try once more."),
    )
    answer = drawn("shop/state.html", page, status=error.status_code)
    answer.headers.update(
        {name: value for name, value in (error.headers or {}).items() if name.lower() == "allow"}
    )
    return answer


def broken(request: AnyRequest, error: Exception) -> Response[str]:
    """A defect: the buyer gets a way on and a reference, the log gets the rest."""
    speak_now(request)
    reference = str(request.scope.get("state", {}).get("request_id", ""))
    log.error("defect", request_id=reference, exc_info=error)
    return drawn("shop/state.html", StatePage(kind=StateKind.WRONG, reference=reference), status=500)


def _shop(request: AnyRequest) -> Shop | None:
    """The shop whose address this is, if it is one."""
    return desks(request).window.lately(request.scope["path"].strip("/").partition("/")[0])
