"""Tickets: codes, signatures, the door."""

from foyer.domains.tickets.actions import create_signing_key
from foyer.domains.tickets.desk import (
    DoorDesk,
    NewTicket,
    ScanAsk,
    issue_tickets,
    issued_tickets,
    scan_ask,
)
from foyer.domains.tickets.queries import SealedKey, Signer, current_key, tickets_of_order

__all__ = [
    "DoorDesk", "NewTicket", "ScanAsk", "SealedKey", "Signer", "create_signing_key", "current_key", "issue_tickets", "issued_tickets",
    "scan_ask", "tickets_of_order",
]  # fmt: skip
