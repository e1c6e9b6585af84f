"""Guests by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from foyer.domains.events.types import DoorEvent
from foyer.domains.tickets.types import FoundTicket, TicketStatus
from foyer.kernel.wire import Wire
from foyer.web.shared import filters

SHOWN_MAX: Final = 20
LETTERS_MIN: Final = 2


class Guest(Wire, frozen=True):
    """One ticket that was found. Without `can_enter`, `state` says why."""

    ticket_id: UUID
    name: str
    line: str
    state: str
    can_enter: bool


def guest_of(found: FoundTicket, event: DoorEvent) -> Guest:
    ticket = found.ticket
    states = {
        TicketStatus.VALID: "",
        TicketStatus.USED: f"In since {filters.clock(found.checked_in_at, event.time_zone)}"
        if found.checked_in_at
        else "In",
        TicketStatus.CANCELLED: "Cancelled",
        TicketStatus.REFUNDED: "Refunded",
    }
    place = f", ticket {ticket.position} of {ticket.order_tickets}" if ticket.order_tickets > 1 else ""
    return Guest(
        ticket_id=ticket.id,
        name=ticket.holder or "No name",
        line=f"{ticket.ticket_type_name}{place} · {filters.grouped(ticket.order_number)}",
        state=states[found.status],
        can_enter=found.status is TicketStatus.VALID,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """The search and what it found."""

    device: str
    event: DoorEvent
    scan_id: UUID
    typed: str = ""
    guests: Sequence[Guest] = ()
    has_more: bool = False

    @property
    def title(self) -> str:
        return "Search by name"

    @property
    def hint(self) -> str:
        """What to do where the list does not say it by itself."""
        if len(self.typed.strip()) < LETTERS_MIN:
            return "Type at least two letters of the name, or the number of the order."
        if self.has_more:
            return f"These are the first {SHOWN_MAX}. Type more of the name to see others."
        return (
            "" if self.guests else "Nobody with that name. Try fewer letters, or the name of whoever ordered."
        )
