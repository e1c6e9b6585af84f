"""Reads of attempts, transactions, refunds and the ledger."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from foyer.domains.payments.models import (
    LedgerAccountRow,
    LedgerTransferRow,
    PaymentAttemptRow,
    RefundLineRow,
    RefundRow,
    TransactionRow,
)
from foyer.domains.payments.rules import require_askable
from foyer.domains.payments.types import (
    AccountBalance,
    AccountKind,
    Attempt,
    AttemptStatus,
    Refund,
    RefundLine,
    RefundStatus,
    Transaction,
    TransactionFilter,
    TransactionStatus,
    TransactionType,
)
from foyer.infra.db.newest import newest
from foyer.infra.db.tx import ReadTx, among, own
from foyer.kernel.errors import NotFound
from foyer.kernel.paging import Page


async def transactions(
    tx: ReadTx, wanted: TransactionFilter, *, cursor: str | None, limit: int
) -> Page[Transaction]:
    """Transactions, the newest first.

    Raises:
        Invalid: the cursor is none of ours, or a moment cannot be meant.
    """
    require_askable(wanted)
    rows, more = await newest(tx, TransactionRow, _conditions(wanted), cursor=cursor, limit=limit)
    return Page([_transaction(row) for row in rows], more)


def _conditions(wanted: TransactionFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.type is not None:
        found.append(TransactionRow.type == wanted.type.value)
    if wanted.status is not None:
        found.append(TransactionRow.status == wanted.status.value)
    if wanted.order_id is not None:
        found.append(TransactionRow.order_id == wanted.order_id)
    if wanted.payment_method is not None:
        found.append(TransactionRow.payment_method == wanted.payment_method)
    if wanted.created_from is not None:
        found.append(TransactionRow.created_at >= wanted.created_from)
    if wanted.created_to is not None:
        found.append(TransactionRow.created_at < wanted.created_to)
    return found


async def transaction(tx: ReadTx, transaction_id: UUID) -> Transaction:
    """Raises:
    NotFound: no such transaction.
    """
    row = await tx.first(
        select(TransactionRow).where(own(TransactionRow, tx), TransactionRow.id == transaction_id)
    )
    if row is None:
        raise NotFound("There is no such transaction.")
    return _transaction(row)


async def refunds_of_order(tx: ReadTx, order_id: UUID) -> list[Refund]:
    """Refunds of one order with their lines, the oldest first."""
    query = select(RefundRow).where(own(RefundRow, tx), RefundRow.order_id == order_id)
    rows = await tx.all(query.order_by(RefundRow.id))
    lines = await _lines_of(tx, [row.id for row in rows])
    return [_refund(row, lines[row.id]) for row in rows]


async def refund(tx: ReadTx, order_id: UUID, refund_id: UUID) -> Refund:
    """One refund of an order with its lines.

    Raises:
        NotFound: the order has no such refund.
    """
    row = await tx.first(
        select(RefundRow).where(own(RefundRow, tx), RefundRow.id == refund_id, RefundRow.order_id == order_id)
    )
    if row is None:
        raise NotFound("There is no such refund.")
    return _refund(row, (await _lines_of(tx, [row.id]))[row.id])


async def references_paid(tx: ReadTx, order_ids: Sequence[UUID]) -> dict[UUID, str]:
    """What providers call the payments of these orders; one that was not paid, or has no name, is left out."""
    query = select(PaymentAttemptRow.order_id, PaymentAttemptRow.reference).where(
        own(PaymentAttemptRow, tx),
        among(PaymentAttemptRow.order_id, order_ids),
        PaymentAttemptRow.status == AttemptStatus.SUCCEEDED.value,
    )
    return {order_id: reference for order_id, reference in await tx.rows(query) if reference}


async def refunds_due(tx: ReadTx, order_ids: Sequence[UUID]) -> dict[UUID, int]:
    """What has to go back to the buyers of these orders and nobody has begun, in minor units; others are left out."""
    query = select(RefundRow.order_id, RefundRow.amount).where(
        own(RefundRow, tx), among(RefundRow.order_id, order_ids), RefundRow.status == RefundStatus.DUE.value
    )
    return {order_id: int(amount) for order_id, amount in await tx.rows(query)}


async def _lines_of(tx: ReadTx, refund_ids: Sequence[UUID]) -> dict[UUID, list[RefundLine]]:
    found: dict[UUID, list[RefundLine]] = {refund_id: [] for refund_id in refund_ids}
    if found:
        query = select(RefundLineRow).where(own(RefundLineRow, tx), RefundLineRow.refund_id.in_(refund_ids))
        for row in await tx.all(query.order_by(RefundLineRow.refund_id, RefundLineRow.order_item_id)):
            found[row.refund_id].append(
                RefundLine(order_item_id=row.order_item_id, quantity=row.quantity, amount=row.amount)
            )
    return found


async def attempts_of_order(tx: ReadTx, order_id: UUID) -> list[Attempt]:
    """Tries to have one order paid, the oldest first."""
    query = select(PaymentAttemptRow).where(
        own(PaymentAttemptRow, tx), PaymentAttemptRow.order_id == order_id
    )
    return [_attempt(row) for row in await tx.all(query.order_by(PaymentAttemptRow.id))]


async def balances(tx: ReadTx) -> list[AccountBalance]:
    """What is in every account that was ever posted to, by currency and kind; each currency sums to zero."""
    sides = union_all(
        _side(tx, LedgerTransferRow.debit_account_id, 1), _side(tx, LedgerTransferRow.credit_account_id, -1)
    )
    moved = sides.subquery()
    query = (
        select(LedgerAccountRow.kind, LedgerAccountRow.currency, func.sum(moved.c.amount))
        .join(moved, moved.c.account_id == LedgerAccountRow.id)
        .where(own(LedgerAccountRow, tx))
        .group_by(LedgerAccountRow.kind, LedgerAccountRow.currency)
        .order_by(LedgerAccountRow.currency, LedgerAccountRow.kind)
    )
    return [
        AccountBalance(AccountKind(kind), currency, int(sum_))
        for kind, currency, sum_ in await tx.rows(query)
    ]


def _side(tx: ReadTx, account: InstrumentedAttribute[UUID], sign: int) -> Select[UUID, int]:
    return (
        select(account.label("account_id"), (func.sum(LedgerTransferRow.amount) * sign).label("amount"))
        .where(own(LedgerTransferRow, tx))
        .group_by(account)
    )


def _transaction(row: TransactionRow) -> Transaction:
    same = {name: getattr(row, name) for name in Transaction.__struct_fields__ if name != "metadata"}
    derived = {
        "type": TransactionType(row.type),
        "status": TransactionStatus(row.status),
        "metadata": row.metadata_,
    }
    return Transaction(**{**same, **derived})


def _refund(row: RefundRow, lines: list[RefundLine]) -> Refund:
    same = {name: getattr(row, name) for name in Refund.__struct_fields__ if name != "lines"}
    return Refund(**{**same, "status": RefundStatus(row.status), "lines": lines})


def _attempt(row: PaymentAttemptRow) -> Attempt:
    same = {name: getattr(row, name) for name in Attempt.__struct_fields__}
    return Attempt(**{**same, "status": AttemptStatus(row.status)})
