"""Pages of the office: the numbers of today."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from babel.numbers import format_compact_currency
from litestar import Response, get

from foyer.domains.analytics import doors_open, events_on_sale, gates_of, sales_by_hour
from foyer.domains.analytics.types import EventDoor, HourSales
from foyer.domains.events import event_for_staff, events_for_staff
from foyer.domains.events.types import EventStaff
from foyer.domains.orders import orders_around
from foyer.domains.orders.types import OrderFilter
from foyer.domains.organizations import time_zone
from foyer.infra.db.tx import ReadTx
from foyer.kernel.access import declares, permission
from foyer.kernel.errors import NotFound
from foyer.kernel.money import minor_to_decimal
from foyer.kernel.paging import Spot
from foyer.web.office.frame import frame
from foyer.web.office.lists import Asked, asked
from foyer.web.office.orders.listing import EVENTS_LISTED, line_views
from foyer.web.office.pages.dashboard import DashboardPage, FeedPage
from foyer.web.office.pages.orders import Choices
from foyer.web.shared.charts import Chart, Figure, line_chart, spark
from foyer.web.shared.filters import LOCALE, amount, count_of
from foyer.web.shared.render import AnyRequest, drawn
from foyer.web.shared.staff import Staff, staff
from foyer.web.shared.visitor import desks

FEED_ROWS: Final = 8
EVENTS_SHOWN: Final = 5
GATES_SHOWN: Final = 6
BUSY_HOUR_PERCENT: Final = 20
"""An hour with so much of the day's revenue is worth a sentence."""


