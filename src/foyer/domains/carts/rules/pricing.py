"""What things cost: unit price, then fee; each rounded half-up per unit, so that one ticket can be refunded exactly."""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from foyer.domains.events.types import SaleTerms
from foyer.kernel.money import share


class PricedLine(NamedTuple):
    """So many of one ticket type at one price; `unit_fee` comes on top of `unit_price`."""

    ticket_type_id: UUID
    name: str
    quantity: int
    unit_price: int
    unit_fee: int

    @property
    def subtotal(self) -> int:
        return self.quantity * self.unit_price

    @property
    def fees(self) -> int:
        return self.quantity * self.unit_fee


class Sums(NamedTuple):
    """The parts of an amount: `total = subtotal - discount_amount + fees + taxes`, always."""

    subtotal: int
    discount_amount: int
    fees: int
    taxes: int
    total: int


def unit_fee(price: int, terms: SaleTerms) -> int:
    """The service fee on one ticket, in minor units; a free ticket carries none."""
    return share(price, terms.service_fee_bps) + terms.service_fee_fixed if price else 0


def price_line(ticket_type_id: UUID, name: str, price: int, quantity: int, terms: SaleTerms) -> PricedLine:
    return PricedLine(ticket_type_id, name, quantity, price, unit_fee(price, terms))


def sums(lines: Iterable[PricedLine]) -> Sums:
    subtotal = fees = 0
    for line in lines:
        subtotal += line.subtotal
        fees += line.fees
    return Sums(subtotal, 0, fees, 0, subtotal + fees)
