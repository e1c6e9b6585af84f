"""What a door says about a ticket, in the words that stand on the screen."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from foyer.domains.events.types import DoorEvent, EventStatus
from foyer.domains.tickets.types import CheckIn, OtherEvent, ScanResult
from foyer.kernel.wire import Wire
from foyer.web.shared import filters


class Tone(StrEnum):
    """The three verdicts, each with a colour, a shape, a sound and a buzz of its own."""

    ADMITTED = "admitted"
    USED = "used"
    REFUSED = "refused"


class Fact(Wire, frozen=True):
    """One line about a ticket."""

    name: str
    value: str


class Verdict(Wire, frozen=True):
    """What is on the screen after a scan; the page's script gets the same as JSON."""

    result: str
    tone: Tone
    word: str
    corner: list[str]
    title: str
    detail: str
    facts: list[Fact] = []
    undo_ticket_id: UUID | None = None
    """The ticket that this door may put out again, for a minute."""


REASONS = {
    ScanResult.REFUNDED: ("Refunded", "The money for this ticket went back, so it lets nobody in."),
    ScanResult.SUPERSEDED: (
        "Handed on", "This ticket has a new holder, who has another code. Ask for the newest mail about it.",
    ),
    ScanResult.UNKNOWN: (
        "Not a ticket of ours", "No ticket has this code. Look whether it is the code of the ticket and not another one.",
    ),
    ScanResult.TAMPERED: ("Not genuine", "This code was changed or copied in part. Ask to see the ticket itself."),
}  # fmt: skip


def verdict_of(said: CheckIn, event: DoorEvent, *, now: datetime) -> Verdict:
    """The words for an answer of the door."""
    if said.result is ScanResult.ADMITTED:
        return _admitted(said, event)
    if said.result is ScanResult.ALREADY_USED:
        return _used(said, event, now)
    title, detail = _reason(said, event)
    ticket = said.ticket
    corner = [ticket.holder or "No name", ticket.ticket_type_name] if ticket else []
    if said.other_event:
        corner = [said.other_event.ticket_type_name]
    return Verdict(
        result=said.result.value,
        tone=Tone.REFUSED,
        word="Do not admit",
        corner=corner,
        title=title,
        detail=detail,
        facts=list(_facts(said)),
    )


def _admitted(said: CheckIn, event: DoorEvent) -> Verdict:
    ticket, at = said.ticket, said.checked_in_at
    assert ticket is not None, "who is admitted has a ticket"
    # A retry of a scan that was undone in between has no time any more.
    clock = filters.seconds(at, event.time_zone) if at else ""
    return Verdict(
        result=said.result.value,
        tone=Tone.ADMITTED,
        word="Admitted",
        corner=[one for one in (clock, _place(said)) if one],
        title=ticket.holder or "No name",
        detail=ticket.ticket_type_name,
        facts=list(_facts(said)),
        undo_ticket_id=ticket.id,
    )


def _used(said: CheckIn, event: DoorEvent, now: datetime) -> Verdict:
    ticket, at, by = said.ticket, said.checked_in_at, said.checked_in_by
    assert ticket is not None, "what was used is a ticket"
    detail = "Somebody came in with it before."
    if at and by:
        where = f"through {by.name}" if by.kind == "device" else f"checked in by {by.name}"
        day = "" if now - at < timedelta(hours=12) else f" on {filters.day_at(at, event.time_zone)}"
        detail = f"Came in at {filters.clock(at, event.time_zone)}{day}, {_ago(now - at)}, {where}."
    return Verdict(
        result=said.result.value,
        tone=Tone.USED,
        word="Already used",
        corner=[ticket.ticket_type_name, _place(said)],
        title=ticket.holder or "No name",
        detail=detail,
        facts=list(_facts(said)),
    )


def _reason(said: CheckIn, event: DoorEvent) -> tuple[str, str]:
    if said.result is ScanResult.WRONG_EVENT:
        return "Wrong event", f"{_meant_for(said.other_event)} This door is for {event.title}."
    if said.result is ScanResult.CANCELLED:
        if event.status is EventStatus.CANCELLED:
            return "Event cancelled", f"{event.title} was called off; nobody is let in."
        return "Cancelled", "This ticket was cancelled, so it lets nobody in."
    return REASONS[said.result]


def _meant_for(other: OtherEvent | None) -> str:
    if other is None:
        return "This ticket is for another event."
    return f"It is for {other.title}, {filters.day_span(other.start_date, other.end_date)}."


def _place(said: CheckIn) -> str:
    assert said.ticket is not None
    return f"Ticket {said.ticket.position} of {said.ticket.order_tickets}"


def _ago(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return "1 minute ago" if minutes == 1 else f"{minutes} minutes ago"
    hours = minutes // 60
    if hours < 48:
        return "1 hour ago" if hours == 1 else f"{hours} hours ago"
    return f"{hours // 24} days ago"


def _facts(said: CheckIn) -> Iterator[Fact]:
    if said.ticket:
        yield Fact(name="Ticket", value=f"{said.ticket.ticket_type_name}, {_place(said).lower()}")
        yield Fact(name="Order", value=filters.grouped(said.ticket.order_number))
        yield Fact(name="Holder", value=said.ticket.holder or "No name")
    if said.ticket and said.checked_in_by:
        yield Fact(name="Checked in by", value=said.checked_in_by.name)
