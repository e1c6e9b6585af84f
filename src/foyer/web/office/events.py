"""Pages of the office: events, from the list to the last word of the editor."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from msgspec.structs import replace

from foyer.domains.carts import offer_to_staff
from foyer.domains.events import (
    create_event,
    delete_event,
    edit_event,
    event_for_staff,
    events_for_staff,
    publish_checks,
    publish_event,
)
from foyer.domains.events.types import EventDraft, EventFilter, EventStatus, Visibility
from foyer.domains.orders import revenue
from foyer.domains.organizations import organization_for_staff
from foyer.infra.db.tx import ReadTx
from foyer.kernel.access import declares, permission
from foyer.kernel.errors import FoyerError, Invalid, PreconditionFailed
from foyer.kernel.paging import PAGE_DEFAULT, read_cursor
from foyer.web.office.event_form import fresh_values, overview_values, read_overview
from foyer.web.office.forms import Form, beside, is_answerable, require_read, sent
from foyer.web.office.frame import frame
from foyer.web.office.pages.events import EventHead, EventsPage, NewEventPage, OverviewPage, TypeRow
from foyer.web.office.pages.form import FormState, differing
from foyer.web.shared.render import AnyRequest, drawn
from foyer.web.shared.staff import staff
from foyer.web.shared.visitor import desks

SEARCH_MAX = 100


@get("/events", opt=declares(permission("events:view")))
async def list_events(
    request: AnyRequest,
    q: FromQuery[str | None] = None,
    status: FromQuery[str | None] = None,
    visibility: FromQuery[str | None] = None,
    cursor: FromQuery[str | None] = None,
) -> Response[str]:
    here = staff(request)
    wanted = EventFilter(
        status=EventStatus(status) if status in set(EventStatus) else None,
        visibility=Visibility(visibility) if visibility in set(Visibility) else None,
        search=(q or "").strip()[:SEARCH_MAX],
    )
    after = known_cursor(cursor)
    async with desks(request).database.read(here.shop.id) as tx:
        page = await events_for_staff(tx, wanted, cursor=after, limit=PAGE_DEFAULT)
        earned = await revenue(tx, [event.id for event in page.items])
    return drawn(
        "office/events.html",
        EventsPage(
            frame(request, "events"), page.items, earned, wanted.search, wanted.status or "", wanted.visibility or "",
            after or "", page.next_cursor,
        ),
    )  # fmt: skip


@get("/events/new", opt=declares(permission("events:create")))
async def new_event(request: AnyRequest) -> Response[str]:
    async with desks(request).database.read(staff(request).shop.id) as tx:
        house = await organization_for_staff(tx)
    form = FormState(fresh_values(house.default_currency, house.time_zone))
    return drawn("office/event_new.html", NewEventPage(frame(request, "events"), form))


@post("/events/new", opt=declares(permission("events:create")))
async def add_event(request: AnyRequest) -> Response[Any]:
    here, form = staff(request), await sent(request)
    database = desks(request).database
    try:
        async with database.write(here.shop.id) as tx:
            change = read_overview(form, (await tx.now()).date())
            require_read(form)
            event = await create_event(tx, EventDraft(**change), actor=here.actor)
    except FoyerError as refused:
        if not is_answerable(refused):
            raise
        state = FormState(form.typed, findings=beside(refused))
        page = NewEventPage(frame(request, "events"), state)
        return drawn("office/event_new.html", page, status=refused.status)
    return Redirect(f"/office/events/{event.id}?done=created", status_code=303)


@get("/events/{event_id:uuid}", opt=declares(permission("events:view")))
async def show_event(request: AnyRequest, event_id: FromPath[UUID]) -> Response[str]:
    async with desks(request).database.read(staff(request).shop.id) as tx:
        return await overview(request, tx, event_id)


@post("/events/{event_id:uuid}", opt=declares(permission("events:edit")))
async def save_event(request: AnyRequest, event_id: FromPath[UUID]) -> Response[Any]:
    """Keep what the first tab says. Where two edit at once, the page comes back with both."""
    here, form = staff(request), await sent(request)
    database = desks(request).database
    try:
        async with database.write(here.shop.id) as tx:
            change = read_overview(form, (await tx.now()).date())
            require_read(form)
            await edit_event(
                tx, event_id, lambda standing: replace(standing, **change), actor=here.actor,
                version=form.number("version", 0),
            )  # fmt: skip
    except FoyerError as refused:
        if not is_answerable(refused):
            raise
        async with database.read(here.shop.id) as tx:
            return await overview(request, tx, event_id, form=form, refused=refused)
    return Redirect(f"/office/events/{event_id}?done=saved", status_code=303)


@post("/events/{event_id:uuid}/publication", opt=declares(permission("events:publish")))
async def publish(request: AnyRequest, event_id: FromPath[UUID]) -> Response[Any]:
    here = staff(request)
    database = desks(request).database
    try:
        async with database.write(here.shop.id) as tx:
            await publish_event(tx, event_id, actor=here.actor)
    except FoyerError as refused:
        if not is_answerable(refused):
            raise
        async with database.read(here.shop.id) as tx:
            return await overview(request, tx, event_id, refused=refused)
    return Redirect(f"/office/events/{event_id}?done=published", status_code=303)


@post("/events/{event_id:uuid}/deletion", opt=declares(permission("events:delete")))
async def delete(request: AnyRequest, event_id: FromPath[UUID]) -> Response[Any]:
    here = staff(request)
    async with desks(request).database.write(here.shop.id) as tx:
        await delete_event(tx, event_id, actor=here.actor)
    return Redirect("/office/events?done=deleted", status_code=303)


async def type_rows(tx: ReadTx, event_id: UUID) -> list[TypeRow]:
    """The ticket types of an event with what a buyer pays for each."""
    offered = {one.id: one for one in (await offer_to_staff(tx, event_id)).ticket_types}
    event = await event_for_staff(tx, event_id)
    return [
        TypeRow(
            kind.id, offered[kind.id], kind.quantity, kind.sold, kind.held, kind.is_hidden, kind.requires_approval
        )
        for kind in event.ticket_types
    ]  # fmt: skip


async def overview(
    request: AnyRequest,
    tx: ReadTx,
    event_id: UUID,
    *,
    form: Form | None = None,
    refused: FoyerError | None = None,
) -> Response[str]:
    """The first tab, as it is stored or as it came back from a refusal: nothing typed is lost."""
    event = await event_for_staff(tx, event_id)
    checks = await publish_checks(tx, event, has_refund_policy=bool(staff(request).shop.refund_policy))
    stored = overview_values(event)
    state = returned(stored, event.version, form, refused)
    page = OverviewPage(
        frame(request, "events"), EventHead(event, "overview"), state, await type_rows(tx, event_id), checks,
        was_changed=isinstance(refused, PreconditionFailed),
    )  # fmt: skip
    return drawn("office/event.html", page, status=refused.status if refused else 200)


def returned(
    stored: Mapping[str, str],
    version: int,
    form: Form | None,
    refused: FoyerError | None,
    *,
    lists: Sequence[str] = (),
) -> FormState:
    """The state of a form: what is stored, or what was typed, and ticked in `lists`, with what stands against it."""
    if refused is None:
        return FormState(stored, version)
    typed = {**stored, **form.typed} if form else stored
    ticked = {name: form.many(name) for name in lists} if form else {}
    if isinstance(refused, PreconditionFailed):
        there = differing(form.typed, stored) if form else {}
        return FormState(typed, version, stored=there, lists=ticked)
    seen = form.number("version", version) if form else version
    return FormState(typed, seen, beside(refused), lists=ticked)


def known_cursor(cursor: str | None) -> str | None:
    """A cursor of ours; with a broken one the list begins at its start."""
    try:
        read_cursor(cursor)
    except Invalid:
        return None
    return cursor


ROUTES: list[BaseRouteHandler] = [list_events, new_event, add_event, show_event, save_event, publish, delete]
