"""Every refusal a route can give, from what it declares; the codes are those of the kernel and of the framework's own answers."""

from collections.abc import Iterator
from typing import Any, Final

from foyer.api.contract import IDEMPOTENCY_KEY, IF_MATCH, Contract
from foyer.infra.files import UPLOAD_BYTES_MAX
from foyer.kernel.access import Access
from foyer.kernel.errors import (
    Busy,
    Conflict,
    Forbidden,
    FoyerError,
    IdempotencyMismatch,
    Invalid,
    Malformed,
    NotFound,
    PreconditionFailed,
    Unauthenticated,
)

Known = tuple[str, str]
"""A code and its sentence."""
BODY_BYTES_MAX: Final = 256 * 1024
TOO_LARGE: Final = (
    413,
    (
        "too_large",
        f"The body is larger than is taken here: {BODY_BYTES_MAX // 1024} kB, or {UPLOAD_BYTES_MAX // 1024 // 1024} MB of a picture.",
    ),
)
BROKEN: Final = (500, ("internal", "Our mistake; the request id finds it in the log."))
WRITING: Final = {"post", "put", "patch"}


def refusals_of(who: Access, contract: Contract, method: str, places: set[str]) -> dict[int, list[Known]]:
    """Codes and sentences by status, in order.

    Args:
        who: may call the route.
        contract: what the route declares.
        method: in small letters.
        places: where it has parameters: `path`, `query`, `header`.
    """
    found: dict[int, dict[str, str]] = {}
    for status, (code, sentence) in _all(who, contract, method, places):
        found.setdefault(status, {})[code] = sentence
    return {status: sorted(codes.items()) for status, codes in sorted(found.items())}


def _all(who: Access, contract: Contract, method: str, places: set[str]) -> Iterator[tuple[int, Known]]:
    yield from (_known(kind) for kind in (Malformed, Busy, *contract.refuses))
    yield BROKEN
    if who.kind != "public":
        yield _known(Unauthenticated)
    if who.kind in {"permission", "device"}:
        yield _known(Forbidden)
    if "path" in places:
        yield _known(NotFound)
    if places or contract.honours or method in WRITING:
        yield _known(Invalid)
    if method in WRITING:
        yield TOO_LARGE
    if IF_MATCH in contract.honours:
        yield _known(PreconditionFailed)
    if IDEMPOTENCY_KEY in contract.honours:
        yield _known(IdempotencyMismatch)
    if IDEMPOTENCY_KEY in contract.honours and who.kind != "public":  # the keys of carts wait for each other
        yield _known(Conflict)


def _known(kind: type[FoyerError]) -> tuple[int, Known]:
    return kind.status, (kind.code, " ".join((kind.__doc__ or kind.title).split()))


def headers_of(status: int) -> dict[str, Any]:
    """The headers that come with a refusal."""
    if status in {429, 503}:
        return {
            "Retry-After": {
                "description": "Seconds to wait.",
                "required": True,
                "schema": {"type": "integer", "minimum": 1},
            }
        }
    if status == 401:
        return {"WWW-Authenticate": {"required": True, "schema": {"type": "string"}}}
    return {}
