"""Writes of tickets outside the desks."""

import secrets

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from foyer.domains.tickets.models import SigningKeyRow
from foyer.domains.tickets.queries import seal_context
from foyer.infra.crypto import Keyring
from foyer.infra.db.tx import Tx
from foyer.kernel.ids import uuid7


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
