"""Checkout."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from foyer.domains.carts.types import Cart
from foyer.domains.events import asked_of
from foyer.domains.events.types import EventPublic, QuestionPublic, QuestionScope
from foyer.domains.organizations.types import Shop
from foyer.kernel.errors import Finding
from foyer.kernel.language import said
from foyer.web.shared.pages.asked import AskedField, fields_of, place_words
from foyer.web.shared.pages.findings import finding_for
from foyer.web.shared.words import _, told

CONTACT_WORDS = {"firstName": said("First name"), "lastName": said("Last name"), "email": said("Email")}
CODE_FIELD = "discountCode"
TOTAL_FIELD = "expectedTotal"
CONTACT = "contact"
WHO = "who"
"""Of a place: `CONTACT`, the prefix of another place, or nothing where somebody else is typed."""
PLACES_FIELD = "places"
PLACES_MAX = 200
_OF_PLACE = re.compile(r"attendees-(\d{1,4})-(.*)")
REFUNDS_SHORT = 160
"""Up to so many characters a policy stands in the small print; a longer one is unfolded."""
LINES_LONG = 8
"""From here on a receipt is taller than a window, so it scrolls with the page."""


class Way(StrEnum):
    """How an order goes on from checkout."""

    FREE = "free"
    INVOICE = "invoice"
    REQUEST = "request"


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendeeSlot:
    """One place in a cart that gets a name. `prefix` begins its fields' names: `attendees-0-`."""

    prefix: str
    place: str
    """The ticket's type and its number, which stay when other tickets come or go."""
    type_name: str
    number: int
    count: int
    """This is the `number`-th of `count` tickets of the type, counted from 1."""
    asked: Sequence[AskedField] = ()
    others: Sequence["AttendeeSlot"] = ()
    """Whose names this one may carry: those of the first type, where this is of another one."""

    @property
    def title(self) -> str:
        """`Standing, 2 of 3`, or the type alone where there is one of it."""
        return place_words(self.type_name, self.number, self.count)


def slots_of(cart: Cart, questions: Sequence[QuestionPublic]) -> list[AttendeeSlot]:
    """A slot for each ticket, in the order of the cart's lines, with what is asked for it."""
    places = [(line, number) for line in cart.items for number in range(1, line.quantity + 1)]
    slots: list[AttendeeSlot] = []
    for index, (line, number) in enumerate(places):
        slot = AttendeeSlot(
            prefix=f"attendees-{index}-",
            place=f"{line.ticket_type_id}.{number}",
            type_name=line.name,
            number=number,
            count=line.quantity,
            asked=fields_of(
                asked_of(questions, QuestionScope.TICKET, [line.ticket_type_id]), f"attendees-{index}-"
            ),
            others=slots[: cart.items[0].quantity] if line is not cart.items[0] else (),
        )
        slots.append(slot)
    return slots


def named_at(slot: AttendeeSlot, form: Mapping[str, str]) -> str:
    """The prefix of the fields that name who takes a place; those of the contact have none."""
    chosen = form.get(f"{slot.prefix}{WHO}", "")
    if chosen == CONTACT and slot.others:
        return ""
    prefix = chosen if chosen in {one.prefix for one in slot.others} else slot.prefix
    return prefix if any(form.get(f"{prefix}{name}", "").strip() for name in CONTACT_WORDS) else ""


def places_of(cart: Cart) -> str:
    """The tickets of a cart, by which a form that is sent says for which ones it was drawn."""
    return ",".join(f"{line.ticket_type_id}.{line.quantity}" for line in cart.items)


def were_others(form: Mapping[str, str], cart: Cart) -> bool:
    """Whether a form was drawn for other tickets than the cart holds now, because they were changed in another tab."""
    now = places_of(cart)
    return set(form.get(PLACES_FIELD, now).split(",")) != set(now.split(","))


