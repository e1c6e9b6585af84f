"""The order: looked at, or given up while it waits."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from foyer.domains.checkout import cancel_order
from foyer.domains.events import holder_terms, joining_link, on_sale
from foyer.domains.orders import answers_of, invoice_pdf, invoices_of_order
from foyer.domains.orders.types import CancelReason, OrderStatus
from foyer.domains.organizations import lets_tickets_change_hands
from foyer.domains.payments import refunds_of_order
from foyer.domains.tickets import CALENDAR, link_generations, order_calendar, ticket_pdf, tickets_of_order
from foyer.kernel.access import declares, holder
from foyer.kernel.actor import visitor
from foyer.kernel.errors import Conflict, NotFound
from foyer.kernel.language import said
from foyer.web.shared.pages import OrderPage, said_with
from foyer.web.shared.render import AnyRequest, drawn, paper
from foyer.web.shared.visitor import base_url, desks, order_href, ticket_href, wallets, workshop
from foyer.web.shared.words import LANGUAGE
from foyer.web.storefront.cards import ticket_view
from foyer.web.storefront.holding import ORDER, OrderHolder, order_holder


@get("/{slug:str}/orders/{order_id:uuid}", opt=declares(holder(ORDER)))
async def order_page(
    request: AnyRequest, slug: FromPath[str], order_id: FromPath[UUID], key: FromQuery[str | None] = None
) -> Response[Any]:
    return await _page(await order_holder(request, slug, order_id, key))


@get("/{slug:str}/orders/{order_id:uuid}/cancellation", opt=declares(holder(ORDER)))
async def back_to_order(
    request: AnyRequest, slug: FromPath[str], order_id: FromPath[UUID], key: FromQuery[str | None] = None
) -> Redirect:
    """Where the address of a form that came back is opened again."""
    return await _to_page(await order_holder(request, slug, order_id, key))


@post("/{slug:str}/orders/{order_id:uuid}/cancellation", opt=declares(holder(ORDER)))
async def give_up(
    request: AnyRequest, slug: FromPath[str], order_id: FromPath[UUID], key: FromQuery[str | None] = None
) -> Response[Any]:
    """Give up an order that waits; its places go back at once. Pressing twice gives up once."""
    held = await order_holder(request, slug, order_id, key)
    try:
        async with desks(request).database.write(held.shop.id) as tx:
            await held.order(tx)
            await cancel_order(tx, order_id, actor=visitor(held.shop.id), reason=CancelReason.BUYER)
    except Conflict as refused:
        if await _status(held) is not OrderStatus.CANCELLED:
            return await _page(held, problem=refused.detail, status=refused.status)
    return await _to_page(held)


@get("/{slug:str}/orders/{order_id:uuid}/tickets.pdf", opt=declares(holder(ORDER)))
async def tickets_on_paper(
    request: AnyRequest, slug: FromPath[str], order_id: FromPath[UUID], key: FromQuery[str | None] = None
) -> Response[bytes]:
    held = await order_holder(request, slug, order_id, key)
    async with desks(request).database.read(held.shop.id) as tx:
        order = await held.order(tx)
    content = await ticket_pdf(
        workshop(request), desks(request).signer, held.shop.id, order_id, language=LANGUAGE.get()
    )
    return paper(content, f"tickets-{order.order_number}.pdf")


@get("/{slug:str}/orders/{order_id:uuid}/calendar.ics", opt=declares(holder(ORDER)))
async def in_calendar(
    request: AnyRequest, slug: FromPath[str], order_id: FromPath[UUID], key: FromQuery[str | None] = None
) -> Response[bytes]:
    held = await order_holder(request, slug, order_id, key)
    async with desks(request).database.read(held.shop.id) as tx:
        order = await held.order(tx)
        address = base_url(request) + order_href(request, held.shop, order)
        content = await order_calendar(tx, order_id, order.event_id, address=address, language=LANGUAGE.get())
    return paper(content, f"event-{order.order_number}.ics", CALENDAR)


@get("/{slug:str}/orders/{order_id:uuid}/invoices/{invoice_id:uuid}", opt=declares(holder(ORDER)))
async def invoice_on_paper(
    request: AnyRequest,
    slug: FromPath[str],
    order_id: FromPath[UUID],
    invoice_id: FromPath[UUID],
    key: FromQuery[str | None] = None,
) -> Response[bytes]:
    held = await order_holder(request, slug, order_id, key)
    async with desks(request).database.read(held.shop.id) as tx:
        await held.order(tx)
        known = {one.id: one.number for one in await invoices_of_order(tx, order_id)}
    if invoice_id not in known:
        raise NotFound(said("There is no such invoice."))
    content = await invoice_pdf(workshop(request), held.shop.id, invoice_id, language=LANGUAGE.get())
    return paper(content, f"{known[invoice_id]}.pdf")


async def _status(held: OrderHolder) -> OrderStatus:
    async with desks(held.request).database.read(held.shop.id) as tx:
        return (await held.order(tx)).status


async def _to_page(held: OrderHolder) -> Redirect:
    async with desks(held.request).database.read(held.shop.id) as tx:
        order = await held.order(tx)
    return Redirect(order_href(held.request, held.shop, order), status_code=303)


async def _page(held: OrderHolder, *, problem: str = "", status: int = 200) -> Response[str]:
    house = desks(held.request)
    async with house.database.read(held.shop.id) as tx:
        order = await held.order(tx)
        tickets = await tickets_of_order(tx, order.id, house.signer)
        refunds = await refunds_of_order(tx, order.id)
        invoices = await invoices_of_order(tx, order.id)
        # Who holds an order sees its event, whatever the shop shows of it today.
        sale = await on_sale(tx, event_id=order.event_id)
        assert sale is not None, "an event with orders is never deleted"
        held_today = await link_generations(tx, order)
        views = [
            ticket_view(
                ticket, order, sale.event, _own_page(held, ticket.id, held_today.get(ticket.id)),
                (number, len(tickets)),
            )
            for number, ticket in enumerate(tickets, start=1)
        ]  # fmt: skip
        link = await joining_link(tx, order.event_id) if any(view.is_open for view in views) else None
        closes_at = (await holder_terms(tx, order.event_id)).closes_at
        page = OrderPage(
            shop=held.shop,
            event=sale.event,
            order=order,
            tickets=sorted(views, key=lambda view: not view.is_open),
            refunds=refunds,
            invoices=invoices,
            key=held.key,
            as_of=await tx.now(),
            joining_link=link,
            wallets=await wallets(held.request).offered(await tx.now()),
            lets_hand_on=await lets_tickets_change_hands(tx),
            names_until=closes_at if closes_at > await tx.now() else None,
            said=said_with(order, (await answers_of(tx, [order.id]))[order.id]),
            is_saved="saved" in held.request.query_params,
            problem=problem,
        )
    return drawn("shop/order.html", page, status=status)


def _own_page(held: OrderHolder, ticket_id: UUID, generation: int | None) -> str:
    """The address of a ticket that its buyer still holds."""
    return "" if generation is None else ticket_href(held.request, held.shop, ticket_id, generation)


ROUTES = [order_page, back_to_order, give_up, tickets_on_paper, in_calendar, invoice_on_paper]
