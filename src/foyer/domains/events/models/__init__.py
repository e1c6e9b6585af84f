"""Tables of events."""

from foyer.domains.events.models.event import DeviceEventRow, EventRow, TicketTypePoolRow, TicketTypeRow
from foyer.domains.events.models.prices import DiscountRow, DiscountTicketTypeRow, SharedPoolRow, TaxRateRow
from foyer.domains.events.models.questions import QuestionRow, QuestionTicketTypeRow
from foyer.domains.events.models.surroundings import (
    AccessLinkRow,
    EventImageRow,
    EventSeriesRow,
    EventTranslationRow,
    GateRow,
)

__all__ = [
    "AccessLinkRow",
    "DeviceEventRow",
    "DiscountRow",
    "DiscountTicketTypeRow",
    "EventImageRow",
    "EventRow",
    "EventSeriesRow",
    "EventTranslationRow",
    "GateRow",
    "QuestionRow",
    "QuestionTicketTypeRow",
    "SharedPoolRow",
    "TaxRateRow",
    "TicketTypePoolRow",
    "TicketTypeRow",
]
