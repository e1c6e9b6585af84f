"""Buying: checkout and the order."""

from datetime import datetime
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

import segno
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from markupsafe import Markup

from foyer.domains.carts import CartEdit, EditAsk
from foyer.domains.carts import cart as cart_by_id
from foyer.domains.carts.errors import lapsed
from foyer.domains.carts.types import Cart, CartStatus
from foyer.domains.checkout import place_ask
from foyer.domains.checkout.types import WantedAttendee
from foyer.domains.customers.types import Customer
from foyer.domains.events import joining_link, on_sale
from foyer.domains.events.types import EventPublic
from foyer.domains.orders import find_order, order_of_cart
from foyer.domains.orders.types import Order
from foyer.domains.organizations.types import Shop
from foyer.domains.tickets import tickets_of_order
from foyer.domains.tickets.types import Ticket, TicketStatus
from foyer.infra.batching import Counter
from foyer.infra.db.tx import ReadTx
from foyer.kernel.access import declares, holder
from foyer.kernel.errors import Finding, FoyerError, NotFound
from foyer.web.shared.pages import CheckoutPage, OrderPage, TicketView, slots_of
from foyer.web.shared.render import AnyRequest, drawn
from foyer.web.shared.visitor import desks, leaving, session_of

ORDER: Final = "order"
NO_CART: Final = "There is no such cart here. It may have been made in another browser."


@get("/{slug:str}/carts/{cart_id:uuid}", opt=declares(holder("cart")))
async def checkout(request: AnyRequest, slug: FromPath[str], cart_id: FromPath[UUID]) -> Response[Any]:
    shop = await desks(request).window.shop(slug)
    async with desks(request).database.read(shop.id) as tx:
        cart = await _own_cart(request, tx, cart_id)
        if cart.status is CartStatus.CONVERTED and (placed := await order_of_cart(tx, cart_id)) is not None:
            return Redirect(_order_href(request, shop, placed), status_code=303)
        if cart.status is not CartStatus.ACTIVE:
            raise lapsed()
        return _page(shop, await _event_of(tx, cart.event_id), cart, await tx.now())


@get("/{slug:str}/carts/{cart_id:uuid}/checkout", opt=declares(holder("cart")), sync_to_thread=False)
def back_to_checkout(slug: FromPath[str], cart_id: FromPath[UUID]) -> Redirect:
    """Where the address of a form that came back is opened again."""
    return Redirect(f"/{quote(slug)}/carts/{cart_id}", status_code=303)


@post("/{slug:str}/carts/{cart_id:uuid}/checkout", opt=declares(holder("cart")))
async def place(request: AnyRequest, slug: FromPath[str], cart_id: FromPath[UUID]) -> Response[Any]:
    """Place the order; where that cannot be, the page comes back with everything that was typed."""
    house = desks(request)
    shop = await house.window.shop(slug)
    form = {key: str(value) for key, value in (await request.form()).items()}
    async with house.database.read(shop.id) as tx:
        cart = await _own_cart(request, tx, cart_id)
        event, now = await _event_of(tx, cart.event_id), await tx.now()
    try:
        method = "manual" if cart.total else "free"
        people = _attendees(form, cart)
        ask = place_ask(cart_id, _customer(form), people, method, known_methods=house.providers)
        placed = await house.place.ask(Counter(shop.id, cart.event_id), ask, is_gone=leaving(request))
    except NotFound:
        raise
    except FoyerError as refused:
        if refused.status >= 500:
            raise
        found = refused.findings or (Finding(refused.field or "", refused.detail),)
        return _page(
            shop, event, cart, now, form, [_named(one, cart) for one in found], status=refused.status
        )
    return Redirect(_order_href(request, shop, placed.order), status_code=303)


@post("/{slug:str}/carts/{cart_id:uuid}/release", opt=declares(holder("cart")))
async def release(request: AnyRequest, slug: FromPath[str], cart_id: FromPath[UUID]) -> Response[Any]:
    """Give the places back and return to the event."""
    house = desks(request)
    shop = await house.window.shop(slug)
    async with house.database.read(shop.id) as tx:
        cart = await _own_cart(request, tx, cart_id)
        event = await _event_of(tx, cart.event_id)
    if cart.status is CartStatus.ACTIVE:
        ask = EditAsk(cart_id, CartEdit(releases=True))
        await house.edit.ask(Counter(shop.id, cart.event_id), ask, is_gone=leaving(request))
    return Redirect(f"/{shop.slug}/events/{event.slug}", status_code=303)


