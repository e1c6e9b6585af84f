"""People in line."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from foyer.domains.events.types import EventStaff, TicketTypeDraft
from foyer.domains.waiting import ask_reminder, join_line, line_for_staff
from foyer.domains.waiting.models import SaleReminderRow
from foyer.domains.waiting.types import Line, Reminder, ReminderWish, WaitingFilter, WaitingStaff, WaitingWish
from foyer.infra.db.engine import Database
from foyer.infra.db.tx import own
from foyer.kernel.actor import visitor
from tests.support.trade import Trade
from tests.support.world import Organization, make_event


async def join(trade: Trade, event: EventStaff, kind: UUID, quantity: int, email: str) -> Line:
    wish = WaitingWish(event_id=event.id, ticket_type_id=kind, quantity=quantity, email=email)
    async with trade.database.write(trade.id) as tx:
        return await join_line(tx, wish, language="en", actor=visitor(trade.id))


async def line(trade: Trade, event: EventStaff) -> Sequence[WaitingStaff]:
    """Everybody in line, the first one first."""
    async with trade.database.read(trade.id) as tx:
        return (await line_for_staff(tx, event.id, WaitingFilter(), cursor=None, limit=100)).items


async def standing(trade: Trade, event: EventStaff) -> list[str]:
    return [one.status.value for one in await line(trade, event)]


async def in_line(database: Database, organization: Organization) -> WaitingStaff:
    """Somebody who waits for two places of an event that has one."""
    kind = TicketTypeDraft(name="Last one", quantity=1, is_free=True)
    event = await make_event(database, organization, kind)
    wish = WaitingWish(
        event_id=event.id, ticket_type_id=event.ticket_types[0].id, quantity=2, email="patient@example.org"
    )
    async with database.write(organization.id) as tx:
        await join_line(tx, wish, language="en", actor=visitor(organization.id))
        return (await line_for_staff(tx, event.id, WaitingFilter(), cursor=None, limit=1)).items[0]


OPENS_IN = timedelta(days=4)
"""So long before its sale opens an event of `not_yet` is."""


async def not_yet(database: Database, organization: Organization, *, count: int = 1) -> EventStaff:
    """An event whose sale opens in a few days."""
    opens = datetime.now(UTC) + OPENS_IN
    kinds = [
        TicketTypeDraft(
            name=f"Seat {number}",
            quantity=9,
            price=1_000,
            sales_start_date=opens + number * timedelta(hours=1),
        )
        for number in range(count)
    ]
    return await make_event(database, organization, *kinds)


async def remind(
    database: Database,
    organization: Organization,
    event: EventStaff,
    email: str,
    *,
    language: str = "en",
    place: int = 0,
) -> Reminder:
    """Somebody asks to be told when the sale of this event opens."""
    wish = ReminderWish(event_id=event.id, ticket_type_id=event.ticket_types[place].id, email=email)
    async with database.write(organization.id) as tx:
        return await ask_reminder(tx, wish, language=language, actor=visitor(organization.id))


async def reminded(database: Database, organization: Organization) -> UUID:
    """The id of a reminder that stands."""
    await remind(database, organization, await not_yet(database, organization), "eager@example.org")
    async with database.read(organization.id) as tx:
        return await tx.one(select(SaleReminderRow.id).where(own(SaleReminderRow, tx)).limit(1))
