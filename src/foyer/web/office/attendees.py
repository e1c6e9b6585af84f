"""Pages of the office: attendees."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final
from uuid import UUID

from litestar import Response, get, post
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath
from litestar.response import Redirect, Stream
from msgspec.structs import replace

from foyer.domains.events import event_for_staff, event_titles, events_for_staff
from foyer.domains.orders import order_for_staff
from foyer.domains.organizations import time_zone
from foyer.domains.tickets import (
    GUEST_COLUMNS,
    Guest,
    count_tickets,
    edit_attendee,
    guest_rows,
    guests_of,
    scan_ask,
    ticket_for_staff,
    tickets_around,
    undo_check_in,
)
from foyer.domains.tickets.types import Attendee, CheckInState, ScanResult, TicketFilter, TicketStatus
from foyer.infra.batching import Counter
from foyer.infra.db.tx import ReadTx
from foyer.infra.sheet import Sheet
from foyer.kernel.access import declares, permission
from foyer.kernel.errors import Conflict, Forbidden, FoyerError, Invalid, NotFound
from foyer.web.office.exports import answered
from foyer.web.office.forms import Form, beside, sent
from foyer.web.office.frame import Toast, frame
from foyer.web.office.lists import COUNTED_MAX, ROWS, Asked, asked, counted
from foyer.web.office.orders.history import history_of
from foyer.web.office.orders.listing import EVENTS_LISTED
from foyer.web.office.pages.attendees import AttendeePage, AttendeesPage, GuestLine
from foyer.web.office.pages.orders import Choices, drawn_history
from foyer.web.shared.render import AnyRequest, drawn
from foyer.web.shared.staff import Staff, staff
from foyer.web.shared.visitor import desks

PATH: Final = "/office/attendees"
FIELDS: Final = {"firstName": "first_name", "lastName": "last_name", "email": "email", "phone": "phone"}
STATES: Final = (
    (CheckInState.EXPECTED, "Expected"), (CheckInState.INSIDE, "Inside"), (CheckInState.ENDED, "Cancelled or refunded"),
)  # fmt: skip
DONE: Final = {
    "in": "They are in.",
    "undone": "The check-in is undone; they may come in again.",
    "kept": "The attendee is changed.",
}
REFUSED: Final = {
    ScanResult.ALREADY_USED: "This ticket was used before.",
    ScanResult.CANCELLED: "The ticket or the event is cancelled.",
    ScanResult.REFUNDED: "The ticket was refunded.",
}


@get("/attendees", opt=declares(permission("tickets:view")))
async def list_attendees(request: AnyRequest) -> Response[Any]:
    """Everybody who holds a ticket, 25 at a time."""
    return await _listed(request, asked(request, PATH, "event", "type", "state"))


@get("/attendees/export", opt=declares(permission("exports:create")))
async def export_attendees(request: AnyRequest) -> Stream:
    """The same attendees as CSV."""
    staff(request).actor.require("tickets:view")
    wanted = _filter(asked(request, PATH, "event", "type", "state"))
    return await answered(request, Sheet("attendees", GUEST_COLUMNS, partial(guest_rows, wanted)))


@get("/attendees/{ticket_id:uuid}", opt=declares(permission("tickets:view")))
async def show_attendee(request: AnyRequest, ticket_id: FromPath[UUID]) -> Response[Any]:
    """One ticket with who comes."""
    return await _shown(request, ticket_id)


@post("/attendees/{ticket_id:uuid}", opt=declares(permission("tickets:manage")))
async def change_attendee(request: AnyRequest, ticket_id: FromPath[UUID]) -> Response[Any]:
    """Say anew who comes."""
    here, form = staff(request), await sent(request)
    house = desks(request)
    async with house.database.read(here.shop.id) as view:
        known = (await ticket_for_staff(view, ticket_id)).attendee_info or Attendee()
    change: dict[str, Any] = {attribute: form.maybe(name) for name, attribute in FIELDS.items()}
    answers = {key: form.text(f"answer-{at}") for at, key in enumerate(known.additional_fields)}
    try:
        async with house.database.write(here.shop.id) as tx:
            revised = replace(known, **change, additional_fields=answers)
            await edit_attendee(tx, ticket_id, revised, actor=here.actor)
    except (Conflict, Invalid) as refused:
        return await _shown(request, ticket_id, form=form, refused=refused)
    return Redirect(f"{PATH}/{ticket_id}?done=kept", status_code=303)


@get(
    ["/attendees/{ticket_id:uuid}/check-in", "/attendees/{ticket_id:uuid}/check-in/undo"],
    opt=declares(permission("tickets:view")),
    sync_to_thread=False,
)
def back_to_attendee(ticket_id: FromPath[UUID]) -> Redirect:
    """Where the address of a form that came back is opened again."""
    return Redirect(f"{PATH}/{ticket_id}", status_code=303)


@post("/attendees/{ticket_id:uuid}/check-in", opt=declares(permission("tickets:check-in")))
async def check_in(request: AnyRequest, ticket_id: FromPath[UUID]) -> Response[Any]:
    """Let somebody in from here; at the door it counts like any other scan. Pressing twice lets them in once."""
    here, house, form = staff(request), desks(request), await sent(request)
    async with house.database.read(here.shop.id) as view:
        ticket = await ticket_for_staff(view, ticket_id)
    if ticket.status is TicketStatus.USED:
        return _back(form, ticket_id, "in")
    ask = scan_ask(here.actor, code=ticket.code)
    answer = await house.door.ask(Counter(here.shop.id, ticket.event_id), ask)
    if answer.result in {ScanResult.ADMITTED, ScanResult.ALREADY_USED}:
        return _back(form, ticket_id, "in")
    return await _shown(
        request, ticket_id, refused=Conflict(REFUSED.get(answer.result, "The door refuses this ticket."))
    )


@post("/attendees/{ticket_id:uuid}/check-in/undo", opt=declares(permission("tickets:check-in")))
async def undo(request: AnyRequest, ticket_id: FromPath[UUID]) -> Response[Any]:
    """Take a check-in back: its holder may come in again."""
    here, form = staff(request), await sent(request)
    try:
        async with desks(request).database.write(here.shop.id) as tx:
            await undo_check_in(tx, ticket_id, actor=here.actor)
    except (Conflict, Forbidden) as refused:
        return await _shown(request, ticket_id, refused=refused)
    return _back(form, ticket_id, "undone")


def _back(form: Form, ticket_id: UUID, done: str) -> Redirect:
    """To the list it was pressed in, or to the ticket."""
    back = form.text("back")
    is_ours = back == PATH or back.startswith(f"{PATH}?")
    path = back if is_ours and back.isprintable() and back.isascii() else f"{PATH}/{ticket_id}"
    return Redirect(f"{path}{'&' if '?' in path else '?'}done={done}", status_code=303)


def _filter(wanted: Asked) -> TicketFilter:
    return TicketFilter(
        event_id=wanted.id("event"),
        ticket_type_id=wanted.id("type"),
        state=wanted.choice("state", CheckInState),
        q=wanted.text("q") or None,
    )


async def _listed(request: AnyRequest, wanted: Asked) -> Response[Any]:
    here, sought = staff(request), _filter(wanted)
    async with desks(request).database.read(here.shop.id) as tx:
        found = await tickets_around(tx, sought, spot=wanted.spot, limit=ROWS)
        count = await count_tickets(tx, sought, most=COUNTED_MAX + 1)
        rows = await guests_of(tx, found.items)
        filters = await _filters(tx, wanted)
        zone, now = await time_zone(tx), await tx.now()
    newer, older = wanted.pages(found)
    done = DONE.get(request.query_params.get("done", ""))
    page = AttendeesPage(
        frame=frame(request, "attendees", toast=Toast(done) if done else None),
        asked=wanted,
        rows=[_line(here, guest) for guest in rows],
        filters=filters,
        zone=zone,
        now=now,
        words=counted(count, "ticket", "tickets"),
        newer=newer,
        older=older,
    )
    return drawn("office/attendees/list.html", page)


def _line(here: Staff, guest: Guest) -> GuestLine:
    may = here.may("tickets:check-in")
    status = guest.ticket.status
    return GuestLine(guest, may and status is TicketStatus.VALID, may and status is TicketStatus.USED)


async def _filters(tx: ReadTx, wanted: Asked) -> list[Choices]:
    events = await events_for_staff(tx, cursor=None, limit=EVENTS_LISTED)
    titles = {str(event.id): event.title for event in events.items}
    chosen = wanted.id("event")
    types: Sequence[tuple[str, str]] = ()
    if chosen is not None:
        try:
            event = await event_for_staff(tx, chosen)
            types = [(str(kind.id), kind.name) for kind in event.ticket_types]
        except NotFound:
            pass
        titles |= {str(key): title for key, title in (await event_titles(tx, [chosen])).items()}
    states = [(one.value, words) for one, words in STATES]
    return [
        Choices("event", "Event", list(titles.items()), str(chosen or "")),
        Choices("type", "Type", types, str(wanted.id("type") or "")),
        Choices("state", "State", states, wanted.text("state")),
    ]


async def _shown(
    request: AnyRequest, ticket_id: UUID, *, form: Form | None = None, refused: FoyerError | None = None
) -> Response[Any]:
    here = staff(request)
    async with desks(request).database.read(here.shop.id) as tx:
        (guest,) = await guests_of(tx, [await ticket_for_staff(tx, ticket_id)])
        order = await order_for_staff(tx, guest.ticket.order_id)
        told = await history_of(tx, order, [guest])
        zone = await time_zone(tx)
    findings = {one.field: one.detail for one in beside(refused)} if refused else {}
    done = DONE.get(request.query_params.get("done", ""))
    named = guest.ticket.attendee_info or Attendee()
    page = AttendeePage(
        frame=frame(request, "attendees", toast=Toast(done) if done else None),
        line=_line(here, guest),
        zone=zone,
        history=drawn_history(told, zone),
        may_edit=here.may("tickets:manage") and guest.ticket.status.is_good,
        values=form.typed if form else _values(named),
        fields=[
            (f"answer-{at}", key, form.text(f"answer-{at}") if form else value)
            for at, (key, value) in enumerate(named.additional_fields.items())
        ],
        findings=findings,
        problem=refused.detail if refused and not findings.keys() & FIELDS.keys() else "",
    )
    return drawn("office/attendees/detail.html", page, status=refused.status if refused else 200)


def _values(named: Attendee) -> Mapping[str, str]:
    return {name: getattr(named, attribute) or "" for name, attribute in FIELDS.items()}


ROUTES: list[BaseRouteHandler] = [
    list_attendees, export_attendees, show_attendee, change_attendee, back_to_attendee, check_in, undo,
]  # fmt: skip
