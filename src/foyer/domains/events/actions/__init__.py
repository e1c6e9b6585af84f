"""Writes of events."""

from foyer.domains.events.actions.access import (
    create_access_link,
    revoke_access_link,
)
from foyer.domains.events.actions.copying import (
    duplicate_event,
)
from foyer.domains.events.actions.deletion import (
    delete_event,
    delete_ticket_type,
)
from foyer.domains.events.actions.device import make_device
from foyer.domains.events.actions.discount import (
    create_discount,
    delete_discount,
    edit_discount,
)
from foyer.domains.events.actions.event import (
    allow_device,
    create_event,
    edit_event,
    publish_event,
    stop_event,
)
from foyer.domains.events.actions.ordering import (
    order_ticket_types,
)
from foyer.domains.events.actions.pool import (
    create_pool,
    delete_pool,
    edit_pool,
)
from foyer.domains.events.actions.question import (
    add_question,
    delete_question,
    edit_question,
    order_questions,
)
from foyer.domains.events.actions.tax_rate import (
    create_tax_rate,
    delete_tax_rate,
    edit_tax_rate,
)
from foyer.domains.events.actions.ticket_type import (
    add_ticket_type,
    edit_ticket_type,
)

__all__ = [
    "add_question",
    "add_ticket_type",
    "allow_device",
    "create_access_link",
    "create_discount",
    "create_event",
    "create_pool",
    "create_tax_rate",
    "delete_discount",
    "delete_event",
    "delete_pool",
    "delete_question",
    "delete_tax_rate",
    "delete_ticket_type",
    "duplicate_event",
    "edit_discount",
    "edit_event",
    "edit_pool",
    "edit_question",
    "edit_tax_rate",
    "edit_ticket_type",
    "make_device",
    "order_questions",
    "order_ticket_types",
    "publish_event",
    "revoke_access_link",
    "stop_event",
]
