"""Reads of orders."""

from collections.abc import Collection, Sequence
from typing import Final
from uuid import UUID

import msgspec
from msgspec.structs import asdict
from sqlalchemy import ColumnElement, Select, false, func, or_, select

from foyer.domains.carts import tax_lines
from foyer.domains.customers import customer_at, customers_with_address
from foyer.domains.customers.types import Customer
from foyer.domains.events import questions_named
from foyer.domains.orders.models import AnswerRow, ApprovalRow, OrderItemRow, OrderRow
from foyer.domains.orders.types import (
    Answer,
    Approval,
    ApprovalStatus,
    Bought,
    BuyerTotal,
    CancelReason,
    Order,
    OrderFilter,
    OrderLine,
    OrderStaff,
    OrderState,
    OrderStatus,
    PaymentStatus,
    StandingOrders,
)
from foyer.domains.organizations import mail_terms
from foyer.infra.db.newest import around, newest
from foyer.infra.db.prefix import begins
from foyer.infra.db.tx import ReadTx, among, own
from foyer.kernel.errors import NotFound
from foyer.kernel.ids import read_crockford
from foyer.kernel.language import said
from foyer.kernel.paging import Page, Spot, Stretch
from foyer.kernel.text import tidy_line

_LINE_FIELDS: Final = OrderLine.__struct_fields__
_DERIVED: Final = {
    "status", "payment_status", "customer", "items", "tax_lines", "cancel_reason", "approval"
}  # fmt: skip
SAME: Final = tuple(name for name in Order.__struct_fields__ if name not in _DERIVED)
"""Fields of an order that are columns as they are."""
_STAFF: Final = tuple(name for name in OrderStaff.__struct_fields__ if name not in Order.__struct_fields__)
_PAID: Final = [
    status.value for status in (PaymentStatus.PAID, PaymentStatus.PARTIAL_REFUND, PaymentStatus.REFUNDED)
]
_STATUSES: Final = {
    OrderState.PAID: OrderStatus.CONFIRMED,
    OrderState.PAYMENT_DUE: OrderStatus.PENDING,
    OrderState.PARTLY_REFUNDED: OrderStatus.PARTIAL_REFUND,
    OrderState.REFUNDED: OrderStatus.REFUNDED,
    OrderState.CANCELLED: OrderStatus.CANCELLED,
}
NO_ORDER: Final = said("There is no such order.")
SEARCHED_BUYERS_MAX: Final = 500
"""Of so many buyers whose address begins as asked the orders are shown; who means somebody types on."""


async def find_order(tx: ReadTx, order_id: UUID) -> Order | None:
    """One order with its lines."""
    row = await tx.first(one_order(tx, order_id))
    return None if row is None else (await whole_orders(tx, [row]))[0]


async def find_orders(tx: ReadTx, order_ids: Collection[UUID]) -> dict[UUID, Order]:
    """Orders with their lines, by id; what does not exist is left out."""
    rows = await tx.all(select(OrderRow).where(own(OrderRow, tx), among(OrderRow.id, order_ids)))
    return {order.id: order for order in await whole_orders(tx, rows)}


