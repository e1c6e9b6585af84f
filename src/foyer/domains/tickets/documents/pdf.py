"""Tickets as PDF: one page each, made when somebody looks at them first, and kept under everything they show."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple
from uuid import UUID

from foyer.domains.events import on_sale
from foyer.domains.events.types import EventPublic, EventStatus
from foyer.domains.orders import find_order
from foyer.domains.orders.types import Order
from foyer.domains.organizations import seller
from foyer.domains.organizations.types import Seller
from foyer.domains.tickets.documents.words import WORDS, known, when, where
from foyer.domains.tickets.queries import (
    NO_TICKET,
    Signer,
    held_ticket,
    tickets_of_order,
    whole_tickets_of_order,
)
from foyer.domains.tickets.types import Ticket
from foyer.infra.db.tx import ReadTx
from foyer.infra.press import Workshop
from foyer.infra.press.content import breakable, lines, pixels
from foyer.infra.press.paper import colors, letterhead
from foyer.kernel.errors import NotFound
from foyer.kernel.language import said

TEMPLATE: Final = (Path(__file__).resolve().parent / "ticket.typ").read_text(encoding="utf-8")
REFUNDS_MAX: Final = 420
_GROUP: Final = 4


class Bought(NamedTuple):
    """Everything that the tickets of an order show."""

    organization_id: UUID
    order: Order
    event: EventPublic
    seller: Seller
    tickets: Sequence[Ticket]


async def ticket_pdf(
    workshop: Workshop,
    signer: Signer,
    organization_id: UUID,
    order_id: UUID,
    *,
    ticket_id: UUID | None = None,
    language: str = "en",
) -> bytes:
    """The tickets of an order as PDF/A, one page each, as its buyer holds them; with `ticket_id` that one alone.

    One that opens no door any more, or was handed on, is not in it. Made on first view, then kept. Who asks has shown before
    that they hold the order.

    Raises:
        NotFound: no such order, or none of these tickets opens a door.
        DocumentTooLarge, Busy: as `Press.pdf`.
    """
    async with workshop.database.read(organization_id) as tx:
        tickets = await tickets_of_order(tx, order_id, signer)
        bought = await read_bought(tx, order_id, tickets)
    wanted = [ticket for ticket in tickets if ticket_id is None or ticket.id == ticket_id]
    return await _set(workshop, bought, wanted, language)


async def held_ticket_pdf(
    workshop: Workshop,
    signer: Signer,
    organization_id: UUID,
    ticket_id: UUID,
    *,
    generation: int,
    language: str = "en",
) -> bytes:
    """One ticket as PDF/A for whoever holds it today. Who asks has shown before that they hold this generation of it.

    Raises:
        NotFound: no such ticket, it opens no door any more, or it was handed on meanwhile.
        DocumentTooLarge, Busy: as `Press.pdf`.
    """
    async with workshop.database.read(organization_id) as tx:
        bought, ticket = await read_held(tx, ticket_id, signer, generation=generation)
    return await _set(workshop, bought, [ticket], language)


async def _set(workshop: Workshop, bought: Bought, wanted: Sequence[Ticket], language: str) -> bytes:
    good = [ticket for ticket in wanted if ticket.status.is_good and ticket.qr_code]
    if not good or bought.event.status is EventStatus.CANCELLED:
        raise NotFound(said("There is no ticket here that opens a door."))
    logo = await pixels(workshop.files, bought.seller.logo)
    data = shown(bought, good, known(language), logo)

    async def make() -> bytes:
        return await workshop.press.pdf(TEMPLATE, data, dated=bought.order.created_at)

    order = bought.order
    return await workshop.made(bought.organization_id, order.id, [TEMPLATE, workshop.press.house, data], make)


async def read_held(tx: ReadTx, ticket_id: UUID, signer: Signer, *, generation: int) -> tuple[Bought, Ticket]:
    """One ticket with what it shows, for whoever holds this generation of it.

    Raises:
        NotFound: no such ticket, or it was handed on meanwhile.
    """
    held = await held_ticket(tx, ticket_id, signer)
    if held.generation != generation:
        raise NotFound(NO_TICKET)
    order_id = held.ticket.order_id
    bought = await read_bought(tx, order_id, await whole_tickets_of_order(tx, order_id, signer))
    # Of this ticket what was read with its generation: a reading after that may show the code of its next holder.
    return bought, held.ticket


async def read_bought(tx: ReadTx, order_id: UUID, tickets: Sequence[Ticket]) -> Bought:
    """An order with what its tickets show.

    Raises:
        NotFound: no such order.
    """
    order = await find_order(tx, order_id)
    sale = None if order is None else await on_sale(tx, event_id=order.event_id)
    if order is None or sale is None:
        raise NotFound(said("There is no such order."))
    return Bought(tx.organization_id, order, sale.event, await seller(tx), tickets)


def shown(bought: Bought, wanted: Sequence[Ticket], language: str, logo: list[int] | None) -> dict[str, Any]:
    """What the template is given: text as text, pictures as bytes."""
    order, event, house = bought.order, bought.event, bought.seller
    words = WORDS[language]
    venue, below = where(event, language)
    places = {ticket.id: place for place, ticket in enumerate(bought.tickets, 1)}
    names = {line.ticket_type_id: line.name for line in order.items}
    return {
        "lang": language,
        "words": words,
        "colors": colors(house.primary_color, house.secondary_color),
        "seller": letterhead(breakable(house.name, 80), house.email, house.phone, house.website, logo),
        "event": {
            "title": breakable(event.title),
            "when": when(event, language),
            "times": words["times"].format(zone=event.time_zone.replace("_", " ")),
            "venue": breakable(venue, 100),
            "below": breakable(below, 140),
            "online": event.location_type == "virtual",
        },
        "order": {"number": grouped(order.order_number), "refunds": lines(house.refund_policy, REFUNDS_MAX)},
        "tickets": [
            {
                "place": words["ticket"].format(place=places[ticket.id], count=len(bought.tickets)),
                "holder": breakable(holder_name(ticket, order), 100),
                "type": breakable(names[ticket.ticket_type_id], 100),
                "code": grouped(ticket.code or ""),
                "qr": qr_svg(ticket.qr_code or ""),
            }
            for ticket in wanted
        ],
    }


def holder_name(ticket: Ticket, order: Order) -> str:
    """Who comes with a ticket: who was named for it, else the buyer, unless it was handed on."""
    is_buyers = ticket.transferred_at is None
    for person in (ticket.attendee_info, order.customer if is_buyers else None):
        if person and (name := " ".join(part for part in (person.first_name, person.last_name) if part)):
            return name
    if is_buyers:
        return order.customer.email
    return (ticket.attendee_info.email if ticket.attendee_info else None) or ""


def qr_svg(text: str) -> str:
    """The code as a picture that stays sharp on paper: four modules of quiet zone, error correction M."""
    import segno  # loads what few processes need

    drawn = io.BytesIO()
    code = segno.make_qr(text, error="m", boost_error=False)
    code.save(drawn, kind="svg", xmldecl=False, border=4, omitsize=True, dark="#000", light="#fff")
    return drawn.getvalue().decode()


def grouped(code: str) -> str:
    """A code in groups of four, as it is read aloud."""
    return " ".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))
