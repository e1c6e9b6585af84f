"""An order for whoever holds its token: looked at, or given up while it waits."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from litestar import get, post, put
from litestar.params import FromPath
from msgspec import Meta

from foyer.api.access import declares, holder
from foyer.api.requests import AnyRequest, bearer, desks, read, read_nothing
from foyer.api.v1.holding import ORDER, shop_of
from foyer.domains.carts.types import TaxLine
from foyer.domains.checkout import cancel_order
from foyer.domains.customers.types import Customer
from foyer.domains.events import joining_link
from foyer.domains.orders import answers_of, find_order
from foyer.domains.orders.types import (
    Answer,
    Approval,
    CancelReason,
    Order,
    OrderLine,
    OrderStatus,
    PaymentStatus,
)
from foyer.domains.tickets import name_guests, tickets_of_order
from foyer.domains.tickets.types import NamedGuest, Ticket
from foyer.infra.db.tx import ReadTx
from foyer.kernel.actor import visitor
from foyer.kernel.errors import Conflict, NotFound
from foyer.kernel.wire import Wire

GUESTS_MAX: Final = 1_000


class GuestsBody(Wire, frozen=True):
    """Who comes with which of an order's tickets."""

    items: Annotated[list[NamedGuest], Meta(max_length=GUESTS_MAX)]


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
    tax_lines: list[TaxLine]
    total: int
    refunded_amount: int
    currency: str
    discount_code: str | None
    approval: Approval | None
    cancel_reason: CancelReason | None
    expires_at: datetime | None
    created_at: datetime
    updated_at: datetime
    virtual_event_url: str | None
    tickets: list[Ticket]
    answers: list[Answer]


@get("/shops/{slug:str}/orders/{order_id:uuid}", opt=declares(holder(ORDER)))
async def show_order(request: AnyRequest, slug: FromPath[str], order_id: FromPath[UUID]) -> OrderHeld:
    """The order for whoever has its token; the address of a virtual event is in it while a ticket is good."""
    shop = await shop_of(request, slug)
    async with desks(request).database.read(shop.id) as tx:
        return await _view(request, tx, await _held_order(request, tx, order_id))


@post(
    "/shops/{slug:str}/orders/{order_id:uuid}/cancellation",
    opt=declares(holder(ORDER), refuses=(Conflict,)),
    status_code=200,
)
async def give_up(request: AnyRequest, slug: FromPath[str], order_id: FromPath[UUID]) -> OrderHeld:
    """Give up an order that waits for approval or payment; its places go back at once."""
    shop = await shop_of(request, slug)
    await read_nothing(request)
    async with desks(request).database.write(shop.id) as tx:
        await _held_order(request, tx, order_id)
        await cancel_order(tx, order_id, actor=visitor(shop.id), reason=CancelReason.BUYER)
    async with desks(request).database.read(shop.id) as tx:
        return await _view(request, tx, await _held_order(request, tx, order_id))


@put(
    "/shops/{slug:str}/orders/{order_id:uuid}/attendees",
    opt=declares(holder(ORDER), body=GuestsBody, refuses=(Conflict,)),
)
async def name_all(request: AnyRequest, slug: FromPath[str], order_id: FromPath[UUID]) -> OrderHeld:
    """Say who comes with tickets of the order that were not handed on, until the event's cut-off; all of it or nothing."""
    shop = await shop_of(request, slug)
    body = await read(request, GuestsBody)
    async with desks(request).database.write(shop.id) as tx:
        await _held_order(request, tx, order_id)
        await name_guests(tx, order_id, body.items, actor=visitor(shop.id))
    async with desks(request).database.read(shop.id) as tx:
        return await _view(request, tx, await _held_order(request, tx, order_id))


async def _held_order(request: AnyRequest, tx: ReadTx, order_id: UUID) -> Order:
    found = await find_order(tx, order_id)
    if found is None or not desks(request).keyring.is_holder_token(
        bearer(request) or "", ORDER, tx.organization_id, order_id, found.generation
    ):
        raise NotFound("There is no such order, or the token is not the one that opens it.")
    return found


async def _view(request: AnyRequest, tx: ReadTx, order: Order) -> OrderHeld:
    tickets = await tickets_of_order(tx, order.id, desks(request).signer)
    is_welcome = any(ticket.status.is_good for ticket in tickets)
    link = await joining_link(tx, order.event_id) if is_welcome else None
    fields = {name: getattr(order, name) for name in _SAME}
    answers = (await answers_of(tx, [order.id]))[order.id]
    return OrderHeld(**fields, tickets=tickets, virtual_event_url=link, answers=answers)


_SAME = tuple(
    name for name in OrderHeld.__struct_fields__ if name not in {"tickets", "virtual_event_url", "answers"}
)

ROUTES = [show_order, give_up, name_all]
