"""What a shop shows in the API: encoded once for however many ask, and not sent again to who has it."""

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from litestar import Response

from foyer.api.access import access_of, acting
from foyer.api.requests import AnyRequest, desks
from foyer.domains.carts import Shown
from foyer.infra.ready import Tagged
from foyer.kernel.wire import Wire

Seen = TypeVar("Seen")
Answer = TypeVar("Answer", bound=Wire)
STAFF = "permission"


def unless_known(
    request: AnyRequest, name: str, shown: Shown[Seen], answer: Callable[[Seen], Answer]
) -> Response[Answer]:
    """An answer with a weak tag, or 304 where `If-None-Match` names it.

    Args:
        request: whose answer it is.
        name: what kind of answer it is.
        shown: what is told.
        answer: puts it into the shape that is sent.
    """
    before: tuple[Seen, Tagged[Any]] | None = shown.made.get(name)
    if before is None or before[0] is not shown.now:
        body = msgspec.json.encode(answer(shown.now))
        before = shown.made[name] = shown.now, Tagged(body, "application/json", tag=shown.tag)
    return before[1].to(request)


async def show_what_changed(request: AnyRequest) -> None:
    """Who has just changed something sees it in the shop at once; so does everybody whom this process serves."""
    if request.method != "GET" and access_of(request.route_handler).kind == STAFF:
        desks(request).forget_shown(acting(request).organization_id)
