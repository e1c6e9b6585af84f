"""Tables of events."""

from foyer.domains.events.models.event import DeviceEventRow, EventRow, TicketTypePoolRow, TicketTypeRow

__all__ = ["DeviceEventRow", "EventRow", "TicketTypePoolRow", "TicketTypeRow"]
