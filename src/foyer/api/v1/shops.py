"""The public shop: what is on, what can be had, carts, checkout, orders."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Annotated, Final
from uuid import UUID

from litestar import Response, delete, get, patch, post
from litestar.params import FromPath, FromQuery, QueryParameter

from foyer.api.access import IDEMPOTENCY_KEY, PUBLIC, declares, holder
from foyer.api.requests import AnyRequest, bearer, desks, leaving, read, replay_of
from foyer.domains.carts import Replay, ReserveAsk, cart, change_cart, offer, regular_lines, release_cart
from foyer.domains.carts.types import Cart, Offer, WantedLine
from foyer.domains.checkout import place_ask
from foyer.domains.checkout.types import Placed, WantedAttendee
from foyer.domains.customers.types import Customer
from foyer.domains.events import coming_up, joining_link
from foyer.domains.events.types import EventPublic
from foyer.domains.identity import actor_behind
from foyer.domains.orders import find_order
from foyer.domains.orders.types import OrderLine, OrderStatus, PaymentStatus
from foyer.domains.organizations import public_shop
from foyer.domains.organizations.types import NO_SHOP, Shop, ShopPublic
from foyer.domains.tickets import current_key, tickets_of_order
from foyer.domains.tickets.types import Attendee, Ticket, TicketStatus
from foyer.infra.batching import Counter
from foyer.infra.crypto import HOLDER_PREFIX
from foyer.kernel.errors import (
    CartExpired,
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    NotOnSale,
    OverLimit,
    SoldOut,
    Unauthenticated,
    UnderMinimum,
)
from foyer.kernel.ids import uuid7
from foyer.kernel.paging import PAGE_DEFAULT, PAGE_MAX
from foyer.kernel.wire import Wire

CART: Final = "cart"
ORDER: Final = "order"
GUESSABLE: Final = 16
"""Keys shorter than this many characters may be guessed."""
UNSOLD: Final = (SoldOut, NotOnSale, OverLimit, UnderMinimum)
Limit = Annotated[int, QueryParameter(ge=1, le=PAGE_MAX)]


class EventList(Wire, frozen=True):
    """A page of events; `next_cursor` leads to the next one."""

    items: list[EventPublic]
    next_cursor: str | None


class ReserveBody(Wire, frozen=True):
    """What a visitor wants. `session_id` is one an earlier answer carried: its live cart is answered again."""

    event_id: UUID
    items: list[WantedLine]
    session_id: str | None = None


class ChangeBody(Wire, frozen=True):
    """Quantities to set; 0 takes a line away, lines not named stay."""

    items: list[WantedLine]


class CheckoutBody(Wire, frozen=True):
    """Who buys, who comes, and how it is paid."""

    customer: Customer
    payment_method: str
    attendees: list[WantedAttendee] = []


class CartHeld(Cart, frozen=True):
    """A cart as its holder sees it. The token opens everything that follows."""

    token: str


class TicketIssued(Wire, frozen=True):
    """A ticket in the answer to a checkout."""

    id: UUID
    ticket_type_id: UUID
    code: str
    qr_code: str
    status: TicketStatus
    attendee_info: Attendee | None


class OrderPlaced(Wire, frozen=True):
    """The answer to a checkout; the token opens the order."""

    id: UUID
    token: str
    order_number: str
    status: OrderStatus
    payment_status: PaymentStatus
    payment_method: str
    items: list[OrderLine]
    subtotal: int
    discount_amount: int
    fees: int
    taxes: int
    total: int
    currency: str
    created_at: datetime
    tickets: list[TicketIssued]


class OrderHeld(Wire, frozen=True):
    """An order as its holder sees it."""

    id: UUID
    event_id: UUID
    order_number: str
    customer: Customer
    status: OrderStatus
    payment_status: PaymentStatus
    payment_method: str
    items: list[OrderLine]
    subtotal: int
    discount_amount: int
    fees: int
    taxes: int
    total: int
    refunded_amount: int
    currency: str
    created_at: datetime
    updated_at: datetime
    virtual_event_url: str | None
    tickets: list[Ticket]


@get("/shops/{slug:str}", opt=declares(PUBLIC))
async def show_shop(request: AnyRequest, slug: FromPath[str]) -> ShopPublic:
    return public_shop(await _shop(request, slug))


@get("/shops/{slug:str}/events", opt=declares(PUBLIC))
async def list_events(
    request: AnyRequest,
    *,
    slug: FromPath[str],
    limit: Limit = PAGE_DEFAULT,
    cursor: FromQuery[str | None] = None,
    q: FromQuery[str | None] = None,
    category: FromQuery[str | None] = None,
    tag: FromQuery[str | None] = None,
) -> EventList:
    shop = await _shop(request, slug)
    async with desks(request).database.read(shop.id) as tx:
        page = await coming_up(tx, search=q, category=category, tag=tag, cursor=cursor, limit=limit)
    return EventList(items=[one.event for one in page.items], next_cursor=page.next_cursor)


@get("/shops/{slug:str}/events/{event:str}", opt=declares(PUBLIC))
async def show_event(request: AnyRequest, slug: FromPath[str], event: FromPath[str]) -> Offer:
    """One event by its id or its slug, with everything that can be bought of it."""
    shop = await _shop(request, slug)
    event_id, event_slug = _id_or_slug(event)
    async with desks(request).database.read(shop.id) as tx:
        return await offer(tx, event_id=event_id, slug=event_slug)


def _id_or_slug(text: str) -> tuple[UUID | None, str | None]:
    """How an event is named in an address; no slug reads as an id."""
    try:
        return UUID(text), None
    except ValueError:
        return None, text


@post(
    "/shops/{slug:str}/carts",
    opt=declares(PUBLIC, body=ReserveBody, honours=(IDEMPOTENCY_KEY,), also=(200,), refuses=UNSOLD),
)
async def reserve(request: AnyRequest, slug: FromPath[str]) -> Response[CartHeld]:
    """Hold places in a new cart for 15 minutes: 201, or 200 with the cart this session or key has already."""
    body = await read(request, ReserveBody)
    house = desks(request)
    shop = await _shop(request, slug)
    if body.session_id is not None and not house.keyring.is_session(body.session_id):
        raise Invalid("Send the sessionId of an earlier answer, or none.", field="sessionId")
    ask = ReserveAsk(
        cart_id=uuid7(),
        session_id=body.session_id,
        spare_session_id=house.keyring.new_session(),
        lines=regular_lines(body.items),
        replay=_replay(request, body.session_id, await request.body()),
    )
    counter = Counter(shop.id, body.event_id)
    reserved = await house.reserve.ask(counter, ask, is_gone=leaving(request))
    return Response(_held(request, shop.id, reserved.cart), status_code=201 if reserved.is_new else 200)


@get("/shops/{slug:str}/carts/{cart_id:uuid}", opt=declares(holder(CART)))
async def show_cart(request: AnyRequest, slug: FromPath[str], cart_id: FromPath[UUID]) -> CartHeld:
    organization_id = await _holding(request, slug, cart_id)
    async with desks(request).database.read(organization_id) as tx:
        return _held(request, organization_id, await cart(tx, cart_id))


@patch(
    "/shops/{slug:str}/carts/{cart_id:uuid}",
    opt=declares(holder(CART), body=ChangeBody, refuses=(*UNSOLD, CartExpired, Conflict)),
)
async def edit_cart(request: AnyRequest, slug: FromPath[str], cart_id: FromPath[UUID]) -> CartHeld:
    organization_id = await _holding(request, slug, cart_id)
    body = await read(request, ChangeBody)
    async with desks(request).database.write(organization_id) as tx:
        changed = await change_cart(tx, cart_id, body.items)
    return _held(request, organization_id, changed)


@delete(
    "/shops/{slug:str}/carts/{cart_id:uuid}",
    opt=declares(holder(CART), refuses=(CartExpired, Conflict)),
    status_code=204,
)
async def drop_cart(request: AnyRequest, slug: FromPath[str], cart_id: FromPath[UUID]) -> None:
    """Give the places back at once."""
    organization_id = await _holding(request, slug, cart_id)
    async with desks(request).database.write(organization_id) as tx:
        await release_cart(tx, cart_id)


@post(
    "/shops/{slug:str}/carts/{cart_id:uuid}/checkout",
    opt=declares(
        holder(CART), body=CheckoutBody, also=(200,), refuses=(NotOnSale, CartExpired, Conflict, Forbidden)
    ),
)
async def check_out(
    request: AnyRequest, slug: FromPath[str], cart_id: FromPath[UUID]
) -> Response[OrderPlaced]:
    """Turn the cart into an order: 201, or 200 with the order it has become before."""
    organization_id = await _holding(request, slug, cart_id)
    body = await read(request, CheckoutBody)
    ask = place_ask(cart_id, body.customer, body.attendees, body.payment_method)
    house = desks(request)
    async with house.database.read(organization_id) as tx:
        event_id = (await cart(tx, cart_id)).event_id
        key = await current_key(tx)
    counter = Counter(organization_id, event_id)
    placed = await house.place.ask(counter, ask, is_gone=leaving(request))
    answer = _placed(request, organization_id, placed, partial(house.signer.qr_code, key, organization_id))
    return Response(answer, status_code=201 if placed.is_new else 200)


@get("/shops/{slug:str}/orders/{order_id:uuid}", opt=declares(holder(ORDER)))
async def show_order(request: AnyRequest, slug: FromPath[str], order_id: FromPath[UUID]) -> OrderHeld:
    """The order for whoever has its token; the address of a virtual event is in it while a ticket is good."""
    house = desks(request)
    shop = await _shop(request, slug)
    async with house.database.read(shop.id) as tx:
        found = await find_order(tx, order_id)
        if found is None or not house.keyring.is_holder_token(
            bearer(request) or "", ORDER, shop.id, order_id, found.generation
        ):
            raise NotFound("There is no such order, or the token is not the one that opens it.")
        tickets = await tickets_of_order(tx, order_id, house.signer)
        is_welcome = any(ticket.status in {TicketStatus.VALID, TicketStatus.USED} for ticket in tickets)
        link = await joining_link(tx, found.event_id) if is_welcome else None
    fields = {name: getattr(found, name) for name in _ORDER_HELD_SAME}
    return OrderHeld(**fields, tickets=tickets, virtual_event_url=link)


async def _shop(request: AnyRequest, slug: str) -> Shop:
    """The shop under this slug; for a credential of another organization it does not exist."""
    house = desks(request)
    shop = await house.window.shop(slug)
    secret = bearer(request)
    if secret is not None and not secret.startswith(HOLDER_PREFIX):
        with suppress(Unauthenticated):  # a shop is open to whom nobody knows
            if (await actor_behind(house.database, secret)).organization_id != shop.id:
                raise NotFound(NO_SHOP)
    return shop


async def _holding(request: AnyRequest, slug: str, cart_id: UUID) -> UUID:
    """The organization, once the bearer has shown the token of this very cart; otherwise it does not exist."""
    shop = await _shop(request, slug)
    if not desks(request).keyring.is_holder_token(bearer(request) or "", CART, shop.id, cart_id):
        raise NotFound("There is no such cart, or the token is not the one that opens it.")
    return shop.id


def _held(request: AnyRequest, organization_id: UUID, found: Cart) -> CartHeld:
    token = desks(request).keyring.holder_token(CART, organization_id, found.id)
    return CartHeld(**{name: getattr(found, name) for name in Cart.__struct_fields__}, token=token)


_ORDER_HELD_SAME = tuple(
    name for name in OrderHeld.__struct_fields__ if name not in {"tickets", "virtual_event_url"}
)
_ORDER_SAME = tuple(name for name in OrderPlaced.__struct_fields__ if name not in {"token", "tickets"})


def _placed(
    request: AnyRequest, organization_id: UUID, placed: Placed, qr_code: Callable[[UUID, int], str]
) -> OrderPlaced:
    token = desks(request).keyring.holder_token(
        ORDER, organization_id, placed.order.id, placed.order.generation
    )
    tickets = [
        TicketIssued(
            id=ticket.id,
            ticket_type_id=ticket.ticket_type_id,
            code=ticket.code,
            qr_code=qr_code(ticket.id, ticket.generation),
            status=ticket.status,
            attendee_info=ticket.attendee,
        )
        for ticket in placed.tickets
    ]
    return OrderPlaced(
        **{name: getattr(placed.order, name) for name in _ORDER_SAME}, token=token, tickets=tickets
    )


def _replay(request: AnyRequest, session_id: str | None, body: bytes) -> Replay | None:
    """The request's key. Without a session nothing tells visitors apart, so there it has to be one that nobody guesses."""
    replay = replay_of(request, session_id or "visitor", body)
    if replay is not None and session_id is None and len(replay.key) < GUESSABLE:
        raise Invalid(
            f"Without a sessionId, use a random key of at least {GUESSABLE} characters.",
            field="Idempotency-Key",
        )
    return replay


ROUTES = [show_shop, list_events, show_event, reserve, show_cart, edit_cart, drop_cart, check_out, show_order]
