"""Standing in line and leaving it; being told when a sale opens."""

from typing import Final, cast
from uuid import UUID

from sqlalchemy import Select, delete, text
from sqlalchemy.dialects.postgresql import insert

from foyer.domains.carts import take_over
from foyer.domains.customers import link_customers, regular
from foyer.domains.customers.types import Customer
from foyer.domains.events import is_cancelled, on_sale
from foyer.domains.waiting.desk import close_offers, end_hopes, take_reminded
from foyer.domains.waiting.errors import not_waiting
from foyer.domains.waiting.facts import ReminderAsked, WaitingAsked
from foyer.domains.waiting.models import SaleReminderRow, WaitingListRow
from foyer.domains.waiting.queries import one_row, others_waiting, waiting
from foyer.domains.waiting.rules import (
    AGAIN_MAX,
    AGAIN_WITHIN,
    WAITING,
    begins_at,
    has_opened,
    opening,
    refusal,
)
from foyer.domains.waiting.types import Line, Reminder, ReminderWish, Told, WaitingStatus, WaitingWish
from foyer.infra.batching import Counter
from foyer.infra.db.tx import Tx, own
from foyer.infra.outbox import publish, times_told
from foyer.kernel.actor import Actor
from foyer.kernel.errors import Conflict, FoyerError, Invalid
from foyer.kernel.ids import uuid7
from foyer.kernel.language import said

BUYER: Final = ("organization_id", "event_id", "ticket_type_id", "customer_id")
"""A buyer stands in a line once, and is reminded of a sale once. Who is there is taken as they are, even while they are going."""


async def join_line(tx: Tx, wish: WaitingWish, *, language: str, actor: Actor) -> Line:
    """Put somebody on the list of a sold-out ticket type and write to them how to come back to their place in it.

    The answer is the same for who stands there already: they keep their place, and only their mailbox tells.

    Raises:
        NotFound: no such event.
        Invalid, UnderMinimum, OverLimit, NotOnSale: naming the field.
        Conflict: it can be had now.
    """
    if (refused := refusal(await on_sale(tx, event_id=wish.event_id), wish, await tx.now())) is not None:
        raise refused
    customer_id = await _reader(tx, wish.email)
    await close_offers(await tx.desk(), Counter(tx.organization_id, wish.event_id))
    waiting_id = await _place(tx, wish, customer_id, language)
    await _tell(tx, WaitingAsked(waiting_id=waiting_id, event_id=wish.event_id), actor)
    return Line(
        event_id=wish.event_id,
        ticket_type_id=wish.ticket_type_id,
        quantity=wish.quantity,
        others=await others_waiting(tx, wish.event_id, wish.ticket_type_id, customer_id),
    )


async def _reader(tx: Tx, email: str) -> UUID:
    """The customer who reads what is sent to an address."""
    buyer, found = regular(Customer(email=email), None)
    if found:
        raise Invalid.of(found)
    (customer_id,) = (await link_customers(await tx.desk(), tx.organization_id, [buyer])).values()
    return customer_id


async def _tell(tx: Tx, fact: WaitingAsked | ReminderAsked, actor: Actor) -> None:
    """Have a mail written about it, but not to a mailbox that got several within the hour."""
    since = await tx.now() - AGAIN_WITHIN
    if await times_told(tx, type(fact), fact.subject_id, since=since) < AGAIN_MAX:
        publish(tx, actor, fact)


async def _place(tx: Tx, wish: WaitingWish, customer_id: UUID, language: str) -> UUID:
    """A new place at the end of the line, or the one that this buyer has."""
    new = insert(WaitingListRow).values(
        organization_id=tx.organization_id,
        id=uuid7(),
        event_id=wish.event_id,
        ticket_type_id=wish.ticket_type_id,
        customer_id=customer_id,
        quantity=wish.quantity,
        language=language,
    )
    standing = new.on_conflict_do_update(
        index_elements=BUYER,
        index_where=text("status IN ('waiting', 'offered')"),
        set_={"customer_id": customer_id},
    )
    return await tx.one(cast("Select[UUID]", standing.returning(WaitingListRow.id)))


