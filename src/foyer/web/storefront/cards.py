"""Tickets as cards: who comes, and the code as a picture where it still opens a door."""

from uuid import UUID

from markupsafe import Markup

from foyer.domains.events.types import EventPublic, EventStatus
from foyer.domains.orders.types import Order
from foyer.domains.tickets.types import Ticket
from foyer.web.shared.pages import OPEN, TicketView


def ticket_view(
    ticket: Ticket, order: Order, event: EventPublic, href: str = "", place: tuple[int, int] = (1, 1)
) -> TicketView:
    """A ticket as a card; one that opens no door any more carries no code that looks as if it did.

    Args:
        ticket: the ticket.
        order: the order that it is of.
        event: the event that it is for.
        href: its own page, for whoever sees the card.
        place: which of the tickets of its order it is, and of how many.
    """
    names = {line.ticket_type_id: line.name for line in order.items}
    is_open = event.status is not EventStatus.CANCELLED and ticket.status in OPEN
    return TicketView(
        ticket=ticket,
        type_name=names[ticket.ticket_type_id],
        holder=_holder(ticket, order),
        qr_svg=_qr(ticket.id, ticket.qr_code) if is_open and ticket.qr_code else Markup(),
        href=href if is_open else "",
        number=place[0],
        count=place[1],
    )


def _holder(ticket: Ticket, order: Order) -> str:
    """Who comes: a ticket that was handed on never names its buyer."""
    person, buyer = ticket.attendee_info, order.customer
    names = [person.first_name, person.last_name] if person else []
    if not any(names) and ticket.transferred_at:
        return (person.email if person else None) or ""
    if not any(names):
        names = [buyer.first_name, buyer.last_name]
    return " ".join(name for name in names if name) or buyer.email


def _qr(ticket_id: UUID, text: str) -> Markup:
    """The code as an SVG of our own making; four modules of quiet zone, error correction M."""
    import segno  # loads what few processes need

    code = segno.make_qr(text, error="m", boost_error=False)
    drawn = code.svg_inline(border=4, omitsize=True, dark="#000", light="#fff", svgid=f"qr-{ticket_id}")
    return Markup(drawn)  # noqa: S704
