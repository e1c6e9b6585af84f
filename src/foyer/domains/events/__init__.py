"""Events and ticket types."""

from foyer.domains.events.actions import (
    add_ticket_type,
    allow_device,
    create_event,
    edit_event,
    edit_ticket_type,
    publish_event,
    stop_event,
)
from foyer.domains.events.desk import (
    Sale,
    complete_if_over,
    is_called_off,
    mark_wound_up,
    pools_drawn,
    read_discounts,
    read_sale,
    read_types,
)
from foyer.domains.events.queries import (
    coming_up,
    event_for_staff,
    events_for_staff,
    is_cancelled,
    joining_link,
    may_serve,
    on_sale,
    pools_behind,
    shop_categories,
    ticket_type_for_staff,
    ticket_types_for_staff,
)

__all__ = [
    "Sale", "add_ticket_type", "allow_device", "coming_up", "complete_if_over", "create_event", "edit_event",
    "edit_ticket_type", "event_for_staff", "events_for_staff", "is_called_off", "is_cancelled", "joining_link", "mark_wound_up", "may_serve", "on_sale", "pools_behind", "pools_drawn", "publish_event",
    "read_discounts", "read_sale", "read_types", "shop_categories", "stop_event",
    "ticket_type_for_staff", "ticket_types_for_staff",
]  # fmt: skip
