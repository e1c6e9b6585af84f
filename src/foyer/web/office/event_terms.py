"""Pages of the office: how an event is found and sold, what it would look like, copies of it, its end."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath
from litestar.response import Redirect
from markupsafe import Markup
from msgspec.structs import replace

from foyer.domains.carts import offer_to_staff
from foyer.domains.checkout import cancel_event
from foyer.domains.events import duplicate_event, edit_event, event_for_staff, series_names, shared_pools
from foyer.domains.events.types import EventCopy
from foyer.domains.orders import standing_orders
from foyer.infra.db.tx import ReadTx
from foyer.kernel.access import declares, permission
from foyer.kernel.errors import FoyerError, PreconditionFailed
from foyer.web.office.event_form import in_words, read_settings, settings_values
from foyer.web.office.events import returned
from foyer.web.office.forms import Form, beside, is_answerable, require_read, sent
from foyer.web.office.frame import frame
from foyer.web.office.pages.events import CancelPage, CopyPage, EventHead, TermsPage
from foyer.web.office.pages.form import FormState
from foyer.web.office.pages.preview import PreviewPage
from foyer.web.shared.render import AnyRequest, drawn
from foyer.web.shared.staff import staff
from foyer.web.shared.visitor import desks

HOLD_MINUTES = 15


@get("/events/{event_id:uuid}/settings", opt=declares(permission("events:view")))
async def show_terms(request: AnyRequest, event_id: FromPath[UUID]) -> Response[str]:
    async with desks(request).database.read(staff(request).shop.id) as tx:
        return await _terms(request, tx, event_id)


@post("/events/{event_id:uuid}/settings", opt=declares(permission("events:edit")))
async def save_terms(request: AnyRequest, event_id: FromPath[UUID]) -> Response[Any]:
    here, form = staff(request), await sent(request)
    database = desks(request).database
    try:
        async with database.write(here.shop.id) as tx:
            change = read_settings(form, await event_for_staff(tx, event_id))
            require_read(form)
            await edit_event(
                tx, event_id, lambda standing: replace(standing, **change), actor=here.actor,
                version=form.number("version", 0),
            )  # fmt: skip
    except FoyerError as refused:
        if not is_answerable(refused):
            raise
        async with database.read(here.shop.id) as tx:
            return await _terms(request, tx, event_id, form=form, refused=refused)
    return Redirect(f"/office/events/{event_id}/settings?done=saved", status_code=303)


@get("/events/{event_id:uuid}/preview", opt=declares(permission("events:view")))
async def preview(request: AnyRequest, event_id: FromPath[UUID]) -> Response[str]:
    """The event as its buyers would see it, whether it is published or not; nothing can be reserved here."""
    shop = staff(request).shop
    async with desks(request).database.read(shop.id) as tx:
        event = await event_for_staff(tx, event_id)
        found = await offer_to_staff(tx, event_id)
    hidden = {kind.id for kind in event.ticket_types if kind.is_hidden}
    shown = [kind for kind in found.ticket_types if kind.id not in hidden]
    # The offer's description went through the HTML cleaner when it was read; it is markup, and nothing else is.
    page = PreviewPage(
        shop=shop,
        offer=replace(found, ticket_types=shown),
        description_html=Markup(found.event.description),  # noqa: S704
        hold_minutes=HOLD_MINUTES,
        back=f"/office/events/{event_id}",
    )
    return drawn("office/preview.html", page)


@get("/events/{event_id:uuid}/copy", opt=declares(permission("events:create")))
async def plan_copy(request: AnyRequest, event_id: FromPath[UUID]) -> Response[str]:
    async with desks(request).database.read(staff(request).shop.id) as tx:
        event = await event_for_staff(tx, event_id)
        values = {
            "title": event.title,
            "startDate": event.start_date.isoformat(),
            "types": "on",
            "pools": "on",
        }
        return await _copy_page(request, tx, event_id, FormState(values))


@post("/events/{event_id:uuid}/copy", opt=declares(permission("events:create")))
async def copy(request: AnyRequest, event_id: FromPath[UUID]) -> Response[Any]:
    here, form = staff(request), await sent(request)
    database = desks(request).database
    try:
        async with database.write(here.shop.id) as tx:
            wanted = EventCopy(
                title=form.text("title"),
                start_date=form.day("startDate", (await tx.now()).date()),
                with_ticket_types=form.flag("types"),
                with_pools=form.flag("pools"),
                with_discounts=form.flag("discounts"),
            )
            require_read(form)
            made = await duplicate_event(tx, event_id, wanted, actor=here.actor)
    except FoyerError as refused:
        if not is_answerable(refused):
            raise
        async with database.read(here.shop.id) as tx:
            state = FormState(form.typed, findings=beside(refused))
            return await _copy_page(request, tx, event_id, state, status=refused.status)
    return Redirect(f"/office/events/{made.id}?done=copied", status_code=303)


@get("/events/{event_id:uuid}/cancellation", opt=declares(permission("events:publish")))
async def plan_end(request: AnyRequest, event_id: FromPath[UUID]) -> Response[str]:
    """What cancelling would do, in numbers."""
    async with desks(request).database.read(staff(request).shop.id) as tx:
        event = await event_for_staff(tx, event_id)
        orders = await standing_orders(tx, event_id)
    page = CancelPage(
        frame(request, "events"), EventHead(event, "settings"), orders.paid, orders.pending, orders.refund,
        event.total_tickets_sold,
    )  # fmt: skip
    return drawn("office/event_cancel.html", page)


@post("/events/{event_id:uuid}/cancellation", opt=declares(permission("events:publish")))
async def end(request: AnyRequest, event_id: FromPath[UUID]) -> Response[Any]:
    here = staff(request)
    async with desks(request).database.write(here.shop.id) as tx:
        await cancel_event(tx, event_id, actor=here.actor)
    return Redirect(f"/office/events/{event_id}?done=cancelled", status_code=303)


async def _terms(
    request: AnyRequest,
    tx: ReadTx,
    event_id: UUID,
    *,
    form: Form | None = None,
    refused: FoyerError | None = None,
) -> Response[str]:
    event = await event_for_staff(tx, event_id)
    state = returned(settings_values(event), event.version, form, refused)
    page = TermsPage(
        frame(request, "events"), EventHead(event, "settings"), state, in_words(event).partition(", ")[2],
        await series_names(tx), was_changed=isinstance(refused, PreconditionFailed),
    )  # fmt: skip
    return drawn("office/event_terms.html", page, status=refused.status if refused else 200)


async def _copy_page(
    request: AnyRequest, tx: ReadTx, event_id: UUID, state: FormState, *, status: int = 200
) -> Response[str]:
    event = await event_for_staff(tx, event_id)
    pools = await shared_pools(tx, event_id)
    page = CopyPage(frame(request, "events"), EventHead(event, "settings"), state, pools)
    return drawn("office/event_copy.html", page, status=status)


ROUTES: list[BaseRouteHandler] = [show_terms, save_terms, preview, plan_copy, copy, plan_end, end]
