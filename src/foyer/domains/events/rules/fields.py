"""Fields that several drafts have, and the sentences about them."""

from typing import Final

import pycountry

from foyer.kernel.errors import Finding
from foyer.kernel.money import BPS_WHOLE, percent_to_bps

HOURS_MAX: Final = 8_760
"""The longest that anything may wait: a year."""


def wire(name: str) -> str:
    """A field as callers write it."""
    head, *rest = name.split("_")
    return head + "".join(part.title() for part in rest)


def regular_country(country: str | None) -> str | None:
    return country.strip().upper() if country else None


def odd_country(country: str | None) -> list[Finding]:
    if country is None or pycountry.countries.get(alpha_2=country) is not None:
        return []
    return [Finding("country", "Use the two letters of the country, like DE.")]


def odd_percentage(field: str, percentage: float | None, *, least_bps: int = 0) -> list[Finding]:
    """What is wrong with a percentage.

    Args:
        field: as callers write it.
        percentage: None where there is none, which is fine.
        least_bps: the least it may be, in hundredths of a percent.
    """
    if percentage is None:
        return []
    try:
        fits = least_bps <= percent_to_bps(percentage) <= BPS_WHOLE
    except ValueError:
        fits = False
    if fits:
        return []
    least = "0" if least_bps == 0 else f"{least_bps / 100:g}"
    return [Finding(field, f"Use a number from {least} to 100 with at most two decimals, like 7.5.")]


def odd_hours(field: str, hours: int, *, least: int = 1) -> list[Finding]:
    if least <= hours <= HOURS_MAX:
        return []
    return [Finding(field, f"Use {least} to {HOURS_MAX} hours.")]
