"""Whether a buyer may take what is asked for, and the sentence when not."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from foyer.domains.carts.errors import no_event, too_dear
from foyer.domains.carts.types import ChosenLine, WantedLine
from foyer.domains.events.types import Grant, SaleState, SaleTerms, TypeTerms
from foyer.domains.inventory.types import Shortage
from foyer.kernel.errors import (
    CodeInvalid,
    FoyerError,
    Invalid,
    NotOnSale,
    OverLimit,
    SoldOut,
    UnderMinimum,
)
from foyer.kernel.language import said
from foyer.kernel.money import ORDER_TOTAL_MAX
from foyer.kernel.text import tidy_line
from foyer.kernel.time import spoken

LINES_MAX: Final = 50
QUANTITY_MAX: Final = 1_000
CODE_MAX: Final = 40


def regular_lines(
    lines: Sequence[WantedLine], *, least: int = 1, grant: Grant | None = None
) -> tuple[ChosenLine, ...]:
    """One line for each ticket type, in the order first named.

    Args:
        lines: as the buyer sent them; the same type may come twice.
        least: the smallest quantity of a line; 0 where a line can be taken away.
        grant: what an access link opens to the buyer, where there is one.

    Raises:
        Invalid, OverLimit, UnderMinimum: naming the line.
    """
    if not lines or len(lines) > LINES_MAX:
        raise Invalid(said("Choose 1 to %(most)s kinds of tickets.", most=LINES_MAX), field="items")
    merged: dict[UUID, int] = {}
    places: dict[UUID, int] = {}
    total = 0
    for place, line in enumerate(lines):
        if line.quantity < least:
            raise UnderMinimum(said("Choose at least one ticket."), field=f"items[{place}].quantity")
        places.setdefault(line.ticket_type_id, place)
        merged[line.ticket_type_id] = merged.get(line.ticket_type_id, 0) + line.quantity
        total += line.quantity
        require_size(total, field=f"items[{place}].quantity")
    return tuple(
        ChosenLine(type_id, quantity, places[type_id], grant) for type_id, quantity in merged.items()
    )


def regular_code(text: str) -> str:
    """A discount code as it was typed, without what is around it.

    Raises:
        CodeInvalid: nothing was typed, or more than any code has.
    """
    code = tidy_line(text)
    if not 1 <= len(code) <= CODE_MAX:
        raise CodeInvalid(said("There is no such code."), field="discountCode")
    return code


def require_size(tickets: int, *, field: str) -> None:
    """Refuse a cart that is larger than one order may be.

    Raises:
        OverLimit: naming the line that went too far.
    """
    if tickets > QUANTITY_MAX:
        raise OverLimit(said("Choose at most %(most)s tickets in one order.", most=QUANTITY_MAX), field=field)


def excess(total: int) -> OverLimit | None:
    """Why a cart of this total cannot be paid in one order; None when it can."""
    return too_dear() if total > ORDER_TOTAL_MAX else None


def refusal(
    terms: SaleTerms | None, types: Mapping[UUID, TypeTerms], lines: Sequence[ChosenLine], now: datetime
) -> FoyerError | None:
    """Why these lines cannot be taken whatever places are left; None when only places decide."""
    if terms is None or not all(terms.is_shown(has_grant=line.grant is not None) for line in lines):
        return no_event()
    for line in lines:
        place = line.place
        kind = types.get(line.ticket_type_id)
        if kind is None or (kind.is_hidden and not (line.grant and line.grant.ticket_type_id == kind.id)):
            return Invalid(
                said("There is no such ticket at this event."), field=f"items[{place}].ticketTypeId"
            )
        if (closed := _closed(terms, kind, now)) is not None:
            return NotOnSale(closed, field=f"items[{place}].ticketTypeId")
        if line.quantity < kind.min_per_order:
            sentence = said(
                "%(ticket)s: take at least %(least)s.", ticket=kind.name, least=kind.min_per_order
            )
            return UnderMinimum(sentence, field=f"items[{place}].quantity")
        if line.quantity > kind.max_per_order:
            sentence = said(
                "%(ticket)s: take at most %(most)s in one order.", ticket=kind.name, most=kind.max_per_order
            )
            return OverLimit(sentence, field=f"items[{place}].quantity")
    return None


def _closed(terms: SaleTerms, kind: TypeTerms, now: datetime) -> str | None:
    window = terms.sales.narrowed(kind.sales)
    zone = ZoneInfo(terms.time_zone)
    match terms.state_of(kind, free=1, now=now):
        case SaleState.CANCELLED:
            return said("The event is cancelled, so nothing is sold any more.")
        case SaleState.OVER:
            return said("The event is over.")
        case SaleState.NOT_YET if window.start:
            return said(
                "%(ticket)s is on sale from %(start)s.",
                ticket=kind.name,
                start=spoken(window.start.astimezone(zone)),
            )
        case SaleState.ENDED if window.end:
            return said(
                "%(ticket)s was on sale until %(end)s.",
                ticket=kind.name,
                end=spoken(window.end.astimezone(zone)),
            )
        case _:
            return None


def shortage(short: Shortage, lines: Sequence[ChosenLine], types: Mapping[UUID, TypeTerms]) -> SoldOut:
    """The refusal of a request that the places left do not cover, at the line that ran into it."""
    line = next(line for line in lines if short.pool_id in types[line.ticket_type_id].pools)
    name = types[line.ticket_type_id].name
    only = said("%(ticket)s: only %(left)s left.", ticket=name, left=short.left)
    none = said("%(ticket)s is sold out.", ticket=name)
    return SoldOut(only if short.left else none, field=f"items[{line.place}].quantity")
