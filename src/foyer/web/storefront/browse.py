"""Looking around: the start, a shop's home, an event."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from markupsafe import Markup

from foyer.domains.carts import HOLD, CartEdit, EditAsk, ReserveAsk, held_by, offer, regular_lines
from foyer.domains.carts import cart as cart_by_id
from foyer.domains.carts.types import Cart, CartStatus, Listed, Listing, Offer, WantedLine
from foyer.domains.events import grant_of
from foyer.domains.events.types import Grant
from foyer.domains.organizations.types import Shop
from foyer.domains.tickets import CALENDAR, event_calendar
from foyer.infra.batching import Counter
from foyer.infra.ready import Tagged
from foyer.kernel.errors import Busy, Finding, FoyerError, Invalid, NotFound
from foyer.kernel.ids import uuid7
from foyer.kernel.language import said
from foyer.kernel.paging import read_cursor
from foyer.web import errors
from foyer.web.shared.filters import home_url
from foyer.web.shared.pages import (
    CHANGES_FIELD,
    QUANTITY_FIELD,
    SPANS,
    EventPage,
    HomePage,
    LandingPage,
    OfferCard,
    event_seen,
    shop_seen,
    with_held,
)
from foyer.web.shared.render import AnyRequest, drawn, for_everybody, paper
from foyer.web.shared.visitor import base_url, desks, leaving, session_cookie, session_of
from foyer.web.shared.words import LANGUAGE
from foyer.web.storefront.access import access_key, by_link, seen
from foyer.web.storefront.kept import kept

EVENTS_ON_HOME = 24
WHOLE = Listing(limit=EVENTS_ON_HOME)
"""What a home shows to whoever looks for nothing else."""
SEARCH_MAX = 100
EVENT = "shop/event.html"
DIGITS_MAX = 6
"""Digits of a quantity that are read; what is longer is more than any order takes."""


@get("/", sync_to_thread=False)
def landing(request: AnyRequest) -> Response[str]:
    return drawn("landing.html", LandingPage(can_sign_up=request.app.state.settings.sign_up))


@get("/{slug:str}")
async def home(
    request: AnyRequest,
    slug: FromPath[str],
    q: FromQuery[str | None] = None,
    category: FromQuery[str | None] = None,
    days: FromQuery[str | None] = None,
    cursor: FromQuery[str | None] = None,
) -> Response[Any]:
    house = desks(request)
    shop = await house.window.shop(slug)
    if shop.slug != slug:
        return Redirect(f"/{shop.slug}", status_code=301)
    listing = Listing(
        limit=EVENTS_ON_HOME,
        search=(q or "").strip()[:SEARCH_MAX] or None,
        category=(category or "").strip() or None,
        days=next((one for one in SPANS if one is not None and str(one) == days), None),
        cursor=known_cursor(cursor),
    )
    shown = await house.front.events(shop.id, listing)
    return kept(shown, "home", shop, lambda: _home(shop, listing, shown.now, base_url(request))).to(request)


def _home(shop: Shop, listing: Listing, found: Listed, base: str) -> Tagged[Any]:
    search, kind = listing.search or "", listing.category or ""
    more = home_url(shop, search, kind, listing.days)
    joint = "&" if "?" in more else "?"
    page = HomePage(
        shop=shop,
        offers=[OfferCard.of(one) for one in found.offers],
        categories=found.categories,
        q=search,
        category=kind,
        days=listing.days,
        next_href=f"{more}{joint}cursor={found.next_cursor}" if found.next_cursor else None,
        seen=shop_seen(shop, [one.event for one in found.offers], base) if listing == WHOLE else None,
    )
    return for_everybody("shop/home.html", page)


def known_cursor(cursor: str | None) -> str | None:
    """A cursor of ours; whoever comes with another one, out of an old or broken link, begins at the first page."""
    try:
        read_cursor(cursor)
    except Invalid:
        return None
    return cursor


@get("/{slug:str}/events/{event_slug:str}")
async def event_page(request: AnyRequest, slug: FromPath[str], event_slug: FromPath[str]) -> Response[Any]:
    house = desks(request)
    shop = await house.window.shop(slug)
    if shop.slug != slug:
        return Redirect(f"/{shop.slug}/events/{event_slug}", status_code=301)
    if access_key(request) and (granted := await by_link(request, shop, event_slug)):
        page = event_page_of(shop, granted.now, is_by_link=True)
        return drawn(EVENT, page, headers={"X-Robots-Tag": "noindex"})
    shown = await house.front.event(shop.id, event_slug)
    return kept(shown, "page", shop, lambda: _event(shop, shown.now, base_url(request))).to(request)


def _event(shop: Shop, found: Offer, base: str) -> Tagged[Any]:
    page = replace(event_page_of(shop, found), seen=event_seen(shop, found, base))
    return for_everybody(EVENT, page)


@get("/{slug:str}/events/{event_slug:str}/calendar.ics")
async def event_in_calendar(
    request: AnyRequest, slug: FromPath[str], event_slug: FromPath[str]
) -> Response[bytes]:
    shop = await desks(request).window.shop(slug)
    event = (await seen(request, shop, event_slug)).now.event
    address = f"{base_url(request)}/{shop.slug}/events/{event.slug}"
    async with desks(request).database.read(shop.id) as tx:
        content = await event_calendar(tx, event.id, address=address, language=LANGUAGE.get())
    return paper(content, f"{event.slug}.ics", CALENDAR)


@get("/{slug:str}/events/{event_slug:str}/tickets")
async def choose_anew(
    request: AnyRequest, slug: FromPath[str], event_slug: FromPath[str], cart: FromQuery[UUID | None] = None
) -> Response[Any]:
    """The event with what this browser holds of it chosen; whoever holds nothing is led to the event, or to their order."""
    shop = await desks(request).window.shop(slug)
    grant, found = await _offer(request, shop, event_slug)
    async with desks(request).database.read(shop.id) as tx:
        held = await cart_by_id(tx, cart) if cart else None
    is_own = held is not None and held.session_id == session_of(request) and held.event_id == found.event.id
    if held is None or not is_own or held.status not in {CartStatus.ACTIVE, CartStatus.CONVERTED}:
        return Redirect(f"/{shop.slug}/events/{found.event.slug}", status_code=303)
    if held.status is CartStatus.CONVERTED:
        return Redirect(f"/{shop.slug}/carts/{held.id}", status_code=303)
    chosen = {line.ticket_type_id: line.quantity for line in held.items}
    page = event_page_of(shop, found, chosen, held=chosen, is_by_link=grant is not None)
    return drawn(EVENT, replace(page, changes=held.id), headers={"X-Robots-Tag": "noindex"})


@get("/{slug:str}/events/{event_slug:str}/reserve", sync_to_thread=False)
def back_to_event(slug: FromPath[str], event_slug: FromPath[str]) -> Redirect:
    """Where the address of a form that came back is opened again."""
    return Redirect(f"/{quote(slug)}/events/{quote(event_slug)}", status_code=303)


@post("/{slug:str}/events/{event_slug:str}/reserve")
async def reserve(request: AnyRequest, slug: FromPath[str], event_slug: FromPath[str]) -> Response[Any]:
    """Hold the chosen places and go on to checkout; where that cannot be, the page comes back with what was typed."""
    house = desks(request)
    shop = await house.window.shop(slug)
    grant, found = await _offer(request, shop, event_slug)
    form = {key: str(value) for key, value in (await request.form()).items()}
    changes = await _changed(request, shop, form.get(CHANGES_FIELD, ""))
    if changes is not None and changes.status is CartStatus.CONVERTED:
        return Redirect(f"/{shop.slug}/carts/{changes.id}", status_code=303)
    typed, wanted = _chosen(form, found)
    spare_session = house.keyring.new_session()
    try:
        lines = regular_lines(wanted, grant=grant) if wanted else ()
        if not lines:
            raise Invalid(said("Choose at least one ticket."), field="items")
        ask = ReserveAsk(uuid7(), session_of(request), spare_session, lines, None)
        reserved = await house.reserve.ask(Counter(shop.id, found.event.id), ask, is_gone=leaving(request))
        cart = reserved.cart
        if not reserved.is_new:
            chosen = {line.ticket_type_id for line in lines}
            gone = [
                WantedLine(ticket_type_id=one.ticket_type_id, quantity=0)
                for one in cart.items
                if one.ticket_type_id not in chosen
            ]
            edit = CartEdit(lines=regular_lines([*wanted, *gone], least=0, grant=grant))
            cart = await house.edit.ask(
                Counter(shop.id, found.event.id), EditAsk(cart.id, edit), is_gone=leaving(request)
            )
    except Busy as busy:
        # It may have been written all the same: who comes again with this session finds that cart, and gets no second one.
        cookies = [session_cookie(request, session_of(request) or spare_session)]
        return errors.refused(request, busy, cookies=cookies)
    except FoyerError as refused:
        if refused.status >= 500:
            raise
        async with house.database.read(shop.id) as tx:
            fresh = await offer(tx, event_id=found.event.id, grant=grant)
            held = await held_by(tx, found.event.id, session_of(request))
        findings = _beside(refused, wanted)
        page = event_page_of(shop, fresh, typed, findings, held=held, is_by_link=grant is not None)
        if changes is not None and changes.status is CartStatus.ACTIVE:
            page = replace(page, changes=changes.id)
        return drawn(EVENT, page, status=refused.status)
    cookies = [session_cookie(request, cart.session_id)]
    return Redirect(f"/{shop.slug}/carts/{cart.id}", status_code=303, cookies=cookies)


async def _changed(request: AnyRequest, shop: Shop, cart_id: str) -> Cart | None:
    """The cart of this browser that a form was drawn to change; it may have become an order in another tab."""
    if not cart_id:
        return None
    with suppress(ValueError, NotFound):
        async with desks(request).database.read(shop.id) as tx:
            cart = await cart_by_id(tx, UUID(cart_id))
        return cart if cart.session_id == session_of(request) else None
    return None


async def _offer(request: AnyRequest, shop: Shop, event_slug: str) -> tuple[Grant | None, Offer]:
    """The event now, and what the visitor's access link opens of it."""
    secret = access_key(request)
    async with desks(request).database.read(shop.id) as tx:
        grant = await grant_of(tx, secret) if secret else None
        found = await offer(tx, slug=event_slug, grant=grant)
    return (grant if grant and grant.event_id == found.event.id else None), found


