"""What tickets are on paper and in calendars."""

from foyer.domains.tickets.documents.pdf import held_ticket_pdf, ticket_pdf

__all__ = ["held_ticket_pdf", "ticket_pdf"]
