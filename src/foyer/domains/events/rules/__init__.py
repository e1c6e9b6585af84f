"""Decisions about events: what may be written, and what may follow what."""

from foyer.domains.events.rules.access import (
    LINKS_MAX,
    regular_link,
)
from foyer.domains.events.rules.copying import (
    copied_event,
    copied_type,
)
from foyer.domains.events.rules.device import findings_in_device
from foyer.domains.events.rules.discount import (
    TYPES_MAX,
    discount_state,
    regular_discount,
)
from foyer.domains.events.rules.event import (
    EVENT,
    blockers,
    event_slug,
    odd_end,
    regular_event,
    warnings,
)
from foyer.domains.events.rules.pool import (
    POOLS_MAX,
    moved,
    regular_pool,
)
from foyer.domains.events.rules.prose import safe_prose
from foyer.domains.events.rules.publication import (
    ADDRESS_TO_CONFIRM,
    checklist,
)
from foyer.domains.events.rules.question import (
    QUESTIONS_MAX,
    asked_of,
    regular_answers,
    regular_question,
)
from foyer.domains.events.rules.tax_rate import (
    regular_tax_rate,
)
from foyer.domains.events.rules.ticket_type import (
    regular_type,
)

__all__ = [
    "ADDRESS_TO_CONFIRM",
    "EVENT",
    "LINKS_MAX",
    "POOLS_MAX",
    "QUESTIONS_MAX",
    "TYPES_MAX",
    "asked_of",
    "blockers",
    "checklist",
    "copied_event",
    "copied_type",
    "discount_state",
    "event_slug",
    "findings_in_device",
    "moved",
    "odd_end",
    "regular_answers",
    "regular_discount",
    "regular_event",
    "regular_link",
    "regular_pool",
    "regular_question",
    "regular_tax_rate",
    "regular_type",
    "safe_prose",
    "warnings",
]
