"""Decisions about tickets: the signed code, and what the door says."""

import base64
import binascii
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from foyer.domains.events.types import EventStatus, HolderTerms
from foyer.domains.tickets.types import Attendee, Receiver, ScanResult, TicketStatus
from foyer.kernel.actor import Actor, ActorKind
from foyer.kernel.errors import Conflict, Finding, Forbidden, Unfit
from foyer.kernel.language import said
from foyer.kernel.machine import Machine
from foyer.kernel.text import email_address, folded, tidy_line

PREFIX: Final = "T1."
VERSION: Final = 1
TOKEN_MAX: Final = 200
_HEAD_BYTES: Final = 1 + 4 + 16 + 4
_CONTEXT: Final = b"foyer ticket v1|"
FIELDS_MAX: Final = 20
"""Answers that may stand beside a name."""
GENERATIONS_MAX: Final = 20
"""How often one ticket may change hands: each time writes to an address that its holder has typed."""
_BY_ORDER: Final = 1_000_000
MANAGE: Final = "tickets:manage"
OWN_MISTAKE: Final = timedelta(seconds=60)
"""So long a device may take back what it has just done itself."""
UNDONE: Final = "undone"
"""How the log names a check-in that was taken back."""
NAME_LETTERS_MIN: Final = 2
NAME_WORDS_MAX: Final = 4


TICKET: Final = Machine(
    "ticket",
    start=frozenset({TicketStatus.VALID}),
    moves={
        TicketStatus.VALID: frozenset({TicketStatus.USED, TicketStatus.CANCELLED, TicketStatus.REFUNDED}),
        # Back to valid only by a permitted, logged undo; refunded where money goes back to somebody who was inside.
        TicketStatus.USED: frozenset({TicketStatus.VALID, TicketStatus.REFUNDED}),
        TicketStatus.CANCELLED: frozenset(),
        TicketStatus.REFUNDED: frozenset(),
    },
)


class Claim(NamedTuple):
    """What a QR code says about itself; true only when the signature is."""

    key_id: int
    ticket_id: UUID
    generation: int
    signed: bytes
    signature: bytes


def _message(organization_id: UUID, head: bytes) -> bytes:
    return _CONTEXT + organization_id.bytes + head


def sign(key: Ed25519PrivateKey, key_id: int, organization_id: UUID, ticket_id: UUID, generation: int) -> str:
    """The text of a ticket's QR code: 146 characters of the alphanumeric set, a version 6-M symbol.

    `T1.` and base 32 (RFC 4648, no padding) of version, key id, ticket, generation and an Ed25519 signature (RFC 8032)
    over them and the organization. The same ticket and generation always give the same text.
    """
    head = bytes([VERSION]) + key_id.to_bytes(4, "big") + ticket_id.bytes + generation.to_bytes(4, "big")
    return PREFIX + base64.b32encode(head + signature(key, organization_id, head)).decode().rstrip("=")


def signature(key: Ed25519PrivateKey, organization_id: UUID, head: bytes) -> bytes:
    """The 64 bytes that make a code genuine."""
    return key.sign(_message(organization_id, head))


def looks_ours(text: str) -> bool:
    """Whether a code means to be a ticket of Foyer, readable or not."""
    return text.startswith(PREFIX)


def read_claim(text: str) -> Claim | None:
    """Take a QR code's text apart; None when it is none of ours or has been cut or changed in shape."""
    if not looks_ours(text) or len(text) > TOKEN_MAX:
        return None
    body = text[len(PREFIX) :]
    try:
        raw = base64.b32decode(body + "=" * (-len(body) % 8))
    except (binascii.Error, ValueError):
        return None
    if (
        len(raw) != _HEAD_BYTES + 64
        or raw[0] != VERSION
        or base64.b32encode(raw).decode().rstrip("=") != body
    ):
        return None
    head = raw[:_HEAD_BYTES]
    return Claim(
        key_id=int.from_bytes(head[1:5], "big"),
        ticket_id=UUID(bytes=head[5:21]),
        generation=int.from_bytes(head[21:25], "big"),
        signed=head,
        signature=raw[_HEAD_BYTES:],
    )


