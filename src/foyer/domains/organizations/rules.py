"""Decisions about organizations."""

import re

from foyer.domains.organizations.types import OrganizationDraft
from foyer.kernel.errors import Finding
from foyer.kernel.money import CURRENCIES
from foyer.kernel.text import email_address, is_slug, is_web_url, tidy_line

_COLOR = re.compile(r"#[0-9a-fA-F]{6}")


def findings_in(draft: OrganizationDraft) -> list[Finding]:
    """Everything that is wrong with a new organization; empty when it can be made."""
    found = []
    if not tidy_line(draft.name):
        found.append(Finding("name", "Say what the organization is called."))
    if not is_slug(draft.slug):
        found.append(Finding("slug", "Use lower-case letters, digits and dashes; some words are reserved."))
    try:
        email_address(draft.email)
    except ValueError as wrong:
        found.append(Finding("email", str(wrong)))
    if draft.website is not None and not is_web_url(draft.website):
        found.append(Finding("website", "A website starts with https:// or http://."))
    if draft.default_currency not in CURRENCIES:
        found.append(Finding("defaultCurrency", "Use a currency code of ISO 4217, like EUR."))
    found += [
        Finding(field, "Write a colour as # and six hexadecimal digits, like #58188f.")
        for field, color in (("primaryColor", draft.primary_color), ("secondaryColor", draft.secondary_color))
        if color is not None and not _COLOR.fullmatch(color)
    ]
    return found
