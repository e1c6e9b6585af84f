"""Whose a cart is."""

from uuid import UUID

from sqlalchemy import update

from foyer.domains.carts.errors import HOLDS_OTHERS
from foyer.domains.carts.models import CartRow
from foyer.domains.carts.types import CartStatus
from foyer.infra.db.constraints import in_words
from foyer.infra.db.tx import Tx, own
from foyer.kernel.errors import Conflict


async def take_over(tx: Tx, cart_id: UUID, session_id: str) -> None:
    """Make a live cart one of this session, and of no other any more. One that is not live stays as it is.

    Raises:
        Conflict: the session has a live cart of this event already.
    """
    has_another = Conflict(HOLDS_OTHERS, field="cartId")
    live = (own(CartRow, tx), CartRow.id == cart_id, CartRow.status == CartStatus.ACTIVE.value)
    with in_words(uq_carts_session=has_another):
        await tx.execute(update(CartRow).where(*live).values(session_id=session_id))
