"""What becomes of orders."""

from typing import Final

from foyer.domains.events.types import AnswerValue
from foyer.domains.orders.types import ApprovalStatus, Order, OrderState, OrderStatus, PaymentStatus
from foyer.kernel.machine import Machine

ORDER: Final = Machine(
    "order",
    start=frozenset({OrderStatus.PENDING, OrderStatus.CONFIRMED}),
    moves={
        OrderStatus.PENDING: frozenset({OrderStatus.CONFIRMED, OrderStatus.CANCELLED}),
        OrderStatus.CONFIRMED: frozenset(
            {OrderStatus.PARTIAL_REFUND, OrderStatus.REFUNDED, OrderStatus.CANCELLED}
        ),
        # Cancelled once all money is back and only tickets that cost nothing are left.
        OrderStatus.PARTIAL_REFUND: frozenset(
            {OrderStatus.PARTIAL_REFUND, OrderStatus.REFUNDED, OrderStatus.CANCELLED}
        ),
        OrderStatus.REFUNDED: frozenset(),
        # Only by a payment that came late and found its places still free.
        OrderStatus.CANCELLED: frozenset({OrderStatus.CONFIRMED}),
    },
)

PAYMENT: Final = Machine(
    "payment",
    start=frozenset({PaymentStatus.PENDING, PaymentStatus.PAID}),
    moves={
        PaymentStatus.PENDING: frozenset({PaymentStatus.PAID, PaymentStatus.FAILED}),
        PaymentStatus.FAILED: frozenset({PaymentStatus.PENDING, PaymentStatus.PAID}),
        PaymentStatus.PAID: frozenset({PaymentStatus.PARTIAL_REFUND, PaymentStatus.REFUNDED}),
        PaymentStatus.PARTIAL_REFUND: frozenset({PaymentStatus.PARTIAL_REFUND, PaymentStatus.REFUNDED}),
        PaymentStatus.REFUNDED: frozenset(),
    },
)

APPROVAL: Final = Machine(
    "approval",
    start=frozenset({ApprovalStatus.REQUESTED}),
    moves={
        ApprovalStatus.REQUESTED: frozenset(
            {ApprovalStatus.APPROVED, ApprovalStatus.REFUSED, ApprovalStatus.LAPSED}
        ),
        ApprovalStatus.APPROVED: frozenset(),
        ApprovalStatus.REFUSED: frozenset(),
        ApprovalStatus.LAPSED: frozenset(),
    },
)

_STATES: Final = {
    OrderStatus.CONFIRMED: OrderState.PAID,
    OrderStatus.PENDING: OrderState.PAYMENT_DUE,
    OrderStatus.PARTIAL_REFUND: OrderState.PARTLY_REFUNDED,
    OrderStatus.REFUNDED: OrderState.REFUNDED,
    OrderStatus.CANCELLED: OrderState.CANCELLED,
}


def state_of(order: Order) -> OrderState:
    """The one word for an order; `states` of the queries finds the same orders by it."""
    waits = order.approval is not None and order.approval.status is ApprovalStatus.REQUESTED
    if order.status is OrderStatus.PENDING and waits:
        return OrderState.TO_APPROVE
    return _STATES[order.status]


def in_words(value: AnswerValue) -> str:
    """An answer as people read it."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return ", ".join(value) if isinstance(value, list) else str(value)
