"""Events and ticket types for staff."""

from functools import partial
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, delete, get, patch, post
from litestar.params import FromPath
from msgspec import Meta

from foyer.api.access import IDEMPOTENCY_KEY, IF_MATCH, MergePatch, acting, declares, permission
from foyer.api.idempotency import once
from foyer.api.requests import AnyRequest, Nothing, desks, expected_version, queried, read, read_nothing
from foyer.api.staff import merged, tagged
from foyer.domains.checkout import cancel_event
from foyer.domains.events import (
    add_ticket_type,
    create_event,
    delete_event,
    delete_ticket_type,
    edit_event,
    edit_ticket_type,
    event_for_staff,
    events_for_staff,
    publish_event,
    ticket_type_for_staff,
)
from foyer.domains.events.types import (
    EventDraft,
    EventFilter,
    EventStaff,
    EventStatus,
    JsonObject,
    TicketTypeDraft,
    TicketTypeStaff,
    Warning_,
)
from foyer.domains.orders import revenue
from foyer.infra.db.tx import ReadTx
from foyer.kernel.errors import AddressUnconfirmed, Conflict
from foyer.kernel.paging import PAGE_DEFAULT, PAGE_MAX
from foyer.kernel.wire import Wire


class EventPage(Wire, frozen=True):
    """Which events, and which page of them."""

    status: EventStatus | None = None
    limit: Annotated[int, Meta(ge=1, le=PAGE_MAX)] = PAGE_DEFAULT
    cursor: str | None = None


class EventAnswer(EventStaff, frozen=True):
    """An event for staff, with what it has earned so far in minor units."""

    total_revenue: int
    warnings: list[Warning_] = []


class EventAnswers(Wire, frozen=True):
    items: list[EventAnswer]
    next_cursor: str | None


class TicketTypeAnswers(Wire, frozen=True):
    items: list[TicketTypeStaff]


@get("/events", opt=declares(permission("events:view"), query=EventPage))
async def list_events(request: AnyRequest) -> EventAnswers:
    asked = queried(request, EventPage)
    async with desks(request).database.read(acting(request).organization_id) as tx:
        page = await events_for_staff(
            tx, EventFilter(status=asked.status), cursor=asked.cursor, limit=asked.limit
        )
        answers = await _answers(tx, page.items)
    return EventAnswers(items=answers, next_cursor=page.next_cursor)


@post("/events", opt=declares(permission("events:create"), body=EventDraft, honours=(IDEMPOTENCY_KEY,)))
async def add_event(request: AnyRequest) -> Response[EventAnswer]:
    draft = await read(request, EventDraft)
    actor = acting(request)
    async with desks(request).database.write(actor.organization_id) as tx, once(tx, request) as earlier:
        if earlier.resource_id is not None:
            event = await event_for_staff(tx, earlier.resource_id)
        else:
            event = await create_event(tx, draft, actor=actor)
            earlier.remember(event.id)
        answer = (await _answers(tx, [event]))[0]
    return tagged(answer, status=201)


@get("/events/{event_id:uuid}", opt=declares(permission("events:view")))
async def show_event(request: AnyRequest, event_id: FromPath[UUID]) -> Response[EventAnswer]:
    async with desks(request).database.read(acting(request).organization_id) as tx:
        answer = (await _answers(tx, [await event_for_staff(tx, event_id)]))[0]
    return tagged(answer)


@patch(
    "/events/{event_id:uuid}",
    opt=declares(
        permission("events:edit"), body=MergePatch(EventDraft), honours=(IF_MATCH,), refuses=(Conflict,)
    ),
)
async def change_event(request: AnyRequest, event_id: FromPath[UUID]) -> Response[EventAnswer]:
    """Change the fields named (JSON merge patch, RFC 7396): null sets a field back to its default."""
    change = await read(request, JsonObject)
    actor = acting(request)
    async with desks(request).database.write(actor.organization_id) as tx:
        revise = partial(merged, change=change)
        event = await edit_event(tx, event_id, revise, actor=actor, version=expected_version(request))
        answer = (await _answers(tx, [event]))[0]
    return tagged(answer)


@delete(
    "/events/{event_id:uuid}",
    opt=declares(permission("events:delete"), honours=(IF_MATCH,), refuses=(Conflict,)),
    status_code=204,
)
async def remove_event(request: AnyRequest, event_id: FromPath[UUID]) -> None:
    """Delete an event that nothing is sold or held of, with its ticket types. One that is sold can be cancelled."""
    await read_nothing(request)
    actor = acting(request)
    async with desks(request).database.write(actor.organization_id) as tx:
        await delete_event(tx, event_id, actor=actor, version=expected_version(request))


