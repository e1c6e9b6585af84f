"""Tickets: codes, signatures, the door."""

from foyer.domains.tickets.actions import create_signing_key
from foyer.domains.tickets.desk import (
    DoorDesk,
    NewTicket,
    ScanAsk,
    cancel_tickets,
    forget_attendees,
    issue_tickets,
    issued_tickets,
    lock_held,
    refund_tickets,
    scan_ask,
)
from foyer.domains.tickets.queries import (
    SealedKey,
    Signer,
    changes_of_hands,
    count_tickets,
    current_key,
    scans_of,
    ticket_for_staff,
    tickets_around,
    tickets_for_staff,
    tickets_of_order,
)
from foyer.domains.tickets.rules import TICKET

__all__ = [
    "TICKET",
    "DoorDesk",
    "NewTicket",
    "ScanAsk",
    "SealedKey",
    "Signer",
    "cancel_tickets",
    "changes_of_hands",
    "count_tickets",
    "create_signing_key",
    "current_key",
    "forget_attendees",
    "issue_tickets",
    "issued_tickets",
    "lock_held",
    "refund_tickets",
    "scan_ask",
    "scans_of",
    "ticket_for_staff",
    "tickets_around",
    "tickets_for_staff",
    "tickets_of_order",
]  # fmt: skip
