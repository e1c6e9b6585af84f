"""Pages of customers: the list, one customer, and what erasing one would do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from foyer.domains.customers.types import CustomerStaff
from foyer.domains.orders.types import BuyerTotal
from foyer.domains.tickets import full_name
from foyer.web.office.frame import Frame
from foyer.web.office.lists import Asked, brief
from foyer.web.office.pages.orders import Choices, OrderLineView


def customer_name(customer: CustomerStaff) -> str:
    """Who they are, as far as it is known."""
    if customer.erased_at is not None:
        return "Erased customer"
    return full_name(customer) or customer.email or "No name"


@dataclass(frozen=True, slots=True)
class CustomerLine:
    """A customer as a row."""

    customer: CustomerStaff

    @property
    def href(self) -> str:
        return f"/office/customers/{self.customer.id}"

    @property
    def name(self) -> str:
        return customer_name(self.customer)

    @property
    def place(self) -> str:
        address = self.customer.address
        return ", ".join(part for part in (address.city, address.country) if part) if address else ""


@dataclass(frozen=True, slots=True)
class CustomersPage:
    """The list of customers."""

    frame: Frame
    asked: Asked
    rows: Sequence[CustomerLine]
    filters: Sequence[Choices]
    zone: str
    now: datetime
    words: str
    newer: str | None = None
    older: str | None = None

    def time(self, at: datetime) -> str:
        return brief(at, self.zone, self.now)

    @property
    def is_filtered(self) -> bool:
        return bool(self.asked.text("q")) or any(one.current for one in self.filters)

    @property
    def export_href(self) -> str:
        return self.asked.href(sort=None).replace("/office/customers", "/office/customers/export", 1)


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """One customer with what they ordered."""

    frame: Frame
    line: CustomerLine
    orders: Sequence[OrderLineView]
    more_orders: str | None
    totals: Sequence[BuyerTotal]
    zone: str
    now: datetime
    may_edit: bool
    may_erase: bool
    order_count: int
    waiting: int
    """Orders that still wait: they have to be settled before a customer can be erased."""
    values: Mapping[str, str]
    dialog: str = ""
    findings: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""

    @property
    def customer(self) -> CustomerStaff:
        return self.line.customer

    def time(self, at: datetime) -> str:
        return brief(at, self.zone, self.now)
