"""Reads of events."""

from foyer.domains.events.queries.discount import (
    NO_DISCOUNT,
    discount,
    discounts,
    live_among,
    one_discount,
    types_named,
    uses_limit,
)
from foyer.domains.events.queries.event import (
    NO_EVENT,
    NO_TYPE,
    event_for_staff,
    events_for_staff,
    joining_link,
    may_serve,
    one_event,
    one_type,
    percentage,
    pools_behind,
    ticket_type_for_staff,
    ticket_types_for_staff,
)
from foyer.domains.events.queries.sale import (
    coming_up,
    on_sale,
    shop_categories,
)
from foyer.domains.events.queries.tax_rate import (
    NO_TAX_RATE,
    one_tax_rate,
    tax_rate,
    tax_rate_view,
    tax_rates,
    types_taxed,
)

__all__ = [
    "NO_DISCOUNT",
    "NO_EVENT",
    "NO_TAX_RATE",
    "NO_TYPE",
    "coming_up",
    "discount",
    "discounts",
    "event_for_staff",
    "events_for_staff",
    "joining_link",
    "live_among",
    "may_serve",
    "on_sale",
    "one_discount",
    "one_event",
    "one_tax_rate",
    "one_type",
    "percentage",
    "pools_behind",
    "shop_categories",
    "tax_rate",
    "tax_rate_view",
    "tax_rates",
    "ticket_type_for_staff",
    "ticket_types_for_staff",
    "types_named",
    "types_taxed",
    "uses_limit",
]
