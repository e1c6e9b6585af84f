"""What tickets are on paper and in calendars."""

from foyer.domains.tickets.documents.calendar import (
    CALENDAR,
    event_calendar,
    held_calendar,
    opening_calendar,
    order_calendar,
)
from foyer.domains.tickets.documents.pdf import held_ticket_pdf, ticket_pdf
from foyer.domains.tickets.documents.wallet import apple_pass, google_address

__all__ = [
    "CALENDAR",
    "apple_pass",
    "event_calendar",
    "google_address",
    "held_calendar",
    "held_ticket_pdf",
    "opening_calendar",
    "order_calendar",
    "ticket_pdf",
]
