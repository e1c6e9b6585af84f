"""What becomes of an event's tickets while its page is open: told as it happens, or asked from time to time.

The page in a frame on other websites heeds no access link, so what is told there heeds none either.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, cast

import msgspec
from litestar import Response, get
from litestar.params import FromPath
from litestar.response import Redirect

from foyer.domains.carts import Shown
from foyer.domains.carts.types import Offer
from foyer.domains.organizations.types import Shop
from foyer.infra.ready import Tagged
from foyer.infra.streams import Streams
from foyer.web.shared.pages import EventPage
from foyer.web.shared.render import AnyRequest, tongue
from foyer.web.shared.visitor import desks
from foyer.web.shared.words import LANGUAGE
from foyer.web.storefront.access import access_key, by_link, seen
from foyer.web.storefront.browse import event_page_of
from foyer.web.storefront.kept import kept


@get("/{slug:str}/events/{event_slug:str}/live")
async def live(request: AnyRequest, slug: FromPath[str], event_slug: FromPath[str]) -> Response[Any]:
    """A stream; whoever finds it full asks for `live.json` instead."""
    shop = await desks(request).window.shop(slug)
    if shop.slug != slug:
        return Redirect(f"/{shop.slug}/events/{event_slug}/live", status_code=301)
    # Only a key that opens something has a channel of its own: made up ones would cost a question a second each.
    key = access_key(request) if await by_link(request, shop, event_slug) else None
    return await _stream(request, shop, event_slug, key, partial(seen, request, shop, event_slug))


@get("/{slug:str}/events/{event_slug:str}/widget/live")
async def live_in_frame(request: AnyRequest, slug: FromPath[str], event_slug: FromPath[str]) -> Response[Any]:
    shop = await desks(request).window.shop(slug)
    if shop.slug != slug:
        return Redirect(f"/{shop.slug}/events/{event_slug}/widget/live", status_code=301)
    return await _stream(
        request, shop, event_slug, None, partial(desks(request).front.event, shop.id, event_slug)
    )


@get("/{slug:str}/events/{event_slug:str}/live.json")
async def live_now(request: AnyRequest, slug: FromPath[str], event_slug: FromPath[str]) -> Response[Any]:
    shop = await desks(request).window.shop(slug)
    return _answer(request, shop, await seen(request, shop, event_slug))


@get("/{slug:str}/events/{event_slug:str}/widget/live.json")
async def live_now_in_frame(
    request: AnyRequest, slug: FromPath[str], event_slug: FromPath[str]
) -> Response[Any]:
    shop = await desks(request).window.shop(slug)
    return _answer(request, shop, await desks(request).front.event(shop.id, event_slug))


async def _stream(
    request: AnyRequest,
    shop: Shop,
    event_slug: str,
    key: str | None,
    find: Callable[[], Awaitable[Shown[Offer]]],
) -> Response[Any]:
    language = LANGUAGE.get()

    async def look() -> bytes:
        LANGUAGE.set(language)
        return _news(shop, await find())

    streams = cast("Streams", request.app.state.streams)
    return await streams.listen(("page", shop.id, event_slug, key, language), look)


def _answer(request: AnyRequest, shop: Shop, shown: Shown[Offer]) -> Response[Any]:
    return Tagged(_news(shop, shown), "application/json", tongue()).to(request)


def _news(shop: Shop, shown: Shown[Offer]) -> bytes:
    return kept(shown, "news", shop, lambda: _told(event_page_of(shop, shown.now)))


def _told(page: EventPage) -> bytes:
    """What the page says of each ticket type, and nothing that it does not say."""
    types = [
        {
            "id": one.id,
            "isOpen": page.is_open(one),
            "most": page.most(one),
            "total": one.total,
            "standing": page.standing(one),
        }
        for one in page.types
    ]
    return msgspec.json.encode({"state": page.state, "types": types})


ROUTES = [live, live_now, live_in_frame, live_now_in_frame]
