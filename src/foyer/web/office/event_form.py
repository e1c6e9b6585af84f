"""The fields of an event as its forms have them: read into a change of the draft, written back as text."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from foyer.domains.events.types import EventStaff, Visibility
from foyer.kernel.money import CURRENCIES
from foyer.kernel.time import zone_names
from foyer.web.office.forms import Form, money_text, percent_text

PLACES: Final = ("physical", "virtual", "hybrid")
TEXTS: Final = {
    "title": "title", "shortDescription": "short_description", "description": "description", "category": "category",
    "timeZone": "time_zone", "venueName": "venue_name", "address": "address", "city": "city", "state": "state",
    "zipCode": "zip_code", "country": "country", "virtualEventUrl": "virtual_event_url",
}  # fmt: skip
REQUIRED: Final = {"title", "description", "category", "time_zone"}
OVERVIEW: Final = (*TEXTS, "tags", "startDate", "startTime", "endDate", "endTime", "locationType")
SETTINGS: Final = (
    "slug", "series", "visibility", "currency", "salesStartDate", "salesEndDate", "capacity", "seoTitle", "seoDescription",
    "serviceFeePercentage", "serviceFeeFixed", "manualPaymentHours", "approvalHours",
)  # fmt: skip


def read_overview(form: Form, today: date) -> dict[str, Any]:
    """What the first page of the editor changes."""
    change: dict[str, Any] = {
        attribute: form.text(name) if attribute in REQUIRED else form.maybe(name)
        for name, attribute in TEXTS.items()
    }
    change["time_zone"] = change["time_zone"].strip()
    start = form.day("startDate", today)
    return change | {
        "tags": form.text("tags").split(","),
        "start_date": start,
        "start_time": form.clock("startTime"),
        "end_date": form.day("endDate", start) if form.text("endDate").strip() else start,
        "end_time": form.clock("endTime"),
        "location_type": form.choice("locationType", PLACES, "physical"),
    }


def read_settings(form: Form, event: EventStaff) -> dict[str, Any]:
    """What the page of terms changes. Moments are on the clocks of the event, amounts in its currency."""
    currency = form.text("currency").strip() or event.currency
    if currency not in CURRENCIES:
        form.wrong("currency", "Choose a currency of the list.")
        currency = event.currency
    return {
        "slug": form.maybe("slug"),
        "series": form.maybe("series"),
        "visibility": Visibility(form.choice("visibility", [one.value for one in Visibility], "public")),
        "currency": currency,
        "sales_start_date": form.moment("salesStartDate", event.time_zone),
        "sales_end_date": form.moment("salesEndDate", event.time_zone),
        "capacity": form.number("capacity", 0),
        "seo_title": form.maybe("seoTitle"),
        "seo_description": form.maybe("seoDescription"),
        "service_fee_percentage": form.percent("serviceFeePercentage"),
        "service_fee_fixed": form.money("serviceFeeFixed", currency),
        "manual_payment_hours": form.number("manualPaymentHours", 168),
        "approval_hours": form.number("approvalHours", 72),
    }


def overview_values(event: EventStaff) -> dict[str, str]:
    """The event as the first page of the editor shows it."""
    texts = {name: getattr(event, attribute) or "" for name, attribute in TEXTS.items()}
    return texts | {
        "tags": ", ".join(event.tags),
        "startDate": event.start_date.isoformat(),
        "startTime": event.start_time,
        "endDate": event.end_date.isoformat(),
        "endTime": event.end_time,
        "locationType": event.location_type,
    }


def settings_values(event: EventStaff) -> dict[str, str]:
    """The event as the page of terms shows it."""
    return {
        "slug": event.slug,
        "series": event.series or "",
        "visibility": event.visibility.value,
        "currency": event.currency,
        "salesStartDate": moment_text(event.sales_start_date, event.time_zone),
        "salesEndDate": moment_text(event.sales_end_date, event.time_zone),
        "capacity": str(event.capacity or ""),
        "seoTitle": event.seo_title or "",
        "seoDescription": event.seo_description or "",
        "serviceFeePercentage": percent_text(event.service_fee_percentage),
        "serviceFeeFixed": money_text(event.service_fee_fixed, event.currency),
        "manualPaymentHours": str(event.manual_payment_hours),
        "approvalHours": str(event.approval_hours),
    }


def fresh_values(currency: str, zone: str) -> Mapping[str, str]:
    """A new event before anything is typed."""
    return {
        "timeZone": zone if zone in zone_names() else "UTC",
        "locationType": "physical",
        "currency": currency,
        "startTime": "19:30",
        "endTime": "22:30",
    }


def moment_text(at: datetime | None, zone: str) -> str:
    """A moment as a field of day and time has it, on the clocks of a zone."""
    return "" if at is None else f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M}"


def in_words(event: EventStaff) -> str:
    """`56 hours 30 minutes, Asia/Tokyo (UTC+9, no daylight saving time)`: what the dates come to."""
    minutes = int((event.ends_at - event.starts_at).total_seconds()) // 60
    days, rest = divmod(minutes, 24 * 60) if minutes >= 72 * 60 else (0, minutes)
    parts = [(days, "day"), (rest // 60, "hour"), (rest % 60, "minute")]
    length = " ".join(f"{count} {word}{'' if count == 1 else 's'}" for count, word in parts if count)
    zone = ZoneInfo(event.time_zone)
    off = event.starts_at.astimezone(zone).utcoffset()
    assert off is not None, "a moment in a zone has an offset"
    hours, left = divmod(int(abs(off).total_seconds()) // 60, 60)
    sign = "-" if off.total_seconds() < 0 else "+"
    year = event.start_date.year
    seasons = {datetime(year, month, 1, tzinfo=UTC).astimezone(zone).utcoffset() for month in (1, 4, 7, 10)}
    summer = "" if len(seasons) > 1 else ", no daylight saving time"
    name = f"UTC{sign}{hours}" + (f":{left:02}" if left else "")
    return f"{length or 'No time at all'}, {event.time_zone} ({name}{summer})"
