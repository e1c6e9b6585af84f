"""Who comes with the tickets of an order, said later and all at once."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from foyer.domains.events import holder_terms, on_sale
from foyer.domains.tickets import name_guests, tickets_of_order
from foyer.domains.tickets.types import Attendee, NamedGuest
from foyer.kernel.access import declares, holder
from foyer.kernel.actor import visitor
from foyer.kernel.errors import Conflict, Finding, Invalid
from foyer.web.shared.pages import GuestsPage, TicketView
from foyer.web.shared.render import AnyRequest, drawn
from foyer.web.shared.request import typed_into
from foyer.web.shared.visitor import desks, order_href
from foyer.web.storefront.cards import ticket_view
from foyer.web.storefront.holding import ORDER, OrderHolder, order_holder

GUESTS: Final = "/{slug:str}/orders/{order_id:uuid}/guests"
FIELDS: Final = {"firstName": "first_name", "lastName": "last_name", "email": "email"}


@get(GUESTS, opt=declares(holder(ORDER)))
async def guests_form(
    request: AnyRequest, slug: FromPath[str], order_id: FromPath[UUID], key: FromQuery[str | None] = None
) -> Response[Any]:
    return await _page(await order_holder(request, slug, order_id, key))


@post(GUESTS, opt=declares(holder(ORDER)))
async def name_all(
    request: AnyRequest, slug: FromPath[str], order_id: FromPath[UUID], key: FromQuery[str | None] = None
) -> Response[Any]:
    """Take down who comes. A ticket that was not on the form stays as it is; so do all of them where one cannot be changed."""
    held = await order_holder(request, slug, order_id, key)
    form, named = await typed_into(request), list[NamedGuest]()
    try:
        async with desks(request).database.write(held.shop.id) as tx:
            order = await held.order(tx)
            tickets = await tickets_of_order(tx, order_id, desks(request).signer)
            named = [
                _typed(form, one.id, one.attendee_info or Attendee())
                for one in tickets
                if f"{one.id}-email" in form
            ]
            await name_guests(tx, order_id, named, actor=visitor(held.shop.id))
    except Invalid as refused:
        found = [_on_form(one, named) for one in refused.as_findings()]
        return await _page(held, form, found, status=refused.status)
    except Conflict as refused:
        return await _page(held, form, problem=refused.detail, status=refused.status)
    return Redirect(order_href(request, held.shop, order) + "&saved=1", status_code=303)


def _typed(form: Mapping[str, str], ticket_id: UUID, before: Attendee) -> NamedGuest:
    typed = {name: form.get(f"{ticket_id}-{field}") for field, name in FIELDS.items()}
    return NamedGuest(ticket_id=ticket_id, phone=before.phone, **typed)


def _on_form(finding: Finding, named: Sequence[NamedGuest]) -> Finding:
    """A finding under the name of the form's field: `items[1].email` is that of the second guest's."""
    place, _, name = finding.field.removeprefix("items[").partition("].")
    return Finding(f"{named[int(place)].ticket_id}-{name}", finding.detail, finding.code)


async def _page(
    held: OrderHolder,
    form: Mapping[str, str] | None = None,
    findings: Sequence[Finding] = (),
    *,
    problem: str = "",
    status: int = 200,
) -> Response[str]:
    house = desks(held.request)
    async with house.database.read(held.shop.id) as tx:
        order = await held.order(tx)
        sale = await on_sale(tx, event_id=order.event_id)
        assert sale is not None, "an event with orders is never deleted"
        tickets = await tickets_of_order(tx, order.id, house.signer)
        views = [
            ticket_view(ticket, order, sale.event, place=(number, len(tickets)))
            for number, ticket in enumerate(tickets, start=1)
        ]
        terms = await holder_terms(tx, order.event_id)
        shown = [view for view in views if view.can_be_named]
        page = GuestsPage(
            shop=held.shop,
            event=sale.event,
            order=order,
            tickets=shown,
            key=held.key,
            closes_at=terms.closes_at,
            can_change=bool(shown) and terms.closes_at > await tx.now(),
            form=_known(shown) if form is None else form,
            findings=findings,
            problem=problem,
        )
    return drawn("shop/order_guests.html", page, status=status)


def _known(views: Sequence[TicketView]) -> dict[str, str]:
    """Who comes, as far as it was said, by the names of the form's fields."""
    return {
        f"{view.ticket.id}-{field}": getattr(view.ticket.attendee_info, name, None) or ""
        for view in views
        for field, name in FIELDS.items()
    }


ROUTES = [guests_form, name_all]
