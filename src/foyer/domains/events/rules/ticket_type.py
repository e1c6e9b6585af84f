"""Decisions about ticket types."""

import json
from datetime import datetime
from typing import Final

from msgspec.structs import replace

from foyer.domains.events.rules.windows import odd_window
from foyer.domains.events.types import JsonObject, TicketTypeDraft
from foyer.domains.inventory.types import UNLIMITED
from foyer.kernel.errors import Finding
from foyer.kernel.money import AMOUNT_MAX
from foyer.kernel.text import tidy, tidy_line
from foyer.kernel.time import Window, as_utc

METADATA_BYTES_MAX: Final = 8_192
METADATA_DEPTH_MAX: Final = 20
PER_ORDER_MAX: Final = 1_000
PER_ORDER_DEFAULT: Final = 10
SORT_MAX: Final = 1_000_000
_PRICE: Final = (
    f"Say the price as 0 to {AMOUNT_MAX} minor units of the currency, like 1250 for EUR 12.50; 0 is free."
)


def regular_type(draft: TicketTypeDraft, event_ends_at: datetime) -> tuple[TicketTypeDraft, list[Finding]]:
    """The ticket type tidied and completed, and everything that is wrong with it."""
    found: list[Finding] = []
    price = 0 if draft.price is None and draft.is_free else draft.price
    most = max(PER_ORDER_DEFAULT, draft.min_per_order) if draft.max_per_order is None else draft.max_per_order
    regular = replace(
        draft, name=tidy_line(draft.name), description=tidy(draft.description or "") or None, price=price,
        is_free=price == 0, sales_start_date=as_utc(draft.sales_start_date),
        sales_end_date=as_utc(draft.sales_end_date),
        max_per_order=most,
    )  # fmt: skip
    if not regular.name or len(regular.name) > 120:
        found.append(Finding("name", "Give the ticket a name of 1 to 120 characters."))
    if regular.description and len(regular.description) > 1000:
        found.append(Finding("description", "Use at most 1000 characters."))
    if price is None or not 0 <= price <= AMOUNT_MAX:
        found.append(Finding("price", _PRICE))
    elif draft.is_free is not None and draft.is_free != (price == 0):
        found.append(
            Finding(
                "isFree",
                "A free ticket has the price 0, and only a free one; send the price that goes with it.",
            )
        )
    if not 0 <= draft.quantity < UNLIMITED:
        found.append(Finding("quantity", f"Use a whole number of tickets, 0 to {UNLIMITED - 1}."))
    if not 1 <= draft.min_per_order <= PER_ORDER_MAX:
        found.append(Finding("minPerOrder", f"Use 1 to {PER_ORDER_MAX}."))
    if not draft.min_per_order <= most <= PER_ORDER_MAX:
        found.append(Finding("maxPerOrder", f"Use at least minPerOrder and at most {PER_ORDER_MAX}."))
    if abs(draft.sort_order) > SORT_MAX:
        found.append(Finding("sortOrder", f"Use a whole number from -{SORT_MAX} to {SORT_MAX}."))
    if _is_odd_metadata(draft.metadata):
        sentence = (
            f"Use at most {METADATA_BYTES_MAX} bytes, {METADATA_DEPTH_MAX} levels and no null characters."
        )
        found.append(Finding("metadata", sentence))
    return regular, found + odd_window(Window(draft.sales_start_date, draft.sales_end_date), event_ends_at)


def _is_odd_metadata(metadata: JsonObject) -> bool:
    return (
        _depth(metadata) > METADATA_DEPTH_MAX
        or len(written := json.dumps(metadata)) > METADATA_BYTES_MAX
        or "\\u0000" in written
    )


def _depth(value: object) -> int:
    """Levels of objects and lists in a JSON value, counted no further than matters."""
    level, depth = [value], 0
    while level and depth <= METADATA_DEPTH_MAX:
        inner = [one for one in level if isinstance(one, dict | list)]
        level = [item for one in inner for item in (one.values() if isinstance(one, dict) else one)]
        depth += bool(inner)
    return depth
