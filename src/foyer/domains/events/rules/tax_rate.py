"""Decisions about tax rates."""

from typing import Final

from msgspec.structs import replace

from foyer.domains.events.rules.fields import odd_country, odd_percentage, regular_country
from foyer.domains.events.types import TaxRateDraft
from foyer.kernel.errors import Finding
from foyer.kernel.text import tidy_line

NAME_MAX: Final = 60


def regular_tax_rate(draft: TaxRateDraft) -> tuple[TaxRateDraft, list[Finding]]:
    """The tax rate tidied, and everything that is wrong with it."""
    regular = replace(draft, name=tidy_line(draft.name), country=regular_country(draft.country))
    found: list[Finding] = []
    if not 1 <= len(regular.name) <= NAME_MAX:
        found.append(Finding("name", f"Give the tax a name of 1 to {NAME_MAX} characters, like VAT."))
    found += odd_percentage("ratePercentage", regular.rate_percentage)
    return regular, found + odd_country(regular.country)
