"""What things cost: unit price, discount, fee, tax, in this order, each rounded half-up for one ticket.

Whatever has a price goes through `unit_price`: an offer, a cart, an order, and, since a line is so many times its unit, any
part of an order that is refunded.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol, TypeVar
from uuid import UUID

from foyer.domains.carts.types import TaxLine
from foyer.domains.events.types import DiscountTerms, SaleTerms, TaxTerms, TypeTerms
from foyer.kernel.money import BPS_WHOLE, half_up, share, unit_paid


class Units(Protocol):
    """What every line knows of one of its tickets, in minor units."""

    @property
    def unit_price(self) -> int: ...
    @property
    def unit_discount(self) -> int: ...
    @property
    def unit_fee(self) -> int: ...
    @property
    def unit_tax(self) -> int: ...
    @property
    def tax_name(self) -> str | None: ...
    @property
    def tax_rate_bps(self) -> int | None: ...
    @property
    def tax_included(self) -> bool | None: ...


class Line(Units, Protocol):
    @property
    def quantity(self) -> int: ...


class PricedLine(NamedTuple):
    """So many of one ticket type. `unit_tax` comes on top, unless `tax_included`: then the price contains it."""

    ticket_type_id: UUID
    name: str
    quantity: int
    unit_price: int
    unit_discount: int
    unit_fee: int
    unit_tax: int
    tax_name: str | None
    tax_rate_bps: int | None
    tax_included: bool | None

    @property
    def subtotal(self) -> int:
        return self.quantity * self.unit_price


class Sums(NamedTuple):
    """The parts of an amount: `total = subtotal - discount_amount + fees + taxes`, always. `taxes` is added tax only."""

    subtotal: int
    discount_amount: int
    fees: int
    taxes: int
    total: int


AnyLine = TypeVar("AnyLine", bound=Line)


def price_lines(
    chosen: Sequence[tuple[TypeTerms, int]], terms: SaleTerms, discount: DiscountTerms | None = None
) -> list[PricedLine]:
    """Price ticket types in the quantities wanted, each type once. A code that does not apply takes nothing off."""
    if discount is not None and not applies(discount, terms, [(kind.id, count) for kind, count in chosen]):
        discount = None
    return [price_line(kind, count, terms, discount) for kind, count in chosen]


def price_line(
    kind: TypeTerms, quantity: int, terms: SaleTerms, discount: DiscountTerms | None = None
) -> PricedLine:
    """Price one ticket type; the code, where given, is one that applies to the whole."""
    price, tax = kind.price, kind.tax
    off = _unit_discount(kind.id, price, discount) if discount is not None else 0
    paid = price - off
    fee = share(paid, terms.service_fee_bps) + terms.service_fee_fixed if paid else 0
    if tax is None:
        return PricedLine(kind.id, kind.name, quantity, price, off, fee, 0, None, None, None)
    amount = _unit_tax(paid + fee, tax)
    return PricedLine(
        kind.id, kind.name, quantity, price, off, fee, amount, tax.name, tax.rate_bps, tax.is_included
    )


def applies(discount: DiscountTerms, terms: SaleTerms, chosen: Iterable[tuple[UUID, int]]) -> bool:
    """Whether enough matching tickets are chosen, in a currency the code knows. Windows and uses are not asked here."""
    if discount.currency is not None and discount.currency != terms.currency:
        return False
    matching = sum(
        count for type_id, count in chosen if not discount.ticket_types or type_id in discount.ticket_types
    )
    return matching >= discount.minimum_quantity


def _unit_discount(type_id: UUID, price: int, discount: DiscountTerms) -> int:
    if discount.ticket_types and type_id not in discount.ticket_types:
        return 0
    if discount.percent_bps is not None:
        return share(price, discount.percent_bps)
    return min(discount.amount or 0, price)


def _unit_tax(base: int, tax: TaxTerms) -> int:
    """Tax on top of `base`, or the part of `base` that is tax."""
    if tax.is_included:
        return half_up(base * tax.rate_bps, BPS_WHOLE + tax.rate_bps)
    return share(base, tax.rate_bps)


def unit_total(line: Units) -> int:
    """What one ticket of a line is paid with, and refunded with."""
    return unit_paid(
        line.unit_price,
        line.unit_discount,
        line.unit_fee,
        line.unit_tax,
        tax_included=bool(line.tax_included),
    )


def sums(lines: Iterable[Line]) -> Sums:
    """What lines come to together; for a refund, lines with the quantities that go back."""
    subtotal = discount = fees = taxes = 0
    for line in lines:
        count = line.quantity
        subtotal += count * line.unit_price
        discount += count * line.unit_discount
        fees += count * line.unit_fee
        if not line.tax_included:
            taxes += count * line.unit_tax
    return Sums(subtotal, discount, fees, taxes, subtotal - discount + fees + taxes)


def tax_lines(lines: Iterable[Line]) -> list[TaxLine]:
    """Tax by rate, in the order of first appearance; `base` is discounted price and fee, which contains an included tax."""
    found: dict[tuple[str, int, bool], tuple[int, int]] = {}
    for line in lines:
        if line.tax_name is None or line.tax_rate_bps is None or line.tax_included is None:
            continue
        key = (line.tax_name, line.tax_rate_bps, line.tax_included)
        base, amount = found.get(key, (0, 0))
        unit = line.unit_price - line.unit_discount + line.unit_fee
        found[key] = (base + line.quantity * unit, amount + line.quantity * line.unit_tax)
    return [
        TaxLine(name=name, rate_bps=rate, base=base, amount=amount, included=included)
        for (name, rate, included), (base, amount) in found.items()
    ]
