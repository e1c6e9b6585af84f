"""The waiting list of a sold-out event: joined on its page, left or taken up by the link that comes by mail."""

from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from foyer.domains.carts import CartEdit, EditAsk, live_cart, offer
from foyer.domains.carts.types import Offer
from foyer.domains.events import on_sale
from foyer.domains.identity import take_turns
from foyer.domains.organizations.types import Shop
from foyer.domains.waiting import JOINS, join_line, leave_line, take_offer, waiting
from foyer.domains.waiting.errors import not_waiting
from foyer.domains.waiting.types import Waiting, WaitingStatus, WaitingWish
from foyer.infra.batching import Counter
from foyer.infra.network import network_of
from foyer.kernel.access import PUBLIC, declares, holder
from foyer.kernel.actor import visitor
from foyer.kernel.errors import Conflict, FoyerError, Invalid
from foyer.kernel.language import said
from foyer.web.shared.pages import (
    WAITING_COUNT,
    WAITING_EMAIL,
    WAITING_TYPE,
    JoinedPage,
    StateKind,
    StatePage,
    WaitingPage,
)
from foyer.web.shared.render import AnyRequest, drawn
from foyer.web.shared.request import typed_into
from foyer.web.shared.visitor import desks, leaving, session_cookie, session_of
from foyer.web.shared.words import LANGUAGE, _
from foyer.web.storefront.browse import came_back

WAITING: Final = "waiting"
ADDRESS: Final = "/{slug:str}/waiting/{waiting_id:uuid}"
JOIN: Final = "/{slug:str}/events/{event_slug:str}/waiting-list"
FIELDS: Final = {"ticketTypeId": WAITING_TYPE, "quantity": WAITING_COUNT, "email": WAITING_EMAIL}
DIGITS_MAX: Final = 6


@get(JOIN, opt=declares(PUBLIC), sync_to_thread=False)
def back_to_form(slug: FromPath[str], event_slug: FromPath[str]) -> Redirect:
    """Where the address of a form that came back is opened again."""
    return Redirect(f"/{quote(slug)}/events/{quote(event_slug)}#waiting", status_code=303)


@post(JOIN, opt=declares(PUBLIC), status_code=200)
async def join(request: AnyRequest, slug: FromPath[str], event_slug: FromPath[str]) -> Response[Any]:
    """Ask for places that come back; where that cannot be, the page comes back with what was typed."""
    house = desks(request)
    shop, form = await house.window.shop(slug), await typed_into(request)
    async with house.database.read(shop.id) as tx:
        found = await offer(tx, slug=event_slug)
    try:
        await take_turns(house.database, (JOINS, network_of(request)))
        wish = _wish(form, found)
        language = LANGUAGE.get()
        async with house.database.write(shop.id) as tx:
            line = await join_line(tx, wish, language=language, actor=visitor(shop.id))
    except FoyerError as refused:
        if refused.status >= 500:
            raise
        return came_back(shop, found, form, refused, FIELDS)
    joined = JoinedPage(shop=shop, event=found.event, line=line, email=wish.email.strip())
    return drawn("shop/waiting_joined.html", joined)


def _wish(form: dict[str, str], found: Offer) -> WaitingWish:
    count = form.get(WAITING_COUNT, "").strip()
    try:
        kind = UUID(form.get(WAITING_TYPE, ""))
    except ValueError:
        raise Invalid(said("Choose which tickets you would like."), field="ticketTypeId") from None
    is_number = count.isascii() and count.isdigit() and len(count) <= DIGITS_MAX
    return WaitingWish(
        event_id=found.event.id,
        ticket_type_id=kind,
        quantity=int(count) if is_number else 0,
        email=form.get(WAITING_EMAIL, ""),
    )


