"""What a ticket says around its data, and how it writes days and places."""

from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date

from foyer.domains.events.types import EventPublic, EventStaff

LANGUAGES: Final = ("en", "de")

WORDS: Final[dict[str, dict[str, str]]] = {
    "en": {
        "title": "Tickets", "ticket": "Ticket {place} of {count}", "when": "When", "where": "Where", "order": "Order",
        "door": "At the door", "questions": "Questions", "refunds": "Refunds", "online": "Online", "to": "to",
        "show": "Show this code on paper or on a screen. It lets one person in, once.",
        "join": "The link to join stands on the page of your order.",
        "later": "Place to be announced", "holder": "Name", "type": "Ticket", "page": "Your ticket online", "by": "Tickets by", "times": "All times on the clocks of {zone}",
    },
    "de": {
        "title": "Tickets", "ticket": "Ticket {place} von {count}", "when": "Wann", "where": "Wo", "order": "Bestellung",
        "door": "Am Einlass", "questions": "Fragen", "refunds": "Erstattung", "online": "Online", "to": "bis",
        "show": "Zeigen Sie diesen Code auf Papier oder auf dem Bildschirm. Er lässt eine Person ein, einmal.",
        "join": "Der Link zur Teilnahme steht auf der Seite Ihrer Bestellung.",
        "later": "Ort wird noch bekannt gegeben", "holder": "Name", "type": "Ticket", "page": "Ihr Ticket im Netz", "by": "Tickets von", "times": "Alle Zeiten nach den Uhren von {zone}",
    },
}  # fmt: skip
_DAY: Final = {"en": "EEE d MMM y", "de": "EEE, d. MMM y"}
_HOURS_OF_A_NIGHT: Final = 12


def known(language: str) -> str:
    """The language itself, or English where we do not write it."""
    return language if language in WORDS else LANGUAGES[0]


def day(one: date, language: str) -> str:
    return str(format_date(one, _DAY[language], locale=language))


def when(event: EventPublic, language: str) -> str:
    """`Fri 12 Jun 2027, 19:30 to 23:00`, or both days where it lasts longer than a night."""
    to = WORDS[language]["to"]
    first = f"{day(event.start_date, language)}, {event.start_time}"
    hours = (event.ends_at - event.starts_at).total_seconds() / 3600
    if event.end_date == event.start_date or hours <= _HOURS_OF_A_NIGHT:
        return f"{first} {to} {event.end_time}"
    last = event.ends_at.astimezone(ZoneInfo(event.time_zone)).date()
    return f"{first} {to} {day(last, language)}, {event.end_time}"


def where(event: EventPublic, language: str) -> tuple[str, str]:
    """The venue, and the line below it."""
    words = WORDS[language]
    if event.location_type == "virtual":
        return words["online"], words["join"]
    place = event.venue_name or event.city or event.address or words["later"]
    return place, address(event, language)


def full_address(event: EventStaff, language: str) -> str:
    """The venue with its address, or that it takes place online, on one line."""
    if event.location_type == "virtual":
        return WORDS[language]["online"]
    return ", ".join(part for part in (event.venue_name, address(event, language)) if part)


def address(event: EventPublic | EventStaff, language: str) -> str:
    """Street, postal code and city, country in words, on one line."""
    town = " ".join(part for part in (event.zip_code, event.city) if part)
    country = Locale.parse(language).territories.get(event.country or "", event.country)
    return ", ".join(part for part in (event.address, town, event.state, country) if part)
