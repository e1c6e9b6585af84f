"""Writes of buyers."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final
from uuid import UUID

import msgspec
from msgspec.structs import asdict
from sqlalchemy import delete, update

from foyer.domains.customers.facts import OrdersSought
from foyer.domains.customers.models import BuyerSessionRow, ConsentRow, CustomerRow
from foyer.domains.customers.queries import NO_CUSTOMER, at_address, customer_at, one_customer, staff_view
from foyer.domains.customers.rules import SESSION_LASTS, regular
from foyer.domains.customers.types import Address, Customer, CustomerDraft, CustomerStaff, NewBuyerSession
from foyer.domains.identity import BUYER_CODE_LASTS, is_whole_code, use_buyer_code
from foyer.infra.audit import differences, record
from foyer.infra.crypto import BUYER_SESSION_PREFIX, Keyring, new_secret, secret_hash
from foyer.infra.db.constraints import in_words
from foyer.infra.db.tx import Tx, own
from foyer.infra.outbox import publish, times_told
from foyer.kernel.actor import Actor
from foyer.kernel.errors import Conflict, Invalid, NotFound
from foyer.kernel.ids import uuid7
from foyer.kernel.language import said
from foyer.kernel.text import email_key

SOUGHT_MAX: Final = 3
SOUGHT_WITHIN: Final = timedelta(hours=1)
NO_CODE: Final = said("Type the eight digits from the mail.")
WRONG_CODE: Final = said(
    "This is not the code that we sent, or its %(minutes)s minutes are over. Check it, or have a new one sent.",
    minutes=BUYER_CODE_LASTS // timedelta(minutes=1),
)


async def seek_orders(tx: Tx, email: str, *, language: str | None, actor: Actor) -> None:
    """Have the links to a buyer's orders, and a code that signs them in, sent to their address, if there is such a buyer.

    They are written in `language`, or in the shop's.

    Nobody learns whether there is.

    Raises:
        Invalid: it is no address.
    """
    customer_id = await customer_at(tx, email)
    if customer_id is None:
        return
    since = await tx.now() - SOUGHT_WITHIN
    if await times_told(tx, OrdersSought, customer_id, since=since) < SOUGHT_MAX:
        publish(tx, actor, OrdersSought(customer_id=customer_id, language=language))


async def enter_account(tx: Tx, email: str, code: str, *, keyring: Keyring) -> NewBuyerSession:
    """Sign a buyer in by the code that was sent to their address. Of a wrong code nobody learns whether there is such a buyer.

    Raises:
        Invalid: it is no address, or not the code that was sent to it, or one that is too old or was used.
    """
    # The buyer first, as erasing them does: two who wait for each other would both be sent away.
    known = next(iter(await tx.lock(at_address(tx, email))), None)
    if not is_whole_code(code):
        raise Invalid(NO_CODE, field="code")
    if not await use_buyer_code(tx, email, code, keyring) or known is None:
        raise Invalid(WRONG_CODE, field="code")
    now, token = await tx.now(), new_secret(BUYER_SESSION_PREFIX)
    row = BuyerSessionRow(
        organization_id=tx.organization_id,
        id=uuid7(),
        customer_id=known.id,
        token_hash=secret_hash(token),
        created_at=now,
        expires_at=now + SESSION_LASTS,
    )
    tx.add(row)
    await tx.flush()
    return NewBuyerSession(id=row.id, token=token, expires_at=row.expires_at)


async def leave_account(tx: Tx, session_id: UUID) -> None:
    """End a buyer's session; one that has ended stays so."""
    ended = update(BuyerSessionRow).where(own(BuyerSessionRow, tx), BuyerSessionRow.id == session_id)
    await tx.execute(ended.where(BuyerSessionRow.revoked_at.is_(None)).values(revoked_at=await tx.now()))


async def edit_customer(
    tx: Tx, customer_id: UUID, revise: Callable[[CustomerDraft], CustomerDraft], *, actor: Actor
) -> CustomerStaff:
    """Revise a buyer under their lock. Orders keep the buyer as they were; who reads another address is signed out.

    Raises:
        NotFound: no such customer.
        Invalid: naming every field that cannot be taken; a yes to marketing is one.
        Conflict: they were erased, or another customer has the address.
    """
    row = next(iter(await tx.lock(one_customer(tx, customer_id))), None)
    if row is None:
        raise NotFound(NO_CUSTOMER)
    if row.erased_at is not None:
        raise Conflict(said("This customer was erased; there is nobody left to change."), field="erasedAt")
    before = _draft(row)
    draft = revise(before)
    if draft.marketing and not row.marketing:
        raise Invalid(said("Only the buyer can say yes to marketing."), field="marketing")
    tidied, found = regular(Customer(**asdict(draft)), None)
    if found:
        raise Invalid.of(found)
    is_read_elsewhere = row.email_key != email_key(tidied.email)
    row.email, row.email_key = tidied.email, email_key(tidied.email)
    row.first_name, row.last_name, row.phone = tidied.first_name, tidied.last_name, tidied.phone
    row.address = msgspec.to_builtins(tidied.address) if tidied.address else None
    if row.marketing and not draft.marketing:
        row.marketing, row.marketing_at = False, None
        tx.add(_no(tx, row.id))
    with in_words(uq_customers_email_key=Conflict(said("Another customer has this address."), field="email")):
        await tx.flush()
    if is_read_elsewhere:
        theirs = own(BuyerSessionRow, tx), BuyerSessionRow.customer_id == customer_id
        await tx.execute(delete(BuyerSessionRow).where(*theirs))
    changes = differences(before, _draft(row), unsaid=set(CustomerDraft.__struct_fields__) - {"marketing"})
    record(tx, actor, "customer.updated", "customer", customer_id, changes)
    return staff_view(row)


def _draft(row: CustomerRow) -> CustomerDraft:
    address = msgspec.convert(row.address, Address) if row.address else None
    same = {name: getattr(row, name) for name in CustomerDraft.__struct_fields__ if name != "address"}
    return CustomerDraft(**same, address=address)


def _no(tx: Tx, customer_id: UUID) -> ConsentRow:
    return ConsentRow(
        organization_id=tx.organization_id,
        id=uuid7(),
        customer_id=customer_id,
        marketing=False,
        source="staff",
    )