class _Days(NamedTuple):
    """Today and the same weekday last week, on the clocks of a zone."""

    now: datetime
    today: datetime
    tomorrow: datetime
    then: datetime
    """The midnight a week ago."""
    after: datetime
    by: datetime
    """This time of day a week ago."""

    @property
    def hours(self) -> list[str]:
        """The hours of today as its clocks show them; two days of a year have another number of them."""
        zone, begun = self.today.tzinfo, self.today.astimezone(UTC)
        count = round((self.tomorrow.astimezone(UTC) - begun).total_seconds() / 3600)
        return [f"{(begun + timedelta(hours=at)).astimezone(zone):%H:%M}" for at in range(count)]

    @property
    def hour(self) -> int:
        """Which hour of today it is."""
        return int((self.now - self.today.astimezone(UTC)).total_seconds() // 3600)


class _Sums(NamedTuple):
    """One currency's day: by hour, and up to a moment."""

    orders: Sequence[int]
    tickets: Sequence[int]
    revenue: Sequence[int]
    orders_by: int
    tickets_by: int
    revenue_by: int


@get("/", opt=declares(permission("events:view")))
async def today(request: AnyRequest) -> Response[Any]:
    """Today, at a glance; who may not see sales sees the events."""
    here = staff(request)
    wanted = asked(request, "/office", "event", "currency")
    async with desks(request).database.read(here.shop.id) as tx:
        page = await _page(request, tx, wanted, here)
    return drawn("office/dashboard.html", page)


@get("/feed", opt=declares(permission("orders:view")))
async def feed(request: AnyRequest) -> Response[Any]:
    """The latest orders as a part of the page; nothing where they are those that were seen last."""
    here = staff(request)
    wanted = asked(request, "/office/feed", "event", "seen")
    async with desks(request).database.read(here.shop.id) as tx:
        event = await _event(tx, wanted.id("event"))
        zone = event.time_zone if event else await time_zone(tx)
        part = await _feed(tx, event.id if event else None, zone)
    if part.tag == wanted.text("seen"):
        return Response(None, status_code=204, headers={"Cache-Control": "private, no-store"})
    return drawn("office/_feed.html", part)


async def _event(tx: ReadTx, event_id: UUID | None) -> EventStaff | None:
    """The event that is asked for; one that is gone is as if none were."""
    if event_id is None:
        return None
    try:
        return await event_for_staff(tx, event_id)
    except NotFound:
        return None


async def _page(request: AnyRequest, tx: ReadTx, wanted: Asked, here: Staff) -> DashboardPage:
    event = await _event(tx, wanted.id("event"))
    event_id = event.id if event else None
    zone = event.time_zone if event else await time_zone(tx)
    days = _days(await tx.now(), zone)
    sees_money = here.may("orders:view") and here.may("analytics:view")
    now_rows, then_rows = await _sold(tx, days, event_id) if sees_money else ([], [])
    currencies = _currencies(now_rows, then_rows, event.currency if event else here.shop.default_currency)
    asked_for = wanted.text("currency")
    currency = asked_for if asked_for in currencies else currencies[0]
    now_sums = _sums(now_rows, currency, days.hour + 1)
    then_sums = _sums(then_rows, currency, len(days.hours))
    doors = await doors_open(tx, days.now, event_id=event_id)
    on_sale = await events_on_sale(tx, days.now, most=EVENTS_SHOWN, event_id=event_id)
    shown = event or (await _event(tx, on_sale[0].id) if on_sale else None)
    known = await events_for_staff(tx, cursor=None, limit=EVENTS_LISTED)
    titles = {str(one.id): one.title for one in known.items} | ({str(event.id): event.title} if event else {})
    figures = _figures(now_sums, then_sums, currency) if sees_money else []
    return DashboardPage(
        frame=frame(request, "dashboard"),
        asked=wanted,
        filters=[Choices("event", "Event", list(titles.items()), str(event_id or ""))],
        zone=zone,
        now=days.now,
        figures=[*figures, *_inside(doors)],
        chart=_chart(days, now_sums, then_sums, currency),
        currency=currency,
        currencies=currencies if len(currencies) > 1 and sees_money else [],
        events=on_sale,
        shown=shown,
        doors=doors,
        gates=await gates_of(tx, doors[0].id, days.now, most=GATES_SHOWN) if doors else [],
        feed=await _feed(tx, event_id, zone) if here.may("orders:view") else None,
        has_events=bool(titles),
    )


async def _feed(tx: ReadTx, event_id: UUID | None, zone: str) -> FeedPage:
    latest = await orders_around(tx, OrderFilter(event_id=event_id), state=None, spot=Spot(), limit=FEED_ROWS)
    rows = await line_views(tx, latest.items)
    seen = "|".join(f"{one.order.id}{one.order.version}{one.refund_due}" for one in rows)
    tag = hashlib.sha256(seen.encode()).hexdigest()[:16]
    href = Asked("/office/feed", {"event": str(event_id or "")}).href(seen=tag)
    return FeedPage(rows, zone, await tx.now(), tag, href)


def _days(now: datetime, zone: str) -> _Days:
    clock = ZoneInfo(zone)
    today = now.astimezone(clock).replace(hour=0, minute=0, second=0, microsecond=0)

    def midnight(days: int) -> datetime:
        """Counted on the calendar: a day of the change of clocks has another length."""
        return today + timedelta(days=days)

    then = midnight(-7)
    return _Days(now, today, midnight(1), then, midnight(-6), (now.astimezone(clock) - timedelta(days=7)))


async def _sold(tx: ReadTx, days: _Days, event_id: UUID | None) -> tuple[list[HourSales], list[HourSales]]:
    now = await sales_by_hour(tx, days.today, days.tomorrow, by=days.tomorrow, event_id=event_id)
    then = await sales_by_hour(tx, days.then, days.after, by=days.by, event_id=event_id)
    return now, then


def _currencies(now: Sequence[HourSales], then: Sequence[HourSales], usual: str) -> list[str]:
    """Currencies that something was sold in, the busiest of today first; the usual one where there is none."""
    counts: dict[str, tuple[int, int]] = {}
    for rows, place in ((now, 0), (then, 1)):
        for row in rows:
            pair = counts.get(row.currency, (0, 0))
            counts[row.currency] = (
                (pair[0] + row.orders, pair[1]) if place == 0 else (pair[0], pair[1] + row.orders)
            )
    return sorted(counts, key=lambda one: (-counts[one][0], -counts[one][1], one)) or [usual]


def _sums(rows: Sequence[HourSales], currency: str, hours: int) -> _Sums:
    mine = {row.hour: row for row in rows if row.currency == currency}
    by_hour = [mine.get(at, HourSales(currency, at, 0, 0, 0, 0, 0, 0)) for at in range(hours)]
    return _Sums(
        [row.orders for row in by_hour],
        [row.tickets for row in by_hour],
        [row.revenue for row in by_hour],
        sum(row.orders_by for row in mine.values()),
        sum(row.tickets_by for row in mine.values()),
        sum(row.revenue_by for row in mine.values()),
    )


def _figures(now: _Sums, then: _Sums, currency: str) -> list[Figure]:
    def money(value: int) -> str:
        return amount(value, currency)

    rows: list[tuple[str, int, int, Callable[[int], str], Sequence[int], Sequence[int]]] = [
        ("Revenue", now.revenue_by, then.revenue_by, money, now.revenue, then.revenue),
        ("Tickets", now.tickets_by, then.tickets_by, count_of, now.tickets, then.tickets),
        ("Orders", now.orders_by, then.orders_by, count_of, now.orders, then.orders),
    ]
    return [
        Figure(
            label=label,
            figure=show(value),
            change=_change(value, before),
            is_rise=value >= before,
            is_good=value >= before,
            before=f"{show(before)} last week" if before or value else "Nothing yet, as last week",
            spark=spark(line, line_before),
        )
        for label, value, before, show, line, line_before in rows
    ]


def _change(now: int, before: int) -> str:
    """`53%`; nothing where it is the same or there was nothing."""
    return f"{abs(now - before) * 100 / before:,.0f}%" if before and now != before else ""


def _inside(doors: Sequence[EventDoor]) -> list[Figure]:
    """Who is inside, of all doors that are open now; nothing where none is."""
    if not doors:
        return []
    inside, expected = sum(one.inside for one in doors), sum(one.expected for one in doors)
    share = f"{inside * 100 / expected:.0f}% of " if expected else "of "
    figure = Figure(
        label="Check-in now",
        figure=count_of(inside),
        before=f"{share}{count_of(expected)} expected",
        done=(inside, expected),
    )
    return [figure]


def _chart(days: _Days, now: _Sums, then: _Sums, currency: str) -> Chart:
    def money(value: int) -> str:
        return amount(value, currency)

    def short(value: int) -> str:
        number = minor_to_decimal(value, currency)
        return str(format_compact_currency(number, currency, locale=LOCALE, fraction_digits=0)).replace(
            "K", "k"
        )

    before = format_datetime(days.then, "EEE d MMM", tzinfo=days.then.tzinfo, locale=LOCALE)
    drawn_with = [
        line_chart(
            "Revenue by hour",
            days.hours,
            now.revenue,
            before=then.revenue,
            show=show,
            names=("Today", before),
            summary=_summary(days, now, then, money),
        )
        for show in (money, short)
    ]
    return replace(drawn_with[0], heights=drawn_with[1].heights, end_words="")


def _summary(days: _Days, now: _Sums, then: _Sums, money: Callable[[int], str]) -> str:
    """The chart in words."""
    weekday = format_datetime(days.then, "EEEE", tzinfo=days.then.tzinfo, locale=LOCALE)
    total, before = now.revenue_by, then.revenue_by
    if not total and not before:
        return f"Nothing sold yet today, as last {weekday} at this time."
    change = _change(total, before)
    if change:
        than = f"{change} {'more' if total > before else 'less'} than last {weekday} at this time"
    else:
        than = f"as much as last {weekday}" if before else f"where last {weekday} had nothing at this time"
    words = f"{money(total)} so far, {than}."
    best = max(range(len(now.revenue)), key=lambda at: now.revenue[at], default=0)
    if total and now.revenue[best] * 100 >= total * BUSY_HOUR_PERCENT:
        percent = round(now.revenue[best] * 100 / total)
        words += f" {percent}% of it came in the hour from {days.hours[best]}."
    return words


ROUTES = [today, feed]
