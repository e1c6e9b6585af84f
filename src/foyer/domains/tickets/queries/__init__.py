"""Reads of tickets."""

from foyer.domains.tickets.queries.guests import GUEST_COLUMNS, Guest, full_name, guest_rows, guests_of
from foyer.domains.tickets.queries.held import (
    NO_TICKET,
    SealedKey,
    Signer,
    current_key,
    find_ticket,
    generations_of_order,
    held_ticket,
    one_ticket,
    orders_touching,
    seal_context,
    tickets_handed_to,
    tickets_held,
    tickets_of_order,
    transfer,
    whole_tickets_of_order,
)
from foyer.domains.tickets.queries.staff import (
    changes_of_hands,
    count_tickets,
    scans_of,
    ticket_for_staff,
    tickets_around,
    tickets_for_staff,
)

__all__ = [
    "GUEST_COLUMNS", "NO_TICKET", "Guest", "SealedKey", "Signer", "changes_of_hands", "count_tickets", "current_key", "find_ticket", "full_name", "generations_of_order", "guest_rows", "guests_of",
    "held_ticket", "one_ticket", "orders_touching", "scans_of", "seal_context", "ticket_for_staff", "tickets_around", "tickets_for_staff",
    "tickets_handed_to", "tickets_held", "tickets_of_order", "transfer", "whole_tickets_of_order",
]  # fmt: skip
