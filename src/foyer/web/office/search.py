"""Pages of the office: the search over everything."""

from dataclasses import dataclass
from typing import Any, Final

from litestar import Response, get
from litestar.handlers import BaseRouteHandler

from foyer.domains.customers import customers_around
from foyer.domains.customers.types import CustomerFilter
from foyer.domains.events import events_for_staff
from foyer.domains.events.types import EventFilter, EventStaff
from foyer.domains.orders import orders_around
from foyer.domains.orders.types import OrderFilter
from foyer.kernel.access import declares, permission
from foyer.kernel.paging import Spot
from foyer.kernel.text import tidy_line
from foyer.web.office.frame import Frame, frame
from foyer.web.office.lists import Q_MAX
from foyer.web.office.orders.listing import line_views
from foyer.web.office.pages.customers import CustomerLine
from foyer.web.office.pages.orders import OrderLineView
from foyer.web.shared.render import AnyRequest, drawn
from foyer.web.shared.staff import staff
from foyer.web.shared.visitor import desks

FOUND: Final = 6


@dataclass(frozen=True, slots=True)
class SearchPage:
    """What was found; of a kind that whoever searches may not see, nothing is looked for."""

    frame: Frame
    q: str
    events: list[EventStaff]
    orders: list[OrderLineView]
    customers: list[CustomerLine]

    @property
    def is_empty(self) -> bool:
        return not (self.events or self.orders or self.customers)


@get("/search", opt=declares(permission("events:view")))
async def search(request: AnyRequest) -> Response[Any]:
    """Events by a part of their name or place, orders and customers by their beginning."""
    here = staff(request)
    q = tidy_line(request.query_params.get("q", ""))[:Q_MAX]
    events: list[EventStaff] = []
    orders: list[OrderLineView] = []
    customers: list[CustomerLine] = []
    if q:
        async with desks(request).database.read(here.shop.id) as tx:
            events = (await events_for_staff(tx, EventFilter(search=q), cursor=None, limit=FOUND)).items
            if here.may("orders:view"):
                found = await orders_around(tx, OrderFilter(q=q), state=None, spot=Spot(), limit=FOUND)
                orders = await line_views(tx, found.items)
            if here.may("customers:view"):
                known = await customers_around(tx, CustomerFilter(q=q), spot=Spot(), limit=FOUND)
                customers = [CustomerLine(one) for one in known.items]
    page = SearchPage(frame(request, "search"), q, events, orders, customers)
    return drawn("office/search.html", page)


ROUTES: list[BaseRouteHandler] = [search]
