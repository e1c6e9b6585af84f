"""The choice of the event, the page that scans, and the count on it."""

from typing import Any, Final
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath
from litestar.response import Redirect

from foyer.domains.events import events_at_door
from foyer.infra.batching import Counter
from foyer.kernel.access import DEVICE, declares
from foyer.kernel.ids import uuid7
from foyer.web.door.device import acting, served
from foyer.web.door.pages.door import ChoicePage, DoorPage
from foyer.web.door.pages.verdict import Verdict
from foyer.web.shared.render import POLICY, AnyRequest, drawn
from foyer.web.shared.visitor import desks

SCANNING: Final = {
    "Content-Security-Policy": POLICY.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")
    + "; worker-src 'self'",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
}
"""Of the pages with a camera: the reader of codes is a WebAssembly module, where the browser has none of its own."""


@get("/", opt=declares(DEVICE))
async def choose(request: AnyRequest) -> Response[Any]:
    """The events of this phone; straight to the door where there is one alone."""
    actor = acting(request)
    async with desks(request).database.read(actor.organization_id) as tx:
        events = await events_at_door(tx, actor.id)
    if len(events) == 1 and "choose" not in request.query_params:
        return Redirect(f"/door/events/{events[0].id}", status_code=303)
    return drawn("door/choose.html", ChoicePage(device=actor.name, events=events))


@get("/events/{event_id:uuid}", opt=declares(DEVICE))
async def door(request: AnyRequest, event_id: FromPath[UUID]) -> Response[str]:
    return await door_page(request, event_id)


@get("/events/{event_id:uuid}/counts", opt=declares(DEVICE))
async def counts(request: AnyRequest, event_id: FromPath[UUID]) -> dict[str, int]:
    """How many are in, for the page's script."""
    actor = acting(request)
    house = desks(request)
    async with house.database.read(actor.organization_id) as tx:
        await served(tx, actor, event_id)
    said = await house.board.counts(Counter(actor.organization_id, event_id))
    return {"admitted": said.admitted, "expected": said.expected}


async def door_page(
    request: AnyRequest, event_id: UUID, *, verdict: Verdict | None = None, typed: str = "", status: int = 200
) -> Response[str]:
    """The page that scans, with what was said to the scan before."""
    actor, house = acting(request), desks(request)
    async with house.database.read(actor.organization_id) as tx:
        event = await served(tx, actor, event_id)
    page = DoorPage(
        device=actor.name,
        event=event,
        counts=await house.board.counts(Counter(actor.organization_id, event_id)),
        scan_id=uuid7(),
        verdict=verdict,
        typed=typed,
    )
    return drawn("door/door.html", page, status=status, headers=SCANNING)


ROUTES = [choose, door, counts]
