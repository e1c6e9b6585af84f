"""Tickets as staff look for them: lists, one ticket, and what happened to it at doors."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, func, or_, select

from foyer.domains.orders import orders_begun
from foyer.domains.tickets.models import ScanRow, TicketRow, TransferRow
from foyer.domains.tickets.queries.held import NO_TICKET, one_ticket
from foyer.domains.tickets.rules import as_result
from foyer.domains.tickets.types import (
    Attendee,
    CheckInState,
    HandedOn,
    Scan,
    TicketFilter,
    TicketStaff,
    TicketStatus,
)
from foyer.infra.db.newest import around
from foyer.infra.db.prefix import begins
from foyer.infra.db.tx import ReadTx, among, own
from foyer.kernel.errors import NotFound
from foyer.kernel.ids import read_crockford
from foyer.kernel.paging import Spot, Stretch
from foyer.kernel.text import tidy_line

SEARCHED_ORDERS_MAX: Final = 500
"""Of so many orders that begin as asked the tickets are shown; who means somebody types on."""
_STAFF: Final = tuple(
    name for name in TicketStaff.__struct_fields__ if name not in {"status", "attendee_info"}
)
_ENDED: Final = (TicketStatus.CANCELLED.value, TicketStatus.REFUNDED.value)


async def ticket_for_staff(tx: ReadTx, ticket_id: UUID) -> TicketStaff:
    """Raises:
    NotFound: no such ticket.
    """
    row = await tx.first(one_ticket(tx, ticket_id))
    if row is None:
        raise NotFound(NO_TICKET)
    return _staff_view(row)


async def tickets_for_staff(tx: ReadTx, order_id: UUID) -> list[TicketStaff]:
    """The tickets of an order in the order they were issued."""
    query = select(TicketRow).where(own(TicketRow, tx), TicketRow.order_id == order_id)
    return [_staff_view(row) for row in await tx.all(query.order_by(TicketRow.id))]


async def tickets_around(tx: ReadTx, wanted: TicketFilter, *, spot: Spot, limit: int) -> Stretch[TicketStaff]:
    """Tickets as a list that is walked either way.

    Raises:
        Invalid: a cursor is none of ours.
    """
    conditions = await _conditions(tx, wanted)
    rows, before, after = await around(tx, TicketRow, conditions, spot=spot, limit=limit)
    return Stretch([_staff_view(row) for row in rows], before, after)


async def count_tickets(tx: ReadTx, wanted: TicketFilter, *, most: int) -> int:
    """How many tickets there are, counted up to `most`."""
    some = select(TicketRow.id).where(own(TicketRow, tx), *await _conditions(tx, wanted)).limit(most)
    return await tx.one(select(func.count()).select_from(some.subquery()))


async def _conditions(tx: ReadTx, wanted: TicketFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.event_id is not None:
        found.append(TicketRow.event_id == wanted.event_id)
    if wanted.ticket_type_id is not None:
        found.append(TicketRow.ticket_type_id == wanted.ticket_type_id)
    if wanted.state is CheckInState.ENDED:
        found.append(TicketRow.status.in_(_ENDED))
    elif wanted.state is not None:
        is_in = wanted.state is CheckInState.INSIDE
        found.append(TicketRow.status == (TicketStatus.USED if is_in else TicketStatus.VALID).value)
    if begun := tidy_line(wanted.q or ""):
        found.append(await _begins(tx, begun, wanted.event_id))
    return found


async def _begins(tx: ReadTx, text: str, event_id: UUID | None) -> ColumnElement[bool]:
    """Whether a ticket, whoever comes with it or whoever bought it, begins so."""
    keys = (TicketRow.attendee_name_key, TicketRow.attendee_last_name_key, TicketRow.attendee_email_key)
    ways = [begins(key, text.lower()) for key in keys]
    if code := read_crockford(text):
        ways.append(begins(TicketRow.code, code))
    if orders := await orders_begun(tx, text, event_id=event_id, most=SEARCHED_ORDERS_MAX):
        ways.append(TicketRow.order_id.in_(orders))
    return or_(*ways)


async def scans_of(tx: ReadTx, ticket_ids: Collection[UUID], *, most: int) -> list[Scan]:
    """The latest looks at these tickets at the door, the newest first."""
    query = (
        select(ScanRow)
        .where(own(ScanRow, tx), among(ScanRow.ticket_id, list(ticket_ids)))
        .order_by(ScanRow.id.desc())
    )
    return [
        Scan(row.ticket_id, as_result(row.result), row.created_at, row.user_id, row.device_id)
        for row in await tx.all(query.limit(most))
        if row.ticket_id is not None
    ]


async def changes_of_hands(tx: ReadTx, ticket_ids: Collection[UUID], *, most: int) -> list[HandedOn]:
    """The latest transfers of these tickets, the newest first."""
    query = (
        select(TransferRow)
        .where(own(TransferRow, tx), among(TransferRow.ticket_id, list(ticket_ids)))
        .order_by(TransferRow.id.desc())
    )
    return [
        HandedOn(row.ticket_id, row.from_customer_id, row.to_customer_id, row.generation, row.created_at)
        for row in await tx.all(query.limit(most))
    ]


def _staff_view(row: TicketRow) -> TicketStaff:
    return TicketStaff(
        **{name: getattr(row, name) for name in _STAFF},
        status=TicketStatus(row.status),
        attendee_info=msgspec.convert(row.attendee_info, Attendee) if row.attendee_info else None,
    )
