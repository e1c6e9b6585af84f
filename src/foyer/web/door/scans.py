"""Scans and what is taken back: forms that a page sends, with a script or without."""

from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from foyer.domains.tickets import found_ask, scan_ask, undo_check_in
from foyer.infra.batching import Counter
from foyer.kernel.access import DEVICE, declares
from foyer.kernel.errors import Invalid
from foyer.kernel.text import has_control_characters
from foyer.web.door.device import acting, served
from foyer.web.door.errors import JSON, wants_json
from foyer.web.door.events import door_page
from foyer.web.door.pages.verdict import verdict_of
from foyer.web.shared.render import AnyRequest
from foyer.web.shared.visitor import desks

SCANNED_MAX: Final = 2_000


@post("/events/{event_id:uuid}/scans", opt=declares(DEVICE), status_code=200)
async def scan(request: AnyRequest, event_id: FromPath[UUID]) -> Response[Any]:
    """Admit once, and say so; `scanId` makes a form that is sent twice the same scan."""
    form = await request.form()
    code, ticket_id, scan_id = (str(form.get(name, "")).strip() for name in ("code", "ticketId", "scanId"))
    if not ticket_id and (not code or len(code) > SCANNED_MAX or has_control_characters(code)):
        if wants_json(request):
            raise Invalid("There is nothing to read in it.", field="code")
        return await door_page(request, event_id, typed=code[:SCANNED_MAX], status=422)
    actor, house = acting(request), desks(request)
    known = _id(scan_id, "scanId") if scan_id else None
    ask = (
        found_ask(actor, _id(ticket_id, "ticketId"), known)
        if ticket_id
        else scan_ask(actor, qr=code, scan_id=known)
    )
    async with house.database.read(actor.organization_id) as tx:
        event = await served(tx, actor, event_id)
    counter = Counter(actor.organization_id, event_id)
    said = await house.door.ask(counter, ask)
    async with house.database.read(actor.organization_id) as tx:
        verdict = verdict_of(said, event, now=await tx.now())
    if wants_json(request):
        return Response(msgspec.json.encode(verdict), media_type=JSON)
    house.board.forget(counter)
    return await door_page(request, event_id, verdict=verdict)


@post("/events/{event_id:uuid}/undo", opt=declares(DEVICE), status_code=303)
async def undo(request: AnyRequest, event_id: FromPath[UUID]) -> Response[Any]:
    """Take back what this door has just done."""
    actor = acting(request)
    ticket_id = _id(str((await request.form()).get("ticketId", "")), "ticketId")
    async with desks(request).database.write(actor.organization_id) as tx:
        await undo_check_in(tx, ticket_id, actor=actor)
    if wants_json(request):
        return Response({"undone": True}, status_code=200, media_type=JSON)
    return _to_door(event_id)


@get(
    ["/events/{event_id:uuid}/scans", "/events/{event_id:uuid}/undo"],
    opt=declares(DEVICE),
    sync_to_thread=False,
)
def back(event_id: FromPath[UUID]) -> Redirect:
    """Where the address of a form is opened again."""
    return _to_door(event_id)


def _to_door(event_id: UUID) -> Redirect:
    return Redirect(f"/door/events/{event_id}", status_code=303)


def _id(text: str, field: str) -> UUID:
    """Raises:
    Invalid: it is none.
    """
    try:
        return UUID(text)
    except ValueError:
        raise Invalid("This is not an id.", field=field) from None


ROUTES = [scan, undo, back]
