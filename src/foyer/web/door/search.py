"""Guests looked for by name. What is typed goes by a form: names have no place in an address that proxies write down."""

from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath

from foyer.domains.tickets import search_tickets
from foyer.kernel.access import DEVICE, declares
from foyer.kernel.ids import uuid7
from foyer.web.door.device import acting, served
from foyer.web.door.errors import JSON, wants_json
from foyer.web.door.pages.search import SHOWN_MAX, SearchPage, guest_of
from foyer.web.shared.render import AnyRequest, drawn
from foyer.web.shared.visitor import desks

TYPED_MAX: Final = 100


@get("/events/{event_id:uuid}/search", opt=declares(DEVICE))
async def search_page(request: AnyRequest, event_id: FromPath[UUID]) -> Response[str]:
    actor = acting(request)
    async with desks(request).database.read(actor.organization_id) as tx:
        event = await served(tx, actor, event_id)
    return drawn("door/search.html", SearchPage(device=actor.name, event=event, scan_id=uuid7()))


@post("/events/{event_id:uuid}/search", opt=declares(DEVICE), status_code=200)
async def search(request: AnyRequest, event_id: FromPath[UUID]) -> Response[Any]:
    """The first guests whose name begins so; nothing below two letters."""
    actor = acting(request)
    typed = str((await request.form()).get("name", ""))[:TYPED_MAX]
    async with desks(request).database.read(actor.organization_id) as tx:
        event = await served(tx, actor, event_id)
        found = await search_tickets(tx, event_id, typed)
    page = SearchPage(
        device=actor.name,
        event=event,
        scan_id=uuid7(),
        typed=typed,
        guests=[guest_of(one, event) for one in found[:SHOWN_MAX]],
        has_more=len(found) > SHOWN_MAX,
    )
    if wants_json(request):
        said = {"guests": page.guests, "hint": page.hint}
        return Response(msgspec.json.encode(said), media_type=JSON)
    return drawn("door/search.html", page)


ROUTES = [search_page, search]
