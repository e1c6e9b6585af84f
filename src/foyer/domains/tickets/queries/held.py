"""Tickets as their holders have them: with what opens the door."""

from functools import lru_cache
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from foyer.domains.tickets import rules
from foyer.domains.tickets.models import SigningKeyRow, TicketRow
from foyer.domains.tickets.types import Attendee, Ticket, TicketStatus
from foyer.infra.crypto import Keyring
from foyer.infra.db.tx import ReadTx, own

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


class SealedKey(msgspec.Struct, frozen=True):
    """An organization's signing key as it is kept."""

    key_id: int
    sealed: bytes


def seal_context(organization_id: UUID) -> str:
    return f"signing key|{organization_id}"


async def current_key(tx: ReadTx) -> SealedKey:
    row = await tx.one(
        select(SigningKeyRow).where(own(SigningKeyRow, tx), SigningKeyRow.retired_at.is_(None))
    )
    return SealedKey(row.key_id, row.sealed_private_key)


async def tickets_of_order(tx: ReadTx, order_id: UUID, signer: Signer) -> list[Ticket]:
    """The tickets of an order in the order they were issued, each with its current QR code."""
    query = select(TicketRow).where(own(TicketRow, tx), TicketRow.order_id == order_id).order_by(TicketRow.id)
    rows = await tx.all(query)
    if not rows:
        return []
    key = await current_key(tx)
    return [
        Ticket(
            **{name: getattr(row, name) for name in _SAME},
            status=TicketStatus(row.status),
            attendee_info=msgspec.convert(row.attendee_info, Attendee) if row.attendee_info else None,
            qr_code=signer.qr_code(key, tx.organization_id, row.id, row.generation),
        )
        for row in rows
    ]
