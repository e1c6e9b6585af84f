"""HTML: the pages of the shop, of the office and of the door, which work without a script."""

from collections.abc import Sequence
from typing import Any

from litestar import Response
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler

from foyer.infra.rooms import Room
from foyer.kernel.access import PUBLIC, declares
from foyer.kernel.errors import Busy, FoyerError
from foyer.web import dev, door, entrance, errors, office, storefront
from foyer.web.shared.language import speak
from foyer.web.shared.origin import same_origin
from foyer.web.shared.request import FormRequest, UnroutedRequest

BODY_BYTES_MAX = 256 * 1024

unroutable, broken = errors.unroutable, errors.broken


def router() -> Room:
    """Every page. What only reads has no guard against forms of other sites: it takes none, and any guard costs a copy of the handler."""
    shop = Room("/", route_handlers=_reading(storefront.ROUTES), before_request=speak)
    selling = Room("/", route_handlers=_others(storefront.ROUTES), before_request=speak, guards=[same_origin])
    english = [*entrance.ROUTES, *dev.ROUTES, *storefront.FILES]
    return Room(
        "/",
        route_handlers=[
            shop,
            selling,
            Room("/", route_handlers=_reading(english)),
            Room(
                "/",
                route_handlers=[*_others(english), office.router(), door.router()],
                guards=[same_origin],
            ),
        ],
        opt=declares(PUBLIC),
        exception_handlers={
            FoyerError: errors.refused,
            HTTPException: errors.unroutable,
            Exception: errors.broken,
        },
        request_class=FormRequest,
        request_max_body_size=BODY_BYTES_MAX,
        include_in_schema=False,
    )


def _reading(handlers: Sequence[HTTPRouteHandler]) -> list[HTTPRouteHandler]:
    return [one for one in handlers if one.http_methods == {"GET"}]


def _others(handlers: Sequence[HTTPRouteHandler]) -> list[HTTPRouteHandler]:
    return [one for one in handlers if one.http_methods != {"GET"}]


def turned_away(request: UnroutedRequest) -> Response[Any]:
    """The answer to whom there is no room for, in the look of the part that was asked for."""
    refused = {"office": office.errors.refused, "door": door.errors.refused}
    room = request.scope["path"].split("/")[1]
    return refused.get(room, errors.refused)(request, Busy())


__all__ = ["UnroutedRequest", "broken", "router", "turned_away", "unroutable"]
