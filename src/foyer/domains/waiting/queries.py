"""Reads of lines, and of reminders."""

from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select

from foyer.domains.carts import cart as cart_by_id
from foyer.domains.carts.types import CartStatus
from foyer.domains.customers import customer_for_staff
from foyer.domains.events import on_sale, type_names
from foyer.domains.waiting.errors import not_waiting
from foyer.domains.waiting.models import SaleReminderRow, WaitingListRow
from foyer.domains.waiting.rules import OTHERS_MAX, opening
from foyer.domains.waiting.types import (
    Reminder,
    ReminderWish,
    Told,
    Waiting,
    WaitingFilter,
    WaitingStaff,
    WaitingStatus,
)
from foyer.infra.db.tx import ReadTx, own
from foyer.kernel.errors import FoyerError
from foyer.kernel.paging import Page, read_cursor, write_cursor

_BECOME: Final = {
    CartStatus.ACTIVE: WaitingStatus.OFFERED,
    CartStatus.CONVERTED: WaitingStatus.TAKEN,
    CartStatus.EXPIRED: WaitingStatus.LAPSED,
    CartStatus.ABANDONED: WaitingStatus.LAPSED,
}

_LIST = """
SELECT w.id, w.event_id, w.ticket_type_id, t.name, w.customer_id, c.email, w.quantity, s.status, w.created_at, w.offered_at,
       k.expires_at AS offered_until, w.ended_at
FROM waiting_list w
JOIN ticket_types t ON t.organization_id = w.organization_id AND t.id = w.ticket_type_id
JOIN customers c ON c.organization_id = w.organization_id AND c.id = w.customer_id
LEFT JOIN carts k ON k.organization_id = w.organization_id AND k.id = w.cart_id
CROSS JOIN LATERAL (SELECT CASE WHEN w.status <> 'offered' THEN w.status WHEN k.status = 'converted' THEN 'taken'
  WHEN k.status <> 'active' OR k.expires_at <= foyer_now() THEN 'lapsed' ELSE 'offered' END AS status) s
WHERE w.organization_id = :tenant AND t.organization_id = :tenant AND c.organization_id = :tenant AND w.event_id = :event
  AND (CAST(:status AS text) IS NULL OR s.status = :status)
  AND (CAST(:kind AS uuid) IS NULL OR w.ticket_type_id = :kind)
  AND (CAST(:after AS uuid) IS NULL OR w.id > :after)
ORDER BY w.id LIMIT :most
"""


def one_row(tx: ReadTx, waiting_id: UUID) -> Select[WaitingListRow]:
    return select(WaitingListRow).where(own(WaitingListRow, tx), WaitingListRow.id == waiting_id)


async def waiting(tx: ReadTx, waiting_id: UUID) -> Waiting:
    """A place in line as it stands at this moment.

    Raises:
        NotFound: there is none, or its event is gone.
    """
    row = await tx.first(one_row(tx, waiting_id))
    if row is None or await on_sale(tx, event_id=row.event_id) is None:
        raise not_waiting()
    status, until = WaitingStatus(row.status), None
    if row.cart_id is not None:
        # What has become of an offer is in its cart before it is written down here.
        held = await cart_by_id(tx, row.cart_id)
        status, until = _BECOME[held.status], held.expires_at
        if status is WaitingStatus.OFFERED and until <= await tx.now():
            status = WaitingStatus.LAPSED
    names = await type_names(tx, [row.ticket_type_id])
    ahead = 0
    if status is WaitingStatus.WAITING:
        ahead = await _count(tx, row.event_id, row.ticket_type_id, WaitingListRow.id < row.id)
    return Waiting(
        id=row.id,
        event_id=row.event_id,
        ticket_type_id=row.ticket_type_id,
        name=names[row.ticket_type_id],
        quantity=row.quantity,
        status=status,
        ahead=ahead,
        cart_id=row.cart_id,
        offered_until=until,
        created_at=row.created_at,
    )


async def others_waiting(tx: ReadTx, event_id: UUID, type_id: UUID, customer_id: UUID) -> int:
    """How many beside this buyer wait for a ticket type, counted up to `OTHERS_MAX`."""
    return await _count(tx, event_id, type_id, WaitingListRow.customer_id != customer_id)


async def _count(tx: ReadTx, event_id: UUID, type_id: UUID, who: ColumnElement[bool]) -> int:
    some = (
        select(WaitingListRow.id)
        .where(
            own(WaitingListRow, tx),
            WaitingListRow.event_id == event_id,
            WaitingListRow.ticket_type_id == type_id,
            WaitingListRow.status == WaitingStatus.WAITING.value,
            who,
        )
        .limit(OTHERS_MAX)
    )
    return await tx.one(select(func.count()).select_from(some.subquery()))


async def told(tx: ReadTx, waiting_id: UUID) -> Told | None:
    """Whom to write to about a place in line; None where they are gone."""
    row = await tx.first(one_row(tx, waiting_id))
    if row is None:
        return None
    email = (await customer_for_staff(tx, row.customer_id)).email
    return None if email is None else Told(row.customer_id, email, row.language)


async def reminder(tx: ReadTx, reminder_id: UUID) -> Reminder | None:
    """A reminder that stands, with when its sale opens as it is planned today; None where nothing is to be waited for any more."""
    row = await tx.first(
        select(SaleReminderRow).where(own(SaleReminderRow, tx), SaleReminderRow.id == reminder_id)
    )
    if row is None:
        return None
    wish = ReminderWish(event_id=row.event_id, ticket_type_id=row.ticket_type_id, email="")
    opens_at = opening(await on_sale(tx, event_id=row.event_id), wish, await tx.now())
    if isinstance(opens_at, FoyerError):
        return None
    return Reminder(event_id=row.event_id, ticket_type_id=row.ticket_type_id, opens_at=opens_at)


async def reminded(tx: ReadTx, reminder_id: UUID) -> Told | None:
    """Whom to write to about a reminder; None where they are gone."""
    row = await tx.first(
        select(SaleReminderRow).where(own(SaleReminderRow, tx), SaleReminderRow.id == reminder_id)
    )
    if row is None:
        return None
    email = (await customer_for_staff(tx, row.customer_id)).email
    return None if email is None else Told(row.customer_id, email, row.language)


async def line_for_staff(
    tx: ReadTx, event_id: UUID, wanted: WaitingFilter, *, cursor: str | None, limit: int
) -> Page[WaitingStaff]:
    """Everybody who ever stood in line for an event, the first one first.

    Raises:
        Invalid: the cursor is none of ours.
    """
    rows = await tx.report(
        _LIST,
        event=event_id,
        status=wanted.status.value if wanted.status else None,
        kind=wanted.ticket_type_id,
        after=read_cursor(cursor),
        most=limit + 1,
    )
    items = [
        WaitingStaff(**{**row._mapping, "status": WaitingStatus(row.status)})  # noqa: SLF001 - its only way to a dict
        for row in rows[:limit]
    ]
    return Page(items, write_cursor(items[-1].id) if len(rows) > limit else None)
