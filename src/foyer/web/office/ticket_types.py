"""Pages of the office: the ticket types of an event, and the areas they share."""

import json
from typing import Any, Final
from uuid import UUID

from litestar import Response, get, post
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath
from litestar.response import Redirect
from msgspec.structs import replace

from foyer.domains.events import (
    add_ticket_type,
    delete_ticket_type,
    edit_ticket_type,
    event_for_staff,
    order_ticket_types,
    shared_pools,
    tax_rates,
    ticket_type_for_staff,
)
from foyer.domains.events.types import EventStaff, TicketTypeDraft, TicketTypeStaff
from foyer.infra.db.tx import ReadTx
from foyer.kernel.access import declares, permission
from foyer.kernel.errors import FoyerError, PreconditionFailed
from foyer.kernel.paging import PAGE_MAX
from foyer.web.office.event_form import moment_text
from foyer.web.office.events import returned, type_rows
from foyer.web.office.forms import Form, is_answerable, money_text, require_read, sent, stepped
from foyer.web.office.frame import frame
from foyer.web.office.pages.events import EventHead
from foyer.web.office.pages.form import FormState
from foyer.web.office.pages.ticket_types import TypePage, TypesPage
from foyer.web.shared.render import AnyRequest, drawn
from foyer.web.shared.staff import staff
from foyer.web.shared.visitor import desks

SWITCHED_OFF: Final = {"isHidden": "", "requiresApproval": ""}
"""What a form says of its ticks by not sending them."""


@get("/events/{event_id:uuid}/tickets", opt=declares(permission("events:view")))
async def list_types(request: AnyRequest, event_id: FromPath[UUID]) -> Response[str]:
    async with desks(request).database.read(staff(request).shop.id) as tx:
        event = await event_for_staff(tx, event_id)
        page = TypesPage(
            frame(request, "events"), EventHead(event, "tickets"), await type_rows(tx, event_id),
            await shared_pools(tx, event_id),
        )  # fmt: skip
    return drawn("office/types.html", page)


@get("/events/{event_id:uuid}/tickets/new", opt=declares(permission("events:edit")))
async def new_type(request: AnyRequest, event_id: FromPath[UUID]) -> Response[str]:
    async with desks(request).database.read(staff(request).shop.id) as tx:
        event = await event_for_staff(tx, event_id)
        return await _page(request, tx, event, FormState({"minPerOrder": "1", "maxPerOrder": "10"}))


@post("/events/{event_id:uuid}/tickets/new", opt=declares(permission("events:edit")))
async def add_type(request: AnyRequest, event_id: FromPath[UUID]) -> Response[Any]:
    here, form = staff(request), await sent(request)
    database = desks(request).database
    try:
        async with database.write(here.shop.id) as tx:
            event = await event_for_staff(tx, event_id)
            last = max((kind.sort_order for kind in event.ticket_types), default=0)
            draft = TicketTypeDraft(**_read(form, event), sort_order=last + 10)
            require_read(form)
            await add_ticket_type(tx, event_id, draft, actor=here.actor)
    except FoyerError as refused:
        if not is_answerable(refused):
            raise
        async with database.read(here.shop.id) as tx:
            event = await event_for_staff(tx, event_id)
            state = returned({}, 0, form, refused)
            return await _page(request, tx, event, state, status=refused.status)
    return Redirect(f"/office/events/{event_id}/tickets?done=created", status_code=303)


@get("/events/{event_id:uuid}/tickets/{type_id:uuid}", opt=declares(permission("events:view")))
async def show_type(request: AnyRequest, event_id: FromPath[UUID], type_id: FromPath[UUID]) -> Response[str]:
    async with desks(request).database.read(staff(request).shop.id) as tx:
        event = await event_for_staff(tx, event_id)
        kind = await ticket_type_for_staff(tx, event_id, type_id)
        return await _page(request, tx, event, FormState(_values(kind, event), kind.version), kind)


@post("/events/{event_id:uuid}/tickets/{type_id:uuid}", opt=declares(permission("events:edit")))
async def save_type(request: AnyRequest, event_id: FromPath[UUID], type_id: FromPath[UUID]) -> Response[Any]:
    here, form = staff(request), await sent(request)
    database = desks(request).database
    try:
        async with database.write(here.shop.id) as tx:
            change = _read(form, await event_for_staff(tx, event_id))
            require_read(form)
            await edit_ticket_type(
                tx, event_id, type_id, lambda standing: replace(standing, **change, is_free=None), actor=here.actor,
                version=form.number("version", 0),
            )  # fmt: skip
    except FoyerError as refused:
        if not is_answerable(refused):
            raise
        async with database.read(here.shop.id) as tx:
            event = await event_for_staff(tx, event_id)
            kind = await ticket_type_for_staff(tx, event_id, type_id)
            state = returned(_values(kind, event) | SWITCHED_OFF, kind.version, form, refused)
            changed = isinstance(refused, PreconditionFailed)
            return await _page(request, tx, event, state, kind, status=refused.status, was_changed=changed)
    return Redirect(f"/office/events/{event_id}/tickets?done=saved", status_code=303)


