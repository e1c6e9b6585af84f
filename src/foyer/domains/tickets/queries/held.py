"""Tickets as their holders have them: with what opens the door."""

import hmac
from collections.abc import Iterable
from functools import lru_cache
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace
from sqlalchemy import Select, func, select

from foyer.domains.customers import customer_for_staff
from foyer.domains.orders import generation_of_order, orders_bought
from foyer.domains.orders.types import Order
from foyer.domains.tickets import rules
from foyer.domains.tickets.models import SigningKeyRow, TicketRow, TransferRow
from foyer.domains.tickets.types import Attendee, HandedTicket, HeldTicket, Ticket, TicketStatus, Transfer
from foyer.infra.crypto import CannotOpenError, Keyring
from foyer.infra.db.tx import ReadTx, among, own
from foyer.kernel.errors import NotFound
from foyer.kernel.language import said

NO_TICKET = said("There is no such ticket.")
_IS_GOOD = TicketRow.status.in_([one.value for one in TicketStatus if one.is_good])
"""Whether a ticket opens the door for somebody."""

_SAME = tuple(
    name for name in Ticket.__struct_fields__ if name not in {"qr_code", "status", "attendee_info"}
)  # fmt: skip


class Signer:
    """Signs tickets of any organization; private keys are opened once and kept in memory."""

    def __init__(self, keyring: Keyring) -> None:
        self._open = lru_cache(maxsize=1024)(
            lambda sealed, context: Ed25519PrivateKey.from_private_bytes(keyring.open(sealed, context))
        )

    def qr_code(self, key: "SealedKey", organization_id: UUID, ticket_id: UUID, generation: int) -> str:
        private = self._open(key.sealed, seal_context(organization_id))
        return rules.sign(private, key.key_id, organization_id, ticket_id, generation)

    def is_genuine(self, key: "SealedKey", organization_id: UUID, claim: rules.Claim) -> bool:
        """Whether a code was signed with this key.

        Ed25519 (RFC 8032) gives one message one signature, so to sign again and compare is as good as to verify, in a quarter of
        the time. What cannot be opened any more is verified.
        """
        try:
            private = self._open(key.sealed, seal_context(organization_id))
        except CannotOpenError:
            return rules.is_genuine(claim, organization_id, key.public)
        return hmac.compare_digest(rules.signature(private, organization_id, claim.signed), claim.signature)


class SealedKey(msgspec.Struct, frozen=True):
    """An organization's signing key as it is kept."""

    key_id: int
    sealed: bytes
    public: bytes


def seal_context(organization_id: UUID) -> str:
    return f"signing key|{organization_id}"


async def current_key(tx: ReadTx) -> SealedKey:
    row = await tx.one(
        select(SigningKeyRow).where(own(SigningKeyRow, tx), SigningKeyRow.retired_at.is_(None))
    )
    return SealedKey(row.key_id, row.sealed_private_key, row.public_key)


async def tickets_of_order(tx: ReadTx, order_id: UUID, signer: Signer) -> list[Ticket]:
    """The tickets of an order as its buyer sees them, in the order they were issued: one that was handed on opens no door here."""
    return [
        replace(ticket, code=None, qr_code=None, attendee_info=None) if ticket.transferred_at else ticket
        for ticket in await whole_tickets_of_order(tx, order_id, signer)
    ]


async def whole_tickets_of_order(tx: ReadTx, order_id: UUID, signer: Signer) -> list[Ticket]:
    """The tickets of an order in the order they were issued, each with its current QR code, whoever holds it."""
    query = select(TicketRow).where(own(TicketRow, tx), TicketRow.order_id == order_id).order_by(TicketRow.id)
    rows = await tx.all(query)
    key = await current_key(tx) if rows else None
    return [_view(row, signer, key) for row in rows if key is not None]


async def held_ticket(tx: ReadTx, ticket_id: UUID, signer: Signer) -> HeldTicket:
    """One ticket as its holder of today sees it.

    Raises:
        NotFound: no such ticket.
    """
    found = await find_ticket(tx, ticket_id, signer)
    if found is None:
        raise NotFound(NO_TICKET)
    return found


async def find_ticket(tx: ReadTx, ticket_id: UUID, signer: Signer) -> HeldTicket | None:
    """As `held_ticket`, where there may be none."""
    row = await tx.first(one_ticket(tx, ticket_id))
    if row is None:
        return None
    of_order = await generation_of_order(tx, row.order_id)
    return HeldTicket(
        _view(row, signer, await current_key(tx)),
        row.generation,
        row.generation if row.transferred_at else rules.link_generation(row.generation, of_order=of_order),
        rules.former_links(row.generation, of_order=of_order),
    )


