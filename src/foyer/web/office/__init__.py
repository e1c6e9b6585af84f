"""The office: where staff write events, follow orders and set how the organization sells. Every page works without a script.

Each module of this folder lists its handlers in `ROUTES`, with paths below `/office`, and declares the permission of each;
`frame.RAIL` names the page under its words once it is built. A page's dataclass carries `frame(request, key)`, its template
extends `office/_frame.html`.
"""

from litestar.exceptions import HTTPException

from foyer.infra.rooms import Room
from foyer.kernel.access import OPT
from foyer.kernel.errors import FoyerError, Unauthenticated
from foyer.web.office import (
    access_links,
    account,
    areas,
    attendees,
    customers,
    dashboard,
    discounts,
    doors,
    errors,
    event_terms,
    events,
    home,
    orders,
    pictures,
    questions,
    search,
    settings,
    sharing,
    tax_rates,
    ticket_types,
    waiting,
)
from foyer.web.shared.render import AnyRequest
from foyer.web.shared.staff import staff, staff_guard
from foyer.web.shared.visitor import desks

ROOMS = (
    dashboard,
    events,
    event_terms,
    sharing,
    pictures,
    ticket_types,
    questions,
    areas,
    access_links,
    orders,
    attendees,
    customers,
    search,
    doors,
    discounts,
    waiting,
    tax_rates,
    settings,
    account,
    home,
)


def router() -> Room:
    """Every page of the office, behind its guard."""
    handlers = [handler for room in ROOMS for handler in room.ROUTES]
    for handler in handlers:
        assert OPT in handler.opt, f"{handler} declares no access"
    return Room(
        "/office",
        route_handlers=handlers,
        guards=[staff_guard],
        after_response=show_what_changed,
        exception_handlers={
            Unauthenticated: errors.signed_out,
            FoyerError: errors.refused,
            HTTPException: errors.unroutable,
            Exception: errors.broken,
        },
    )


async def show_what_changed(request: AnyRequest) -> None:
    """Who has just changed something sees it in the shop at once; so does everybody whom this process serves."""
    if request.method != "GET":
        desks(request).forget_shown(staff(request).shop.id)


__all__ = ["router"]
