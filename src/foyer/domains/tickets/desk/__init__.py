"""Set-based work on tickets: issuing, admitting, ending."""

from foyer.domains.tickets.desk.door import DoorDesk, ScanAsk, scan_ask
from foyer.domains.tickets.desk.issue import (
    NewTicket,
    cancel_tickets,
    issue_tickets,
    issued_tickets,
    refund_tickets,
)

__all__ = [
    "DoorDesk", "NewTicket", "ScanAsk", "cancel_tickets", "issue_tickets", "issued_tickets", "refund_tickets", "scan_ask",
]  # fmt: skip
