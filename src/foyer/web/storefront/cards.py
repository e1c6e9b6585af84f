"""Tickets as cards: who comes, and the code as a picture where it still opens a door."""

from markupsafe import Markup

from foyer.domains.events.types import EventPublic, EventStatus
from foyer.domains.orders.types import Order
from foyer.domains.tickets.types import Ticket
from foyer.web.shared.pages import TicketView
from foyer.web.shared.qr import ticket_qr


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
    is_open = event.status is not EventStatus.CANCELLED and ticket.status.is_good
    return TicketView(
        ticket=ticket,
        type_name=names[ticket.ticket_type_id],
        holder=_holder(ticket, order),
        qr_svg=ticket_qr(ticket.qr_code, f"qr-{ticket.id}") if is_open and ticket.qr_code else Markup(),
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
