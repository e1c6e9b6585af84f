"""What tickets are on paper and in calendars."""

from foyer.domains.tickets.documents.pdf import ticket_pdf

__all__ = ["ticket_pdf"]
