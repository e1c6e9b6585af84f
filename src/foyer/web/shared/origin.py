"""Who may send a form: pages of this very site, told by headers that no page of another site can set."""

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from foyer.kernel.errors import Forbidden
from foyer.kernel.language import said

SAFE = {"GET", "HEAD", "OPTIONS"}
ONE_CLICK = "one_click"
"""The `opt` of a route that servers of mail programs post to (RFC 8058): its address holds the key, and it reads no cookie."""


async def same_origin(connection: ASGIConnection, handler: BaseRouteHandler) -> None:  # type: ignore[type-arg]
    """Refuse an unsafe request that another site has caused (Fetch Metadata, RFC 6454 Origin).

    Raises:
        Forbidden: the browser says that it comes from elsewhere, or nothing says where it comes from.
    """
    if connection.scope["method"] in SAFE or handler.opt.get(ONE_CLICK):  # type: ignore[typeddict-item]
        return
    if not is_our_own(connection):
        raise Forbidden(said("This form was not sent from our own page; please open the page and try again."))


def is_our_own(connection: ASGIConnection) -> bool:  # type: ignore[type-arg]
    """Whether the browser says that a page of this site has sent the form."""
    site = connection.headers.get("sec-fetch-site")
    if site is None:
        origin = connection.headers.get("origin")
        return origin is not None and origin.partition("://")[2] == connection.headers.get("host")
    return site in {"same-origin", "none"}
