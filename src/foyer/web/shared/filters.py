"""How values are written for people; registered on the template environment by `install`."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from urllib.parse import quote, urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, get_currency_precision
from jinja2 import Environment, Undefined
from markupsafe import Markup

from foyer.domains.events.types import EventPublic
from foyer.domains.organizations.types import Shop
from foyer.kernel import money, time
from foyer.web.shared.words import LANGUAGE, _, ngettext, told

LOCALE = "en"
"""Of pages that are English for everybody: the office and the entrance."""
CODE_GROUP = 4
NIGHT = timedelta(hours=12)
HOUSE = ("#4b4553", "#c98a1b")
"""Colours of pages that belong to no shop."""
MAP = "https://www.openstreetmap.org/search?query="


def moment(at: datetime, zone: str) -> str:
    """`Fri 12 Jun 2027, 19:30` on the clocks of a zone."""
    return format_datetime(at, _("EEE d MMM y, HH:mm"), tzinfo=ZoneInfo(zone), locale=LANGUAGE.get())


def day_at(at: datetime, zone: str) -> str:
    """`12 Jun` on the calendar of a zone."""
    return format_datetime(at, _("d MMM"), tzinfo=ZoneInfo(zone), locale=LANGUAGE.get())


def clock(at: datetime, zone: str) -> str:
    """`19:30` on the clocks of a zone."""
    return format_datetime(at, "HH:mm", tzinfo=ZoneInfo(zone), locale=LANGUAGE.get())


def seconds(at: datetime, zone: str) -> str:
    """`19:30:07` on the clocks of a zone."""
    return format_datetime(at, "HH:mm:ss", tzinfo=ZoneInfo(zone), locale=LANGUAGE.get())


def zone_name(at: datetime, zone: str) -> str:
    """`CEST`, in German `MESZ`: what the clocks of a zone are called at this moment."""
    return time.zone_name(at.astimezone(ZoneInfo(zone)), LANGUAGE.get())


def deadline(at: datetime, zone: str) -> str:
    """`Fri 12 Jun 2027, 19:30 CEST`: a moment that counts wherever somebody reads of it."""
    return f"{moment(at, zone)} {zone_name(at, zone)}"


def deadline_today(at: datetime, zone: str) -> str:
    """`19:30 CEST`, of a deadline that is near or has just passed."""
    return f"{_('%(time)s') % {'time': clock(at, zone)}} {zone_name(at, zone)}"


def weekday(day: date) -> str:
    return format_date(day, "EEE", locale=LANGUAGE.get())


def month(day: date) -> str:
    return format_date(day, "MMM", locale=LANGUAGE.get())


def month_name(day: date) -> str:
    """`June 2027`, over the events of a month."""
    return format_date(day, "MMMM y", locale=LANGUAGE.get())


def when(event: EventPublic) -> str:
    """`Fri 12 Jun 2027, 19:30 to 23:00`, or both days where it lasts longer than a night."""
    start, ends = event.start_date, event.ends_at.astimezone(ZoneInfo(event.time_zone))
    first = {"day": _day(start, _("EEE d MMM y")), "start": event.start_time, "end": event.end_time}
    if _is_one_night(event):
        return _("%(day)s, %(start)s to %(end)s") % first
    pattern = _("EEE d MMM") if event.end_date.year == start.year else _("EEE d MMM y")
    return _("%(day)s, %(start)s to %(last)s, %(end)s") % {**first, "last": _day(ends.date(), pattern)}


def _is_one_night(event: EventPublic) -> bool:
    return event.end_date == event.start_date or event.ends_at - event.starts_at <= NIGHT


def brief(event: EventPublic) -> str:
    """Beside its first day: `19:30`, or `until Sun 13 Jun` where it lasts longer than a night."""
    if _is_one_night(event):
        return _("%(time)s") % {"time": event.start_time}
    return _("until %(day)s") % {"day": _day(event.end_date, _("EEE d MMM"))}


def begins(event: EventPublic) -> str:
    """`Fri 12 Jun 2027, 19:30`; of one that lasts longer than a night both days, and when it begins."""
    return _("%(day)s, %(time)s") % {"day": days(event), "time": event.start_time}


def days(event: EventPublic) -> str:
    """`Fri 12 Jun 2027`, or `Fri 11 to Sun 13 Jun 2027` where it lasts longer than a night."""
    return day_span(event.start_date, event.start_date if _is_one_night(event) else event.end_date)


def day_span(start: date, end: date) -> str:
    """As `days`, of two days."""
    last = _day(end, _("EEE d MMM y"))
    if start == end:
        return last
    pattern = _("EEE d") if (start.year, start.month) == (end.year, end.month) else _("EEE d MMM")
    if start.year != end.year:
        pattern = _("EEE d MMM y")
    return _("%(first)s to %(last)s") % {"first": _day(start, pattern), "last": last}


def _day(day: date, pattern: str) -> str:
    return str(format_date(day, pattern, locale=LANGUAGE.get()))


def place(event: EventPublic) -> str:
    """The shortest true answer to “where”: the venue, else the city, else online."""
    if event.location_type == "virtual":
        return _("Online")
    return event.venue_name or event.city or event.address or _("Place to be announced")


def place_and_town(event: EventPublic) -> str:
    """The venue with its city, unless the venue's name already says it."""
    where = place(event)
    if event.location_type == "virtual" or not event.city or event.city in where:
        return where
    return f"{where}, {event.city}"


