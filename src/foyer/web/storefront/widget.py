"""The shop inside other websites: a frame in which tickets are chosen; what follows happens in the shop itself.

No cookie is set in the frame, and none is heeded there but that of the language: browsers keep most of them from it, and its
page is the same for everybody who reads that language.
"""

from dataclasses import replace
from typing import Any, Final

from litestar import Response, get
from litestar.params import FromPath
from litestar.response import Redirect

from foyer.infra.ready import Tagged
from foyer.web.shared.filters import home_url
from foyer.web.shared.pages import HomePage, OfferCard
from foyer.web.shared.render import FRAMED, AnyRequest, for_everybody, static_file
from foyer.web.shared.visitor import desks
from foyer.web.storefront.browse import WHOLE, event_page_of
from foyer.web.storefront.kept import kept

SCRIPT: Final = "widget.js"
FOR_AN_HOUR: Final = {"Cache-Control": "public, max-age=3600", "Cross-Origin-Resource-Policy": "cross-origin"}
"""Its address stands in pages that we cannot change, so it stays the same and is asked for again soon."""


@get("/widget.js", sync_to_thread=False)
def script() -> Response[bytes]:
    """What turns a link to an event, on any website, into the frame."""
    return Response(static_file(SCRIPT), media_type="text/javascript", headers=FOR_AN_HOUR)


@get("/{slug:str}/widget")
async def home_widget(request: AnyRequest, slug: FromPath[str]) -> Response[Any]:
    house = desks(request)
    shop = await house.window.shop(slug)
    if shop.slug != slug:
        return Redirect(f"/{shop.slug}/widget", status_code=301)
    shown = await house.front.events(shop.id, WHOLE)

    def draw() -> Tagged[Any]:
        found = shown.now
        more = f"{home_url(shop)}?cursor={found.next_cursor}" if found.next_cursor else None
        page = HomePage(shop=shop, offers=[OfferCard.of(one) for one in found.offers], next_href=more)
        return for_everybody("shop/widget_home.html", page, policy=FRAMED)

    return kept(shown, "widget", shop, draw).to(request)


@get("/{slug:str}/events/{event_slug:str}/widget")
async def event_widget(request: AnyRequest, slug: FromPath[str], event_slug: FromPath[str]) -> Response[Any]:
    house = desks(request)
    shop = await house.window.shop(slug)
    if shop.slug != slug:
        return Redirect(f"/{shop.slug}/events/{event_slug}/widget", status_code=301)
    shown = await house.front.event(shop.id, event_slug)

    def draw() -> Tagged[Any]:
        page = replace(event_page_of(shop, shown.now), is_framed=True)
        return for_everybody("shop/widget_event.html", page, policy=FRAMED)

    return kept(shown, "widget", shop, draw).to(request)


ROUTES = [script, home_widget, event_widget]