@get("/{slug:str}/orders/{order_id:uuid}", opt=declares(holder(ORDER)))
async def order_page(
    request: AnyRequest, slug: FromPath[str], order_id: FromPath[UUID], key: FromQuery[str | None] = None
) -> Response[Any]:
    """The order for whoever has its key; the number alone opens nothing."""
    house = desks(request)
    shop = await house.window.shop(slug)
    async with house.database.read(shop.id) as tx:
        order = await find_order(tx, order_id)
        if order is None or not house.keyring.is_holder_token(
            key or "", ORDER, shop.id, order_id, order.generation
        ):
            raise NotFound("There is no such order, or this is not the whole link to it.")
        tickets = await tickets_of_order(tx, order_id, house.signer)
        event = await _event_of(tx, order.event_id)
        is_welcome = any(ticket.status in {TicketStatus.VALID, TicketStatus.USED} for ticket in tickets)
        link = await joining_link(tx, order.event_id) if is_welcome else None
    names = {line.ticket_type_id: line.name for line in order.items}
    views = [_view(ticket, names[ticket.ticket_type_id], order) for ticket in tickets]
    return drawn(
        "shop/order.html", OrderPage(shop=shop, event=event, order=order, tickets=views, joining_link=link)
    )


async def _own_cart(request: AnyRequest, tx: ReadTx, cart_id: UUID) -> Cart:
    """The cart, if this browser's session made it; otherwise it does not exist."""
    cart = await cart_by_id(tx, cart_id)
    if session_of(request) != cart.session_id:
        raise NotFound(NO_CART)
    return cart


async def _event_of(tx: ReadTx, event_id: UUID) -> EventPublic:
    """Who holds a cart or an order sees its event, whatever the shop shows of it today."""
    found = await on_sale(tx, event_id=event_id)
    assert found is not None, "an event with carts or orders is never deleted"
    return found.event


def _order_href(request: AnyRequest, shop: Shop, order: Order) -> str:
    key = desks(request).keyring.holder_token(ORDER, shop.id, order.id, order.generation)
    return f"/{shop.slug}/orders/{order.id}?key={key}"


def _customer(form: dict[str, str]) -> Customer:
    return Customer(
        email=form.get("email", ""), first_name=form.get("firstName"), last_name=form.get("lastName")
    )


def _attendees(form: dict[str, str], cart: Cart) -> list[WantedAttendee]:
    """Who was named for each place, in the order of the slots; a place left empty goes to the buyer."""
    buyer = {name: form.get(name, "") for name in ("firstName", "lastName", "email")}
    people = []
    types = [line.ticket_type_id for line in cart.items for _ in range(line.quantity)]
    for type_id, slot in zip(types, slots_of(cart), strict=True):
        typed = {name: form.get(f"{slot.prefix}{name}", "").strip() for name in buyer}
        person = typed if any(typed.values()) else buyer
        people.append(
            WantedAttendee(
                ticket_type_id=type_id,
                first_name=person["firstName"],
                last_name=person["lastName"],
                email=person["email"] if person is typed else None,
            )
        )
    return people


def _named(finding: Finding, cart: Cart) -> Finding:
    """A finding under the name of the form's field: `customer.email` is `email`, `attendees[1].email` its slot's."""
    field = finding.field.removeprefix("customer.")
    if field.startswith("attendees["):
        place, _, name = field.removeprefix("attendees[").partition("].")
        field = f"{slots_of(cart)[int(place)].prefix}{name}"
    return Finding(field, finding.detail, finding.code)


def _page(
    shop: Shop,
    event: EventPublic,
    cart: Cart,
    now: datetime,
    form: dict[str, str] | None = None,
    findings: list[Finding] | None = None,
    *,
    status: int = 200,
) -> Response[str]:
    page = CheckoutPage(
        shop=shop,
        event=event,
        cart=cart,
        as_of=now,
        slots=slots_of(cart),
        form=form or {},
        findings=findings or [],
    )
    return drawn("shop/checkout.html", page, status=status)


def _view(ticket: Ticket, type_name: str, order: Order) -> TicketView:
    person = ticket.attendee_info
    names = [person.first_name, person.last_name] if person else []
    if not any(names):
        names = [order.customer.first_name, order.customer.last_name]
    holder = " ".join(name for name in names if name) or order.customer.email
    return TicketView(ticket=ticket, type_name=type_name, holder=holder, qr_svg=_qr(ticket.qr_code))


def _qr(text: str) -> Markup:
    """The code as an SVG of our own making; four modules of quiet zone, error correction M."""
    code = segno.make_qr(text, error="m", boost_error=False)
    return Markup(code.svg_inline(border=4, omitsize=True, dark="#000", light="#fff"))  # noqa: S704


ROUTES = [checkout, back_to_checkout, place, release, order_page]
