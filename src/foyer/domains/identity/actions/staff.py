"""Members of staff."""

from uuid import UUID

from foyer.domains.identity import rules
from foyer.domains.identity.actions.passwords import hash_password
from foyer.domains.identity.models import UserRow
from foyer.domains.identity.types import UserDraft
from foyer.infra.db.tx import Tx
from foyer.kernel.errors import Invalid
from foyer.kernel.ids import uuid7
from foyer.kernel.text import email_address, tidy_line


async def add_user(tx: Tx, draft: UserDraft, *, is_confirmed: bool = True) -> UUID:
    """Add an active member of staff.

    Args:
        tx: the transaction.
        draft: who it is.
        is_confirmed: whether somebody vouches for the address: an operator, or a link that was sent to it.

    Raises:
        Invalid: a field cannot be taken.
    """
    if found := rules.findings_in(draft):
        raise Invalid.of(found)
    row = UserRow(
        organization_id=tx.organization_id,
        id=uuid7(),
        name=tidy_line(draft.name),
        email=email_address(draft.email),
        email_confirmed_at=await tx.now() if is_confirmed else None,
        password_hash=await hash_password(draft.password),
        role=draft.role,
        status="active",
    )
    tx.add(row)
    await tx.flush()
    return row.id
