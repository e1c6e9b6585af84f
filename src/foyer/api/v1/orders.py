"""Orders for staff: found, looked at, noted on, settled, cancelled, decided, refunded."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Annotated, Final, Literal
from uuid import UUID

from litestar import Response, get, patch, post
from litestar.params import FromPath
from litestar.response import Stream
from msgspec import Meta
from msgspec.structs import asdict

from foyer.api.access import IDEMPOTENCY_KEY, IF_MATCH, acting, declares, permission
from foyer.api.csv import CSV, exported
from foyer.api.idempotency import named, once
from foyer.api.requests import AnyRequest, Nothing, desks, expected_version, queried, read, read_nothing
from foyer.api.staff import tagged
from foyer.domains.checkout import (
    ORDER_COLUMNS,
    approve_order,
    begin_payment,
    begin_refund,
    cancel_order,
    mark_paid,
    order_rows,
    perform_refund,
    refuse_order,
)
from foyer.domains.checkout.types import WantedRefund
from foyer.domains.orders import answers_of, edit_notes, order_for_staff, orders_for_staff
from foyer.domains.orders.types import Answer, CancelReason, OrderFilter, OrderStaff
from foyer.domains.payments import attempts_of_order, refund, refunds_due, refunds_of_order
from foyer.domains.payments.types import Attempt, Refund
from foyer.domains.tickets import whole_tickets_of_order
from foyer.domains.tickets.types import Ticket
from foyer.infra.db.tx import ReadTx, Tx
from foyer.kernel.errors import Conflict, Forbidden, Invalid
from foyer.kernel.paging import PAGE_DEFAULT, PAGE_MAX
from foyer.kernel.wire import Wire

REFUNDED_LINES_MAX: Final = 1_000


class OrderAnswer(OrderStaff, frozen=True):
    """An order for staff. `refund_due` is what has to go back and nobody has begun, in minor units; 0 where nothing has."""

    refund_due: int


class OrderDetail(OrderAnswer, frozen=True):
    """An order with the tries to have it paid, what went back of it, and what its buyer answered."""

    attempts: list[Attempt]
    refunds: list[Refund]
    answers: list[Answer]


class OrderAnswers(Wire, frozen=True):
    items: list[OrderAnswer]
    next_cursor: str | None


class OrderPage(OrderFilter, frozen=True):
    """Which orders, and which page of them."""

    limit: Annotated[int, Meta(ge=1, le=PAGE_MAX)] = PAGE_DEFAULT
    cursor: str | None = None


class OrderNotes(Wire, frozen=True):
    """What staff note about an order; null takes it away."""

    notes: str | None


class ApprovalBody(Wire, frozen=True):
    """The organizer's word. The buyer is told the reason of a refusal."""

    decision: Literal["approve", "refuse"]
    reason: str | None = None


class RefundBody(Wire, frozen=True):
    """The tickets that go back, by line of the order; without `items` everything that is left."""

    items: Annotated[list[WantedRefund], Meta(min_length=1, max_length=REFUNDED_LINES_MAX)] | None = None
    reason: str | None = None


class OrderRefunds(Wire, frozen=True):
    items: list[Refund]


class OrderTickets(Wire, frozen=True):
    items: list[Ticket]


@get("/orders", opt=declares(permission("orders:view"), query=OrderPage))
async def list_orders(request: AnyRequest) -> OrderAnswers:
    """Orders, the newest first. `q` begins the number, the address or a name; created at `createdFrom` or later, before `createdTo`."""
    asked = queried(request, OrderPage)
    async with desks(request).database.read(acting(request).organization_id) as tx:
        page = await orders_for_staff(tx, asked, cursor=asked.cursor, limit=asked.limit)
        return OrderAnswers(items=await _answers(tx, page.items), next_cursor=page.next_cursor)


@get(
    "/orders/export",
    opt=declares(permission("exports:create"), query=OrderFilter, refuses=(Forbidden,)),
    media_type=CSV,
)
async def export_orders(request: AnyRequest) -> Stream:
    """The same orders as CSV, one a row; needs `orders:view` as well. Amounts are decimals of the currency beside them."""
    acting(request).require("orders:view")
    wanted = queried(request, OrderFilter)
    return await exported(request, "orders", ORDER_COLUMNS, partial(order_rows, wanted))


@get("/orders/{order_id:uuid}", opt=declares(permission("orders:view")))
async def show_order(request: AnyRequest, order_id: FromPath[UUID]) -> Response[OrderDetail]:
    return await _shown(request, order_id)


@patch(
    "/orders/{order_id:uuid}",
    opt=declares(permission("orders:edit"), body=OrderNotes, honours=(IF_MATCH,)),
)
async def note(request: AnyRequest, order_id: FromPath[UUID]) -> Response[OrderDetail]:
    """Write what staff note about the order; buyers never see it."""
    body = await read(request, OrderNotes)
    async with desks(request).database.write(acting(request).organization_id) as tx:
        await edit_notes(tx, order_id, body.notes, actor=acting(request), version=expected_version(request))
    return await _shown(request, order_id)


@get("/orders/{order_id:uuid}/tickets", opt=declares(permission("tickets:view"), query=Nothing))
async def list_tickets(request: AnyRequest, order_id: FromPath[UUID]) -> OrderTickets:
    """The tickets with what opens the door for them."""
    queried(request, Nothing)
    async with desks(request).database.read(acting(request).organization_id) as tx:
        order = await order_for_staff(tx, order_id)
        return OrderTickets(items=await whole_tickets_of_order(tx, order.id, desks(request).signer))


