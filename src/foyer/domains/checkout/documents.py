"""Orders as a file for spreadsheets."""

from collections.abc import Callable, Sequence
from typing import Final
from uuid import UUID

from msgspec.structs import asdict

from foyer.domains.events import event_titles
from foyer.domains.orders import answers_of, in_words, orders_around, orders_named
from foyer.domains.orders.types import Answer, OrderFilter, OrderStaff, OrderState
from foyer.domains.payments import refunds_due
from foyer.infra.db.tx import ReadTx
from foyer.infra.sheet import CHUNK, Cell, Column, money
from foyer.kernel.paging import Page, Spot


class ListedOrder(OrderStaff, frozen=True):
    """An order as a row of a file. `refund_due` is what has to go back and nobody has begun."""

    event_title: str
    refund_due: int
    answers: list[Answer]


async def order_rows(
    wanted: OrderFilter, tx: ReadTx, cursor: str | None, *, state: OrderState | None = None
) -> Page[ListedOrder]:
    """So many orders as one piece of the file holds."""
    found = await orders_around(tx, wanted, state=state, spot=Spot(after=cursor), limit=CHUNK)
    return Page(await _rows_of(tx, found.items), found.after)


async def chosen_rows(tx: ReadTx, order_ids: Sequence[UUID]) -> Page[ListedOrder]:
    """These very orders, as far as they exist."""
    return Page(await _rows_of(tx, await orders_named(tx, order_ids)), None)


async def _rows_of(tx: ReadTx, orders: Sequence[OrderStaff]) -> list[ListedOrder]:
    """These orders as rows."""
    titles = await event_titles(tx, {order.event_id for order in orders})
    due = await refunds_due(tx, [order.id for order in orders])
    answers = await answers_of(tx, [order.id for order in orders])
    return [
        ListedOrder(
            **asdict(order),
            event_title=titles[order.event_id],
            refund_due=due.get(order.id, 0),
            answers=answers[order.id],
        )
        for order in orders
    ]


def _amount(name: str) -> Callable[[ListedOrder], Cell]:
    return lambda order: money(getattr(order, name), order.currency)


def _answers(order: ListedOrder) -> Cell:
    """What was answered for the whole order; what was answered for a ticket stands with its guest."""
    return "; ".join(f"{one.label}: {in_words(one.value)}" for one in order.answers if one.place is None)


ORDER_COLUMNS: Final[Sequence[Column[ListedOrder]]] = [
    Column("orderNumber", lambda order: order.order_number),
    Column("createdAt", lambda order: order.created_at),
    Column("status", lambda order: order.status),
    Column("paymentStatus", lambda order: order.payment_status),
    Column("approval", lambda order: order.approval.status if order.approval else None),
    Column("cancelReason", lambda order: order.cancel_reason),
    Column("event", lambda order: order.event_title),
    Column("email", lambda order: order.customer.email),
    Column("firstName", lambda order: order.customer.first_name),
    Column("lastName", lambda order: order.customer.last_name),
    Column("phone", lambda order: order.customer.phone),
    Column("items", lambda order: "; ".join(f"{line.quantity} {line.name}" for line in order.items)),
    Column("quantity", lambda order: sum(line.quantity for line in order.items)),
    Column("currency", lambda order: order.currency),
    *(
        Column(name, _amount(field))
        for name, field in (
            ("subtotal", "subtotal"),
            ("discountAmount", "discount_amount"),
            ("fees", "fees"),
            ("taxes", "taxes"),
            ("total", "total"),
            ("refundedAmount", "refunded_amount"),
            ("refundDue", "refund_due"),
        )
    ),
    Column("discountCode", lambda order: order.discount_code),
    Column("paymentMethod", lambda order: order.payment_method),
    Column("answers", _answers),
    Column("notes", lambda order: order.notes),
    Column("id", lambda order: order.id),
    Column("eventId", lambda order: order.event_id),
    Column("customerId", lambda order: order.customer_id),
]
