"""Reads of tickets."""

from foyer.domains.tickets.queries.held import (
    SealedKey,
    Signer,
    current_key,
    seal_context,
    tickets_of_order,
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
    "SealedKey", "Signer", "changes_of_hands", "count_tickets", "current_key", "scans_of", "seal_context",
    "ticket_for_staff", "tickets_around", "tickets_for_staff", "tickets_of_order",
]  # fmt: skip
