"""Events and ticket types."""

from foyer.domains.events.actions import (
    add_ticket_type,
    allow_device,
    create_event,
    draft_of,
    edit_event,
    edit_ticket_type,
    publish_event,
    stop_event,
    type_draft_of,
)
from foyer.domains.events.desk import Sale, complete_if_over, pools_drawn, read_sale, read_types
from foyer.domains.events.queries import (
    event_for_staff,
    events_for_staff,
    may_serve,
    public_view,
    published_events,
    sale_of,
    shop_categories,
    sold_event,
    ticket_type_for_staff,
    ticket_types_for_staff,
    type_names,
)

__all__ = [
    "Sale", "add_ticket_type", "allow_device", "complete_if_over", "create_event", "draft_of", "edit_event",
    "edit_ticket_type", "event_for_staff", "events_for_staff", "may_serve", "pools_drawn", "public_view", "publish_event",
    "published_events", "read_sale", "read_types", "sale_of", "shop_categories", "sold_event", "stop_event",
    "ticket_type_for_staff", "ticket_types_for_staff", "type_draft_of", "type_names",
]  # fmt: skip
