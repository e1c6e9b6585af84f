"""What pages are made of: style sheets, scripts, colours, covers."""

import re
from pathlib import PurePosixPath
from typing import Final
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath

from foyer.domains.organizations import is_image
from foyer.kernel.color import theme
from foyer.kernel.errors import NotFound
from foyer.kernel.language import said
from foyer.kernel.media import media_at
from foyer.web.shared.cover import SHAPES, cover
from foyer.web.shared.render import (
    FOR_EVER,
    FOR_NOW,
    KINDS,
    AnyRequest,
    asset,
    image,
    packed,
    static_file,
    static_names,
)
from foyer.web.shared.visitor import desks, workshop

GZIP: Final = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))", re.IGNORECASE)
BRAND: Final = re.compile(r"([0-9a-f]{6})-([0-9a-f]{6})\.css")


KEEPER: Final = "keeper.js"
"""Serves pages that it does not stand beside: those of orders and tickets, below each shop."""
INERT: Final = {"Content-Security-Policy": "sandbox; default-src 'none'", "Content-Disposition": "inline"}
"""For what was uploaded: whatever a browser takes it for, it may do nothing."""


@get("/static/{version:str}/{file:path}", sync_to_thread=False)
def static(request: AnyRequest, version: FromPath[str], file: FromPath[PurePosixPath]) -> Response[bytes]:
    """A file of our own, compressed for whoever reads that. Under another version's address it is served, but not kept: an older process may be answering."""
    name = str(file).lstrip("/")
    if name not in static_names():
        raise NotFound(said("There is no such file."))
    headers = FOR_EVER if asset(name) == f"/static/{version}/{name}" else FOR_NOW
    if name == KEEPER:
        headers = {**headers, "Service-Worker-Allowed": "/"}
    small = packed(name)
    if small is None:
        return Response(static_file(name), media_type=KINDS[file.suffix], headers=headers)
    headers = {**headers, "Vary": "Accept-Encoding"}
    if not GZIP.search(request.headers.get("accept-encoding", "")):
        return Response(static_file(name), media_type=KINDS[file.suffix], headers=headers)
    return Response(small, media_type=KINDS[file.suffix], headers={**headers, "Content-Encoding": "gzip"})


@get("/theme/{colors:str}", sync_to_thread=False)
def colors_of(colors: FromPath[str]) -> Response[str]:
    """The style sheet of a brand. Its address holds the two colours it is made from, so it may be kept for ever."""
    named = BRAND.fullmatch(colors)
    if named is None:
        raise NotFound(said("There is no such style sheet."))
    css = theme(f"#{named[1]}", f"#{named[2]}").css()
    return Response(css, media_type="text/css", headers=FOR_EVER)


@get("/{slug:str}/covers/{event_id:uuid}/{file:str}")
async def event_cover(
    request: AnyRequest, slug: FromPath[str], event_id: FromPath[UUID], file: FromPath[str]
) -> Response[str]:
    """A cover drawn from the event's id and the shop's colours; it says nothing about whether the event exists."""
    size = SHAPES.get(file.removesuffix(".svg"))
    if size is None or not file.endswith(".svg"):
        raise NotFound(said("There is no such picture."))
    shop = await desks(request).window.shop(slug)
    return image(cover(event_id, shop.primary_color, shop.secondary_color, *size))


@get("/media/{organization_id:uuid}/{file:str}")
async def media(request: AnyRequest, organization_id: FromPath[UUID], file: FromPath[str]) -> Response[bytes]:
    """A picture that this organization has uploaded; nothing in it can act, whatever a browser takes it for."""
    named = media_at(f"/media/{organization_id}/{file}")
    if named is not None:
        house = workshop(request)
        async with house.database.read(organization_id) as tx:
            is_theirs = await is_image(tx, named)
        if is_theirs and (content := await house.files.get(named.content_hash)) is not None:
            return Response(content, media_type=named.media_type, headers={**FOR_EVER, **INERT})
    raise NotFound(said("There is no such picture."))


ROUTES = [static, media, colors_of, event_cover]
