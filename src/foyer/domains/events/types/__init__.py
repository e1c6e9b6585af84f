"""Values of events, one struct for each audience."""

from foyer.domains.events.types.access import (
    AccessLink,
    AccessLinkDraft,
    Grant,
)
from foyer.domains.events.types.discount import (
    Discount,
    DiscountDraft,
    DiscountState,
)
from foyer.domains.events.types.door import (
    DeviceDraft,
    DoorEvent,
)
from foyer.domains.events.types.event import (
    Check,
    EventCopy,
    EventDate,
    EventDraft,
    EventFilter,
    EventPublic,
    EventStaff,
    EventStatus,
    Visibility,
    Warning_,
)
from foyer.domains.events.types.pool import (
    SharedPool,
    SharedPoolDraft,
)
from foyer.domains.events.types.question import (
    AnswerValue,
    Question,
    QuestionDraft,
    QuestionPublic,
    QuestionScope,
    QuestionType,
)
from foyer.domains.events.types.sale import (
    DiscountTerms,
    EventOnSale,
    HolderTerms,
    SaleState,
    SaleTerms,
    TaxTerms,
    TypeOnSale,
    TypeTerms,
)
from foyer.domains.events.types.tax_rate import (
    TaxRate,
    TaxRateDraft,
)
from foyer.domains.events.types.ticket_type import (
    JsonObject,
    Moment,
    TicketTypeDraft,
    TicketTypeStaff,
)

__all__ = [
    "AccessLink",
    "AccessLinkDraft",
    "AnswerValue",
    "Check",
    "DeviceDraft",
    "Discount",
    "DiscountDraft",
    "DiscountState",
    "DiscountTerms",
    "DoorEvent",
    "EventCopy",
    "EventDate",
    "EventDraft",
    "EventFilter",
    "EventOnSale",
    "EventPublic",
    "EventStaff",
    "EventStatus",
    "Grant",
    "HolderTerms",
    "JsonObject",
    "Moment",
    "Question",
    "QuestionDraft",
    "QuestionPublic",
    "QuestionScope",
    "QuestionType",
    "SaleState",
    "SaleTerms",
    "SharedPool",
    "SharedPoolDraft",
    "TaxRate",
    "TaxRateDraft",
    "TaxTerms",
    "TicketTypeDraft",
    "TicketTypeStaff",
    "TypeOnSale",
    "TypeTerms",
    "Visibility",
    "Warning_",
]
