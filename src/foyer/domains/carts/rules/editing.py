"""Changes of a cart: quantities, a code, who buys. All or nothing, and always priced anew as a whole."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from foyer.domains.carts.errors import lapsed
from foyer.domains.carts.rules.pricing import PricedLine, applies, price_lines, sums
from foyer.domains.carts.rules.selling import excess, refusal, require_size
from foyer.domains.carts.types import Cart, CartLine, CartStatus, ChosenLine
from foyer.domains.customers.types import Customer
from foyer.domains.events.types import DiscountTerms, EventStatus, SaleTerms, TaxTerms, TypeTerms
from foyer.kernel.errors import CodeInvalid, Conflict
from foyer.kernel.language import Said, said
from foyer.kernel.machine import Machine
from foyer.kernel.time import Window, spoken

CART: Final = Machine(
    "cart",
    start=frozenset({CartStatus.ACTIVE}),
    moves={
        CartStatus.ACTIVE: frozenset({CartStatus.CONVERTED, CartStatus.EXPIRED, CartStatus.ABANDONED}),
        CartStatus.CONVERTED: frozenset(),
        CartStatus.EXPIRED: frozenset(),
        CartStatus.ABANDONED: frozenset(),
    },
)


class CartEdit(NamedTuple):
    """What a buyer changes; what is left out stays. A quantity of 0 takes a line away."""

    lines: tuple[ChosenLine, ...] = ()
    code: str | None = None
    drops_code: bool = False
    customer: Customer | None = None
    releases: bool = False


class Priced(NamedTuple):
    """A cart's new lines, with the code that still takes something off."""

    lines: list[PricedLine]
    discount: DiscountTerms | None


def require_live(cart: Cart, terms: SaleTerms, now: datetime) -> None:
    """Refuse a cart that holds nothing any more.

    Raises:
        Conflict: it has become an order.
        CartExpired: its places went back.
    """
    if cart.status is CartStatus.CONVERTED:
        raise Conflict(said("This cart has become an order; it cannot be changed any more."), field="status")
    is_over = cart.expires_at <= now or terms.status is EventStatus.CANCELLED
    if cart.status is not CartStatus.ACTIVE or is_over:
        raise lapsed()


def grows(cart: Cart, lines: Iterable[ChosenLine]) -> bool:
    """Whether a cart would hold more of anything with these lines."""
    held = {line.ticket_type_id: line.quantity for line in cart.items}
    return any(line.quantity > held.get(line.ticket_type_id, 0) for line in lines)


def edited(
    cart: Cart,
    edit: CartEdit,
    terms: SaleTerms,
    types: Mapping[UUID, TypeTerms],
    codes: Iterable[DiscountTerms],
    now: datetime,
) -> Priced:
    """The lines of a cart after a change, whatever places are left.

    A line keeps the unit price that its buyer has seen; discount, fee and tax are computed anew. A code that was there before
    comes off by itself where it does not apply any more.

    Raises:
        FoyerError: the change cannot be made; the cart stays as it was.
    """
    quantities = {line.ticket_type_id: line.quantity for line in cart.items}
    quantities |= {line.ticket_type_id: line.quantity for line in edit.lines}
    growing = tuple(line for line in edit.lines if line.quantity)
    require_size(sum(quantities.values()), field="items")
    if growing and (refused := refusal(terms, types, growing, now)) is not None:
        raise refused
    known = {line.ticket_type_id: line for line in cart.items}
    chosen = [
        (_kind(known.get(type_id), types.get(type_id)), count)
        for type_id, count in quantities.items() if count
    ]  # fmt: skip
    if edit.code is not None:
        discount = _wanted(edit.code, codes, terms, chosen, now)
        priced = price_lines(chosen, terms, discount)
        if discount.id != cart.discount_id and not any(line.unit_discount for line in priced):
            raise CodeInvalid(said("This code takes nothing off what you have chosen."), field="discountCode")
        return _payable(priced, discount)
    standing = next((one for one in codes if one.id == cart.discount_id), None)
    if standing is None or edit.drops_code:
        return _payable(price_lines(chosen, terms), None)
    priced = price_lines(chosen, terms, standing)
    return _payable(priced, standing if any(line.unit_discount for line in priced) else None)


def _payable(lines: list[PricedLine], discount: DiscountTerms | None) -> Priced:
    if (refused := excess(sums(lines).total)) is not None:
        raise refused
    return Priced(lines, discount)


def _kind(line: CartLine | None, kind: TypeTerms | None) -> TypeTerms:
    """The terms of a type, at the price its buyer has seen; of a type that is deleted, what the line remembers."""
    if line is None:
        assert kind is not None, "a type that is not there was refused"
        return kind
    if kind is not None:
        return kind._replace(price=line.unit_price)
    tax = None
    if line.tax_name is not None and line.tax_rate_bps is not None and line.tax_included is not None:
        tax = TaxTerms(line.tax_name, line.tax_rate_bps, line.tax_included)
    return TypeTerms(
        line.ticket_type_id, line.name, line.unit_price, 1, line.quantity, Window(None, None),
        is_hidden=True, requires_approval=False, tax=tax, pools=(),
    )  # fmt: skip


def _wanted(
    code: str,
    codes: Iterable[DiscountTerms],
    terms: SaleTerms,
    chosen: Sequence[tuple[TypeTerms, int]],
    now: datetime,
) -> DiscountTerms:
    found = next((one for one in codes if one.code.lower() == code.lower() and not one.is_deleted), None)
    if found is None:
        raise CodeInvalid(said("There is no such code."), field="discountCode")
    if found.window.opens_after(now) and found.window.start:
        sentence = said("This code counts from %(start)s.", start=_clock(found.window.start, terms.time_zone))
        raise CodeInvalid(sentence, field="discountCode")
    if found.window.closed_by(now) and found.window.end:
        sentence = said("This code counted until %(end)s.", end=_clock(found.window.end, terms.time_zone))
        raise CodeInvalid(sentence, field="discountCode")
    if found.currency is not None and found.currency != terms.currency:
        raise CodeInvalid(said("This code is for another currency."), field="discountCode")
    if not applies(found, terms, [(kind.id, count) for kind, count in chosen]):
        raise CodeInvalid(_too_few(found), field="discountCode")
    return found


def _clock(at: datetime, zone: str) -> Callable[[str], str]:
    return spoken(at.astimezone(ZoneInfo(zone)))


def _too_few(code: DiscountTerms) -> Said:
    if code.minimum_quantity == 1:
        return said("This code is for other tickets.")
    if code.ticket_types:
        return said("This code needs %(least)s tickets it is for.", least=code.minimum_quantity)
    return said("This code needs %(least)s tickets.", least=code.minimum_quantity)


def code_off(cart: Cart, terms: SaleTerms, types: Mapping[UUID, TypeTerms]) -> list[PricedLine]:
    """The lines of a cart without its code."""
    chosen = [(_kind(line, types.get(line.ticket_type_id)), line.quantity) for line in cart.items]
    return price_lines(chosen, terms)
