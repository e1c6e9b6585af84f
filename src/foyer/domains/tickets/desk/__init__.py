"""Set-based work on tickets: issuing, admitting, ending."""

from foyer.domains.tickets.desk.door import DoorDesk, ScanAsk, scan_ask
from foyer.domains.tickets.desk.erase import forget_attendees, lock_held
from foyer.domains.tickets.desk.issue import (
    NewTicket,
    cancel_tickets,
    issue_tickets,
    issued_tickets,
    refund_tickets,
)

__all__ = [
    "DoorDesk", "NewTicket", "ScanAsk", "cancel_tickets", "forget_attendees", "issue_tickets", "issued_tickets", "lock_held", "refund_tickets", "scan_ask",
]  # fmt: skip