@get(ADDRESS, opt=declares(holder(WAITING)))
async def show(
    request: AnyRequest, slug: FromPath[str], waiting_id: FromPath[UUID], key: FromQuery[str | None] = None
) -> Response[str]:
    """A place in line; looking at it changes nothing, for programs follow links too."""
    shop, found = await _held(request, slug, waiting_id, key)
    async with desks(request).database.read(shop.id) as tx:
        sale = await on_sale(tx, event_id=found.event_id)
    assert sale is not None, "an event that somebody waits for is not deleted"
    page = WaitingPage(shop=shop, event=sale.event, waiting=found, key=key or "")
    return drawn("shop/waiting.html", page)


@post(ADDRESS, opt=declares(holder(WAITING)))
async def leave(
    request: AnyRequest, slug: FromPath[str], waiting_id: FromPath[UUID], key: FromQuery[str | None] = None
) -> Redirect:
    """Leave the list, or give the places that are held on to the next in line."""
    shop, found = await _held(request, slug, waiting_id, key)
    house = desks(request)
    if found.cart_id is not None and found.status is WaitingStatus.OFFERED:
        ask = EditAsk(found.cart_id, CartEdit(releases=True))
        await house.edit.ask(Counter(shop.id, found.event_id), ask, is_gone=leaving(request))
    else:
        async with house.database.write(shop.id) as tx:
            await leave_line(tx, waiting_id)
    return Redirect(f"/{shop.slug}/waiting/{waiting_id}?key={quote(key or '')}", status_code=303)


@post(f"{ADDRESS}/cart", opt=declares(holder(WAITING)))
async def take(
    request: AnyRequest, slug: FromPath[str], waiting_id: FromPath[UUID], key: FromQuery[str | None] = None
) -> Response[Any]:
    """On to checkout with the places that are held: their cart becomes one of this browser, beside those it has."""
    shop, found = await _held(request, slug, waiting_id, key)
    house = desks(request)
    session_id = session_of(request) or house.keyring.new_session()
    try:
        async with house.database.write(shop.id) as tx:
            is_taken = await take_offer(tx, waiting_id, session_id)
    except Conflict as refused:
        return await _holds_others(request, shop, found, refused)
    if not is_taken:
        return Redirect(f"/{shop.slug}/waiting/{waiting_id}?key={quote(key or '')}", status_code=303)
    cookies = [session_cookie(request, session_id)]
    return Redirect(f"/{shop.slug}/carts/{found.cart_id}", status_code=303, cookies=cookies)


async def _holds_others(request: AnyRequest, shop: Shop, found: Waiting, refused: Conflict) -> Response[str]:
    """What to do first for whoever holds places of this event already: the way to their cart. The offer stands meanwhile."""
    async with desks(request).database.read(shop.id) as tx:
        own = await live_cart(tx, found.event_id, session_of(request) or "")
        sale = await on_sale(tx, event_id=found.event_id)
    page = StatePage(
        kind=StateKind.HELD,
        shop=shop,
        event=None if sale is None else sale.event,
        action=_("To those places") if own else "",
        action_href=f"/{shop.slug}/carts/{own}" if own else "",
    )
    return drawn("shop/state.html", page, status=refused.status)


async def _held(request: AnyRequest, slug: str, waiting_id: UUID, key: str | None) -> tuple[Shop, Waiting]:
    shop = await desks(request).window.shop(slug)
    if not desks(request).keyring.is_holder_token(key or "", WAITING, shop.id, waiting_id):
        raise not_waiting()
    async with desks(request).database.read(shop.id) as tx:
        return shop, await waiting(tx, waiting_id)


@get(f"{ADDRESS}/cart", opt=declares(holder(WAITING)), sync_to_thread=False)
def back_to_place(
    slug: FromPath[str], waiting_id: FromPath[UUID], key: FromQuery[str | None] = None
) -> Redirect:
    """Where the address of a form that came back is opened again."""
    return Redirect(f"/{quote(slug)}/waiting/{waiting_id}?key={quote(key or '')}", status_code=303)


ROUTES = [back_to_form, join, show, leave, take, back_to_place]
