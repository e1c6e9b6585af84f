"""Codes that are sent to a buyer's address: whoever types one reads there."""

import hmac
import secrets
from collections.abc import Collection

from sqlalchemy import delete, select, update

from foyer.domains.identity import rules
from foyer.domains.identity.models import OneTimeCodeRow
from foyer.domains.identity.types import BuyerCode
from foyer.infra.crypto import Keyring
from foyer.infra.db.tx import Tx, among, own
from foyer.kernel.ids import uuid7
from foyer.kernel.text import email_key


async def fresh_buyer_code(tx: Tx, email: str, keyring: Keyring) -> BuyerCode:
    """A code that signs in whoever reads at this address, made when the mail is written: neither a fact nor a job knows it."""
    now, code_id = await tx.now(), uuid7()
    digits = f"{secrets.randbelow(10**rules.BUYER_CODE_DIGITS):0{rules.BUYER_CODE_DIGITS}d}"
    row = OneTimeCodeRow(
        organization_id=tx.organization_id,
        id=code_id,
        purpose=rules.BUYER_SIGN_IN,
        email=email,
        email_key=email_key(email),
        code_hash=keyring.code_hashes(tx.organization_id, code_id, digits)[0],
        created_at=now,
        expires_at=now + rules.BUYER_CODE_LASTS,
    )
    tx.add(row)
    await tx.flush()
    return BuyerCode(digits, row.expires_at)


async def use_buyer_code(tx: Tx, email: str, text: str, keyring: Keyring) -> bool:
    """Use a code up, and every other one that was sent to this address; whether it was one that is good."""
    digits, now = rules.read_digits(text), await tx.now()
    sent = (
        own(OneTimeCodeRow, tx),
        OneTimeCodeRow.purpose == rules.BUYER_SIGN_IN,
        OneTimeCodeRow.email_key == email_key(email),
        OneTimeCodeRow.used_at.is_(None),
    )
    good = select(OneTimeCodeRow).where(*sent, OneTimeCodeRow.expires_at > now).order_by(OneTimeCodeRow.id)
    for row in await tx.lock(good):
        hashes = keyring.code_hashes(tx.organization_id, row.id, digits)
        if any(hmac.compare_digest(row.code_hash, one) for one in hashes):
            await tx.execute(update(OneTimeCodeRow).where(*sent).values(used_at=now))
            return True
    return False


async def forget_buyer_codes(tx: Tx, keys: Collection[str]) -> None:
    """Let go of every code that was sent to these addresses, named by their `email_key`."""
    sent = own(OneTimeCodeRow, tx), OneTimeCodeRow.purpose == rules.BUYER_SIGN_IN
    await tx.execute(delete(OneTimeCodeRow).where(*sent, among(OneTimeCodeRow.email_key, keys)))
