"""Writes of tickets outside the desks."""

import secrets
from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace
from sqlalchemy import select

from foyer.domains.customers import link_customers
from foyer.domains.customers.types import Customer
from foyer.domains.events import holder_terms, may_serve
from foyer.domains.orders import order_for_staff
from foyer.domains.organizations import lets_tickets_change_hands
from foyer.domains.tickets import rules
from foyer.domains.tickets.facts import CheckInUndone, TicketTransferred
from foyer.domains.tickets.models import ScanRow, SigningKeyRow, TicketRow, TransferRow
from foyer.domains.tickets.queries import NO_TICKET, one_ticket, seal_context
from foyer.domains.tickets.types import Attendee, NamedGuest, Receiver, TicketStatus
from foyer.infra.audit import UNSAID, record
from foyer.infra.crypto import Keyring
from foyer.infra.db.tx import Tx, own
from foyer.infra.outbox import publish
from foyer.kernel.actor import Actor, ActorKind
from foyer.kernel.errors import Conflict, Finding, Invalid, NotFound
from foyer.kernel.ids import ticket_code, uuid7
from foyer.kernel.language import said
from foyer.kernel.text import email_key

HANDED_ON: Final = said("This ticket was handed on meanwhile; somebody else holds it now.")


async def create_signing_key(tx: Tx, keyring: Keyring) -> None:
    """Give the organization the key that signs its tickets; made once, with the organization."""
    key = Ed25519PrivateKey.generate()
    tx.add(
        SigningKeyRow(
            organization_id=tx.organization_id,
            id=uuid7(),
            key_id=secrets.randbits(32),
            public_key=key.public_key().public_bytes_raw(),
            sealed_private_key=keyring.seal(key.private_bytes_raw(), seal_context(tx.organization_id)),
        )
    )
    await tx.flush()


async def edit_attendee(
    tx: Tx, ticket_id: UUID, attendee: Attendee, *, actor: Actor, generation: int | None = None
) -> None:
    """Say anew who comes with a ticket.

    Args:
        tx: the transaction.
        ticket_id: a ticket that still opens the door.
        attendee: takes the place of what was said before.
        actor: staff at any time; a holder until the event's cut-off.
        generation: the generation that its holder knows it by.

    Raises:
        Invalid: a field cannot be taken.
        NotFound: no such ticket.
        Conflict: it is spent, it is too late, or somebody else holds it meanwhile.
    """
    regular, found = rules.regular_attendee(attendee)
    if found:
        raise Invalid.of(found)
    row = await _changeable(tx, ticket_id, actor=actor, generation=generation)
    row.attendee_info = msgspec.to_builtins(regular)
    row.updated_at = await tx.now()
    if not _is_holder(actor):
        record(tx, actor, "ticket.attendee_changed", "ticket", row.id, {"attendee": UNSAID})


async def name_guests(tx: Tx, order_id: UUID, guests: Sequence[NamedGuest], *, actor: Actor) -> None:
    """Say who comes with tickets that an order's buyer still holds: with all of them, or, where one cannot be changed, with none.

    Args:
        tx: the transaction.
        order_id: whose tickets they are.
        guests: each with a ticket that still opens the door; tickets that are left out stay as they are.
        actor: as of `edit_attendee`.

    Raises:
        Invalid: naming every field that cannot be taken, as `items[0].email`.
        NotFound: no such order, or a ticket is none of its own.
        Conflict: one is spent, was handed on, or it is too late.
    """
    named, found = [], list[Finding]()
    for place, guest in enumerate(guests):
        person = Attendee(guest.first_name, guest.last_name, guest.email, guest.phone)
        regular, odd = rules.regular_attendee(person, f"items[{place}]")
        named.append((guest.ticket_id, regular))
        found += odd
    if found:
        raise Invalid.of(found)
    of_order = select(TicketRow).where(own(TicketRow, tx), TicketRow.order_id == order_id)
    rows = {row.id: row for row in await tx.lock(of_order.order_by(TicketRow.id))}
    terms, now = await holder_terms(tx, (await order_for_staff(tx, order_id)).event_id), await tx.now()
    for ticket_id, person in named:
        row = rows.get(ticket_id)
        if row is None:
            raise NotFound(NO_TICKET)
        if row.transferred_at is not None:
            raise Conflict(HANDED_ON)
        status, by_holder = TicketStatus(row.status), _is_holder(actor)
        rules.require_changeable(status, terms, now=now, by_holder=by_holder)
        before = msgspec.convert(row.attendee_info, Attendee) if row.attendee_info else Attendee()
        row.attendee_info = msgspec.to_builtins(replace(person, additional_fields=before.additional_fields))
        row.updated_at = now
        if not by_holder:
            record(tx, actor, "ticket.attendee_changed", "ticket", row.id, {"attendee": UNSAID})
    await tx.flush()


