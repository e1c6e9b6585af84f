"""Decisions about events."""

import re
from datetime import datetime, time
from typing import Final
from uuid import UUID

from msgspec.structs import replace

from foyer.domains.events.rules.fields import odd_country, odd_hours, odd_percentage, regular_country, wire
from foyer.domains.events.rules.windows import YEARS, odd_window
from foyer.domains.events.types import EventDraft, EventStaff, EventStatus, Visibility, Warning_
from foyer.domains.inventory.types import UNLIMITED
from foyer.kernel.errors import Finding
from foyer.kernel.machine import Machine
from foyer.kernel.media import is_picture
from foyer.kernel.money import AMOUNT_MAX, CURRENCIES
from foyer.kernel.text import is_slug, is_web_url, slug_of, tidy, tidy_line
from foyer.kernel.time import NonexistentTimeError, Window, as_utc, instant, zone_names

_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
LINES: Final = {
    "title": 200, "category": 60, "short_description": 300, "venue_name": 200, "address": 300, "city": 100, "state": 100,
    "zip_code": 20, "seo_title": 200, "seo_description": 400, "series": 100,
}  # fmt: skip
DESCRIPTION_MAX: Final = 20_000
TAGS_MAX: Final = 20
TAG_LENGTH_MAX: Final = 40
IMAGES_MAX: Final = 20
_PICTURE: Final = "Upload a picture, or write an address that starts with https:// or http://."

EVENT: Final = Machine(
    "event",
    start=frozenset({EventStatus.DRAFT}),
    moves={
        EventStatus.DRAFT: frozenset({EventStatus.PUBLISHED}),
        EventStatus.PUBLISHED: frozenset({EventStatus.CANCELLED, EventStatus.COMPLETED}),
        EventStatus.CANCELLED: frozenset(),
        EventStatus.COMPLETED: frozenset(),
    },
)


def regular_event(draft: EventDraft, organization_id: UUID) -> tuple[EventDraft, list[Finding]]:
    """The event tidied, and everything that is wrong with it."""
    found: list[Finding] = []
    lines: dict[str, str | None] = {}
    for name, most in LINES.items():
        text = tidy_line(getattr(draft, name) or "")
        lines[name] = text or None
        if len(text) > most:
            found.append(Finding(wire(name), f"Use at most {most} characters."))
    tags = list(dict.fromkeys(tag for tag in map(tidy_line, draft.tags) if tag))
    regular = replace(
        draft, **{**lines, "title": lines["title"] or "", "category": lines["category"] or ""},
        description=tidy(draft.description), tags=tags, sales_start_date=as_utc(draft.sales_start_date),
        sales_end_date=as_utc(draft.sales_end_date), country=regular_country(draft.country),
    )  # fmt: skip
    found += [
        Finding(field, "This is required.")
        for field in ("title", "description", "category") if not getattr(regular, field)
    ]  # fmt: skip
    found += (
        _odd_texts(regular)
        + _odd_terms(regular)
        + _odd_addresses(regular, organization_id)
        + _odd_times(regular)
    )
    return regular, found


def _odd_texts(draft: EventDraft) -> list[Finding]:
    found = []
    if len(draft.description) > DESCRIPTION_MAX:
        found.append(Finding("description", f"Use at most {DESCRIPTION_MAX} characters."))
    if len(draft.tags) > TAGS_MAX or any(len(tag) > TAG_LENGTH_MAX for tag in draft.tags):
        found.append(Finding("tags", f"Use at most {TAGS_MAX} tags of at most {TAG_LENGTH_MAX} characters."))
    if draft.slug is not None and not is_slug(draft.slug):
        found.append(Finding("slug", "Use lower-case letters, digits and dashes; some words are reserved."))
    found += odd_country(draft.country)
    if draft.currency is not None and draft.currency not in CURRENCIES:
        found.append(Finding("currency", "Use a currency code of ISO 4217, like EUR."))
    if not 0 <= draft.capacity < UNLIMITED:
        found.append(
            Finding("capacity", f"Use a whole number of places, at most {UNLIMITED - 1}; 0 means no limit.")
        )
    return found


