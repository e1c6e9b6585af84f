"""Writes of tickets outside the desks."""

import secrets
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from foyer.domains.customers import link_customers
from foyer.domains.customers.types import Customer
from foyer.domains.events import holder_terms
from foyer.domains.orders import order_for_staff
from foyer.domains.organizations import lets_tickets_change_hands
from foyer.domains.tickets import rules
from foyer.domains.tickets.facts import TicketTransferred
from foyer.domains.tickets.models import SigningKeyRow, TicketRow, TransferRow
from foyer.domains.tickets.queries import NO_TICKET, one_ticket, seal_context
from foyer.domains.tickets.types import Attendee, Receiver, TicketStatus
from foyer.infra.crypto import Keyring
from foyer.infra.db.tx import Tx
from foyer.infra.outbox import publish
from foyer.kernel.actor import Actor, ActorKind
from foyer.kernel.errors import Conflict, Invalid, NotFound
from foyer.kernel.ids import ticket_code, uuid7
from foyer.kernel.text import email_key


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
        raise Invalid("This ticket is theirs already.", field="email")
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
        raise Conflict("This ticket was handed on meanwhile; somebody else holds it now.")
    rules.require_changeable(
        TicketStatus(row.status),
        await holder_terms(tx, row.event_id),
        now=await tx.now(),
        by_holder=_is_holder(actor),
    )
    return row