def is_genuine(claim: Claim, organization_id: UUID, public_key: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(
            claim.signature, _message(organization_id, claim.signed)
        )
    except InvalidSignature:
        return False
    return True


class TicketState(NamedTuple):
    """What the door needs to know of a ticket."""

    event_id: UUID
    status: TicketStatus
    generation: int


def verdict(
    ticket: TicketState, *, event_id: UUID, event_status: EventStatus, generation: int | None
) -> ScanResult:
    """What the door says to a ticket that exists. `generation` is the scanned one; None when the code was typed."""
    if ticket.event_id != event_id:
        return ScanResult.WRONG_EVENT
    if generation is not None and generation != ticket.generation:
        return ScanResult.SUPERSEDED
    if ticket.status is TicketStatus.REFUNDED:
        return ScanResult.REFUNDED
    if ticket.status is TicketStatus.CANCELLED or event_status is EventStatus.CANCELLED:
        return ScanResult.CANCELLED
    if ticket.status is TicketStatus.USED:
        return ScanResult.ALREADY_USED
    return ScanResult.ADMITTED


def regular_attendee(person: Attendee, field: str | None = None) -> tuple[Attendee, list[Finding]]:
    """Somebody who comes, tidied, and what is wrong; names of fields stand below `field` where there is one."""
    below = f"{field}." if field else ""
    found: list[Finding] = []
    email = _address(person.email, f"{below}email", found) if person.email and person.email.strip() else None
    lines = {
        name: _name(getattr(person, name), f"{below}{wire}", found)
        for name, wire in (("first_name", "firstName"), ("last_name", "lastName"), ("phone", "phone"))
    }
    extra = {tidy_line(key): tidy_line(value) for key, value in person.additional_fields.items()}
    if len(extra) > FIELDS_MAX or any(len(key) > 100 or len(value) > 500 for key, value in extra.items()):
        found.append(
            Finding(f"{below}additionalFields", said("Use at most %(most)s short answers.", most=FIELDS_MAX))
        )
    return Attendee(email=email, additional_fields=extra, **lines), found


def regular_receiver(receiver: Receiver) -> tuple[Receiver, list[Finding]]:
    """A new holder, tidied, and what is wrong."""
    found: list[Finding] = []
    email = _address(receiver.email, "email", found)
    names = {
        name: _name(getattr(receiver, name), wire, found)
        for name, wire in (("first_name", "firstName"), ("last_name", "lastName"))
    }
    return Receiver(email=email, **names), found


def _address(text: str, field: str, found: list[Finding]) -> str:
    try:
        return email_address(text)
    except Unfit as wrong:
        found.append(Finding(field, wrong.detail))
        return text


def _name(text: str | None, field: str, found: list[Finding]) -> str | None:
    line = tidy_line(text or "")
    if len(line) > 100:
        found.append(Finding(field, said("Use at most %(most)s characters.", most=100)))
    return line or None


_ENDED: Final = {
    TicketStatus.USED: said("This ticket has been used at the door."),
    TicketStatus.CANCELLED: said("This ticket is cancelled."),
    TicketStatus.REFUNDED: said("The money for this ticket went back."),
}


def require_changeable(status: TicketStatus, terms: HolderTerms, *, now: datetime, by_holder: bool) -> None:
    """Refuse to change who comes with a ticket that is spent, or, to its holder, too late.

    Raises:
        Conflict: saying which.
    """
    if status is not TicketStatus.VALID:
        raise Conflict(_ENDED[status], field="status")
    if terms.status is EventStatus.CANCELLED:
        raise Conflict(said("This event is cancelled."), field="status")
    if by_holder and now >= terms.closes_at:
        raise Conflict(said("It is too late to change this ticket here; please write to the organizer."))


def require_transferable(*, is_allowed: bool, by_holder: bool, generation: int) -> None:
    """Refuse a holder whose organizer lets nobody hand tickets on, or a ticket that has been around.

    Raises:
        Conflict: saying which.
    """
    if by_holder and not is_allowed:
        raise Conflict(said("This organizer does not let tickets be handed on; please write to them."))
    if by_holder and generation >= GENERATIONS_MAX:
        raise Conflict(said("This ticket has been handed on too often; please write to the organizer."))


def link_generation(generation: int, *, of_order: int) -> int:
    """The generation of the link to a ticket that its buyer still holds: it ends with the links to the order, its code does not."""
    return generation + (of_order - 1) * _BY_ORDER


def former_links(generation: int, *, of_order: int) -> frozenset[int]:
    """The generations of links to a ticket from before it was handed on: by a buyer of today, or by another holder."""
    before = range(1, generation)
    return frozenset(before) | {link_generation(one, of_order=of_order) for one in before}


def holder_name(attendee: str | None, customer: str, *, is_handed_on: bool) -> str | None:
    """Who comes with a ticket, from both as they are kept: whoever is named for it, else who bought it.

    Of one that was handed on its buyer is never said to come: without a name it is under its new holder's address.
    """
    for text in (attendee, None if is_handed_on else customer):
        person = msgspec.json.decode(text) if text else {}
        if names := [name for name in (person.get("firstName"), person.get("lastName")) if name]:
            return " ".join(names)
        if is_handed_on:
            return person.get("email")
    return None


def require_may_undo(actor: Actor, *, by_device: UUID | None, at: datetime | None, now: datetime) -> None:
    """Whether a check-in may be taken back: by staff who manage tickets, or by the door that has just made a mistake.

    Raises:
        Forbidden: neither.
    """
    if actor.kind is not ActorKind.DEVICE:
        actor.require(MANAGE)
    elif by_device != actor.id or at is None or now - at > OWN_MISTAKE:
        raise Forbidden(
            said(
                "A door can take back its own check-in for one minute; after that, somebody in the office can."
            )
        )


def words_of(typed: str) -> list[str]:
    """What is looked for by name: the beginnings of words, without accents; empty where too little was typed."""
    words = folded(typed).split()[:NAME_WORDS_MAX]
    return words if sum(map(len, words)) >= NAME_LETTERS_MIN else []


def as_result(kept: str) -> ScanResult | None:
    """What was said to a scan, from the log; None where somebody took a check-in back."""
    return None if kept == UNDONE else ScanResult(kept)