def one_ticket(tx: ReadTx, ticket_id: UUID) -> Select[TicketRow]:
    return select(TicketRow).where(own(TicketRow, tx), TicketRow.id == ticket_id)


async def link_generations(tx: ReadTx, order: Order) -> dict[UUID, int]:
    """The generation of the link to each ticket of an order that its buyer still holds."""
    query = select(TicketRow.id, TicketRow.generation).where(
        own(TicketRow, tx), TicketRow.order_id == order.id
    )
    return {
        row[0]: rules.link_generation(row[1], of_order=order.generation)
        for row in await tx.rows(query.where(TicketRow.transferred_at.is_(None)))
    }


async def tickets_held(tx: ReadTx, order_id: UUID) -> int:
    """How many tickets of an order still open the door for whoever ordered them."""
    query = (
        select(func.count()).select_from(TicketRow).where(own(TicketRow, tx), TicketRow.order_id == order_id)
    )
    return await tx.one(query.where(_IS_GOOD, TicketRow.transferred_at.is_(None)))


async def place_in_order(tx: ReadTx, ticket: Ticket) -> tuple[int, int]:
    """Which of the tickets of its order a ticket is, from 1, and of how many: the same whoever holds it and whatever opens a door."""
    query = select(func.count().filter(TicketRow.id <= ticket.id), func.count()).select_from(TicketRow)
    ((number, count),) = await tx.rows(query.where(own(TicketRow, tx), TicketRow.order_id == ticket.order_id))
    return number, count


async def good_of_orders(tx: ReadTx, order_ids: Iterable[UUID]) -> dict[UUID, tuple[int, int]]:
    """How many good tickets of each of these orders its buyer has, and how many somebody else; an order without any is not in it."""
    of = TicketRow
    is_theirs = of.transferred_at.is_(None)
    query = select(of.order_id, func.count().filter(is_theirs), func.count().filter(~is_theirs))
    good = own(of, tx), among(of.order_id, order_ids), _IS_GOOD
    return {
        order_id: (held, handed_on)
        for order_id, held, handed_on in await tx.rows(query.where(*good).group_by(of.order_id))
    }


async def orders_touching(tx: ReadTx, customer_id: UUID) -> set[UUID]:
    """The orders of a buyer, and those out of which they were handed a ticket."""
    handed = select(TicketRow.order_id).where(own(TicketRow, tx), TicketRow.transferred_to == customer_id)
    return {*await orders_bought(tx, customer_id), *await tx.all(handed)}


async def tickets_handed_to(tx: ReadTx, customer_id: UUID, *, most: int) -> list[HandedTicket]:
    """Good tickets that this buyer has from somebody else, the newest first."""
    of = TicketRow
    query = select(of.id, of.event_id, of.ticket_type_id, of.transferred_at, of.generation)
    theirs = own(of, tx), of.transferred_to == customer_id, of.status == TicketStatus.VALID
    rows = await tx.rows(query.where(*theirs).order_by(of.id.desc()).limit(most))
    return [HandedTicket(*row) for row in rows]


async def transfer(tx: ReadTx, ticket_id: UUID, generation: int) -> Transfer | None:
    """A change of hands with the addresses of both, as they are now."""
    query = (
        select(TransferRow, TicketRow)
        .join(TicketRow, (own(TicketRow, tx)) & (TicketRow.id == TransferRow.ticket_id))
        .where(own(TransferRow, tx), TransferRow.ticket_id == ticket_id, TransferRow.generation == generation)
    )
    for row, ticket in await tx.rows(query):
        person = msgspec.convert(ticket.attendee_info, Attendee) if ticket.attendee_info else Attendee()
        names = [person.first_name, person.last_name]
        return Transfer(
            ticket_id=ticket.id,
            event_id=ticket.event_id,
            order_id=ticket.order_id,
            generation=row.generation,
            giver=await customer_for_staff(tx, row.from_customer_id),
            receiver=await customer_for_staff(tx, row.to_customer_id),
            receiver_name=" ".join(name for name in names if name) or None,
        )
    return None


def _view(row: TicketRow, signer: Signer, key: SealedKey) -> Ticket:
    return Ticket(
        **{name: getattr(row, name) for name in _SAME},
        status=TicketStatus(row.status),
        attendee_info=msgspec.convert(row.attendee_info, Attendee) if row.attendee_info else None,
        qr_code=signer.qr_code(key, row.organization_id, row.id, row.generation),
    )