def address(event: EventPublic) -> str:
    """One line under the venue: street, postal code and city, country in words."""
    town = " ".join(part for part in (event.zip_code, event.city) if part)
    country = Locale.parse(LANGUAGE.get()).territories.get(event.country or "", event.country)
    return ", ".join(part for part in (event.address, town, event.state, country) if part)


def map_url(event: EventPublic) -> str | None:
    """A public map, where there is something to look for."""
    sought = ", ".join(part for part in (event.venue_name, address(event)) if part)
    return MAP + quote(sought) if sought and event.location_type != "virtual" else None


def price(amount: int, currency: str) -> str:
    """A price on a shelf: `€189.00`, or `Free`."""
    return money.show(amount, currency, LANGUAGE.get()) if amount else _("Free")


def amount(value: int, currency: str) -> str:
    """An amount in a sum: `€189.00`, and `€0.00` where it is nothing."""
    return money.show(value, currency, LANGUAGE.get())


def taxed(name: str, rate_bps: int) -> str:
    """A tax with its rate: `19% VAT`, or its name alone where that says the rate already."""
    return money.taxed(name, rate_bps, LANGUAGE.get())


def digits(currency: str) -> int:
    """Minor digits, so that a script in the page rounds nothing."""
    return int(get_currency_precision(currency))


def tickets(count: int) -> str:
    return ngettext("%(n)s ticket", "%(n)s tickets", count) % {"n": count}


def grouped(code: str, between: str = " ") -> str:
    """A code in groups of four, as it is read aloud."""
    return between.join(code[at : at + CODE_GROUP] for at in range(0, len(code), CODE_GROUP))


def initial(name: str) -> str:
    """The first letter of a name, for a shop without a logo."""
    return next((letter.upper() for letter in name if letter.isalnum()), "•")


def initials(name: str) -> str:
    """`KH` of Katrin Holm: the first letters of the first and the last word."""
    found = [initial(word) for word in name.split()]
    return "".join(found[:1] + found[1:][-1:]) or "•"


def count_of(number: int) -> str:
    """`8,505`."""
    return str(format_decimal(number, locale=LANGUAGE.get()))


def cover_url(shop: Shop, event_id: UUID, shape: str) -> str:
    """Where the drawn cover of an event lives; the colours are in it, so it may be kept for ever."""
    colors = f"{shop.primary_color}{shop.secondary_color}".replace("#", "").lower()
    return f"/{shop.slug}/covers/{event_id}/{shape}.svg?{colors}"


def written_in(shop: Shop) -> Markup:
    """The mark of what an organizer has written, where it is known to be in another language than the page.

    English tells nothing: a shop that was never asked says it too.
    """
    own = shop.language
    return Markup("") if own in {"en", LANGUAGE.get()} else Markup(' lang="{}"').format(own)


def home_url(shop: Shop, q: str = "", category: str = "", days: int | None = None) -> str:
    """A shop's home with a search kept in the address."""
    kept = urlencode(
        {name: value for name, value in (("q", q), ("category", category), ("days", days)) if value}
    )
    return f"/{shop.slug}?{kept}" if kept else f"/{shop.slug}"


def theme_url(shop: Shop | None) -> str:
    """Where the colours of a shop live; the house's own where there is no shop."""
    primary, secondary = (shop.primary_color, shop.secondary_color) if shop else HOUSE
    return f"/theme/{primary}-{secondary}.css".replace("#", "").lower()


def attributes(given: Mapping[str, object], *but: str) -> Markup:
    """The further attributes of a component: `data_sum=true` becomes `data-sum`; what is false or nothing is left out."""
    written = Markup("")
    for name, value in given.items():
        if value is None or value is False or isinstance(value, Undefined) or name in {"class_", *but}:
            continue
        key = name.rstrip("_").replace("_", "-")
        written += Markup(" {}").format(key) if value is True else Markup(' {}="{}"').format(key, value)
    return written


def anchor(words: str) -> str:
    """An id made of words, for what describes a control."""
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-") or "one"


FILTERS = (moment, day_at, clock, seconds, zone_name, deadline, deadline_today, weekday, month, month_name, when, begins, brief, days, place, place_and_town, address, map_url, price, amount, taxed, digits,
           tickets, grouped, initial, initials, count_of, attributes, anchor, told)  # fmt: skip
FUNCTIONS = (cover_url, home_url, theme_url, written_in)


def install(environment: Environment) -> None:
    """Make the filters and functions of this module known to templates under their own names."""
    environment.filters.update({one.__name__: one for one in FILTERS})
    environment.globals.update({one.__name__: one for one in FUNCTIONS})