def resettled(form: dict[str, str], cart: Cart) -> dict[str, str]:
    """The form as if it had been drawn for the cart as it is now, which is mostly the form itself.

    What was typed for a ticket goes along with it; what was typed for one that is gone is let go.
    """
    before, now = form.get(PLACES_FIELD, ""), places_of(cart)
    if before in {"", now}:
        return form
    new = {place: index for index, place in enumerate(_places(now))}
    moves = {str(index): str(new[place]) for index, place in enumerate(_places(before)) if place in new}
    settled = {}
    for name, value in form.items():
        if (found := _OF_PLACE.fullmatch(name)) is None:
            settled[name] = value
        elif found[1] in moves:
            named = _OF_PLACE.fullmatch(value) if found[2] == WHO else None
            told = value
            if named is not None:
                told = f"attendees-{moves[named[1]]}-" if named[1] in moves else CONTACT
            settled[f"attendees-{moves[found[1]]}-{found[2]}"] = told
    return settled


def _places(text: str) -> list[tuple[str, int]]:
    """Each ticket as its type and its number among those of the type."""
    lines = (part.partition(".") for part in text.split(",")[:PLACES_MAX])
    counts = ((kind, int(count)) for kind, _, count in lines if count.isascii() and count.isdigit())
    return [(kind, number) for kind, count in counts for number in range(min(count, PLACES_MAX))]


def asked_once(cart: Cart, questions: Sequence[QuestionPublic]) -> list[AskedField]:
    """What is asked once for the whole order."""
    types = [line.ticket_type_id for line in cart.items]
    return fields_of(asked_of(questions, QuestionScope.ORDER, types))


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckoutPage:
    """`form` is everything typed so far by field name; `as_of` is the server's time, for the countdown."""

    shop: Shop
    event: EventPublic
    cart: Cart
    as_of: datetime
    way: Way
    until: datetime
    """Until when the organizer decides, or the order has to be paid."""
    slots: Sequence[AttendeeSlot]
    asked: Sequence[AskedField] = ()
    """What is asked once for the order; what is asked for each ticket stands in its slot."""
    form: dict[str, str] = field(default_factory=dict)
    findings: Sequence[Finding] = ()
    has_summary: bool = True
    """Findings are told before the form too, unless the browser comes back to the very field they are about."""
    notice: str = ""
    """What has changed since the buyer pressed the button, to be looked at before it is pressed again."""
    is_fresh: bool = False
    """Nothing was sent yet: what was typed before in this tab may be put in again."""
    is_signed_in: bool = False

    @property
    def title(self) -> str:
        return _("Checkout")

    @property
    def count(self) -> int:
        return sum(line.quantity for line in self.cart.items)

    @property
    def places(self) -> str:
        return places_of(self.cart)

    @property
    def is_long(self) -> bool:
        return len(self.cart.items) > LINES_LONG

    @property
    def has_short_refunds(self) -> bool:
        return 0 < len(self.shop.refund_policy or "") <= REFUNDS_SHORT

    def people(self, slot: AttendeeSlot) -> list[tuple[str, str]]:
        """Who can take a place that is not of the first type, in words that hold before anybody is named."""
        named = [(one.prefix, one.title) for one in slot.others]
        return [(CONTACT, _("Same as contact")), *named, ("", _("Somebody else"))]

    def who(self, slot: AttendeeSlot) -> str:
        """What is chosen of `people`: the contact, until somebody else is."""
        typed = any(self.form.get(f"{slot.prefix}{name}") for name in CONTACT_WORDS)
        return self.form.get(f"{slot.prefix}{WHO}", "" if typed else CONTACT)

    @property
    def takes_code(self) -> bool:
        """Whether there is a price that a code could take something off."""
        return self.cart.subtotal > 0

    @property
    def field_names(self) -> dict[str, str]:
        """What the form's fields are called in words, for the summary of what is wrong."""
        named = {name: told(words) for name, words in CONTACT_WORDS.items()}
        named.update({field.name: field.question.label for field in self.asked})
        for slot in self.slots:
            named.update({f"{slot.prefix}{name}": f"{slot.title}: {named[name]}" for name in CONTACT_WORDS})
            named.update({field.name: f"{slot.title}: {field.question.label}" for field in slot.asked})
        return named | {CODE_FIELD: _("Discount code")}

    @property
    def found(self) -> list[Finding]:
        """The findings from the top of the page down."""
        places = {name: place for place, name in enumerate(self.field_names)}
        return sorted(self.findings, key=lambda one: places.get(one.field, len(places)))

    def finding(self, name: str) -> Finding | None:
        return finding_for(self.findings, name)
