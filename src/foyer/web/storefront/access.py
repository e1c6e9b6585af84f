"""Access links: their address opens the event once, and a cookie keeps it open in that browser.

The address of the event stays without the secret, so that it is in no history, picture or referrer that is shared.
"""

from typing import Final

from litestar import get
from litestar.datastructures import Cookie
from litestar.params import FromPath
from litestar.response import Redirect

from foyer.domains.carts import Shown
from foyer.domains.carts.types import Offer
from foyer.domains.events.types import EventPublic
from foyer.domains.organizations.types import Shop
from foyer.kernel.errors import NotFound
from foyer.web.shared.render import AnyRequest
from foyer.web.shared.visitor import DAY_SECONDS, cookie_in, cookie_name, desks

KEPT_DAYS: Final = 90


@get("/{slug:str}/access/{secret:str}")
async def open_link(request: AnyRequest, slug: FromPath[str], secret: FromPath[str]) -> Redirect:
    shop = await desks(request).window.shop(slug)
    event = (await desks(request).front.by_link(shop.id, secret)).now.event
    headers = {"Cache-Control": "private, no-store"}
    kept = [_cookie(request, shop, event, secret)]
    return Redirect(_page_of(shop, event), status_code=303, cookies=kept, headers=headers)


def access_key(request: AnyRequest) -> str | None:
    """The secret of the link that this browser has opened the event with; for nearly everybody there is none.

    Read from the bare headers, for this stands before a page that is drawn already.
    """
    for name, value in request.scope["headers"]:
        if name == b"cookie":
            return cookie_in(value.decode("latin-1"), _name(request))
    return None


async def by_link(request: AnyRequest, shop: Shop, event_slug: str) -> Shown[Offer] | None:
    """The event as the bearer of a link sees it; None for whoever has none, or one that holds no more."""
    secret = access_key(request)
    if secret is None:
        return None
    try:
        shown = await desks(request).front.by_link(shop.id, secret)
    except NotFound:
        return None
    return shown if shown.now.event.slug == event_slug else None


async def seen(request: AnyRequest, shop: Shop, event_slug: str) -> Shown[Offer]:
    """The event as this visitor sees it.

    Raises:
        NotFound: there is no such event, or none that this visitor may see.
    """
    return await by_link(request, shop, event_slug) or await desks(request).front.event(shop.id, event_slug)


def _name(request: AnyRequest) -> str:
    return cookie_name(request, "foyer-access", "__Secure-")


def _page_of(shop: Shop, event: EventPublic) -> str:
    return f"/{shop.slug}/events/{event.slug}"


def _cookie(request: AnyRequest, shop: Shop, event: EventPublic, secret: str) -> Cookie:
    name = _name(request)
    return Cookie(
        key=name,
        value=secret,
        path=_page_of(shop, event),
        httponly=True,
        secure=name.startswith("__"),
        samesite="lax",
        max_age=KEPT_DAYS * DAY_SECONDS,
    )


ROUTES = [open_link]