@post(
    "/events/{event_id:uuid}/publication",
    opt=declares(permission("events:publish"), refuses=(Conflict, AddressUnconfirmed)),
    status_code=200,
)
async def publish(request: AnyRequest, event_id: FromPath[UUID]) -> Response[EventAnswer]:
    """Put the event on sale. `warnings` tells what buyers will miss on it."""
    await read_nothing(request)
    actor = acting(request)
    async with desks(request).database.write(actor.organization_id) as tx:
        event, warned = await publish_event(tx, event_id, actor=actor)
        answer = (await _answers(tx, [event]))[0]
    return tagged(msgspec.structs.replace(answer, warnings=warned))


@post(
    "/events/{event_id:uuid}/cancellation",
    opt=declares(permission("events:publish"), refuses=(Conflict,)),
    status_code=200,
)
async def cancel(request: AnyRequest, event_id: FromPath[UUID]) -> Response[EventAnswer]:
    """Cancel the event: sales and admission stop at once, carts end."""
    await read_nothing(request)
    actor = acting(request)
    async with desks(request).database.write(actor.organization_id) as tx:
        answer = (await _answers(tx, [await cancel_event(tx, event_id, actor=actor)]))[0]
    return tagged(answer)


@get("/events/{event_id:uuid}/ticket-types", opt=declares(permission("events:view"), query=Nothing))
async def list_ticket_types(request: AnyRequest, event_id: FromPath[UUID]) -> TicketTypeAnswers:
    queried(request, Nothing)
    async with desks(request).database.read(acting(request).organization_id) as tx:
        return TicketTypeAnswers(items=(await event_for_staff(tx, event_id)).ticket_types)


@post(
    "/events/{event_id:uuid}/ticket-types",
    opt=declares(
        permission("events:edit"), body=TicketTypeDraft, honours=(IDEMPOTENCY_KEY,), refuses=(Conflict,)
    ),
)
async def add_type(request: AnyRequest, event_id: FromPath[UUID]) -> Response[TicketTypeStaff]:
    draft = await read(request, TicketTypeDraft)
    async with (
        desks(request).database.write(acting(request).organization_id) as tx,
        once(tx, request) as earlier,
    ):
        if earlier.resource_id is not None:
            kind = await ticket_type_for_staff(tx, event_id, earlier.resource_id)
        else:
            kind = await add_ticket_type(tx, event_id, draft, actor=acting(request))
            earlier.remember(kind.id)
    return tagged(kind, status=201)


@get("/events/{event_id:uuid}/ticket-types/{type_id:uuid}", opt=declares(permission("events:view")))
async def show_type(
    request: AnyRequest, event_id: FromPath[UUID], type_id: FromPath[UUID]
) -> Response[TicketTypeStaff]:
    async with desks(request).database.read(acting(request).organization_id) as tx:
        return tagged(await ticket_type_for_staff(tx, event_id, type_id))


@patch(
    "/events/{event_id:uuid}/ticket-types/{type_id:uuid}",
    opt=declares(
        permission("events:edit"), body=MergePatch(TicketTypeDraft), honours=(IF_MATCH,), refuses=(Conflict,)
    ),
)
async def change_type(
    request: AnyRequest, event_id: FromPath[UUID], type_id: FromPath[UUID]
) -> Response[TicketTypeStaff]:
    """Change the fields named (JSON merge patch, RFC 7396): null sets a field back to its default."""
    change = await read(request, JsonObject)
    async with desks(request).database.write(acting(request).organization_id) as tx:
        revise = partial(merged, change=change)
        kind = await edit_ticket_type(
            tx, event_id, type_id, revise, actor=acting(request), version=expected_version(request)
        )
    return tagged(kind)


@delete(
    "/events/{event_id:uuid}/ticket-types/{type_id:uuid}",
    opt=declares(permission("events:edit"), honours=(IF_MATCH,), refuses=(Conflict,)),
    status_code=204,
)
async def remove_type(request: AnyRequest, event_id: FromPath[UUID], type_id: FromPath[UUID]) -> None:
    """Delete a ticket type that nothing is sold or held of."""
    await read_nothing(request)
    async with desks(request).database.write(acting(request).organization_id) as tx:
        await delete_ticket_type(
            tx, event_id, type_id, actor=acting(request), version=expected_version(request)
        )


async def _answers(tx: ReadTx, events: list[EventStaff]) -> list[EventAnswer]:
    earned = await revenue(tx, [event.id for event in events])
    return [EventAnswer(**msgspec.structs.asdict(event), total_revenue=earned[event.id]) for event in events]


ROUTES = [
    list_events, add_event, show_event, change_event, remove_event, publish, cancel,
    list_ticket_types, add_type, show_type, change_type, remove_type,
]  # fmt: skip
