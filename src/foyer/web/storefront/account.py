"""A buyer's account: a code and links sent to the address they ordered with, and with the code all that they have here."""

from typing import Any, Final
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from foyer.domains.customers import (
    LOOK_UPS,
    buyer_behind,
    enter_account,
    leave_account,
    seek_orders,
    turns_of_code,
)
from foyer.domains.customers.types import Buyer
from foyer.domains.events import events_shown
from foyer.domains.identity import take_turns
from foyer.domains.orders import orders_for_staff
from foyer.domains.orders.types import OrderFilter
from foyer.domains.organizations.types import Shop
from foyer.domains.tickets import good_of_orders, tickets_handed_to
from foyer.infra.db.tx import ReadTx
from foyer.infra.network import network_of
from foyer.kernel.access import PUBLIC, declares
from foyer.kernel.actor import visitor
from foyer.kernel.errors import Finding, FoyerError, Invalid, RateLimited
from foyer.web.shared.pages import AccountPage, Bought, FindOrdersPage, Standing
from foyer.web.shared.render import AnyRequest, drawn
from foyer.web.shared.request import typed_into
from foyer.web.shared.visitor import buyer_cookie, buyer_token, desks, order_href, ticket_href
from foyer.web.shared.words import LANGUAGE
from foyer.web.storefront.browse import known_cursor

FIND: Final = "shop/find_orders.html"
ACCOUNT: Final = "shop/account.html"
LISTED_MAX: Final = 50


@get("/{slug:str}/orders", opt=declares(PUBLIC))
async def account_page(
    request: AnyRequest,
    slug: FromPath[str],
    cursor: FromQuery[str | None] = None,
    cart: FromQuery[str | None] = None,
) -> Response[Any]:
    """What whoever is signed in has at this shop; to anybody else, the way in. Who came from a checkout is led back to it."""
    shop = await desks(request).window.shop(slug)
    way_in = FindOrdersPage(shop=shop, cart_id=_cart(cart))
    if not (token := buyer_token(request, shop)):
        return drawn(FIND, way_in)
    async with desks(request).database.read(shop.id) as tx:
        buyer = await buyer_behind(tx, token)
        if buyer is None:
            return drawn(FIND, way_in, cookies=[buyer_cookie(request, shop, "")])
        if way_in.cart_id:
            return _after_signing_in(shop, way_in.cart_id)
        page = await _account(request, tx, shop, buyer, cursor)
    return drawn(ACCOUNT, page)


@post("/{slug:str}/orders", opt=declares(PUBLIC), status_code=200)
async def find(request: AnyRequest, slug: FromPath[str]) -> Response[str]:
    """Have the links and a code sent. The answer is the same whether anything was ordered or not; only the mailbox tells."""
    shop = await desks(request).window.shop(slug)
    typed = await typed_into(request)
    email, cart = typed.get("email", ""), _cart(typed.get("cart"))
    try:
        await take_turns(desks(request).database, (LOOK_UPS, network_of(request)))
        async with desks(request).database.write(shop.id) as tx:
            await seek_orders(tx, email, language=LANGUAGE.get(), actor=visitor(shop.id))
    except (Invalid, RateLimited) as refused:
        finding = Finding("email", refused.detail, refused.code)
        return _again(FindOrdersPage(shop=shop, email=email, finding=finding, cart_id=cart), refused)
    return drawn(FIND, FindOrdersPage(shop=shop, email=email.strip(), is_sent=True, cart_id=cart))


@get("/{slug:str}/orders/session", opt=declares(PUBLIC))
async def back_to_account(request: AnyRequest, slug: FromPath[str]) -> Redirect:
    """Where the address of a form that came back is opened again."""
    return _after_signing_in(await desks(request).window.shop(slug))


@post("/{slug:str}/orders/session", opt=declares(PUBLIC))
async def enter(request: AnyRequest, slug: FromPath[str]) -> Response[Any]:
    """Sign a buyer in by the code in their mail. Who is refused is not told whether the address is known."""
    shop, house = await desks(request).window.shop(slug), desks(request)
    typed = await typed_into(request)
    email, code, cart = typed.get("email", ""), typed.get("code", ""), _cart(typed.get("cart"))
    try:
        await take_turns(house.database, *turns_of_code(shop.id, email, network_of(request)))
        async with house.database.write(shop.id) as tx:
            session = await enter_account(tx, email, code, keyring=house.keyring)
    except (Invalid, RateLimited) as refused:
        finding = Finding(refused.field or "code", refused.detail, refused.code)
        is_sent = finding.field == "code"
        page = FindOrdersPage(
            shop=shop, email=email, finding=finding, code=code, is_sent=is_sent, cart_id=cart
        )
        return _again(page, refused)
    answer = _after_signing_in(shop, cart)
    answer.cookies.append(buyer_cookie(request, shop, session.token))
    return answer


@post("/{slug:str}/orders/session/end", opt=declares(PUBLIC))
async def leave(request: AnyRequest, slug: FromPath[str]) -> Response[Any]:
    """Sign this browser out; where nobody is signed in there is nothing to do."""
    shop = await desks(request).window.shop(slug)
    async with desks(request).database.write(shop.id) as tx:
        buyer = await buyer_behind(tx, buyer_token(request, shop))
        if buyer is not None:
            await leave_account(tx, buyer.session_id)
    answer = _after_signing_in(shop)
    answer.cookies.append(buyer_cookie(request, shop, ""))
    return answer


def _after_signing_in(shop: Shop, cart: UUID | None = None) -> Redirect:
    there = f"carts/{cart}" if cart else "orders"
    return Redirect(f"/{shop.slug}/{there}", status_code=303)


def _cart(text: str | None) -> UUID | None:
    """The checkout that somebody came from; none for what cannot be one."""
    try:
        return UUID(text or "")
    except ValueError:
        return None


def _again(page: FindOrdersPage, refused: FoyerError) -> Response[str]:
    wait = refused.retry_after_seconds
    headers = {} if wait is None else {"Retry-After": str(wait)}
    return drawn(FIND, page, status=refused.status, headers=headers)


async def _account(
    request: AnyRequest, tx: ReadTx, shop: Shop, buyer: Buyer, cursor: str | None
) -> AccountPage:
    cursor, wanted = known_cursor(cursor), OrderFilter(customer_id=buyer.customer_id)
    found = await orders_for_staff(tx, wanted, cursor=cursor, limit=LISTED_MAX)
    events = await events_shown(tx, {order.event_id for order in found.items})
    good = await good_of_orders(tx, [order.id for order in found.items])
    bought = [
        Bought.of(order, events[order.event_id], order_href(request, shop, order), good.get(order.id, (0, 0)))
        for order in found.items
    ]
    if cursor is None:
        bought += await _handed_over(request, tx, shop, buyer.customer_id)
    older = found.next_cursor
    return AccountPage(
        shop=shop,
        email=buyer.email,
        bought=bought,
        as_of=await tx.now(),
        older_href=f"/{shop.slug}/orders?cursor={older}" if older else "",
        is_first=cursor is None,
    )


async def _handed_over(request: AnyRequest, tx: ReadTx, shop: Shop, customer_id: UUID) -> list[Bought]:
    """Good tickets that somebody else has bought."""
    held = await tickets_handed_to(tx, customer_id, most=LISTED_MAX)
    events = await events_shown(tx, {one.event_id for one in held})
    return [
        Bought(
            event=events[one.event_id],
            href=ticket_href(request, shop, one.id, one.generation),
            count=1,
            standing=Standing.HANDED_OVER,
        )
        for one in held
    ]


ROUTES = [account_page, find, back_to_account, enter, leave]