async def events_of_orders(tx: ReadTx, order_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """For which event each of these orders is; what does not exist is left out."""
    query = select(OrderRow.id, OrderRow.event_id)
    found = await tx.rows(query.where(own(OrderRow, tx), among(OrderRow.id, order_ids)))
    return {row[0]: row[1] for row in found}


def one_order(tx: ReadTx, order_id: UUID) -> Select[OrderRow]:
    return select(OrderRow).where(own(OrderRow, tx), OrderRow.id == order_id)


async def order_for_staff(tx: ReadTx, order_id: UUID) -> OrderStaff:
    """One order with its lines.

    Raises:
        NotFound: no such order.
    """
    row = await tx.first(one_order(tx, order_id))
    if row is None:
        raise NotFound(NO_ORDER)
    return (await _for_staff(tx, [row]))[0]


async def orders_for_staff(
    tx: ReadTx, wanted: OrderFilter, *, cursor: str | None, limit: int
) -> Page[OrderStaff]:
    """Orders with their lines, the newest first.

    Raises:
        Invalid: the cursor is none of ours, or `email` is no address.
    """
    rows, more = await newest(tx, OrderRow, await _conditions(tx, wanted), cursor=cursor, limit=limit)
    return Page(await _for_staff(tx, rows), more)


async def orders_around(
    tx: ReadTx, wanted: OrderFilter, *, state: OrderState | None, spot: Spot, limit: int
) -> Stretch[OrderStaff]:
    """Orders with their lines, walked either way.

    Raises:
        Invalid: a cursor is none of ours, or `email` is no address.
    """
    conditions = [*await _conditions(tx, wanted), *_in_state(tx, state)]
    rows, before, after = await around(tx, OrderRow, conditions, spot=spot, limit=limit)
    return Stretch(await _for_staff(tx, rows), before, after)


async def orders_named(tx: ReadTx, order_ids: Collection[UUID]) -> list[OrderStaff]:
    """These orders with their lines, the newest first; what does not exist is left out."""
    query = select(OrderRow).where(own(OrderRow, tx), among(OrderRow.id, order_ids))
    return await _for_staff(tx, await tx.all(query.order_by(OrderRow.created_at.desc(), OrderRow.id.desc())))


async def count_orders(tx: ReadTx, wanted: OrderFilter, *, state: OrderState | None, most: int) -> int:
    """How many orders there are, counted up to `most`."""
    conditions = [*await _conditions(tx, wanted), *_in_state(tx, state)]
    some = select(OrderRow.id).where(own(OrderRow, tx), *conditions).limit(most).subquery()
    return await tx.one(select(func.count()).select_from(some))


def _in_state(tx: ReadTx, state: OrderState | None) -> list[ColumnElement[bool]]:
    if state is None:
        return []
    if state is OrderState.TO_APPROVE:
        # Asked for their ids, of which there are few, so that the list is not walked to its end.
        return [OrderRow.status == OrderStatus.PENDING.value, OrderRow.id.in_(_asked(tx))]
    found: list[ColumnElement[bool]] = [OrderRow.status == _STATUSES[state].value]
    if state is OrderState.PAYMENT_DUE:
        found.append(OrderRow.id.not_in(_asked(tx)))
    return found


def _asked(tx: ReadTx) -> Select[UUID]:
    return select(ApprovalRow.order_id).where(
        own(ApprovalRow, tx), ApprovalRow.status == ApprovalStatus.REQUESTED.value
    )


async def orders_begun(tx: ReadTx, text: str, *, event_id: UUID | None, most: int) -> Sequence[UUID]:
    """At most so many orders whose number, name or address begins so."""
    query = select(OrderRow.id).where(own(OrderRow, tx), await _begins(tx, text))
    if event_id is not None:
        query = query.where(OrderRow.event_id == event_id)
    return await tx.all(query.limit(most))


async def bought_with(tx: ReadTx, order_ids: Collection[UUID]) -> dict[UUID, Bought]:
    """By whom these orders were placed, as it was given."""
    query = select(OrderRow.id, OrderRow.order_number, OrderRow.customer, OrderRow.customer_id)
    found = await tx.rows(query.where(own(OrderRow, tx), among(OrderRow.id, order_ids)))
    return {row[0]: Bought(row[1], msgspec.convert(row[2], Customer), row[3]) for row in found}


async def answers_of(tx: ReadTx, order_ids: Collection[UUID]) -> dict[UUID, list[Answer]]:
    """What was answered with these orders, in the order of the questions, each from the first ticket to the last."""
    query = select(AnswerRow).where(own(AnswerRow, tx), among(AnswerRow.order_id, order_ids))
    rows = await tx.all(query.order_by(AnswerRow.order_item_id.nulls_first(), AnswerRow.place))
    asked = await questions_named(tx, {row.question_id for row in rows}) if rows else []
    said: dict[UUID, list[AnswerRow]] = {}
    for row in rows:
        said.setdefault(row.question_id, []).append(row)
    found: dict[UUID, list[Answer]] = {order_id: [] for order_id in order_ids}
    for question in asked:
        for row in said[question.id]:
            found[row.order_id].append(_answer(row, question.label))
    return found


def _answer(row: AnswerRow, label: str) -> Answer:
    return Answer(
        question_id=row.question_id,
        label=label,
        order_item_id=row.order_item_id,
        place=row.place,
        value=row.value,
    )


async def _conditions(tx: ReadTx, wanted: OrderFilter) -> list[ColumnElement[bool]]:
    found = [
        column == value
        for column, value in (
            (OrderRow.status, wanted.status),
            (OrderRow.payment_status, wanted.payment_status),
            (OrderRow.event_id, wanted.event_id),
            (OrderRow.customer_id, wanted.customer_id),
            (OrderRow.payment_method, wanted.payment_method and tidy_line(wanted.payment_method)),
        )
        if value is not None
    ]
    if wanted.approval is not None:
        asked = select(ApprovalRow.order_id).where(
            own(ApprovalRow, tx), ApprovalRow.status == wanted.approval.value
        )
        found.append(OrderRow.id.in_(asked))
    if wanted.email is not None:
        buyer = await customer_at(tx, wanted.email)
        found.append(false() if buyer is None else OrderRow.customer_id == buyer)
    if begun := tidy_line(wanted.q or ""):
        found.append(await _begins(tx, begun))
    if wanted.created_from is not None:
        found.append(OrderRow.created_at >= wanted.created_from)
    if wanted.created_to is not None:
        found.append(OrderRow.created_at < wanted.created_to)
    return found


async def _begins(tx: ReadTx, text: str) -> ColumnElement[bool]:
    """Whether the number or a name of an order, or the address of its buyer, begins so."""
    ways = [
        begins(column, text.lower()) for column in (OrderRow.buyer_name_key, OrderRow.buyer_last_name_key)
    ]
    if buyers := await customers_with_address(tx, text, most=SEARCHED_BUYERS_MAX):
        ways.append(OrderRow.customer_id.in_(buyers))
    if number := read_crockford(text):
        ways.append(begins(OrderRow.order_number, number))
    return or_(*ways)


async def _for_staff(tx: ReadTx, rows: Sequence[OrderRow]) -> list[OrderStaff]:
    orders = await whole_orders(tx, rows)
    return [
        OrderStaff(**asdict(order), **{name: getattr(row, name) for name in _STAFF})
        for order, row in zip(orders, rows, strict=True)
    ]


async def whole_orders(tx: ReadTx, rows: Sequence[OrderRow]) -> list[Order]:
    """Orders with their lines and approvals, in the order given."""
    ids = [row.id for row in rows]
    lines: dict[UUID, list[OrderLine]] = {order_id: [] for order_id in ids}
    items = select(OrderItemRow).where(own(OrderItemRow, tx), among(OrderItemRow.order_id, ids))
    for line in await tx.all(items.order_by(OrderItemRow.id)):
        lines[line.order_id].append(OrderLine(**{name: getattr(line, name) for name in _LINE_FIELDS}))
    asked = select(ApprovalRow).where(own(ApprovalRow, tx), among(ApprovalRow.order_id, ids))
    approvals = {row.order_id: _approval(row) for row in await tx.all(asked)}
    return [
        Order(
            **{name: getattr(row, name) for name in SAME},
            status=OrderStatus(row.status),
            payment_status=PaymentStatus(row.payment_status),
            customer=msgspec.convert(row.customer, Customer),
            items=lines[row.id],
            tax_lines=tax_lines(lines[row.id]),
            cancel_reason=CancelReason(row.cancel_reason) if row.cancel_reason else None,
            approval=approvals.get(row.id),
        )
        for row in rows
    ]


def _approval(row: ApprovalRow) -> Approval:
    return Approval(
        status=ApprovalStatus(row.status),
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        reason=row.reason,
    )


async def generation_of_order(tx: ReadTx, order_id: UUID) -> int:
    """The generation of the links to an order."""
    return await tx.one(select(OrderRow.generation).where(own(OrderRow, tx), OrderRow.id == order_id))


async def language_of_order(tx: ReadTx, order_id: UUID) -> str:
    """In which language to write to its buyer; where they have not said, the organizer's."""
    found = await tx.first(select(OrderRow.language).where(own(OrderRow, tx), OrderRow.id == order_id))
    return found or (await mail_terms(tx)).language


async def orders_that_stand(tx: ReadTx, event_id: UUID, *, after: UUID | None, most: int) -> list[OrderStaff]:
    """Orders of an event that stand, by id, from behind this one on."""
    query = select(OrderRow).where(own(OrderRow, tx), OrderRow.event_id == event_id)
    query = query.where(OrderRow.status.in_([OrderStatus.CONFIRMED.value, OrderStatus.PARTIAL_REFUND.value]))
    if after is not None:
        query = query.where(OrderRow.id > after)
    return await _for_staff(tx, await tx.all(query.order_by(OrderRow.id).limit(most)))


async def order_numbers(tx: ReadTx, order_ids: Collection[UUID]) -> dict[UUID, str]:
    """What these orders are called by people."""
    query = select(OrderRow.id, OrderRow.order_number).where(own(OrderRow, tx), among(OrderRow.id, order_ids))
    return {order_id: str(number) for order_id, number in await tx.rows(query)}


async def orders_bought(tx: ReadTx, customer_id: UUID) -> Sequence[UUID]:
    """Every order of a buyer."""
    return await tx.all(select(OrderRow.id).where(own(OrderRow, tx), OrderRow.customer_id == customer_id))


async def order_of_cart(tx: ReadTx, cart_id: UUID) -> Order | None:
    found = await tx.first(select(OrderRow.id).where(own(OrderRow, tx), OrderRow.cart_id == cart_id))
    return None if found is None else await find_order(tx, found)


async def revenue(tx: ReadTx, event_ids: Sequence[UUID]) -> dict[UUID, int]:
    """What was paid less what was refunded, by event, in minor units of the event's currency."""
    query = (
        select(OrderRow.event_id, func.sum(OrderRow.total - OrderRow.refunded_amount))
        .where(own(OrderRow, tx), among(OrderRow.event_id, event_ids))
        .where(OrderRow.payment_status.in_([PaymentStatus.PAID.value, PaymentStatus.PARTIAL_REFUND.value]))
        .group_by(OrderRow.event_id)
    )
    earned = {event_id: int(amount) for event_id, amount in await tx.rows(query)}
    return {event_id: earned.get(event_id, 0) for event_id in event_ids}


async def standing_orders(tx: ReadTx, event_id: UUID) -> StandingOrders:
    """What the orders of an event come to that would have to be ended with it."""
    is_paid = OrderRow.payment_status.in_(_PAID)
    rest = OrderRow.total - OrderRow.refunded_amount
    query = select(
        func.count().filter(is_paid, rest > 0),
        func.coalesce(func.sum(rest).filter(is_paid), 0),
        func.count().filter(OrderRow.status == OrderStatus.PENDING.value),
    ).where(own(OrderRow, tx), OrderRow.event_id == event_id)
    paid, refund, pending = (await tx.rows(query))[0]
    return StandingOrders(int(paid), int(refund), int(pending))


async def bought_by(tx: ReadTx, customer_id: UUID) -> list[BuyerTotal]:
    """What a buyer has ordered and paid, by currency; orders that were given up count as orders."""
    is_paid = OrderRow.payment_status.in_(_PAID)
    query = (
        select(
            OrderRow.currency,
            func.count(),
            func.coalesce(func.sum(OrderRow.total).filter(is_paid), 0),
            func.sum(OrderRow.refunded_amount),
        )
        .where(own(OrderRow, tx), OrderRow.customer_id == customer_id)
        .group_by(OrderRow.currency)
        .order_by(OrderRow.currency)
    )
    return [
        BuyerTotal(currency=currency, orders=orders, paid=int(paid), refunded=int(refunded))
        for currency, orders, paid, refunded in await tx.rows(query)
    ]
