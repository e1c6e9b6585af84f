"""Decisions about organizations."""

import re
from typing import Final
from uuid import UUID

import phonenumbers
import pycountry
from msgspec.structs import asdict, replace

from foyer.domains.organizations.types import OrganizationAddress, OrganizationDraft, SettingsDraft
from foyer.kernel.errors import Finding, Unfit
from foyer.kernel.media import is_picture
from foyer.kernel.money import AMOUNT_MAX, BPS_WHOLE, CURRENCIES, percent_to_bps
from foyer.kernel.text import email_address, is_slug, is_web_url, tidy, tidy_line
from foyer.kernel.time import zone_names

NAME_MAX: Final = 120
LINE_MAX: Final = 200
POLICY_MAX: Final = 5_000
_NAME: Final = f"Say what the organization is called, in 1 to {NAME_MAX} characters."
INSTRUCTIONS_MAX: Final = 2_000
_SLUG: Final = "Use lower-case letters, digits and dashes; some words are reserved."
_URL: Final = "Start the address with https:// or http://."
_HEX: Final = "Write a colour as # and six hexadecimal digits, like #58188f."
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")


def organization_findings(draft: OrganizationDraft) -> list[Finding]:
    """Everything that is wrong with a new organization; empty when it can be made."""
    found = []
    if not 1 <= len(tidy_line(draft.name)) <= NAME_MAX:
        found.append(Finding("name", _NAME))
    if (finding := slug_finding(draft.slug)) is not None:
        found.append(finding)
    try:
        email_address(draft.email)
    except Unfit as wrong:
        found.append(Finding("email", wrong.detail))
    if draft.website is not None and not is_web_url(draft.website):
        found.append(Finding("website", "A website starts with https:// or http://."))
    if draft.default_currency not in CURRENCIES:
        found.append(Finding("defaultCurrency", "Use a currency code of ISO 4217, like EUR."))
    found += [
        Finding(field, _HEX)
        for field, color in (("primaryColor", draft.primary_color), ("secondaryColor", draft.secondary_color))
        if color is not None and not _COLOR.fullmatch(color)
    ]
    return found


def regular_change(change: SettingsDraft, organization_id: UUID) -> tuple[SettingsDraft, list[Finding]]:
    """What an organization says of itself, tidied, and everything that is wrong with it."""
    found: list[Finding] = []
    address = change.address and _address(change.address, found)
    colors = {
        name: color.strip().lower() or None if (color := getattr(change, name)) else None
        for name in ("primary_color", "secondary_color")
    }
    regular = replace(
        change, name=tidy_line(change.name), slug=change.slug.strip(), email=_email(change.email, found),
        phone=_phone(change.phone, address, found), website=_line(change.website), address=address,
        logo=_line(change.logo), refund_policy=tidy(change.refund_policy or "") or None,
        tax_number=_line(change.tax_number), payment_instructions=tidy(change.payment_instructions or "") or None,
        privacy_policy_url=_line(change.privacy_policy_url), terms_of_service_url=_line(change.terms_of_service_url), **colors,
    )  # fmt: skip
    if not 1 <= len(regular.name) <= NAME_MAX:
        found.append(Finding("name", _NAME))
    if not is_slug(regular.slug):
        found.append(Finding("slug", _SLUG))
    urls = ("website", regular.website), ("privacyPolicyUrl", regular.privacy_policy_url), (
        "termsOfServiceUrl", regular.terms_of_service_url,
    )  # fmt: skip
    found += [Finding(field, _URL) for field, url in urls if url is not None and not is_web_url(url)]
    if regular.logo is not None and not is_picture(regular.logo, organization_id):
        found.append(
            Finding("logo", "Upload a picture, or write an address that starts with https:// or http://.")
        )
    if len(regular.refund_policy or "") > POLICY_MAX:
        found.append(Finding("refundPolicy", f"Use at most {POLICY_MAX} characters."))
    if len(regular.payment_instructions or "") > INSTRUCTIONS_MAX:
        found.append(Finding("paymentInstructions", f"Use at most {INSTRUCTIONS_MAX} characters."))
    if len(regular.tax_number or "") > LINE_MAX:
        found.append(Finding("taxNumber", f"Use at most {LINE_MAX} characters."))
    named = ("primaryColor", regular.primary_color), ("secondaryColor", regular.secondary_color)
    found += [Finding(field, _HEX) for field, color in named if color and not _COLOR.fullmatch(color)]
    return regular, found + _odd_terms(regular)


def _odd_terms(change: SettingsDraft) -> list[Finding]:
    found = []
    if change.default_currency not in CURRENCIES:
        found.append(Finding("defaultCurrency", "Use a currency code of ISO 4217, like EUR."))
    if change.time_zone not in zone_names():
        found.append(Finding("timeZone", "Use the name of a time zone, like Europe/Berlin."))
    try:
        fits = 0 <= percent_to_bps(change.service_fee_percentage) <= BPS_WHOLE
    except ValueError:
        fits = False
    if not fits:
        found.append(
            Finding("serviceFeePercentage", "Use a number from 0 to 100 with at most two decimals, like 7.5.")
        )
    if not 0 <= change.service_fee_fixed <= AMOUNT_MAX:
        sentence = f"Say the fee as 0 to {AMOUNT_MAX} minor units of the currency, like 50 for EUR 0.50."
        found.append(Finding("serviceFeeFixed", sentence))
    return found


def _line(text: str | None) -> str | None:
    return tidy_line(text or "") or None


def _email(email: str, found: list[Finding]) -> str:
    try:
        return email_address(email)
    except Unfit as wrong:
        found.append(Finding("email", wrong.detail))
        return email


def _phone(phone: str | None, address: OrganizationAddress | None, found: list[Finding]) -> str | None:
    """A number that can be called from abroad; one without its country is of the country of the address."""
    text = _line(phone)
    if text is None:
        return None
    try:
        number = phonenumbers.parse(text, address.country if address else None)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        found.append(Finding("phone", "Write the number with its country, like +49 431 123456."))
        return text
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL))


def _address(address: OrganizationAddress, found: list[Finding]) -> OrganizationAddress:
    lines = {name: tidy_line(text or "") for name, text in asdict(address).items()}
    lines["country"] = lines["country"].upper()
    wires = {"line1": "line1", "city": "city", "postal_code": "postalCode"}
    found += [
        Finding(f"address.{wire}", "An address needs this.")
        for name, wire in wires.items()
        if not lines[name]
    ]
    if any(len(text) > LINE_MAX for text in lines.values()):
        found.append(Finding("address.line1", f"Use at most {LINE_MAX} characters in a line."))
    if pycountry.countries.get(alpha_2=lines["country"]) is None:
        found.append(Finding("address.country", "Use the two letters of the country, like DE."))
    optional = {name: lines[name] or None for name in ("line2", "state")}
    return OrganizationAddress(**{**lines, **optional})  # type: ignore[arg-type]


def slug_finding(slug: str) -> Finding | None:
    """What is wrong with an organization's address, whoever else may have it."""
    if is_slug(slug):
        return None
    return Finding("slug", _SLUG)