async def leave_line(tx: Tx, waiting_id: UUID) -> None:
    """Give up a place in line. Once it has ended this changes nothing.

    Raises:
        NotFound: there is no such place.
        Conflict: places are held for it; give back the cart.
    """
    row = next(iter(await tx.lock(one_row(tx, waiting_id))), None)
    if row is None:
        raise not_waiting()
    status = WaitingStatus(row.status)
    # An offer may have ended before that is written down.
    if status is WaitingStatus.OFFERED and (await waiting(tx, waiting_id)).status is WaitingStatus.OFFERED:
        raise Conflict(
            said("Places are held for this one; give back the cart that holds them."), field="status"
        )
    if WAITING.allows(status, WaitingStatus.LEFT):
        row.status, row.ended_at = WaitingStatus.LEFT.value, await tx.now()
        await tx.flush()


async def take_offer(tx: Tx, waiting_id: UUID, session_id: str) -> bool:
    """Have this session, and no other, hold the cart of an offer; False where none stands.

    Raises:
        NotFound: there is no such place in line.
        Conflict: the session holds other places of this event.
    """
    found = await waiting(tx, waiting_id)
    if found.cart_id is None or found.status is not WaitingStatus.OFFERED:
        return False
    await take_over(tx, found.cart_id, session_id)
    return True


async def ask_reminder(tx: Tx, wish: ReminderWish, *, language: str, actor: Actor) -> Reminder:
    """Have somebody told once when the sale of a ticket type opens, and write to them how to take that back.

    Asking again changes nothing, and the answer does not tell whether the address is known.

    Raises:
        NotFound: no such event.
        Invalid, NotOnSale: naming the field.
        Conflict: the sale has begun.
    """
    opens_at = opening(await on_sale(tx, event_id=wish.event_id), wish, await tx.now())
    if isinstance(opens_at, FoyerError):
        raise opens_at
    customer_id = await _reader(tx, wish.email)
    reminder_id = await _remembered(tx, wish, customer_id, language)
    await _tell(tx, ReminderAsked(reminder_id=reminder_id, event_id=wish.event_id), actor)
    return Reminder(event_id=wish.event_id, ticket_type_id=wish.ticket_type_id, opens_at=opens_at)


async def _remembered(tx: Tx, wish: ReminderWish, customer_id: UUID, language: str) -> UUID:
    new = insert(SaleReminderRow).values(
        organization_id=tx.organization_id,
        id=uuid7(),
        event_id=wish.event_id,
        ticket_type_id=wish.ticket_type_id,
        customer_id=customer_id,
        language=language,
    )
    standing = new.on_conflict_do_update(index_elements=BUYER, set_={"customer_id": customer_id})
    return await tx.one(cast("Select[UUID]", standing.returning(SaleReminderRow.id)))


async def drop_reminder(tx: Tx, reminder_id: UUID) -> None:
    """Take a reminder back. Where there is none any more this changes nothing."""
    await tx.execute(
        delete(SaleReminderRow).where(own(SaleReminderRow, tx), SaleReminderRow.id == reminder_id)
    )


async def take_reminders(tx: Tx, event_id: UUID, type_id: UUID, most: int) -> list[Told]:
    """Whom to tell that a sale has opened, at most so many, each given out once; nobody where it has not, or not for everybody."""
    sale = await on_sale(tx, event_id=event_id)
    if sale is None or not has_opened(sale, type_id, await tx.now()):
        return []
    readers = await take_reminded(await tx.desk(), Counter(tx.organization_id, event_id), type_id, most)
    since = begins_at(sale, type_id)
    return [one._replace(since=since) for one in readers]


async def end_line(tx: Tx, event_id: UUID, most: int) -> list[Told]:
    """Whom to tell that the event they wait for, or for whose sale, is cancelled: at most so many, each given out once; nobody where it is not."""
    if not await is_cancelled(tx, event_id):
        return []
    return await end_hopes(await tx.desk(), Counter(tx.organization_id, event_id), most)
