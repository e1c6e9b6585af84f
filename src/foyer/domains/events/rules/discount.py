"""Decisions about discount codes."""

import re
from datetime import datetime
from typing import Final

from msgspec.structs import replace

from foyer.domains.events.rules.fields import odd_percentage
from foyer.domains.events.rules.windows import odd_window
from foyer.domains.events.types import DiscountDraft, DiscountState
from foyer.domains.inventory.types import UNLIMITED
from foyer.kernel.errors import Finding
from foyer.kernel.money import AMOUNT_MAX, CURRENCIES
from foyer.kernel.time import Window, as_utc

_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
TYPES_MAX: Final = 200
MINIMUM_MAX: Final = 1_000


def regular_discount(draft: DiscountDraft) -> tuple[DiscountDraft, list[Finding]]:
    """The code tidied, and everything that is wrong with it but what only the database knows."""
    regular = replace(
        draft,
        code=draft.code.strip(),
        ticket_type_ids=list(dict.fromkeys(draft.ticket_type_ids)),
        starts_at=as_utc(draft.starts_at),
        ends_at=as_utc(draft.ends_at),
    )
    found: list[Finding] = []
    if not _CODE.fullmatch(regular.code):
        sentence = "Use 1 to 40 letters from A to Z, digits, - or _, with a letter or digit first."
        found.append(Finding("code", sentence))
    found += _odd_worth(regular)
    if len(regular.ticket_type_ids) > TYPES_MAX:
        found.append(Finding("ticketTypeIds", f"Name at most {TYPES_MAX} ticket types, or none for all."))
    if not 1 <= regular.minimum_quantity <= MINIMUM_MAX:
        found.append(Finding("minimumQuantity", f"Use 1 to {MINIMUM_MAX} tickets."))
    found += [
        Finding(field, f"Use a whole number of uses, 1 to {UNLIMITED - 1}, or null for no limit.")
        for field, uses in (("maxUses", regular.max_uses), ("usesPerCustomer", regular.uses_per_customer))
        if uses is not None and not 1 <= uses < UNLIMITED
    ]
    window = Window(regular.starts_at, regular.ends_at)
    return regular, found + odd_window(window, None, fields=("startsAt", "endsAt"))


def _odd_worth(draft: DiscountDraft) -> list[Finding]:
    if (draft.percentage is None) == (draft.amount is None):
        return [Finding("percentage", "Say either percentage or amount, and not both.")]
    if draft.percentage is not None:
        found = odd_percentage("percentage", draft.percentage, least_bps=1)
        if draft.currency is not None:
            found.append(Finding("currency", "A percentage has no currency; leave it out."))
        return found
    found = []
    if draft.amount is not None and not 1 <= draft.amount <= AMOUNT_MAX:
        sentence = f"Say 1 to {AMOUNT_MAX} minor units of the currency, like 500 for EUR 5.00."
        found.append(Finding("amount", sentence))
    if draft.currency not in CURRENCIES:
        found.append(Finding("currency", "Say the currency of the amount by its code of ISO 4217, like EUR."))
    return found


def discount_state(window: Window, *, free: int, now: datetime) -> DiscountState:
    """Whether a code can be used at this moment; `free` are the uses that nobody has or holds."""
    if window.closed_by(now):
        return DiscountState.ENDED
    if window.opens_after(now):
        return DiscountState.SCHEDULED
    return DiscountState.ACTIVE if free > 0 else DiscountState.EXHAUSTED
