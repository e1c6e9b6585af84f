"""Values of orders."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, NamedTuple
from uuid import UUID

from msgspec import Meta

from foyer.domains.carts.types import TaxLine
from foyer.domains.customers.types import Customer
from foyer.domains.events.types import AnswerValue
from foyer.kernel.money import unit_paid
from foyer.kernel.wire import Wire


class OrderStatus(StrEnum):
    PENDING = "pending"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"
    PARTIAL_REFUND = "partial_refund"


class PaymentStatus(StrEnum):
    PENDING = "pending"
    PAID = "paid"
    FAILED = "failed"
    REFUNDED = "refunded"
    PARTIAL_REFUND = "partial_refund"


class CancelReason(StrEnum):
    """Why an order did not stand."""

    UNPAID = "unpaid"
    BUYER = "buyer"
    STAFF = "staff"
    REFUSED = "refused"
    EVENT_CANCELLED = "event_cancelled"


class ApprovalStatus(StrEnum):
    REQUESTED = "requested"
    APPROVED = "approved"
    REFUSED = "refused"
    LAPSED = "lapsed"


class OrderState(StrEnum):
    """What an order is in one word, as staff say it; made of its status, its approval and its payment."""

    PAID = "paid"
    PAYMENT_DUE = "payment-due"
    TO_APPROVE = "to-approve"
    PARTLY_REFUNDED = "partly-refunded"
    REFUNDED = "refunded"
    CANCELLED = "cancelled"


class OrderLine(Wire, frozen=True):
    """What was bought, at the price of that moment. `subtotal` is before discount, fee and tax."""

    id: UUID
    ticket_type_id: UUID | None
    type: str
    name: str
    quantity: int
    unit_price: int
    unit_discount: int
    unit_fee: int
    unit_tax: int
    tax_name: str | None
    tax_rate_bps: int | None
    tax_included: bool | None
    subtotal: int

    @property
    def unit_total(self) -> int:
        """What one ticket was paid with, and is refunded with."""
        return unit_paid(
            self.unit_price,
            self.unit_discount,
            self.unit_fee,
            self.unit_tax,
            tax_included=bool(self.tax_included),
        )


class Approval(Wire, frozen=True):
    """The organizer's word on an order, or that it is still asked for."""

    status: ApprovalStatus
    decided_by: UUID | None
    decided_at: datetime | None
    reason: str | None


class Order(Wire, frozen=True):
    """An order as its holder may know it; staff are shown more."""

    id: UUID
    event_id: UUID
    cart_id: UUID
    order_number: str
    customer: Customer
    items: list[OrderLine]
    subtotal: int
    discount_amount: int
    fees: int
    taxes: int
    tax_lines: list[TaxLine]
    total: int
    currency: str
    discount_id: UUID | None
    discount_code: str | None
    status: OrderStatus
    payment_method: str
    payment_status: PaymentStatus
    refunded_amount: int
    cancel_reason: CancelReason | None
    approval: Approval | None
    expires_at: datetime | None
    created_at: datetime
    updated_at: datetime
    generation: int
    version: int


class OrderStaff(Order, frozen=True):
    """An order as staff see it. `user_id` is who sold it at the box office; `notes` are for staff alone."""

    customer_id: UUID
    user_id: UUID | None
    notes: str | None


class InvoiceKind(StrEnum):
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


class Party(Wire, frozen=True):
    """One side of an invoice, as it was that moment. The last line of its `address` is its `country`, if it has one, in English."""

    name: str
    address: list[str]
    email: str
    phone: str | None = None
    tax_number: str | None = None
    country: str | None = None


class InvoiceLine(Wire, frozen=True):
    """So many tickets of one line of the order; `total` is what they come to, all taxes in it."""

    order_item_id: UUID
    name: str
    quantity: int
    unit_price: int
    unit_discount: int
    unit_fee: int
    unit_tax: int
    tax_name: str | None
    tax_rate_bps: int | None
    tax_included: bool | None
    total: int


class InvoiceDocument(Wire, frozen=True):
    """An invoice or a credit note with everything that stands on it, frozen when it was issued; amounts in minor units.

    The sums obey the order's own rule: `total = subtotal − discountAmount + fees + taxes`, where `taxes` are those added.
    A credit note has the amounts that it takes back, as positive numbers.
    """

    kind: InvoiceKind
    number: str
    issued_on: date
    order_number: str
    ordered_on: date
    event_title: str
    event_date: date
    seller: Party
    buyer: Party
    lines: list[InvoiceLine]
    subtotal: int
    discount_amount: int
    discount_code: str | None
    fees: int
    taxes: int
    tax_lines: list[TaxLine]
    total: int
    currency: str
    payment_method: str
    paid_on: date | None = None
    due_on: date | None = None
    payment_instructions: str | None = None
    refers_to: str | None = None
    """On a credit note, the invoice that it takes back, whole or in part."""
    reason: str | None = None
    returned_before: int = 0
    """On a credit note, what of its total went back earlier, as an amount for which no note was written."""
    primary_color: str = ""
    secondary_color: str = ""
    logo: str | None = None


class Invoice(Wire, frozen=True):
    """An invoice or a credit note of an order. `refers_to` is the number of the invoice that a credit note takes back."""

    id: UUID
    order_id: UUID
    kind: InvoiceKind
    number: str
    total: int
    currency: str
    issued_on: date
    refers_to: str | None
    created_at: datetime


class GivenAnswer(NamedTuple):
    """An answer to a question of the event: for the order, or for the ticket at one place of a line, counted from 1."""

    question_id: UUID
    order_item_id: UUID | None
    place: int | None
    value: AnswerValue


class Answer(Wire, frozen=True):
    """A question and what was answered to it: for the order, or for the ticket at `place` of a line, counted from 1."""

    question_id: UUID
    label: str
    order_item_id: UUID | None
    place: int | None
    value: AnswerValue


class BuyerTotal(Wire, frozen=True):
    """What a buyer has ordered in one currency: how often, what came in for it, and what of that went back, in minor units."""

    currency: str
    orders: int
    paid: int
    refunded: int


class Bought(NamedTuple):
    """What a ticket was bought with: the number of its order, and who ordered."""

    order_number: str
    customer: Customer
    customer_id: UUID


class StandingOrders(NamedTuple):
    """Orders that would end with their event: paid ones with what is left to give back, and those that wait."""

    paid: int
    refund: int
    pending: int


class OrderFilter(Wire, frozen=True):
    """Which orders a list shows; what is left out leaves its question open.

    `email` is the address that the buyer has now. `q` begins the number of an order, or the address, the first name, the last
    name or the whole name that were given with it. Created from the first moment until before the second.
    """

    status: OrderStatus | None = None
    payment_status: PaymentStatus | None = None
    approval: ApprovalStatus | None = None
    event_id: UUID | None = None
    customer_id: UUID | None = None
    email: str | None = None
    payment_method: Annotated[str, Meta(max_length=100)] | None = None
    q: Annotated[str, Meta(max_length=200)] | None = None
    created_from: Annotated[datetime, Meta(tz=True)] | None = None
    created_to: Annotated[datetime, Meta(tz=True)] | None = None
