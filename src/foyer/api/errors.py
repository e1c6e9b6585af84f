"""Problem details (RFC 9457): every answer of the API that is not a success."""

from http import HTTPStatus
from typing import get_type_hints

import msgspec
import structlog
from litestar import Response
from litestar.exceptions import HTTPException
from litestar.handlers import BaseRouteHandler
from litestar.params import ParameterKwarg

from foyer.api.refusals import TOO_LARGE
from foyer.api.requests import AnyRequest, explain
from foyer.kernel.errors import FoyerError, Invalid
from foyer.kernel.wire import Wire

log = structlog.get_logger("foyer.api")

_CODES = {
    400: "malformed", 401: "unauthenticated", 403: "forbidden", 404: "not_found", 405: "method_not_allowed",
    413: "too_large", 415: "malformed",
}  # fmt: skip


class ProblemField(Wire, frozen=True):
    """One field of several that are wrong."""

    field: str
    code: str
    detail: str


class Problem(Wire, frozen=True, omit_defaults=True):
    """What went wrong: `code` is stable and for programs, `detail` is for people."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    field: str | None = None
    errors: list[ProblemField] = []
    request_id: str | None = None


def refused(request: AnyRequest, error: FoyerError) -> Response[bytes]:
    """The answer to an expected refusal."""
    headers = {}
    if error.retry_after_seconds is not None:
        headers["Retry-After"] = str(error.retry_after_seconds)
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    problem = Problem(
        type=_type(error.code),
        title=error.title,
        status=error.status,
        code=error.code,
        detail=error.detail,
        field=error.field,
        errors=[ProblemField(field=one.field, code=one.code, detail=one.detail) for one in error.findings],
        request_id=_request_id(request),
    )
    return _answer(problem, headers)


def unroutable(request: AnyRequest, error: HTTPException) -> Response[bytes]:
    """The answer to what the framework itself refuses: no such path, wrong method, a parameter of the wrong kind."""
    if isinstance(error.extra, list) and error.extra:
        first = error.extra[0]
        handler, key = request.scope["route_handler"], str(first.get("key", ""))
        finding = explain(f"{first.get('message', '')} - at `$.{key}`", handler.signature_model)
        return refused(request, Invalid(finding.detail, field=_sent_as(handler, key) or finding.field))
    status = error.status_code
    title = HTTPStatus(status).phrase
    detail = (
        error.detail if status not in {404, 405} else f"{title}: {request.method} {request.scope['path']}."
    )
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        detail = TOO_LARGE[1][1]
    headers = {name: value for name, value in (error.headers or {}).items() if name.lower() == "allow"}
    return _answer(_plain(request, status, _CODES.get(status, "malformed"), title, detail), headers)


def _sent_as(handler: BaseRouteHandler, key: str) -> str | None:
    """What a caller calls the parameter that the handler knows by this name, where the two differ."""
    hint = get_type_hints(handler.fn, include_extras=True).get(key)
    kinds = [one for one in getattr(hint, "__metadata__", ()) if isinstance(one, ParameterKwarg)]
    return kinds[-1].name if kinds else None


def broken(request: AnyRequest, error: Exception) -> Response[bytes]:
    """The answer to a defect: nothing of it leaves the house but the id to find it by."""
    log.error("defect", request_id=_request_id(request), exc_info=error)
    sentence = "This is our mistake; the request id helps to find it."
    return _answer(_plain(request, 500, "internal", "Something went wrong", sentence))


def _plain(request: AnyRequest, status: int, code: str, title: str, detail: str) -> Problem:
    return Problem(
        type=_type(code),
        title=title,
        status=status,
        code=code,
        detail=detail,
        request_id=_request_id(request),
    )


def _type(code: str) -> str:
    return f"urn:foyer:problem:{code}"


def _answer(problem: Problem, headers: dict[str, str] | None = None) -> Response[bytes]:
    return Response(
        msgspec.json.encode(problem, enc_hook=str),  # sentences that could be told in other languages too
        status_code=problem.status,
        headers={"Cache-Control": "no-store", **(headers or {})},
        media_type="application/problem+json",
    )


def _request_id(request: AnyRequest) -> str | None:
    return request.scope.get("state", {}).get("request_id")
