"""Carts of buyers: held, changed, given back, turned into orders."""

from datetime import datetime
from typing import Final
from uuid import UUID

from litestar import Response, delete, get, patch, post
from litestar.params import FromPath
from msgspec import UNSET, UnsetType
from msgspec.structs import asdict

from foyer.api.access import IDEMPOTENCY_KEY, PUBLIC, declares, holder
from foyer.api.answers import Answer
from foyer.api.requests import AnyRequest, bearer, desks, leaving, read, read_nothing, replay_of
from foyer.api.v1.holding import CART, ORDER, grant_for, holding_cart, seller_in, shop_of
from foyer.domains.carts import (
    CartEdit,
    EditAsk,
    Replay,
    ReserveAsk,
    cart,
    regular_code,
    regular_lines,
)
from foyer.domains.carts.types import Cart, TaxLine, WantedLine
from foyer.domains.checkout import Desks, begin_payment, place_ask
from foyer.domains.checkout.types import Placed, WantedAttendee
from foyer.domains.customers import regular
from foyer.domains.customers.types import Customer
from foyer.domains.events.types import AnswerValue, Grant
from foyer.domains.orders.types import Approval, OrderLine, OrderStatus, PaymentStatus
from foyer.domains.tickets.types import Attendee, TicketStatus
from foyer.infra.batching import Counter
from foyer.kernel.errors import (
    CartExpired,
    CodeExhausted,
    CodeInvalid,
    Conflict,
    Finding,
    Forbidden,
    Invalid,
    NotOnSale,
    OverLimit,
    SoldOut,
    UnderMinimum,
)
from foyer.kernel.ids import uuid7
from foyer.kernel.language import preferred
from foyer.kernel.wire import Wire

GUESSABLE: Final = 16
"""Keys shorter than this many characters may be guessed."""
UNSOLD: Final = (SoldOut, NotOnSale, OverLimit, UnderMinimum)


class ReserveBody(Wire, frozen=True):
    """What a visitor wants. `session_id` is one an earlier answer carried: its live cart is answered again.

    `access_key` is the secret of an access link: with it a private event, or a hidden ticket type, can be had.
    """

    event_id: UUID
    items: list[WantedLine]
    session_id: str | None = None
    access_key: str | None = None


class ChangeBody(Wire, frozen=True):
    """What to change; what is left out stays.

    Quantities are set, 0 takes a line away, lines not named stay. A code is tried, null takes it off. What only an access link
    opens is changed with its `access_key`.
    """

    items: list[WantedLine] | UnsetType = UNSET
    discount_code: str | UnsetType | None = UNSET
    customer: Customer | UnsetType = UNSET
    access_key: str | None = None


class CheckoutBody(Wire, frozen=True):
    """Who buys, who comes, and how it is paid: `free`, or `manual` for an invoice.

    With `expected_total` nothing is bought for another total than the one that was shown. `answers` are those to the event's
    questions of scope `order`, by question; those of scope `ticket` stand with each attendee.
    """

    customer: Customer
    payment_method: str
    attendees: list[WantedAttendee] = []
    expected_total: int | None = None
    answers: dict[UUID, AnswerValue] = {}


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
    """The answer to a checkout; the token opens the order.

    A pending order has no tickets yet: until `expires_at` it waits for the organizer's word where it has an `approval`, and else
    for its payment, at `redirect_url` where there is one.
    """

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
    tax_lines: list[TaxLine]
    total: int
    currency: str
    discount_code: str | None
    approval: Approval | None
    expires_at: datetime | None
    redirect_url: str | None
    created_at: datetime
    tickets: list[TicketIssued]


@post(
    "/shops/{slug:str}/carts",
    opt=declares(PUBLIC, body=ReserveBody, honours=(IDEMPOTENCY_KEY,), also=(200,), refuses=UNSOLD),
)
async def reserve(request: AnyRequest, slug: FromPath[str]) -> Response[CartHeld]:
    """Hold places in a new cart for 15 minutes: 201, or 200 with the cart this session or key has already."""
    body = await read(request, ReserveBody)
    house = desks(request)
    shop = await shop_of(request, slug)
    if body.session_id is not None and not house.keyring.is_session(body.session_id):
        raise Invalid("Send the sessionId of an earlier answer, or none.", field="sessionId")
    counter = Counter(shop.id, body.event_id)
    grant = await grant_for(request, counter, body.access_key)
    ask = ReserveAsk(
        cart_id=uuid7(),
        session_id=body.session_id,
        spare_session_id=house.keyring.new_session(),
        lines=regular_lines(body.items, grant=grant),
        replay=_replay(request, body.session_id, await request.body()),
        user_id=await seller_in(request, shop) if bearer(request) else None,
    )
    reserved = await house.reserve.ask(counter, ask, is_gone=leaving(request))
    return Answer(_held(house, shop.id, reserved.cart), status_code=201 if reserved.is_new else 200)