@post(
    "/orders/{order_id:uuid}/payment",
    opt=declares(permission("orders:edit"), honours=(IDEMPOTENCY_KEY,), refuses=(Conflict,)),
    status_code=200,
)
async def pay(request: AnyRequest, order_id: FromPath[UUID]) -> Response[OrderDetail]:
    """Say that the buyer has paid the organizer directly: the order is confirmed and its tickets are issued."""
    await read_nothing(request)
    actor, replay = acting(request), await named(request)
    await mark_paid(desks(request).till, actor.organization_id, order_id, actor=actor, replay=replay)
    return await _shown(request, order_id)


@post(
    "/orders/{order_id:uuid}/cancellation",
    opt=declares(permission("orders:edit"), honours=(IDEMPOTENCY_KEY,), refuses=(Conflict,)),
    status_code=200,
)
async def cancel(request: AnyRequest, order_id: FromPath[UUID]) -> Response[OrderDetail]:
    """Cancel an order that nothing was paid for. Its places go back at once; what was paid has to be refunded instead."""
    await read_nothing(request)
    actor = acting(request)
    return await _once(
        request, order_id, lambda tx: cancel_order(tx, order_id, actor=actor, reason=CancelReason.STAFF)
    )


@post(
    "/orders/{order_id:uuid}/approval",
    opt=declares(
        permission("orders:edit"), body=ApprovalBody, honours=(IDEMPOTENCY_KEY,), refuses=(Conflict,)
    ),
    status_code=200,
)
async def decide(request: AnyRequest, order_id: FromPath[UUID]) -> Response[OrderDetail]:
    """Approve an order, so that it is confirmed or can be paid, or refuse it, so that its places go back."""
    body = await read(request, ApprovalBody)
    actor, house = acting(request), desks(request)
    if body.decision == "refuse":
        return await _once(
            request, order_id, lambda tx: refuse_order(tx, order_id, actor=actor, reason=body.reason)
        )
    if body.reason is not None:
        raise Invalid("Only a refusal has a reason.", field="reason")
    work = partial(approve_order, order_id=order_id, actor=actor, providers=house.providers)
    return await _once(request, order_id, work, asks_to_pay=True)


@post(
    "/orders/{order_id:uuid}/refunds",
    opt=declares(
        permission("orders:refund"), body=RefundBody, honours=(IDEMPOTENCY_KEY,), refuses=(Conflict,)
    ),
)
async def give_back(request: AnyRequest, order_id: FromPath[UUID]) -> Refund:
    """Give money back for some tickets, or for all that are left. They end, and their places are free, once the money is back."""
    body = await read(request, RefundBody)
    actor, house = acting(request), desks(request)
    async with house.database.write(actor.organization_id) as tx, once(tx, request) as earlier:
        refund_id = earlier.resource_id
        if refund_id is None:
            refund_id = await begin_refund(tx, order_id, body.items, actor=actor, reason=body.reason)
            earlier.remember(refund_id)
    await perform_refund(house.till, actor.organization_id, order_id)
    async with house.database.read(actor.organization_id) as view:
        return await refund(view, order_id, refund_id)


@get("/orders/{order_id:uuid}/refunds", opt=declares(permission("orders:view"), query=Nothing))
async def list_refunds(request: AnyRequest, order_id: FromPath[UUID]) -> OrderRefunds:
    """Refunds of the order, the oldest first."""
    queried(request, Nothing)
    async with desks(request).database.read(acting(request).organization_id) as tx:
        order = await order_for_staff(tx, order_id)
        return OrderRefunds(items=await refunds_of_order(tx, order.id))


async def _once(
    request: AnyRequest,
    order_id: UUID,
    work: Callable[[Tx], Awaitable[None]],
    *,
    asks_to_pay: bool = False,
) -> Response[OrderDetail]:
    """Do something to an order, once for each key, and show it afresh."""
    organization_id, house = acting(request).organization_id, desks(request)
    async with house.database.write(organization_id) as tx, once(tx, request) as earlier:
        if earlier.resource_id is None:
            await work(tx)
            earlier.remember(order_id)
    if asks_to_pay:
        await begin_payment(house.till, organization_id, order_id)
    return await _shown(request, order_id)


async def _shown(request: AnyRequest, order_id: UUID) -> Response[OrderDetail]:
    async with desks(request).database.read(acting(request).organization_id) as tx:
        (answer,) = await _answers(tx, [await order_for_staff(tx, order_id)])
        attempts, refunds = await attempts_of_order(tx, order_id), await refunds_of_order(tx, order_id)
        answers = (await answers_of(tx, [order_id]))[order_id]
    return tagged(OrderDetail(**asdict(answer), attempts=attempts, refunds=refunds, answers=answers))


async def _answers(tx: ReadTx, orders: Sequence[OrderStaff]) -> list[OrderAnswer]:
    due = await refunds_due(tx, [order.id for order in orders])
    return [OrderAnswer(**asdict(order), refund_due=due.get(order.id, 0)) for order in orders]


ROUTES = [
    list_orders, export_orders, show_order, note, list_tickets, pay, cancel, decide, give_back, list_refunds,
]  # fmt: skip
