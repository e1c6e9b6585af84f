"""The list of orders: found, filtered, walked through, taken along as a file."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Response, get
from litestar.response import Stream
from msgspec.structs import replace

from foyer.domains.checkout import ORDER_COLUMNS, chosen_rows, order_rows
from foyer.domains.events import event_titles, events_for_staff
from foyer.domains.orders import count_orders, orders_around
from foyer.domains.orders.types import OrderFilter, OrderStaff, OrderState
from foyer.domains.organizations import time_zone
from foyer.domains.payments import refunds_due
from foyer.infra.db.tx import ReadTx
from foyer.infra.sheet import Sheet
from foyer.kernel.access import declares, permission
from foyer.kernel.paging import PAGE_MAX
from foyer.web.office.exports import answered
from foyer.web.office.frame import Toast, frame
from foyer.web.office.lists import COUNTED_MAX, ROWS, Asked, asked, counted
from foyer.web.office.pages.orders import (
    STATES,
    BulkOutcome,
    Choices,
    OrderLineView,
    OrdersPage,
    method_words,
)
from foyer.web.shared.render import AnyRequest, drawn
from foyer.web.shared.staff import staff
from foyer.web.shared.visitor import desks

PATH: Final = "/office/orders"
EVENTS_LISTED: Final = 50
SELECTED_MAX: Final = 100


class Since(StrEnum):
    """How far back a list of orders goes."""

    TODAY = "today"
    WEEK = "7-days"
    MONTH = "30-days"


SINCE: Final = {Since.TODAY: ("Today", 0), Since.WEEK: ("Last 7 days", 6), Since.MONTH: ("Last 30 days", 29)}


@get("/orders", opt=declares(permission("orders:view")))
async def list_orders(request: AnyRequest) -> Response[str]:
    """Orders, 25 at a time."""
    return await listed(request, _asked(request))


@get("/orders/export", opt=declares(permission("exports:create")))
async def export_orders(request: AnyRequest) -> Stream:
    """The same orders, or those that were ticked, as CSV."""
    here = staff(request)
    here.actor.require("orders:view")
    ticked = selected(request.query_params.getall("order", []))
    if ticked:
        sheet = Sheet("orders", ORDER_COLUMNS, lambda tx, _cursor: chosen_rows(tx, ticked))
        return await answered(request, sheet)
    wanted, state = await _wanted(request, _asked(request))
    return await answered(
        request,
        Sheet("orders", ORDER_COLUMNS, lambda tx, cursor: order_rows(wanted, tx, cursor, state=state)),
    )


def selected(given: Sequence[str]) -> list[UUID]:
    """Orders that were ticked; what is no id is passed over."""
    found = []
    for text in given[:SELECTED_MAX]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return list(dict.fromkeys(found))


def _asked(request: AnyRequest) -> Asked:
    return asked(request, PATH, "state", "event", "payment", "since")


async def listed(
    request: AnyRequest,
    wanted: Asked,
    *,
    outcome: BulkOutcome | None = None,
    toast: Toast | None = None,
    status: int = 200,
) -> Response[Any]:
    """The list as it is asked for."""
    here = staff(request)
    async with desks(request).database.read(here.shop.id) as tx:
        zone = await time_zone(tx)
        now = await tx.now()
        sought = _filter(wanted, today=now.astimezone(ZoneInfo(zone)))
        state = wanted.choice("state", OrderState)
        found = await orders_around(tx, sought, state=state, spot=wanted.spot, limit=ROWS)
        count = await count_orders(tx, sought, state=state, most=COUNTED_MAX + 1)
        rows = await line_views(tx, found.items)
        filters = await _filters(tx, wanted, providers=sorted(desks(request).providers))
    newer, older = wanted.pages(found)
    page = OrdersPage(
        frame=frame(request, "orders", toast=toast),
        asked=wanted,
        rows=rows,
        filters=filters,
        zone=zone,
        now=now,
        words=counted(count, "order", "orders"),
        newer=newer,
        older=older,
        outcome=outcome,
    )
    return drawn("office/orders/list.html", page, status=status)


async def line_views(tx: ReadTx, orders: Sequence[OrderStaff]) -> list[OrderLineView]:
    """Orders as rows of a list."""
    titles = await event_titles(tx, {order.event_id for order in orders})
    due = await refunds_due(tx, [order.id for order in orders])
    return [OrderLineView(one, titles[one.event_id], due.get(one.id, 0)) for one in orders]


async def _wanted(request: AnyRequest, wanted: Asked) -> tuple[OrderFilter, OrderState | None]:
    async with desks(request).database.read(staff(request).shop.id) as tx:
        zone = ZoneInfo(await time_zone(tx))
        return _filter(wanted, today=(await tx.now()).astimezone(zone)), wanted.choice("state", OrderState)


def _filter(wanted: Asked, *, today: datetime) -> OrderFilter:
    sought = OrderFilter(
        event_id=wanted.id("event"),
        payment_method=wanted.text("payment") or None,
        q=wanted.text("q") or None,
    )
    since = wanted.choice("since", Since)
    if since is None:
        return sought
    midnight = today.replace(hour=0, minute=0, second=0, microsecond=0)
    return replace(sought, created_from=midnight - timedelta(days=SINCE[since][1]))


async def _filters(tx: ReadTx, wanted: Asked, *, providers: Sequence[str]) -> list[Choices]:
    events = await events_for_staff(tx, cursor=None, limit=min(EVENTS_LISTED, PAGE_MAX))
    titles = {str(event.id): event.title for event in events.items}
    chosen = wanted.id("event")
    if chosen is not None and str(chosen) not in titles:
        titles |= {str(key): title for key, title in (await event_titles(tx, [chosen])).items()}
    return [
        Choices("event", "Event", list(titles.items()), str(chosen or "")),
        Choices(
            "state", "State", [(one.value, words[0]) for one, words in STATES.items()], wanted.text("state")
        ),
        Choices(
            "payment",
            "Payment",
            [(name, method_words(name)) for name in providers],
            wanted.text("payment"),
        ),
        Choices(
            "since", "Time", [(one.value, words) for one, (words, _) in SINCE.items()], wanted.text("since")
        ),
    ]


ROUTES = [list_orders, export_orders]
