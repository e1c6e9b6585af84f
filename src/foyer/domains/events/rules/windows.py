"""Spans of time that organizers write, in the years that a calendar of events has."""

from datetime import datetime
from typing import Final

from foyer.kernel.errors import Finding
from foyer.kernel.time import Window

YEARS: Final = (1970, 2200)
SALES: Final = ("salesStartDate", "salesEndDate")


def odd_window(window: Window, last: datetime | None, *, fields: tuple[str, str] = SALES) -> list[Finding]:
    """What is wrong with a span.

    Args:
        window: from when to when.
        last: the end of the event, where the span must not outlast it.
        fields: the names of its two ends, as callers write them.
    """
    found = [
        Finding(field, f"Use a moment between {YEARS[0]} and {YEARS[1]}.")
        for field, at in zip(fields, (window.start, window.end), strict=True)
        if at is not None and not YEARS[0] <= at.year <= YEARS[1]
    ]
    if found:
        return found
    if window.start and window.end and window.end < window.start:
        return [Finding(fields[1], "This is before the start.")]
    if window.end and last and window.end > last:
        return [Finding(fields[1], "This is after the end of the event, which is the latest.")]
    return []