def _chosen(form: dict[str, str], found: Offer) -> tuple[dict[UUID, int], list[WantedLine]]:
    """What was typed beside each ticket type, and the lines that come of it; nonsense counts as nothing.

    A number that is longer than any order counts as the largest of that length, so that it is refused as too many.
    """
    typed: dict[UUID, int] = {}
    for kind in found.ticket_types:
        text = form.get(f"{QUANTITY_FIELD}{kind.id}", "").strip()
        if text.isascii() and text.isdigit():
            typed[kind.id] = int(text) if len(text) <= DIGITS_MAX else 10**DIGITS_MAX - 1
    wanted = [WantedLine(ticket_type_id=kind, quantity=count) for kind, count in typed.items() if count]
    return typed, wanted


def _beside(refused: FoyerError, wanted: list[WantedLine]) -> list[Finding]:
    """The refusal at the stepper it is about: `items[1].quantity` is the second line that was sent."""
    field = refused.field or "items"
    if field.startswith("items["):
        place = int(field.removeprefix("items[").partition("]")[0])
        field = f"{QUANTITY_FIELD}{wanted[place].ticket_type_id}"
    return [Finding(field, refused.detail, refused.code)]


def came_back(
    shop: Shop, found: Offer, form: Mapping[str, str], refused: FoyerError, fields: Mapping[str, str]
) -> Response[Any]:
    """The event's page with what was typed into a form below its tickets, and what is wrong with it under the form's own names."""
    named = [Finding(fields.get(one.field, ""), one.detail, one.code) for one in refused.as_findings()]
    wait = refused.retry_after_seconds
    headers = {} if wait is None else {"Retry-After": str(wait)}
    page = event_page_of(shop, found, findings=named, waiting=form)
    return drawn(EVENT, page, status=refused.status, headers=headers)


def event_page_of(
    shop: Shop,
    found: Offer,
    typed: dict[UUID, int] | None = None,
    findings: list[Finding] | None = None,
    *,
    held: Mapping[UUID, int] | None = None,
    is_by_link: bool = False,
    waiting: Mapping[str, str] | None = None,
) -> EventPage:
    """`held`: tickets of each type that the visitor has already, and may give back for others."""
    # The offer's description went through the HTML cleaner when it was read; it is markup, and nothing else is.
    return EventPage(
        shop=shop,
        offer=with_held(found, held) if held else found,
        has_held=bool(held),
        description_html=Markup(found.event.description),  # noqa: S704
        quantities=typed or {},
        findings=findings or [],
        hold_minutes=HOLD // timedelta(minutes=1),
        is_by_link=is_by_link,
        waiting=waiting or {},
    )


ROUTES = [landing, home, event_page, event_in_calendar, choose_anew, back_to_event, reserve]
