"""A buyer's account at a shop: a code sent to their address opens a session, and a session everything they have there."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from litestar import delete, get, post
from litestar.params import FromPath
from msgspec import Meta

from foyer.api.access import PUBLIC, declares, holder
from foyer.api.requests import AnyRequest, Nothing, bearer, desks, queried, read, read_nothing
from foyer.api.v1.holding import ORDER, TICKET, shop_of
from foyer.domains.customers import (
    LOOK_UPS,
    buyer_behind,
    enter_account,
    leave_account,
    seek_orders,
    turns_of_code,
)
from foyer.domains.customers.types import Buyer, NewBuyerSession
from foyer.domains.identity import take_turns
from foyer.domains.orders import orders_for_staff
from foyer.domains.orders.types import OrderFilter, OrderLine, OrderStatus, PaymentStatus
from foyer.domains.tickets import tickets_handed_to
from foyer.domains.tickets.types import TicketStatus
from foyer.infra.db.tx import ReadTx
from foyer.infra.network import network_of
from foyer.kernel.actor import visitor
from foyer.kernel.errors import NotFound, RateLimited
from foyer.kernel.language import preferred
from foyer.kernel.paging import PAGE_DEFAULT, PAGE_MAX
from foyer.kernel.wire import Wire

BUYER: Final = "buyer"
TICKETS_MAX: Final = 100


class CodeWanted(Wire, frozen=True):
    """The address that was ordered with."""

    email: str


class CodeSent(Wire, frozen=True):
    """A code is on its way, if anything was ordered with this address."""

    email: str


class CodeTyped(Wire, frozen=True):
    """The code from the mail, and the address that it was sent to."""

    email: str
    code: Annotated[str, Meta(max_length=100)]


class AccountOrdersAsked(Wire, frozen=True):
    """Which page of the orders."""

    limit: Annotated[int, Meta(ge=1, le=PAGE_MAX)] = PAGE_DEFAULT
    cursor: str | None = None


class AccountOrder(Wire, frozen=True):
    """An order in its buyer's list; `token` opens it. Amounts are in minor units of its currency."""

    id: UUID
    event_id: UUID
    order_number: str
    status: OrderStatus
    payment_status: PaymentStatus
    items: list[OrderLine]
    total: int
    refunded_amount: int
    currency: str
    expires_at: datetime | None
    created_at: datetime
    token: str


class AccountOrders(Wire, frozen=True):
    """A page of orders, the newest first; `next_cursor` leads to the next one."""

    items: list[AccountOrder]
    next_cursor: str | None


class AccountTicket(Wire, frozen=True):
    """A ticket that somebody else has bought and handed on to this buyer; `token` opens it."""

    id: UUID
    event_id: UUID
    ticket_type_id: UUID
    status: TicketStatus
    transferred_at: datetime | None
    token: str


class AccountTickets(Wire, frozen=True):
    items: list[AccountTicket]


@post(
    "/shops/{slug:str}/account/codes",
    opt=declares(PUBLIC, body=CodeWanted, refuses=(RateLimited,)),
    status_code=202,
)
async def send_code(request: AnyRequest, slug: FromPath[str]) -> CodeSent:
    """Have a code and links to all orders sent to the address they were made with. The answer is the same for any address."""
    shop = await shop_of(request, slug)
    body = await read(request, CodeWanted)
    await take_turns(desks(request).database, (LOOK_UPS, network_of(request)))
    language = preferred(request.headers.get("accept-language"))
    async with desks(request).database.write(shop.id) as tx:
        await seek_orders(tx, body.email, language=language, actor=visitor(shop.id))
    return CodeSent(email=body.email.strip())


@post(
    "/shops/{slug:str}/account/sessions",
    opt=declares(PUBLIC, body=CodeTyped, refuses=(RateLimited,)),
)
async def begin(request: AnyRequest, slug: FromPath[str]) -> NewBuyerSession:
    """Open a session with the code from the mail. It works once, for 15 minutes; its token is told here and never again."""
    shop = await shop_of(request, slug)
    body, house = await read(request, CodeTyped), desks(request)
    await take_turns(house.database, *turns_of_code(shop.id, body.email, network_of(request)))
    async with house.database.write(shop.id) as tx:
        return await enter_account(tx, body.email, body.code, keyring=house.keyring)


@delete("/shops/{slug:str}/account/session", opt=declares(holder(BUYER)), status_code=204)
async def end(request: AnyRequest, slug: FromPath[str]) -> None:
    """End the session of this token."""
    await read_nothing(request)
    shop = await shop_of(request, slug)
    async with desks(request).database.write(shop.id) as tx:
        await leave_account(tx, (await _buyer(request, tx)).session_id)


@get("/shops/{slug:str}/account/orders", opt=declares(holder(BUYER), query=AccountOrdersAsked))
async def list_orders(request: AnyRequest, slug: FromPath[str]) -> AccountOrders:
    """Everything the buyer has ordered at this shop, whatever has become of it."""
    asked = queried(request, AccountOrdersAsked)
    shop = await shop_of(request, slug)
    async with desks(request).database.read(shop.id) as tx:
        wanted = OrderFilter(customer_id=(await _buyer(request, tx)).customer_id)
        found = await orders_for_staff(tx, wanted, cursor=asked.cursor, limit=asked.limit)
    keyring = desks(request).keyring
    items = [
        AccountOrder(
            **{name: getattr(order, name) for name in _SAME},
            token=keyring.holder_token(ORDER, shop.id, order.id, order.generation),
        )
        for order in found.items
    ]
    return AccountOrders(items=items, next_cursor=found.next_cursor)


@get("/shops/{slug:str}/account/tickets", opt=declares(holder(BUYER), query=Nothing))
async def list_tickets(request: AnyRequest, slug: FromPath[str]) -> AccountTickets:
    """Good tickets that others have handed on to the buyer, the newest first; at most a hundred."""
    queried(request, Nothing)
    shop, house = await shop_of(request, slug), desks(request)
    async with house.database.read(shop.id) as tx:
        buyer = await _buyer(request, tx)
        held = await tickets_handed_to(tx, buyer.customer_id, most=TICKETS_MAX)
    items = [
        AccountTicket(
            id=one.id,
            event_id=one.event_id,
            ticket_type_id=one.ticket_type_id,
            status=TicketStatus.VALID,
            transferred_at=one.transferred_at,
            token=house.keyring.holder_token(TICKET, shop.id, one.id, one.generation),
        )
        for one in held
    ]
    return AccountTickets(items=items)


async def _buyer(request: AnyRequest, tx: ReadTx) -> Buyer:
    buyer = await buyer_behind(tx, bearer(request) or "")
    if buyer is None:
        raise NotFound("Nobody is signed in with this token here, or no longer.")
    return buyer


_SAME = tuple(name for name in AccountOrder.__struct_fields__ if name != "token")

ROUTES = [send_code, begin, end, list_orders, list_tickets]
