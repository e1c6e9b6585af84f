"""Instants, wall clocks and windows. Nothing here asks what time it is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from babel.dates import format_skeleton, format_time, get_timezone_name

O_CLOCK: Final = {"de": "\u00a0Uhr"}
"""What a language says behind a time of day, which no line breaks away from it."""


class NonexistentTimeError(ValueError):
    """The clock jumps over this wall time on this day (spring DST gap)."""


@cache
def zone_names() -> frozenset[str]:
    """IANA names an event may use; the pseudo-zones of the database files are left out."""
    return frozenset(name for name in available_timezones() if "/" in name or name == "UTC")


def instant(day: date, clock: time, zone: str) -> datetime:
    """The UTC instant of a wall-clock time; of an ambiguous one (autumn DST) the first.

    Raises:
        NonexistentTimeError: the wall time is skipped on that day.
    """
    wall = datetime.combine(day, clock)
    utc = wall.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)
    if utc.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != wall:
        raise NonexistentTimeError(f"{wall:%Y-%m-%d %H:%M} does not exist in {zone}: the clocks go forward")
    return utc


def as_utc(moment: datetime | None) -> datetime | None:
    """The same instant in UTC; at the very ends of the calendar, where there is none, as it was."""
    try:
        return None if moment is None else moment.astimezone(UTC)
    except OverflowError:
        return moment


def spoken(wall: datetime) -> Callable[[str], str]:
    """A moment on the clocks where it is said, `Fri 11 Jun 2027, 19:30 CEST`, for a sentence in any language."""

    def told(language: str) -> str:
        zone = zone_name(wall, language)
        if language == "en":
            return f"{wall:%a %d %b %Y, %H:%M} {zone}"
        day = format_skeleton("yMMMEd", wall, tzinfo=wall.tzinfo, locale=language)
        return (
            f"{day}, {format_time(wall.time(), 'short', locale=language)}{O_CLOCK.get(language, '')} {zone}"
        )

    return told


def zone_name(wall: datetime, language: str) -> str:
    """What the clocks of a moment are called: `CEST`, in German `MESZ`, or `GMT-3` and `GMT+5:45` where they have no name."""
    name, off = wall.tzname() or "", wall.utcoffset() or timedelta()
    if language != "en":
        own = str(get_timezone_name(wall, width="short", locale=language))
        name = own if own.isalpha() else ""
    if name.isalpha():
        return name
    hours, minutes = divmod(abs(off) // timedelta(minutes=1), 60)
    return f"GMT{'-' if off < timedelta() else '+'}{hours}" + (f":{minutes:02}" if minutes else "")


@dataclass(frozen=True, slots=True)
class Window:
    """A half-open span of time; an absent end is open."""

    start: datetime | None
    end: datetime | None

    def narrowed(self, other: "Window") -> "Window":
        """The part that both windows share."""
        starts = [at for at in (self.start, other.start) if at is not None]
        ends = [at for at in (self.end, other.end) if at is not None]
        return Window(max(starts, default=None), min(ends, default=None))

    def opens_after(self, at: datetime) -> bool:
        return self.start is not None and at < self.start

    def closed_by(self, at: datetime) -> bool:
        return self.end is not None and at >= self.end
