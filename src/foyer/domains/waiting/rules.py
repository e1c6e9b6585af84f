"""Who may wait, and how long an offer stands."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from foyer.domains.events.types import EventOnSale, SaleState, TypeOnSale
from foyer.domains.identity.types import Limit
from foyer.domains.waiting.types import ReminderWish, WaitingStatus, WaitingWish
from foyer.kernel.errors import Conflict, FoyerError, Invalid, NotFound, NotOnSale, OverLimit, UnderMinimum
from foyer.kernel.language import said
from foyer.kernel.machine import Machine

OFFER: Final = timedelta(hours=2)
"""How long places are held for whoever is next: long enough to see a mail, short enough for those behind."""
OFFER_LEAST: Final = timedelta(minutes=15)
JOINS: Final = Limit("waiting list", 60, timedelta(hours=1))
"""How often a network asks to be put on lists, each of which writes a mail to somebody."""
REMINDERS: Final = Limit("sale reminders", 60, timedelta(hours=1))
"""How often a network asks to be told of sales, each of which writes a mail to somebody."""
OTHERS_MAX: Final = 1_000
"""So far a line is counted; behind that the exact number tells nobody anything."""
AGAIN_MAX: Final = 3
AGAIN_WITHIN: Final = timedelta(hours=1)
"""So often within an hour the same place in line is written about to whoever asks for it again."""

WAITING: Final = Machine(
    "place in line",
    start=frozenset({WaitingStatus.WAITING}),
    moves={
        WaitingStatus.WAITING: frozenset({WaitingStatus.OFFERED, WaitingStatus.LEFT}),
        WaitingStatus.OFFERED: frozenset({WaitingStatus.TAKEN, WaitingStatus.LAPSED}),
        WaitingStatus.TAKEN: frozenset(),
        WaitingStatus.LAPSED: frozenset(),
        WaitingStatus.LEFT: frozenset(),
    },
)


def offered_until(now: datetime, starts_at: datetime) -> datetime:
    """Until when an offer of this moment stands: shorter where the event is near, so that those behind still have a chance."""
    return now + max(OFFER_LEAST, min(OFFER, (starts_at - now) / 2))


def refusal(sale: EventOnSale | None, wish: WaitingWish, now: datetime) -> FoyerError | None:
    """Why nobody can wait for this; None where they can."""
    if sale is None or not sale.terms.is_shown(has_grant=False):
        return NotFound(said("There is no such event."))
    kind = _shown(sale, wish.ticket_type_id)
    return _no_type() if kind is None else _wrong_size(kind, wish) or _closed(sale, kind, wish, now)


def opening(sale: EventOnSale | None, wish: ReminderWish, now: datetime) -> datetime | FoyerError:
    """When the sale of this opens, or why nobody is reminded of it."""
    if sale is None or not sale.terms.is_shown(has_grant=False):
        return NotFound(said("There is no such event."))
    kind = _shown(sale, wish.ticket_type_id)
    if kind is None:
        return _no_type()
    opens_at = sale.terms.sales.narrowed(kind.terms.sales).start
    match sale.terms.state_of(kind.terms, free=kind.free, now=now):
        case SaleState.NOT_YET if opens_at is not None:
            return opens_at
        case SaleState.ON_SALE | SaleState.BY_APPROVAL | SaleState.SOLD_OUT:
            return Conflict(
                said("The sale of %(ticket)s has begun; look at the event’s page.", ticket=kind.terms.name),
                field="ticketTypeId",
            )
        case _:
            return NotOnSale(said("Nothing is sold of this any more."), field="ticketTypeId")


def begins_at(sale: EventOnSale, type_id: UUID) -> datetime | None:
    """From when this is sold, as it is planned today; None where no time is named."""
    kind = _shown(sale, type_id)
    return None if kind is None else sale.terms.sales.narrowed(kind.terms.sales).start


def has_opened(sale: EventOnSale, type_id: UUID, now: datetime) -> bool:
    """Whether those who wanted to be reminded are told now: not of what was called off, hidden or sold long enough meanwhile."""
    kind = _shown(sale, type_id) if sale.terms.is_shown(has_grant=False) else None
    if kind is None:
        return False
    state = sale.terms.state_of(kind.terms, free=kind.free, now=now)
    return state in {SaleState.ON_SALE, SaleState.BY_APPROVAL, SaleState.SOLD_OUT}


def _shown(sale: EventOnSale, type_id: UUID) -> TypeOnSale | None:
    """A ticket type as everybody sees it."""
    return next((one for one in sale.types if one.terms.id == type_id and not one.terms.is_hidden), None)


def _no_type() -> FoyerError:
    return Invalid(said("There is no such ticket at this event."), field="ticketTypeId")


def _wrong_size(kind: TypeOnSale, wish: WaitingWish) -> FoyerError | None:
    least, most = kind.terms.min_per_order, kind.terms.max_per_order
    if wish.quantity < least:
        return UnderMinimum(
            said("%(ticket)s: take at least %(least)s.", ticket=kind.terms.name, least=least),
            field="quantity",
        )
    if wish.quantity > most:
        return OverLimit(
            said("%(ticket)s: take at most %(most)s in one order.", ticket=kind.terms.name, most=most),
            field="quantity",
        )
    return None


def _closed(sale: EventOnSale, kind: TypeOnSale, wish: WaitingWish, now: datetime) -> FoyerError | None:
    # What can be bought by fewer is still out for a larger group.
    free = 0 if kind.free < wish.quantity else kind.free
    match sale.terms.state_of(kind.terms, free=free, now=now):
        case SaleState.SOLD_OUT:
            return None
        case SaleState.ON_SALE | SaleState.BY_APPROVAL:
            return Conflict(
                said("%(ticket)s can be had now; nobody needs to wait.", ticket=kind.terms.name),
                field="quantity",
            )
        case SaleState.NOT_YET:
            return NotOnSale(
                said("%(ticket)s is not on sale yet.", ticket=kind.terms.name), field="ticketTypeId"
            )
        case _:
            return NotOnSale(said("Nothing is sold of this any more."), field="ticketTypeId")
