"""An event for people's calendars: one file for everybody, and one with the way in for whoever holds a ticket."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from foyer.domains.events import event_for_staff
from foyer.domains.events.types import EventStaff, EventStatus
from foyer.domains.tickets.documents.words import full_address, known
from foyer.domains.tickets.queries import tickets_held
from foyer.domains.tickets.types import Ticket
from foyer.infra.db.tx import ReadTx

if TYPE_CHECKING:
    from icalendar import Event

PRODUCT: Final = "-//Foyer//Tickets//EN"
CALENDAR: Final = "text/calendar"
_MARGIN: Final = timedelta(days=400)
"""How far around the event its time zone is told: a calendar needs the changes of the clocks on both sides."""
_SALE: Final = timedelta(minutes=15)
_ALARM: Final = timedelta(minutes=10)
"""How long the opening of a sale stands in a calendar, and how long before it rings."""


async def event_calendar(tx: ReadTx, event_id: UUID, *, address: str, language: str) -> bytes:
    """The event as anybody may know it. `address` is that of its page. Who asks has looked whether it may be seen.

    `language` is that of whoever reads it: in it stands what is not the organizer's, as the name of the country.

    Raises:
        NotFound: no such event.
    """
    return calendar(await event_for_staff(tx, event_id), address=address, language=language)


async def order_calendar(tx: ReadTx, order_id: UUID, event_id: UUID, *, address: str, language: str) -> bytes:
    """The event for whoever holds this order; the link to join is in it as long as one of its tickets opens the door.

    Args:
        tx: a transaction.
        order_id: the order.
        event_id: the event that it is for.
        address: that of the order's page.
        language: that of whoever reads it.

    Raises:
        NotFound: no such event.
    """
    event = await event_for_staff(tx, event_id)
    is_welcome = await tickets_held(tx, order_id)
    link = event.virtual_event_url if is_welcome else None
    return calendar(event, address=address, language=language, link=link)


async def held_calendar(tx: ReadTx, ticket: Ticket, *, address: str, language: str) -> bytes:
    """The event for whoever holds this ticket today, with the link to join as long as it opens the door.

    Args:
        tx: a transaction.
        ticket: the ticket. Who asks has shown before that they hold it.
        address: that of the ticket's page.
        language: that of whoever reads it.

    Raises:
        NotFound: no such event.
    """
    event = await event_for_staff(tx, ticket.event_id)
    is_welcome = ticket.status.is_good
    link = event.virtual_event_url if is_welcome else None
    return calendar(event, address=address, language=language, link=link)


async def opening_calendar(
    tx: ReadTx, event_id: UUID, opens_at: datetime, *, summary: str, address: str
) -> bytes:
    """The moment at which the sale of an event opens, with an alarm shortly before. Who asks has looked whether it may be seen.

    Args:
        tx: a transaction.
        event_id: the event.
        opens_at: when its sale opens.
        summary: what the entry is called.
        address: that of the event's page.

    Raises:
        NotFound: no such event.
    """
    from icalendar import Alarm, vText

    event = await event_for_staff(tx, event_id)
    span = opens_at, opens_at + _SALE
    entry = _entry(event, f"{event.id}-sale@foyer", span, summary, address)
    entry.add("description", vText(address))
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -_ALARM)
    alarm.add("description", vText(summary))
    entry.add_component(alarm)
    return _file(entry, span)


def calendar(event: EventStaff, *, address: str, language: str, link: str | None = None) -> bytes:
    """One event as iCalendar (RFC 5545). Its UID never changes, its SEQUENCE is the event's version: calendars follow changes."""
    from icalendar import vText

    span = event.starts_at, event.ends_at
    entry = _entry(event, f"{event.id}@foyer", span, event.title, address)
    entry.add("location", vText(link or full_address(event, known(language))))
    entry.add(
        "description", vText("\n\n".join(text for text in (event.short_description, link, address) if text))
    )
    entry.add("transp", "OPAQUE")
    return _file(entry, span)


def _entry(
    event: EventStaff, uid: str, span: tuple[datetime, datetime], summary: str, address: str
) -> "Event":
    from icalendar import Event, vText, vUri  # loads what few processes need

    entry = Event()
    entry.add("uid", uid)
    entry.add("sequence", event.version)
    entry.add("dtstamp", event.updated_at.astimezone(UTC).replace(microsecond=0))
    entry.add("last-modified", event.updated_at.astimezone(UTC).replace(microsecond=0))
    zone = UTC if event.time_zone == "UTC" else ZoneInfo(event.time_zone)
    entry.add("dtstart", span[0].astimezone(zone))
    entry.add("dtend", span[1].astimezone(zone))
    entry.add("summary", vText(summary))
    entry.add("url", vUri(address))
    entry.add("status", "CANCELLED" if event.status is EventStatus.CANCELLED else "CONFIRMED")
    return entry


def _file(entry: "Event", span: tuple[datetime, datetime]) -> bytes:
    from icalendar import Calendar

    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add_component(entry)
    made.add_missing_timezones(first_date=(span[0] - _MARGIN).date(), last_date=(span[1] + _MARGIN).date())
    return bytes(made.to_ical())