@get("/shops/{slug:str}/carts/{cart_id:uuid}", opt=declares(holder(CART)))
async def show_cart(request: AnyRequest, slug: FromPath[str], cart_id: FromPath[UUID]) -> CartHeld:
    house = desks(request)
    organization_id, _ = await holding_cart(request, slug, cart_id)
    async with house.database.read(organization_id) as tx:
        return _held(house, organization_id, await cart(tx, cart_id))


@patch(
    "/shops/{slug:str}/carts/{cart_id:uuid}",
    opt=declares(
        holder(CART), body=ChangeBody, refuses=(*UNSOLD, CartExpired, Conflict, CodeInvalid, CodeExhausted)
    ),
)
async def edit_cart(request: AnyRequest, slug: FromPath[str], cart_id: FromPath[UUID]) -> CartHeld:
    """Set quantities, try or take off a discount code, say who buys: all of it or nothing. The time to pay stays."""
    counter = await holding_cart(request, slug, cart_id)
    body = await read(request, ChangeBody)
    edit = _edit(body, await grant_for(request, counter, body.access_key))
    return _held(desks(request), counter.organization_id, await _change(request, counter, cart_id, edit))


@delete(
    "/shops/{slug:str}/carts/{cart_id:uuid}",
    opt=declares(holder(CART), refuses=(CartExpired, Conflict)),
    status_code=204,
)
async def drop_cart(request: AnyRequest, slug: FromPath[str], cart_id: FromPath[UUID]) -> None:
    """Give the places back at once."""
    await read_nothing(request)
    counter = await holding_cart(request, slug, cart_id)
    await _change(request, counter, cart_id, CartEdit(releases=True))


def _edit(body: ChangeBody, grant: Grant | None) -> CartEdit:
    found: list[Finding] = []
    customer = None
    if isinstance(body.customer, Customer):
        customer, found = regular(body.customer)
    if found:
        raise Invalid.of(found)
    return CartEdit(
        lines=regular_lines(body.items, least=0, grant=grant) if isinstance(body.items, list) else (),
        code=regular_code(body.discount_code) if isinstance(body.discount_code, str) else None,
        drops_code=body.discount_code is None,
        customer=customer,
    )


async def _change(request: AnyRequest, counter: Counter, cart_id: UUID, edit: CartEdit) -> Cart:
    return await desks(request).edit.ask(counter, EditAsk(cart_id, edit), is_gone=leaving(request))


@post(
    "/shops/{slug:str}/carts/{cart_id:uuid}/checkout",
    opt=declares(
        holder(CART),
        body=CheckoutBody,
        also=(200,),
        refuses=(NotOnSale, CartExpired, Conflict, Forbidden, CodeExhausted, OverLimit),
    ),
)
async def check_out(
    request: AnyRequest, slug: FromPath[str], cart_id: FromPath[UUID]
) -> Response[OrderPlaced]:
    """Turn the cart into an order: 201, or 200 with the order it has become before."""
    counter = await holding_cart(request, slug, cart_id)
    body = await read(request, CheckoutBody)
    house = desks(request)
    ask = place_ask(
        cart_id,
        body.customer,
        body.attendees,
        body.payment_method,
        known_methods=house.providers,
        expected_total=body.expected_total,
        language=preferred(request.headers.get("accept-language")),
    ).answering(body.answers)
    placed = await house.place.ask(counter, ask, is_gone=leaving(request))
    redirect_url = None
    order = placed.order
    if order.status is OrderStatus.PENDING and house.providers[order.payment_method].capabilities.is_remote:
        state = await begin_payment(house.till, counter.organization_id, order.id)
        redirect_url = state.redirect_url if state else None
    answer = await _placed(house, counter.organization_id, placed, redirect_url)
    return Answer(answer, status_code=201 if placed.is_new else 200)


def _held(house: Desks, organization_id: UUID, found: Cart) -> CartHeld:
    token = house.keyring.cart_token(organization_id, found.event_id, found.id)
    return CartHeld(**asdict(found), token=token)


_ORDER_SAME = tuple(
    name for name in OrderPlaced.__struct_fields__ if name not in {"token", "tickets", "redirect_url"}
)


async def _placed(
    house: Desks, organization_id: UUID, placed: Placed, redirect_url: str | None
) -> OrderPlaced:
    token = house.keyring.holder_token(ORDER, organization_id, placed.order.id, placed.order.generation)
    key = await house.signing_keys.get(organization_id) if placed.tickets else None
    tickets = [
        TicketIssued(
            id=ticket.id,
            ticket_type_id=ticket.ticket_type_id,
            code=ticket.code,
            qr_code=house.signer.qr_code(key, organization_id, ticket.id, ticket.generation),
            status=ticket.status,
            attendee_info=ticket.attendee,
        )
        for ticket in placed.tickets
        if key is not None
    ]
    return OrderPlaced(
        **{name: getattr(placed.order, name) for name in _ORDER_SAME},
        token=token,
        tickets=tickets,
        redirect_url=redirect_url,
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


ROUTES = [reserve, show_cart, edit_cart, drop_cart, check_out]