async def transfer_ticket(
    tx: Tx, ticket_id: UUID, receiver: Receiver, *, actor: Actor, generation: int | None = None
) -> int:
    """Hand a ticket on: its codes are new from this moment, the former ones are refused; returns its new generation.

    Args:
        tx: the transaction.
        ticket_id: a ticket that still opens the door.
        receiver: who holds it from now on; nothing that was said of the former holder stays on it.
        actor: staff at any time; a holder where the organizer allows it, until the event's cut-off.
        generation: the generation that its holder knows it by.

    Raises:
        Invalid: a field cannot be taken, or the ticket is theirs already.
        NotFound: no such ticket.
        Conflict: it is spent, it is too late, not allowed, or somebody else holds it meanwhile.
    """
    regular, found = rules.regular_receiver(receiver)
    if found:
        raise Invalid.of(found)
    row = await _changeable(tx, ticket_id, actor=actor, generation=generation)
    rules.require_transferable(
        is_allowed=await lets_tickets_change_hands(tx),
        by_holder=_is_holder(actor),
        generation=row.generation,
    )
    holder_id = row.transferred_to or (await order_for_staff(tx, row.order_id)).customer_id
    customer = Customer(email=regular.email, first_name=regular.first_name, last_name=regular.last_name)
    linked = await link_customers(await tx.desk(), tx.organization_id, [customer])
    receiver_id = linked[email_key(regular.email)]
    if receiver_id == holder_id:
        raise Invalid(said("This ticket is theirs already."), field="email")
    former, now = row.code, await tx.now()
    row.generation += 1
    row.code = ticket_code()
    row.attendee_info = msgspec.to_builtins(
        Attendee(first_name=regular.first_name, last_name=regular.last_name, email=regular.email)
    )
    row.transferred_at = row.updated_at = now
    row.transferred_from, row.transferred_to = holder_id, receiver_id
    tx.add(
        TransferRow(
            organization_id=tx.organization_id, id=uuid7(), ticket_id=row.id, from_customer_id=holder_id,
            to_customer_id=receiver_id, generation=row.generation, former_code=former,
        )
    )  # fmt: skip
    if not _is_holder(actor):
        record(tx, actor, "ticket.transferred", "ticket", row.id, {"holder": UNSAID})
    publish(tx, actor, TicketTransferred(ticket_id=row.id, event_id=row.event_id, generation=row.generation))
    await tx.flush()
    return row.generation


def _is_holder(actor: Actor) -> bool:
    return actor.kind is ActorKind.VISITOR


async def _changeable(tx: Tx, ticket_id: UUID, *, actor: Actor, generation: int | None) -> TicketRow:
    """The ticket, locked, if this person may still change who comes with it."""
    rows = await tx.lock(one_ticket(tx, ticket_id))
    if not rows:
        raise NotFound(NO_TICKET)
    row = rows[0]
    if generation is not None and row.generation != generation:
        raise Conflict(HANDED_ON)
    rules.require_changeable(
        TicketStatus(row.status),
        await holder_terms(tx, row.event_id),
        now=await tx.now(),
        by_holder=_is_holder(actor),
    )
    return row


async def undo_check_in(tx: Tx, ticket_id: UUID, *, actor: Actor) -> None:
    """Take a check-in back: its holder may come in again. Two who press at once undo it once.

    Raises:
        NotFound: no such ticket, or one of an event that this door is not for.
        Forbidden: the actor may not, see `rules.require_may_undo`.
        Conflict: nobody came in with it.
    """
    found = await tx.lock(select(TicketRow).where(own(TicketRow, tx), TicketRow.id == ticket_id))
    device_id = actor.id if actor.kind is ActorKind.DEVICE else None
    if not found or (device_id and not await may_serve(tx, device_id, found[0].event_id)):
        raise NotFound(said("There is no such ticket."))
    row, now = found[0], await tx.now()
    rules.TICKET.require(TicketStatus(row.status), TicketStatus.VALID)
    rules.require_may_undo(actor, by_device=row.checked_in_by_device_id, at=row.checked_in_at, now=now)
    row.status = TicketStatus.VALID.value
    row.checked_in_at = row.checked_in_by_device_id = row.checked_in_by_user_id = None
    row.updated_at = now
    tx.add(
        ScanRow(
            organization_id=tx.organization_id,
            id=uuid7(),
            event_id=row.event_id,
            ticket_id=row.id,
            device_id=device_id,
            user_id=None if device_id else actor.user_id,
            result=rules.UNDONE,
            created_at=now,
        )
    )
    record(tx, actor, "ticket.check_in_undone", "ticket", row.id)
    publish(tx, actor, CheckInUndone(ticket_id=row.id, event_id=row.event_id))
    await tx.flush()
