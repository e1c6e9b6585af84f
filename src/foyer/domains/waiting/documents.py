"""A line as a file for spreadsheets."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from foyer.domains.waiting.queries import line_for_staff
from foyer.domains.waiting.types import WaitingFilter, WaitingStaff
from foyer.infra.db.tx import ReadTx
from foyer.infra.sheet import CHUNK, Column
from foyer.kernel.paging import Page


async def waiting_rows(
    event_id: UUID, wanted: WaitingFilter, tx: ReadTx, cursor: str | None
) -> Page[WaitingStaff]:
    """So much of a line as one piece of the file holds."""
    return await line_for_staff(tx, event_id, wanted, cursor=cursor, limit=CHUNK)


WAITING_COLUMNS: Final[Sequence[Column[WaitingStaff]]] = [
    Column("email", lambda one: one.email),
    Column("ticketType", lambda one: one.name),
    Column("quantity", lambda one: one.quantity),
    Column("status", lambda one: one.status.value),
    Column("createdAt", lambda one: one.created_at),
    Column("offeredAt", lambda one: one.offered_at),
    Column("offeredUntil", lambda one: one.offered_until),
    Column("endedAt", lambda one: one.ended_at),
    Column("id", lambda one: one.id),
]
