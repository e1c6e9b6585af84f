"""Tickets with everything a list of guests says of them, for pages and for files."""

from collections.abc import Sequence
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import select

from foyer.domains.events import event_titles, type_names
from foyer.domains.orders import answers_of, bought_with, in_words
from foyer.domains.orders.types import Answer, Bought
from foyer.domains.tickets.models import TicketRow
from foyer.domains.tickets.queries.staff import tickets_around
from foyer.domains.tickets.types import Attendee, TicketFilter, TicketStaff
from foyer.infra.db.tx import ReadTx, among, own
from foyer.infra.sheet import CHUNK, Cell, Column
from foyer.kernel.paging import Page, Spot


class Guest(NamedTuple):
    """A ticket, who comes with it, and what it was bought with."""

    ticket: TicketStaff
    type_name: str
    event_title: str
    bought: Bought
    answers: Sequence[Answer] = ()
    """What was answered for this ticket to the event's questions."""

    @property
    def name(self) -> str:
        """Who comes, or who bought where nobody is named; of a ticket that was handed on its buyer does not come."""
        named = full_name(self.ticket.attendee_info)
        return named or (self.email if self.ticket.transferred_at else full_name(self.bought.customer))

    @property
    def email(self) -> str:
        named = self.ticket.attendee_info
        of_buyer = "" if self.ticket.transferred_at else self.bought.customer.email
        return (named.email if named else None) or of_buyer


def full_name(person: object) -> str:
    """First and last name of an attendee or a buyer, as far as they are known."""
    parts = (getattr(person, "first_name", None), getattr(person, "last_name", None))
    return " ".join(part for part in parts if part)


async def guests_of(tx: ReadTx, tickets: Sequence[TicketStaff]) -> list[Guest]:
    """These tickets with what else is said of them, in their order."""
    types = await type_names(tx, {one.ticket_type_id for one in tickets})
    titles = await event_titles(tx, {one.event_id for one in tickets})
    bought = await bought_with(tx, {one.order_id for one in tickets})
    answers = await answers_of_tickets(tx, tickets)
    return [
        Guest(
            one,
            types[one.ticket_type_id],
            titles[one.event_id],
            bought[one.order_id],
            answers.get(one.id, ()),
        )
        for one in tickets
    ]


async def answers_of_tickets(tx: ReadTx, tickets: Sequence[TicketStaff]) -> dict[UUID, list[Answer]]:
    """What was answered for each of these tickets. Tickets of a line stand at its places in the order of their ids.

    Of a ticket that was handed on nothing is said: the answers are its former holder's.
    """
    by_order = await answers_of(tx, {one.order_id for one in tickets})
    said = [one for row in by_order.values() for one in row if one.place]
    if not said:
        return {}
    lines = {one.order_item_id for one in said if one.order_item_id}
    query = select(TicketRow.order_item_id, TicketRow.id, TicketRow.transferred_at)
    rows = await tx.rows(
        query.where(own(TicketRow, tx), among(TicketRow.order_item_id, lines)).order_by(TicketRow.id)
    )
    places: dict[UUID, list[UUID | None]] = {line: [] for line in lines}
    for line, ticket_id, transferred_at in rows:
        places[line].append(ticket_id if transferred_at is None else None)
    found: dict[UUID, list[Answer]] = {}
    for one in said:
        standing = places[one.order_item_id] if one.order_item_id else []
        if one.place and one.place <= len(standing) and (theirs := standing[one.place - 1]):
            found.setdefault(theirs, []).append(one)
    return found


async def guest_rows(wanted: TicketFilter, tx: ReadTx, cursor: str | None) -> Page[Guest]:
    """So many guests as one piece of the file holds."""
    found = await tickets_around(tx, wanted, spot=Spot(after=cursor), limit=CHUNK)
    return Page(await guests_of(tx, found.items), found.after)


def _named(guest: Guest) -> Attendee:
    return guest.ticket.attendee_info or Attendee()


def _answers(guest: Guest) -> Cell:
    return "; ".join(f"{one.label}: {in_words(one.value)}" for one in guest.answers)


def _fields(guest: Guest) -> Cell:
    return "; ".join(f"{key}: {value}" for key, value in _named(guest).additional_fields.items())


GUEST_COLUMNS: Final[Sequence[Column[Guest]]] = [
    Column("code", lambda guest: guest.ticket.code),
    Column("event", lambda guest: guest.event_title),
    Column("ticketType", lambda guest: guest.type_name),
    Column("status", lambda guest: guest.ticket.status),
    Column("firstName", lambda guest: _named(guest).first_name),
    Column("lastName", lambda guest: _named(guest).last_name),
    Column("email", lambda guest: _named(guest).email),
    Column("phone", lambda guest: _named(guest).phone),
    Column("additionalFields", _fields),
    Column("answers", _answers),
    Column("checkedInAt", lambda guest: guest.ticket.checked_in_at),
    Column("transferredAt", lambda guest: guest.ticket.transferred_at),
    Column("orderNumber", lambda guest: guest.bought.order_number),
    Column("buyerFirstName", lambda guest: guest.bought.customer.first_name),
    Column("buyerLastName", lambda guest: guest.bought.customer.last_name),
    Column("buyerEmail", lambda guest: guest.bought.customer.email),
    Column("issuedAt", lambda guest: guest.ticket.created_at),
    Column("id", lambda guest: guest.ticket.id),
    Column("eventId", lambda guest: guest.ticket.event_id),
    Column("orderId", lambda guest: guest.ticket.order_id),
]
