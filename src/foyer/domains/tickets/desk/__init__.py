"""Set-based work on tickets: issuing and admitting."""

from foyer.domains.tickets.desk.door import DoorDesk, ScanAsk, scan_ask
from foyer.domains.tickets.desk.issue import NewTicket, issue_tickets, issued_tickets

__all__ = ["DoorDesk", "NewTicket", "ScanAsk", "issue_tickets", "issued_tickets", "scan_ask"]