@post("/events/{event_id:uuid}/tickets/{type_id:uuid}/deletion", opt=declares(permission("events:edit")))
async def delete_type(
    request: AnyRequest, event_id: FromPath[UUID], type_id: FromPath[UUID]
) -> Response[Any]:
    here = staff(request)
    async with desks(request).database.write(here.shop.id) as tx:
        await delete_ticket_type(tx, event_id, type_id, actor=here.actor)
    return Redirect(f"/office/events/{event_id}/tickets?done=deleted", status_code=303)


@post("/events/{event_id:uuid}/tickets/{type_id:uuid}/place", opt=declares(permission("events:edit")))
async def move_type(request: AnyRequest, event_id: FromPath[UUID], type_id: FromPath[UUID]) -> Response[Any]:
    """One step up or down in the order of the shop: the way without a script."""
    here, form = staff(request), await sent(request)
    async with desks(request).database.write(here.shop.id) as tx:
        order = [kind.id for kind in (await event_for_staff(tx, event_id)).ticket_types]
        await ticket_type_for_staff(tx, event_id, type_id)
        await order_ticket_types(tx, event_id, stepped(order, type_id, form), actor=here.actor)
    return Redirect(f"/office/events/{event_id}/tickets?done=moved", status_code=303)


@post("/events/{event_id:uuid}/tickets/order", opt=declares(permission("events:edit")))
async def order_types(request: AnyRequest, event_id: FromPath[UUID]) -> Response[None]:
    """The whole order at once, as a script sends it after a row was dragged."""
    here, form = staff(request), await sent(request)
    order = form.ids("id", "These are not ticket types.")
    require_read(form)
    async with desks(request).database.write(here.shop.id) as tx:
        await order_ticket_types(tx, event_id, order, actor=here.actor)
    return Response(None, status_code=204)


async def _page(
    request: AnyRequest,
    tx: ReadTx,
    event: EventStaff,
    state: FormState,
    kind: TicketTypeStaff | None = None,
    *,
    status: int = 200,
    was_changed: bool = False,
) -> Response[str]:
    rates = (await tax_rates(tx, cursor=None, limit=PAGE_MAX)).items
    page = TypePage(frame(request, "events"), EventHead(event, "tickets"), state, rates, kind, was_changed)
    return drawn("office/type.html", page, status=status)


def _read(form: Form, event: EventStaff) -> dict[str, Any]:
    """What the form says of a ticket type; its place in the shop is set elsewhere."""
    price = form.money("price", event.currency)
    return {
        "name": form.text("name"),
        "description": form.maybe("description"),
        "price": 0 if price is None else price,
        "tax_rate_id": _tax_rate(form),
        "quantity": form.number("quantity", 0),
        "min_per_order": form.number("minPerOrder", 1),
        "max_per_order": form.maybe_number("maxPerOrder"),
        "sales_start_date": form.moment("salesStartDate", event.time_zone),
        "sales_end_date": form.moment("salesEndDate", event.time_zone),
        "is_hidden": form.flag("isHidden"),
        "requires_approval": form.flag("requiresApproval"),
        "metadata": _metadata(form),
    }


def _tax_rate(form: Form) -> UUID | None:
    text = form.maybe("taxRateId")
    try:
        return UUID(text) if text else None
    except ValueError:
        form.wrong("taxRateId", "Choose one of the list.")
        return None


def _metadata(form: Form) -> dict[str, object]:
    text = form.maybe("metadata")
    if text is None:
        return {}
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if isinstance(value, dict):
        return value
    form.wrong("metadata", 'Write a JSON object, like {"seat": "balcony"}.')
    return {}


def _values(kind: TicketTypeStaff, event: EventStaff) -> dict[str, str]:
    return {
        "name": kind.name,
        "description": kind.description or "",
        "price": money_text(kind.price, event.currency),
        "taxRateId": str(kind.tax_rate_id or ""),
        "quantity": str(kind.quantity),
        "minPerOrder": str(kind.min_per_order),
        "maxPerOrder": str(kind.max_per_order),
        "salesStartDate": moment_text(kind.sales_start_date, event.time_zone),
        "salesEndDate": moment_text(kind.sales_end_date, event.time_zone),
        "isHidden": "on" if kind.is_hidden else "",
        "requiresApproval": "on" if kind.requires_approval else "",
        "metadata": json.dumps(kind.metadata, ensure_ascii=False, indent=2) if kind.metadata else "",
    }


ROUTES: list[BaseRouteHandler] = [
    list_types, new_type, add_type, show_type, save_type, delete_type, move_type, order_types,
]  # fmt: skip
