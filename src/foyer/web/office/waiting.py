"""Pages of the office: who waits for places of an event."""

from functools import partial
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath, FromQuery
from litestar.response import Stream

from foyer.domains.events import event_for_staff
from foyer.domains.waiting import WAITING_COLUMNS, line_for_staff, waiting_rows
from foyer.domains.waiting.types import WaitingFilter, WaitingStatus
from foyer.infra.sheet import Sheet
from foyer.kernel.access import declares, permission
from foyer.web.office.events import known_cursor
from foyer.web.office.exports import answered
from foyer.web.office.frame import frame
from foyer.web.office.lists import ROWS
from foyer.web.office.pages.events import EventHead
from foyer.web.office.pages.waiting import LinePage
from foyer.web.shared.render import AnyRequest, drawn
from foyer.web.shared.staff import staff
from foyer.web.shared.visitor import desks


@get("/events/{event_id:uuid}/waiting-list", opt=declares(permission("customers:view")))
async def show_line(
    request: AnyRequest,
    event_id: FromPath[UUID],
    status: FromQuery[str | None] = None,
    cursor: FromQuery[str | None] = None,
) -> Response[str]:
    """A line, 25 at a time, the first one first."""
    wanted, after = _filter(status), known_cursor(cursor)
    async with desks(request).database.read(staff(request).shop.id) as tx:
        event = await event_for_staff(tx, event_id)
        found = await line_for_staff(tx, event_id, wanted, cursor=after, limit=ROWS)
        now = await tx.now()
    page = LinePage(
        frame=frame(request, "events"),
        head=EventHead(event, "waiting-list"),
        rows=found.items,
        now=now,
        status=wanted.status,
        is_first=after is None,
        next_cursor=found.next_cursor,
    )
    return drawn("office/event_waiting.html", page)


@get("/events/{event_id:uuid}/waiting-list/export", opt=declares(permission("exports:create")))
async def export_line(
    request: AnyRequest, event_id: FromPath[UUID], status: FromQuery[str | None] = None
) -> Stream:
    """The same line as CSV."""
    here = staff(request)
    here.actor.require("customers:view")
    async with desks(request).database.read(here.shop.id) as tx:
        await event_for_staff(tx, event_id)
    rows = partial(waiting_rows, event_id, _filter(status))
    return await answered(request, Sheet("waiting-list", WAITING_COLUMNS, rows))


def _filter(status: str | None) -> WaitingFilter:
    """A state that is none of ours asks for everybody."""
    return WaitingFilter(status=WaitingStatus(status) if status in set(WaitingStatus) else None)


ROUTES = [show_line, export_line]
