"""Set-based work on tickets: issuing, admitting, ending."""

from foyer.domains.tickets.desk.board import DoorBoard, last_scans, latest_scans, search_tickets
from foyer.domains.tickets.desk.door import DoorDesk, ScanAsk, found_ask, scan_ask
from foyer.domains.tickets.desk.erase import forget_attendees, lock_held
from foyer.domains.tickets.desk.issue import (
    NewTicket,
    cancel_tickets,
    issue_tickets,
    issued_tickets,
    refund_tickets,
)

__all__ = [
    "DoorBoard", "DoorDesk", "NewTicket", "ScanAsk", "cancel_tickets", "forget_attendees", "found_ask", "issue_tickets",
    "issued_tickets", "last_scans", "latest_scans", "lock_held", "refund_tickets", "scan_ask", "search_tickets",
]  # fmt: skip
