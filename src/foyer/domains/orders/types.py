"""Values of orders."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from foyer.domains.customers.types import Customer
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


class OrderLine(Wire, frozen=True):
    """What was bought, at the price of that moment."""

    id: UUID
    ticket_type_id: UUID | None
    type: str
    name: str
    quantity: int
    unit_price: int
    unit_fee: int
    subtotal: int


class Order(Wire, frozen=True):
    """An order as its holder and staff see it."""

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
    total: int
    currency: str
    status: OrderStatus
    payment_method: str
    payment_status: PaymentStatus
    refunded_amount: int
    created_at: datetime
    updated_at: datetime
    generation: int
