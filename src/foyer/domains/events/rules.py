"""Decisions about events and ticket types."""

import json
import re
from datetime import datetime, time
from typing import Final
from uuid import UUID

import pycountry
from msgspec.structs import replace

from foyer.domains.events.types import (
    EventDraft,
    EventStatus,
    JsonObject,
    TicketTypeDraft,
    Warning_,
)
from foyer.domains.inventory.types import UNLIMITED
from foyer.kernel.errors import Conflict, Finding
from foyer.kernel.money import AMOUNT_MAX, CURRENCIES
from foyer.kernel.text import is_slug, is_web_url, slug_of, tidy, tidy_line
from foyer.kernel.time import NonexistentTimeError, Window, as_utc, instant, zone_names

_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
LINES: Final = {
    "title": 200, "category": 60, "short_description": 300, "venue_name": 200, "address": 300, "city": 100, "state": 100,
    "zip_code": 20, "seo_title": 200, "seo_description": 400,
}  # fmt: skip
DESCRIPTION_MAX: Final = 20_000
TAGS_MAX: Final = 20
TAG_LENGTH_MAX: Final = 40
IMAGES_MAX: Final = 20
METADATA_BYTES_MAX: Final = 8_192
METADATA_DEPTH_MAX: Final = 20
PER_ORDER_MAX: Final = 1_000
PER_ORDER_DEFAULT: Final = 10
SORT_MAX: Final = 1_000_000
YEARS: Final = (1970, 2200)

MOVES: Final[dict[EventStatus, frozenset[EventStatus]]] = {
    EventStatus.DRAFT: frozenset({EventStatus.PUBLISHED}),
    EventStatus.PUBLISHED: frozenset({EventStatus.CANCELLED, EventStatus.COMPLETED}),
    EventStatus.CANCELLED: frozenset(),
    EventStatus.COMPLETED: frozenset(),
}
"""The only ways an event's status goes."""


def require_move(now: EventStatus, then: EventStatus) -> None:
    """Refuse what `MOVES` does not list.

    Raises:
        Conflict: naming the status the event is in.
    """
    if then not in MOVES[now]:
        raise Conflict(f"The event is {now.value}; it cannot become {then.value} from there.", field="status")


def regular_event(draft: EventDraft) -> tuple[EventDraft, list[Finding]]:
    """The event tidied, and everything that is wrong with it."""
    found: list[Finding] = []
    lines: dict[str, str | None] = {}
    for name, most in LINES.items():
        text = tidy_line(getattr(draft, name) or "")
        lines[name] = text or None
        if len(text) > most:
            found.append(Finding(_wire(name), f"Use at most {most} characters."))
    tags = list(dict.fromkeys(tag for tag in map(tidy_line, draft.tags) if tag))
    regular = replace(
        draft, **{**lines, "title": lines["title"] or "", "category": lines["category"] or ""},
        description=tidy(draft.description), tags=tags, sales_start_date=as_utc(draft.sales_start_date),
        sales_end_date=as_utc(draft.sales_end_date), country=draft.country.strip().upper() if draft.country else None,
    )  # fmt: skip
    found += [
        Finding(field, "This is required.")
        for field in ("title", "description", "category") if not getattr(regular, field)
    ]  # fmt: skip
    return regular, found + _odd_texts(regular) + _odd_addresses(regular) + _odd_times(regular)


def _odd_texts(draft: EventDraft) -> list[Finding]:
    found = []
    if len(draft.description) > DESCRIPTION_MAX:
        found.append(Finding("description", f"Use at most {DESCRIPTION_MAX} characters."))
    if len(draft.tags) > TAGS_MAX or any(len(tag) > TAG_LENGTH_MAX for tag in draft.tags):
        found.append(Finding("tags", f"Use at most {TAGS_MAX} tags of at most {TAG_LENGTH_MAX} characters."))
    if draft.slug is not None and not is_slug(draft.slug):
        found.append(Finding("slug", "Use lower-case letters, digits and dashes; some words are reserved."))
    if draft.country is not None and pycountry.countries.get(alpha_2=draft.country) is None:
        found.append(Finding("country", "Use the two letters of the country, like DE."))
    if draft.currency is not None and draft.currency not in CURRENCIES:
        found.append(Finding("currency", "Use a currency code of ISO 4217, like EUR."))
    if not 0 <= draft.capacity < UNLIMITED:
        found.append(Finding("capacity", "Use a whole number of places; 0 means no limit."))
    return found


def _odd_addresses(draft: EventDraft) -> list[Finding]:
    found = [
        Finding(_wire(name), "Write an address that starts with https:// or http://.")
        for name in ("virtual_event_url", "featured_image")
        if (url := getattr(draft, name)) is not None and not is_web_url(url)
    ]
    if len(draft.gallery_images) > IMAGES_MAX:
        found.append(Finding("galleryImages", f"Use at most {IMAGES_MAX} pictures."))
    found += [
        Finding(f"galleryImages[{place}]", "Write an address that starts with https:// or http://.")
        for place, url in enumerate(draft.gallery_images[:IMAGES_MAX]) if not is_web_url(url)
    ]  # fmt: skip
    return found


