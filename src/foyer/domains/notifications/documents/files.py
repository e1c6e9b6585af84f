"""What comes with a mail: tickets, the event for a calendar, an invoice. Made once no transaction is open."""

import re
from typing import Final, NamedTuple
from uuid import UUID

import structlog

from foyer.domains.orders import credit_note_for, invoice_pdf, invoices_of_order, issue_invoice
from foyer.domains.orders.types import Invoice, InvoiceKind, Order
from foyer.domains.tickets import Signer, held_ticket_pdf, ticket_pdf
from foyer.infra.db.tx import Tx
from foyer.infra.jobs import Tools
from foyer.infra.mail import Attachment
from foyer.infra.press import DocumentTooLarge
from foyer.kernel.errors import NotFound

PDF: Final = "application/pdf"
ICS: Final = "text/calendar; method=PUBLISH; charset=utf-8"
TICKETS, CALENDAR, INVOICE, CREDIT_NOTE = "tickets", "calendar", "invoice", "credit-note"
"""Under which names a template knows that something is attached."""

log = structlog.get_logger("foyer.mail")


class Wanted(NamedTuple):
    """The files of one mail, by what they are made of."""

    order: Order | None = None
    ticket_id: UUID | None = None
    """One ticket, for its new holder; without it those of the order."""
    generation: int = 0
    """The generation of that ticket."""
    has_tickets: bool = False
    papers: tuple[Invoice, ...] = ()
    calendar: bytes | None = None


async def made(tools: Tools, organization_id: UUID, wanted: Wanted, language: str) -> dict[str, Attachment]:
    """The files, by name. One that is too large for a mail, or gone, is left out, and the mail does not speak of it.

    Raises:
        Busy: they cannot be made now.
    """
    workshop, signer = tools.workshop, Signer(tools.keyring)
    files: dict[str, Attachment] = {}
    try:
        if wanted.has_tickets and wanted.order is not None:
            number = wanted.order.order_number
            if wanted.ticket_id is not None:
                pdf = await held_ticket_pdf(
                    workshop,
                    signer,
                    organization_id,
                    wanted.ticket_id,
                    generation=wanted.generation,
                    language=language,
                )
            else:
                pdf = await ticket_pdf(workshop, signer, organization_id, wanted.order.id, language=language)
            files[TICKETS] = Attachment(f"tickets-{number}.pdf", PDF, pdf)
        for paper in wanted.papers:
            pdf = await invoice_pdf(workshop, organization_id, paper.id, language=language)
            name = re.sub(r"[^A-Za-z0-9-]+", "-", paper.number)
            kind = INVOICE if paper.kind is InvoiceKind.INVOICE else CREDIT_NOTE
            files[kind] = Attachment(f"{kind}-{name}.pdf", PDF, pdf)
    except (DocumentTooLarge, NotFound) as wrong:
        log.warning("a file does not come with its mail", error=repr(wrong))
    if wanted.calendar is not None:
        files[CALENDAR] = Attachment("event.ics", ICS, wanted.calendar)
    return files


async def invoice_of(tx: Tx, order: Order) -> tuple[Invoice, ...]:
    """The invoice by which an order is paid; issued now where its own reaction is late."""
    await issue_invoice(tx, order.id)
    papers = await invoices_of_order(tx, order.id)
    return tuple([one for one in papers if one.kind is InvoiceKind.INVOICE][-1:])


async def credit_note_of(tx: Tx, refund_id: UUID | None) -> tuple[Invoice, ...]:
    """The credit note of a refund, where it is issued by now; an amount alone has none."""
    note = None if refund_id is None else await credit_note_for(tx, refund_id)
    return () if note is None else (note,)
