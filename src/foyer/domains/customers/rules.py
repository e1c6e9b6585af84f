"""Decisions about buyers."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final
from uuid import UUID

import pycountry
from msgspec.structs import asdict, replace

from foyer.domains.customers.types import Address, Customer
from foyer.domains.identity.types import Limit
from foyer.kernel.errors import Finding, Unfit
from foyer.kernel.language import said
from foyer.kernel.text import email_address, email_key, tidy_line

NAME_MAX: Final = 100
LINE_MAX: Final = 200
ERASED: Final = "erased@invalid"
"""Stands where the address of a buyer stood who was erased; no mail can be sent to it."""
SESSION_LASTS: Final = timedelta(days=30)
"""Whoever signed in so long ago asks for another code."""
LOOK_UPS: Final = Limit("order look-up", 300, timedelta(hours=1))
"""From one network: a crowd before a door, behind one address, finds its tickets; and nobody tries out a list of addresses."""
CODES_FOR_ADDRESS: Final = Limit("buyer code of an address", 10, timedelta(minutes=15))
"""From wherever they come: to find a code of eight digits like this takes ages. Whose address it is has the links in the mail as well."""
CODES_FROM_NETWORK: Final = Limit("buyer code", 300, timedelta(minutes=15))
_LINES: Final[Mapping[str, str]] = {
    "line1": "line1", "line2": "line2", "city": "city", "state": "state", "postal_code": "postalCode",
}  # fmt: skip


def regular(customer: Customer, field: str | None = "customer") -> tuple[Customer, list[Finding]]:
    """The customer tidied, and what is wrong with it; names of fields stand below `field` where there is one."""
    below = f"{field}." if field else ""
    found: list[Finding] = []
    email = customer.email
    try:
        email = email_address(customer.email)
    except Unfit as wrong:
        found.append(Finding(f"{below}email", wrong.detail))
    texts = {
        name: _line(getattr(customer, name), f"{below}{wire}", NAME_MAX, found)
        for name, wire in (("first_name", "firstName"), ("last_name", "lastName"), ("phone", "phone"))
    }
    address = customer.address and _address(customer.address, f"{below}address", found)
    return replace(customer, id=None, email=email, address=address, **texts), found


def turns_of_code(organization_id: UUID, email: str, network: str) -> tuple[tuple[Limit, str], ...]:
    """Whose turns it takes to try a code: those of its address, in every spelling of it, and those of the network it is tried from."""
    try:
        key = email_key(email_address(email))
    except ValueError:
        key = email_key(email.strip())
    return (CODES_FOR_ADDRESS, f"{organization_id} {key}"), (CODES_FROM_NETWORK, network)


def _address(address: Address, field: str, found: list[Finding]) -> Address:
    lines = {
        name: _line(getattr(address, name), f"{field}.{wire}", LINE_MAX, found)
        for name, wire in _LINES.items()
    }
    country = address.country.strip().upper() if address.country else None
    if country and pycountry.countries.get(alpha_2=country) is None:
        found.append(Finding(f"{field}.country", said("Use the two letters of the country, like DE.")))
    return Address(**{**asdict(address), **lines, "country": country or None})


def _line(text: str | None, field: str, most: int, found: list[Finding]) -> str | None:
    line = tidy_line(text) if text else ""
    if len(line) > most:
        found.append(Finding(field, said("Use at most %(most)s characters.", most=most)))
    return line or None