def _odd_terms(draft: EventDraft) -> list[Finding]:
    found = odd_percentage("serviceFeePercentage", draft.service_fee_percentage)
    sentence = f"Say the fee as 0 to {AMOUNT_MAX} minor units of the currency, like 50 for EUR 0.50."
    if draft.service_fee_fixed is not None and not 0 <= draft.service_fee_fixed <= AMOUNT_MAX:
        found.append(Finding("serviceFeeFixed", sentence))
    found += odd_hours("manualPaymentHours", draft.manual_payment_hours)
    found += odd_hours("approvalHours", draft.approval_hours)
    return found + odd_hours("changesCloseHours", draft.changes_close_hours, least=0)


def _odd_addresses(draft: EventDraft, organization_id: UUID) -> list[Finding]:
    link, cover = draft.virtual_event_url, draft.featured_image
    found = []
    if link is not None and not is_web_url(link):
        found.append(
            Finding("virtualEventUrl", "Start the link with https:// so that ticket holders can open it.")
        )
    if cover is not None and not is_picture(cover, organization_id):
        found.append(Finding("featuredImage", _PICTURE))
    if len(draft.gallery_images) > IMAGES_MAX:
        found.append(Finding("galleryImages", f"Use at most {IMAGES_MAX} pictures."))
    found += [
        Finding(f"galleryImages[{place}]", _PICTURE)
        for place, url in enumerate(draft.gallery_images[:IMAGES_MAX]) if not is_picture(url, organization_id)
    ]  # fmt: skip
    return found


def _odd_times(draft: EventDraft) -> list[Finding]:
    found = []
    if draft.time_zone not in zone_names():
        found.append(Finding("timeZone", "Use the name of a time zone, like Europe/Berlin."))
    found += [
        Finding(wire(name), "Write the time as hours and minutes, like 19:30.")
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
    return found + odd_window(Window(draft.sales_start_date, draft.sales_end_date), ends.get("end"))


def event_slug(draft: EventDraft, event_id: UUID) -> str:
    """The address an organizer chose, or one made of the title and the day."""
    return draft.slug or slug_of(f"{draft.title[:50]} {draft.start_date:%Y}", f"event-{event_id.hex[-8:]}")


def blockers(*, has_types: bool, ends_at: datetime, now: datetime) -> list[Finding]:
    """What still stops an event from being published."""
    found = []
    if not has_types:
        found.append(Finding("ticketTypes", "Add a ticket type first."))
    if ends_at <= now:
        found.append(Finding("endDate", "The event is over already; change its dates first."))
    return found


def odd_end(status: EventStatus, *, ends_at: datetime, now: datetime) -> list[Finding]:
    """What is wrong with the end an event is given: a published one that is over is completed at once, and for good."""
    if status is not EventStatus.PUBLISHED or ends_at > now:
        return []
    sentence = "A published event has to end in the future; choose a later end, or cancel the event."
    return [Finding("endDate", sentence)]


def warnings(
    draft: EventDraft | EventStaff, *, has_link: bool, hidden: int, starts_at: datetime, now: datetime
) -> list[Warning_]:
    """What a buyer will miss on a published event.

    Args:
        draft: the event as it is written.
        has_link: whether an access link opens it.
        hidden: how many of its ticket types are, and no access link shows them.
        starts_at: when it begins.
        now: the moment.
    """
    found = []
    if draft.visibility is Visibility.PRIVATE and not has_link:
        sentence = "Nobody can open a private event without an access link; make one."
        found.append(Warning_(field="visibility", detail=sentence))
    if hidden:
        types = "1 ticket type is" if hidden == 1 else f"{hidden} ticket types are"
        sentence = f"{types} hidden, and no access link shows {'it' if hidden == 1 else 'them'}; make one."
        found.append(Warning_(field="ticketTypes", detail=sentence))
    if draft.location_type != "virtual":
        found += [
            Warning_(field=wire(name), detail=f"Buyers do not see {words} yet.")
            for name, words in (("venue_name", "the venue"), ("address", "the address")) if not getattr(draft, name)
        ]  # fmt: skip
    if draft.location_type != "physical" and not draft.virtual_event_url:
        found.append(
            Warning_(field="virtualEventUrl", detail="Ticket holders do not get a link to join yet.")
        )
    if starts_at <= now:
        found.append(Warning_(field="startDate", detail="The event has begun already."))
    return found
