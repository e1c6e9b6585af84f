"""What belongs to an order on paper: invoices and credit notes."""

from foyer.domains.orders.documents.issue import issue_credit_note, issue_invoice
from foyer.domains.orders.documents.kept import credit_note_for, find_invoice, invoices_of_order
from foyer.domains.orders.documents.pdf import invoice_pdf

__all__ = [
    "credit_note_for",
    "find_invoice",
    "invoice_pdf",
    "invoices_of_order",
    "issue_credit_note",
    "issue_invoice",
]
