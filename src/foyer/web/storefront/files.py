"""What pages are made of: style sheets, scripts, colours, covers."""

from typing import Final
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath

from foyer.kernel.color import theme
from foyer.kernel.errors import NotFound
from foyer.web.shared.cover import SHAPES, cover
from foyer.web.shared.filters import theme_url
from foyer.web.shared.render import FOR_EVER, FOR_NOW, KINDS, STATIC, AnyRequest, asset, image, static_names
from foyer.web.shared.visitor import desks

HOUSE: Final = ("#4b4553", "#c98a1b")
"""Colours of pages that belong to no shop."""


@get("/static/{version:str}/{name:str}", sync_to_thread=False)
def static(version: FromPath[str], name: FromPath[str]) -> Response[bytes]:
    """A file of our own. Under another version's address it is served, but not kept: an older process may be answering."""
    if name not in static_names():
        raise NotFound("There is no such file.")
    path = STATIC / name
    headers = FOR_EVER if asset(name) == f"/static/{version}/{name}" else FOR_NOW
    return Response(path.read_bytes(), media_type=KINDS[path.suffix], headers=headers)


@get("/theme.css", sync_to_thread=False)
def house_theme() -> Response[str]:
    return Response(theme(*HOUSE).css(), media_type="text/css", headers=FOR_NOW)


@get("/{slug:str}/theme.css")
async def shop_theme(request: AnyRequest, slug: FromPath[str]) -> Response[str]:
    shop = await desks(request).window.shop(slug)
    is_named = theme_url(shop) == f"{request.url.path}?{request.url.query}"
    css = theme(shop.primary_color, shop.secondary_color).css()
    return Response(css, media_type="text/css", headers=FOR_EVER if is_named else FOR_NOW)


@get("/{slug:str}/covers/{event_id:uuid}/{file:str}")
async def event_cover(
    request: AnyRequest, slug: FromPath[str], event_id: FromPath[UUID], file: FromPath[str]
) -> Response[str]:
    """A cover drawn from the event's id and the shop's colours; it says nothing about whether the event exists."""
    size = SHAPES.get(file.removesuffix(".svg"))
    if size is None or not file.endswith(".svg"):
        raise NotFound("There is no such picture.")
    shop = await desks(request).window.shop(slug)
    return image(cover(event_id, shop.primary_color, shop.secondary_color, *size))


ROUTES = [static, house_theme, shop_theme, event_cover]
