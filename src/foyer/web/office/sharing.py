"""Pages of the office: an event's address and picture, and the lines that show it on another website."""

from uuid import UUID

from litestar import Response, get
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath

from foyer.domains.events import event_for_staff
from foyer.kernel.access import declares, permission
from foyer.kernel.errors import NotFound
from foyer.web.office.frame import frame
from foyer.web.office.pages.events import EventHead
from foyer.web.office.pages.sharing import SharingPage
from foyer.web.shared.card import event_card
from foyer.web.shared.render import FRAMING, AnyRequest, drawn
from foyer.web.shared.staff import staff
from foyer.web.shared.visitor import base_url, desks


@get("/events/{event_id:uuid}/sharing", opt=declares(permission("events:view")))
async def show_sharing(request: AnyRequest, event_id: FromPath[UUID]) -> Response[str]:
    house, shop = desks(request), staff(request).shop
    async with house.database.read(shop.id) as tx:
        event = await event_for_staff(tx, event_id)
    try:
        shown = (await house.front.event(shop.id, event_id)).now.event
    except NotFound:
        picture = ""
    else:
        picture = event_card(shop, shown).address
    page = SharingPage(frame(request, "events"), EventHead(event, "sharing"), base_url(request), picture)
    return drawn("office/event_sharing.html", page, headers={"Content-Security-Policy": FRAMING})


ROUTES: list[BaseRouteHandler] = [show_sharing]
