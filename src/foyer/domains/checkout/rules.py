"""Decisions at checkout."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from foyer.domains.carts.errors import lapsed
from foyer.domains.carts.types import Cart, CartStatus
from foyer.domains.checkout.types import Placing, WantedAttendee
from foyer.domains.events.types import EventStatus, SaleState, SaleTerms, TypeTerms
from foyer.domains.tickets.types import Attendee
from foyer.kernel.errors import Conflict, Finding, Forbidden, FoyerError, Invalid, NotOnSale
from foyer.kernel.money import show
from foyer.kernel.text import email_address, tidy_line

FREE: Final = "free"
ATTENDEES_MAX: Final = 1_000
FIELDS_MAX: Final = 20


def regular_attendees(
    attendees: Sequence[WantedAttendee], found: list[Finding]
) -> dict[UUID, list[Attendee]]:
    """Who comes, by ticket type, tidied; what is wrong is added to `found`."""
    if len(attendees) > ATTENDEES_MAX:
        found.append(Finding("attendees", f"Name at most {ATTENDEES_MAX} people."))
    by_type: dict[UUID, list[Attendee]] = {}
    for place, wanted in enumerate(attendees[:ATTENDEES_MAX]):
        by_type.setdefault(wanted.ticket_type_id, []).append(_attendee(wanted, f"attendees[{place}]", found))
    return by_type


def odd_method(payment_method: str) -> list[Finding]:
    if payment_method == FREE:
        return []
    return [Finding("paymentMethod", "Orders can be placed as free for now.")]


def _attendee(wanted: WantedAttendee, field: str, found: list[Finding]) -> Attendee:
    email = None
    if wanted.email and wanted.email.strip():
        try:
            email = email_address(wanted.email)
        except ValueError as wrong:
            found.append(Finding(f"{field}.email", str(wrong)))
    lines = {}
    for name, wire in (("first_name", "firstName"), ("last_name", "lastName"), ("phone", "phone")):
        line = tidy_line(getattr(wanted, name) or "")
        if len(line) > 100:
            found.append(Finding(f"{field}.{wire}", "Use at most 100 characters."))
        lines[name] = line or None
    extra = {tidy_line(key): tidy_line(value) for key, value in wanted.additional_fields.items()}
    if len(extra) > FIELDS_MAX or any(len(key) > 100 or len(value) > 500 for key, value in extra.items()):
        found.append(Finding(f"{field}.additionalFields", f"Use at most {FIELDS_MAX} short answers."))
    return Attendee(email=email, additional_fields=extra, **lines)


def refusal(
    cart: Cart, placing: Placing, terms: SaleTerms, types: Mapping[UUID, TypeTerms], now: datetime
) -> FoyerError | None:
    """Why a cart that is no order yet cannot become one; None when it can."""
    if terms.status is EventStatus.CANCELLED:
        return NotOnSale("The event is cancelled, so nothing is sold any more.")
    if terms.status is not EventStatus.PUBLISHED or terms.ends_at <= now:
        return NotOnSale("The event is over.")
    if cart.status is not CartStatus.ACTIVE or cart.expires_at <= now:
        return lapsed()
    if not cart.items:
        return Conflict("The cart is empty; choose a ticket first.", field="items")
    for item in cart.items:
        kind = types.get(item.ticket_type_id)
        if kind is None or terms.state_of(kind, free=1, now=now) is not SaleState.ON_SALE:
            return NotOnSale(f"{item.name} is not on sale at this moment.")
    if not terms.allows_guests:
        return Forbidden("This shop sells to signed-in customers only.")
    if cart.total:
        amount = show(cart.total, cart.currency)
        return Invalid(f"This order costs {amount}, so it cannot be placed as free.", field="paymentMethod")
    held = {item.ticket_type_id: item.quantity for item in cart.items}
    for type_id, people in placing.attendees.items():
        if len(people) > held.get(type_id, 0):
            return Invalid("More people are named than there are tickets of this type.", field="attendees")
    return None
