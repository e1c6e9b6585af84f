"""People in line."""

from collections.abc import Sequence
from uuid import UUID

from foyer.domains.events.types import EventStaff, TicketTypeDraft
from foyer.domains.waiting import join_line, line_for_staff
from foyer.domains.waiting.types import Line, WaitingFilter, WaitingStaff, WaitingWish
from foyer.infra.db.engine import Database
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
