"""Pages of the office: areas, so many places that several ticket types of an event share."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath
from litestar.response import Redirect

from foyer.domains.events import create_pool, delete_pool, edit_pool, event_for_staff, shared_pool
from foyer.domains.events.types import SharedPool, SharedPoolDraft
from foyer.kernel.access import declares, permission
from foyer.kernel.errors import FoyerError, PreconditionFailed
from foyer.web.office.events import returned
from foyer.web.office.forms import Form, is_answerable, require_read, sent
from foyer.web.office.frame import frame
from foyer.web.office.pages.areas import AreaPage
from foyer.web.office.pages.events import EventHead
from foyer.web.office.pages.form import FormState
from foyer.web.shared.render import AnyRequest, drawn
from foyer.web.shared.staff import staff
from foyer.web.shared.visitor import desks


@get("/events/{event_id:uuid}/areas/new", opt=declares(permission("events:edit")))
async def new_area(request: AnyRequest, event_id: FromPath[UUID]) -> Response[str]:
    return await _page(request, event_id, FormState({}))


@post("/events/{event_id:uuid}/areas/new", opt=declares(permission("events:edit")))
async def add_area(request: AnyRequest, event_id: FromPath[UUID]) -> Response[Any]:
    here, form = staff(request), await sent(request)
    try:
        draft = _read(form)
        require_read(form)
        async with desks(request).database.write(here.shop.id) as tx:
            await create_pool(tx, event_id, draft, actor=here.actor)
    except FoyerError as refused:
        return await _again(request, event_id, None, form, refused)
    return Redirect(f"/office/events/{event_id}/tickets?done=created#areas", status_code=303)


@get("/events/{event_id:uuid}/areas/{pool_id:uuid}", opt=declares(permission("events:view")))
async def show_area(request: AnyRequest, event_id: FromPath[UUID], pool_id: FromPath[UUID]) -> Response[str]:
    pool = await _pool(request, event_id, pool_id)
    state = FormState(_values(pool), pool.version, lists=_named(pool))
    return await _page(request, event_id, state, pool)


@post("/events/{event_id:uuid}/areas/{pool_id:uuid}", opt=declares(permission("events:edit")))
async def save_area(request: AnyRequest, event_id: FromPath[UUID], pool_id: FromPath[UUID]) -> Response[Any]:
    here, form = staff(request), await sent(request)
    try:
        draft = _read(form)
        require_read(form)
        async with desks(request).database.write(here.shop.id) as tx:
            version = form.number("version", 0)
            await edit_pool(tx, event_id, pool_id, lambda _: draft, actor=here.actor, version=version)
    except FoyerError as refused:
        return await _again(request, event_id, pool_id, form, refused)
    return Redirect(f"/office/events/{event_id}/tickets?done=saved#areas", status_code=303)


@post("/events/{event_id:uuid}/areas/{pool_id:uuid}/deletion", opt=declares(permission("events:edit")))
async def remove_area(
    request: AnyRequest, event_id: FromPath[UUID], pool_id: FromPath[UUID]
) -> Response[Any]:
    here = staff(request)
    async with desks(request).database.write(here.shop.id) as tx:
        await delete_pool(tx, event_id, pool_id, actor=here.actor)
    return Redirect(f"/office/events/{event_id}/tickets?done=deleted#areas", status_code=303)


async def _again(
    request: AnyRequest, event_id: UUID, pool_id: UUID | None, form: Form, refused: FoyerError
) -> Response[str]:
    """The area's page as it was typed, with the refusal beside the field."""
    if not is_answerable(refused):
        raise refused
    pool = await _pool(request, event_id, pool_id) if pool_id else None
    stored, version = (_values(pool), pool.version) if pool else ({}, 0)
    state = returned(stored, version, form, refused, lists=["ticketTypeIds"])
    changed = isinstance(refused, PreconditionFailed)
    return await _page(request, event_id, state, pool, was_changed=changed, status=refused.status)


async def _page(
    request: AnyRequest,
    event_id: UUID,
    state: FormState,
    pool: SharedPool | None = None,
    *,
    was_changed: bool = False,
    status: int = 200,
) -> Response[str]:
    async with desks(request).database.read(staff(request).shop.id) as tx:
        event = await event_for_staff(tx, event_id)
    page = AreaPage(frame(request, "events"), EventHead(event, "tickets"), state, pool, was_changed)
    return drawn("office/area.html", page, status=status)


async def _pool(request: AnyRequest, event_id: UUID, pool_id: UUID) -> SharedPool:
    async with desks(request).database.read(staff(request).shop.id) as tx:
        return await shared_pool(tx, event_id, pool_id)


def _read(form: Form) -> SharedPoolDraft:
    capacity = form.maybe_number("capacity")
    if capacity is None and not form.findings:
        form.wrong("capacity", "Say how many places there are, like 200.")
    named = form.ids("ticketTypeIds", "Choose ticket types of the list.")
    return SharedPoolDraft(name=form.text("name"), capacity=capacity or 0, ticket_type_ids=named)


def _values(pool: SharedPool) -> dict[str, str]:
    return {"name": pool.name, "capacity": str(pool.capacity)}


def _named(pool: SharedPool) -> dict[str, list[str]]:
    return {"ticketTypeIds": [str(one) for one in pool.ticket_type_ids]}


ROUTES: list[BaseRouteHandler] = [new_area, add_area, show_area, save_area, remove_area]
