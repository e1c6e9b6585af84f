"""Words, dates and money in the language of whoever reads. Catalogues are gettext's; English is written in the templates."""

import textwrap
from datetime import date, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime

from foyer.domains.carts.types import TaxLine
from foyer.domains.events.types import EventPublic
from foyer.infra.catalogues import catalogue
from foyer.kernel import money
from foyer.kernel.time import zone_name

CATALOGUES: Final = Path(__file__).parent / "locale"
NIGHT_HOURS: Final = 12
LINE: Final = 76


class Words:
    """How one language says things."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.translations = catalogue(CATALOGUES, language)

    def gettext(self, words: str) -> str:
        return self.translations.gettext(words)

    def moment(self, at: datetime, zone: str) -> str:
        """`Fri 12 Jun 2027, 19:30` on the clocks of a zone."""
        _ = self.gettext
        pattern = _("EEE d MMM y, HH:mm")
        return str(format_datetime(at, pattern, tzinfo=ZoneInfo(zone), locale=self.language))

    def deadline(self, at: datetime, zone: str) -> str:
        """`Fri 12 Jun 2027, 19:30 CEST`: a moment that counts wherever somebody reads of it."""
        return f"{self.moment(at, zone)} {zone_name(at.astimezone(ZoneInfo(zone)), self.language)}"

    def day(self, day: date) -> str:
        _ = self.gettext
        return str(format_date(day, _("EEE d MMM y"), locale=self.language))

    def weekday(self, event: EventPublic) -> str:
        return str(format_date(event.start_date, "EEE", locale=self.language)).rstrip(".")

    def month(self, event: EventPublic) -> str:
        return str(format_date(event.start_date, "MMM", locale=self.language))

    def when(self, event: EventPublic) -> str:
        """`Fri 12 Jun 2027, 19:30 to 23:00`, or both days where it lasts longer than a night."""
        _ = self.gettext
        hours = (event.ends_at - event.starts_at).total_seconds() / 3600
        start, end = event.start_time, event.end_time
        if event.end_date == event.start_date or hours <= NIGHT_HOURS:
            return _("%(day)s, %(start)s to %(end)s") % {
                "day": self.day(event.start_date), "start": start, "end": end,
            }  # fmt: skip
        return _("%(first)s, %(start)s to %(last)s, %(end)s") % {
            "first": self.day(event.start_date), "start": start, "last": self.day(event.end_date), "end": end,
        }  # fmt: skip

    def place(self, event: EventPublic) -> str:
        """The shortest true answer to “where”."""
        _ = self.gettext
        if event.location_type == "virtual":
            return _("Online")
        return event.venue_name or event.city or event.address or _("Place to be announced")

    def address(self, event: EventPublic) -> str:
        """One line under the venue: street, postal code and city, country in words."""
        if event.location_type == "virtual":
            return ""
        town = " ".join(part for part in (event.zip_code, event.city) if part)
        country = Locale.parse(self.language).territories.get(event.country or "", event.country)
        parts = [part for part in (event.address, town, event.state, country) if part]
        return "" if parts == [self.place(event)] else ", ".join(parts)

    def money(self, amount: int, currency: str) -> str:
        return money.show(amount, currency, self.language)

    def price(self, amount: int, currency: str) -> str:
        """What somebody pays, or that they pay nothing."""
        _ = self.gettext
        return self.money(amount, currency) if amount else _("Free")

    def tax_name(self, tax: TaxLine) -> str:
        return money.taxed(tax.name, tax.rate_bps, self.language)

    FILTERS: Final = (
        "moment",
        "deadline",
        "weekday",
        "month",
        "when",
        "place",
        "address",
        "money",
        "tax_name",
    )


def grouped(code: str) -> str:
    """A ticket's code in groups of four, as it is read aloud."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def number(order_number: str) -> str:
    """An order's number as it is written on paper: `9FTC-40WN`."""
    return f"{order_number[:4]}-{order_number[4:]}"


def initial(name: str) -> str:
    """The first letter of a name, for a shop without a logo."""
    return next((letter.upper() for letter in name if letter.isalnum()), "•")


def wrapped(words: str) -> str:
    """A paragraph in lines that a terminal shows whole; links stay in one piece."""
    return textwrap.fill(words, LINE, break_long_words=False, break_on_hyphens=False)


def quoted(words: str) -> str:
    """What somebody else has written, marked as mail programs do."""
    lines = (
        line
        for paragraph in words.splitlines()
        for line in textwrap.wrap(paragraph, LINE - 2, break_long_words=False) or [""]
    )
    return "\n".join(f"> {line}".rstrip() for line in lines)


FILTERS: Final = (grouped, number, initial, wrapped, quoted)
