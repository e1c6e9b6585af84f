"""For search engines and messengers: which addresses there are, which lead nowhere, and the picture beside a shared one."""

from collections.abc import Iterable
from html import escape
from typing import Any, Final

from litestar import MediaType, Response, get
from litestar.params import FromPath

from foyer.domains.events import listed_addresses
from foyer.domains.organizations import shops_on_show
from foyer.infra.ready import Tagged
from foyer.kernel.language import LANGUAGES
from foyer.web.shared.card import PNG, Card, card_png, event_card, shop_card
from foyer.web.shared.render import FOR_EVER, FOR_NOW, AnyRequest, tongue
from foyer.web.shared.visitor import base_url, desks, workshop
from foyer.web.shared.words import LANGUAGE

ENTRIES_MAX: Final = 50_000
"""More than this no sitemap holds."""
NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
# Pages that ask not to be found are not listed here: whoever may not open a page does not see that it asks.
NOWHERE: Final = ("/api/", "/office/", "/door/", "/dev/", "/*/access/", "/*/events/*/live")


@get("/robots.txt", sync_to_thread=False)
def robots(request: AnyRequest) -> Response[str]:
    rules = "".join(f"Disallow: {path}\n" for path in NOWHERE)
    text = f"User-agent: *\n{rules}\nSitemap: {base_url(request)}/sitemap.xml\n"
    return Response(text, media_type=MediaType.TEXT, headers={"Cache-Control": "public, max-age=3600"})


@get("/sitemap.xml")
async def sitemaps(request: AnyRequest) -> Response[Any]:
    """The sitemap of every shop with an event that everybody may see; a shop without one is not told of."""
    base = base_url(request)
    slugs = await shops_on_show(desks(request).database, ENTRIES_MAX)
    return _sitemap("sitemapindex", "sitemap", ((f"{base}/{slug}/sitemap.xml", "") for slug in slugs)).to(
        request
    )


@get("/{slug:str}/sitemap.xml")
async def sitemap(request: AnyRequest, slug: FromPath[str]) -> Response[Any]:
    """A shop's home and its public events that are not over."""
    shop = await desks(request).window.shop(slug)
    home = f"{base_url(request)}/{shop.slug}"
    async with desks(request).database.read(shop.id) as tx:
        events = await listed_addresses(tx, ENTRIES_MAX - 1)
    entries = [(f"{home}/events/{slug}", f"{changed:%Y-%m-%dT%H:%M:%SZ}") for slug, changed in events]
    return _sitemap("urlset", "url", [(home, ""), *entries]).to(request)


def _sitemap(root: str, kind: str, entries: Iterable[tuple[str, str]]) -> Tagged[Any]:
    """A sitemap of addresses, each with the moment of its last change where that is known."""
    lines = [
        f"<{kind}><loc>{escape(address)}</loc>{f'<lastmod>{changed}</lastmod>' if changed else ''}</{kind}>"
        for address, changed in entries
    ]
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{NAMESPACE}">\n'
    return Tagged(f"{head}{chr(10).join(lines)}\n</{root}>\n".encode(), "application/xml")


@get("/{slug:str}/card.png")
async def card_of_shop(request: AnyRequest, slug: FromPath[str]) -> Response[bytes]:
    tag = _tag(request)
    return await _card(request, tag, shop_card(await desks(request).window.shop(slug)))


@get("/{slug:str}/events/{event_slug:str}/card.png")
async def card_of_event(
    request: AnyRequest, slug: FromPath[str], event_slug: FromPath[str]
) -> Response[bytes]:
    house, tag = desks(request), _tag(request)
    shop = await house.window.shop(slug)
    event = (await house.front.event(shop.id, event_slug)).now.event
    return await _card(request, tag, event_card(shop, event))


def _tag(request: AnyRequest) -> str:
    """The tag a picture is asked for by; what is drawn from here on is in its language."""
    tag: str = request.scope["query_string"].decode("latin-1")
    if (language := tag.partition("-")[0]) in LANGUAGES:
        LANGUAGE.set(language)
    return tag


async def _card(request: AnyRequest, tag: str, card: Card) -> Response[bytes]:
    """The picture as it is now. Only under its own tag may it be kept: the address of a former one shows the one of today."""
    content = await card_png(workshop(request), card)
    headers = FOR_EVER if tag == card.tag else {**FOR_NOW, **tongue()}
    return Response(content, media_type=PNG, headers=headers)


ROUTES = [robots, sitemaps, sitemap, card_of_shop, card_of_event]