def _odd_times(draft: EventDraft) -> list[Finding]:
    found = []
    if draft.time_zone not in zone_names():
        found.append(Finding("timeZone", "Use the name of a time zone, like Europe/Berlin."))
    found += [
        Finding(_wire(name), "Write the time as hours and minutes, like 19:30.")
        for name in ("start_time", "end_time") if not _CLOCK.fullmatch(getattr(draft, name))
    ]  # fmt: skip
    if found:
        return found
    ends: dict[str, datetime] = {}
    for which, day, clock in (
        ("start", draft.start_date, draft.start_time),
        ("end", draft.end_date, draft.end_time),
    ):
        if not YEARS[0] <= day.year <= YEARS[1]:
            found.append(Finding(f"{which}Date", f"Use a day between {YEARS[0]} and {YEARS[1]}."))
            continue
        try:
            ends[which] = instant(day, time.fromisoformat(clock), draft.time_zone)
        except (NonexistentTimeError, OverflowError) as wrong:
            found.append(Finding(f"{which}Time", f"{wrong}; choose another time."))
    if not found and ends["end"] < ends["start"]:
        found.append(Finding("endDate", "The end is before the start."))
    return found + _odd_window(Window(draft.sales_start_date, draft.sales_end_date), ends.get("end"))


def _odd_window(sales: Window, last: datetime | None) -> list[Finding]:
    found = [
        Finding(field, f"Use a moment between {YEARS[0]} and {YEARS[1]}.")
        for field, at in (("salesStartDate", sales.start), ("salesEndDate", sales.end))
        if at is not None and not YEARS[0] <= at.year <= YEARS[1]
    ]
    if found:
        return found
    if sales.start and sales.end and sales.end < sales.start:
        return [Finding("salesEndDate", "Sales end before they start.")]
    if sales.end and last and sales.end > last:
        return [
            Finding("salesEndDate", "Sales end after the event does; the end of the event is the latest.")
        ]
    return []


def event_slug(draft: EventDraft, event_id: UUID) -> str:
    """The address an organizer chose, or one made of the title and the day."""
    return draft.slug or slug_of(f"{draft.title[:50]} {draft.start_date:%Y}", f"event-{event_id.hex[-8:]}")


def regular_type(draft: TicketTypeDraft, event_ends_at: datetime) -> tuple[TicketTypeDraft, list[Finding]]:
    """The ticket type tidied and completed, and everything that is wrong with it."""
    found: list[Finding] = []
    price = 0 if draft.price is None and draft.is_free else draft.price
    most = max(PER_ORDER_DEFAULT, draft.min_per_order) if draft.max_per_order is None else draft.max_per_order
    regular = replace(
        draft, name=tidy_line(draft.name), description=tidy(draft.description or "") or None, price=price,
        is_free=price == 0, sales_start_date=as_utc(draft.sales_start_date),
        sales_end_date=as_utc(draft.sales_end_date),
        max_per_order=most,
    )  # fmt: skip
    if not regular.name or len(regular.name) > 120:
        found.append(Finding("name", "Give the ticket a name of 1 to 120 characters."))
    if regular.description and len(regular.description) > 1000:
        found.append(Finding("description", "Use at most 1000 characters."))
    if price is None:
        found.append(Finding("price", "Say the price in minor units, like 1250 for 12.50; 0 is free."))
    elif not 0 <= price <= AMOUNT_MAX:
        found.append(Finding("price", "A price is 0 or more, in minor units, like 1250 for 12.50."))
    elif draft.is_free is not None and draft.is_free != (price == 0):
        found.append(Finding("isFree", "A free ticket has the price 0, and only a free one."))
    if not 0 <= draft.quantity < UNLIMITED:
        found.append(Finding("quantity", "Use a whole number of tickets, 0 or more."))
    if not 1 <= draft.min_per_order <= PER_ORDER_MAX:
        found.append(Finding("minPerOrder", f"Use 1 to {PER_ORDER_MAX}."))
    if not draft.min_per_order <= most <= PER_ORDER_MAX:
        found.append(Finding("maxPerOrder", f"Use at least minPerOrder and at most {PER_ORDER_MAX}."))
    if abs(draft.sort_order) > SORT_MAX:
        found.append(Finding("sortOrder", f"Use a whole number from -{SORT_MAX} to {SORT_MAX}."))
    if _is_odd_metadata(draft.metadata):
        sentence = (
            f"Use at most {METADATA_BYTES_MAX} bytes, {METADATA_DEPTH_MAX} levels and no null characters."
        )
        found.append(Finding("metadata", sentence))
    return regular, found + _odd_window(Window(draft.sales_start_date, draft.sales_end_date), event_ends_at)


def _is_odd_metadata(metadata: JsonObject) -> bool:
    return (
        _depth(metadata) > METADATA_DEPTH_MAX
        or len(written := json.dumps(metadata)) > METADATA_BYTES_MAX
        or "\\u0000" in written
    )


def _depth(value: object) -> int:
    """Levels of objects and lists in a JSON value, counted no further than matters."""
    level, depth = [value], 0
    while level and depth <= METADATA_DEPTH_MAX:
        inner = [one for one in level if isinstance(one, dict | list)]
        level = [item for one in inner for item in (one.values() if isinstance(one, dict) else one)]
        depth += bool(inner)
    return depth


def blockers(*, has_types: bool, ends_at: datetime, now: datetime) -> list[Finding]:
    """What still stops an event from being published."""
    found = []
    if not has_types:
        found.append(Finding("ticketTypes", "Add a ticket type first."))
    if ends_at <= now:
        found.append(Finding("endDate", "The event is over already; change its dates first."))
    return found


def warnings(draft: EventDraft, *, starts_at: datetime, now: datetime) -> list[Warning_]:
    """What a buyer will miss on a published event."""
    found = []
    if draft.location_type != "virtual":
        found += [
            Warning_(field=_wire(name), detail=f"Buyers do not see {words} yet.")
            for name, words in (("venue_name", "the venue"), ("address", "the address")) if not getattr(draft, name)
        ]  # fmt: skip
    if draft.location_type != "physical" and not draft.virtual_event_url:
        found.append(
            Warning_(field="virtualEventUrl", detail="Ticket holders do not get a link to join yet.")
        )
    if starts_at <= now:
        found.append(Warning_(field="startDate", detail="The event has begun already."))
    return found


def _wire(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.title() for part in rest)
