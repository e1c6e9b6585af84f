"""Money that moved, for staff. Nothing here is written: what is completed stays as it is."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated, Final
from uuid import UUID

from litestar import get
from litestar.params import FromPath
from litestar.response import Stream
from msgspec import Meta
from msgspec.structs import asdict

from foyer.api.access import acting, declares, permission
from foyer.api.csv import CHUNK, CSV, Cell, Column, exported, money
from foyer.api.requests import AnyRequest, desks, queried
from foyer.domains.events.types import Moment
from foyer.domains.orders import order_numbers
from foyer.domains.payments import transaction, transactions
from foyer.domains.payments.types import (
    Transaction,
    TransactionFilter,
    TransactionStatus,
    TransactionType,
)
from foyer.infra.db.tx import ReadTx
from foyer.kernel.errors import Forbidden
from foyer.kernel.paging import PAGE_DEFAULT, PAGE_MAX, Page
from foyer.kernel.text import tidy_line
from foyer.kernel.wire import Wire


class TransactionAnswers(Wire, frozen=True):
    items: list[Transaction]
    next_cursor: str | None


class TransactionQuery(Wire, frozen=True):
    """Which transactions; what is left out leaves its question open."""

    type: TransactionType | None = None
    status: TransactionStatus | None = None
    order_id: UUID | None = None
    payment_method: Annotated[str, Meta(max_length=100)] | None = None
    created_from: Moment | None = None
    created_to: Moment | None = None


class TransactionPage(TransactionQuery, frozen=True):
    """Which transactions, and which page of them."""

    limit: Annotated[int, Meta(ge=1, le=PAGE_MAX)] = PAGE_DEFAULT
    cursor: str | None = None


@get("/transactions", opt=declares(permission("orders:view"), query=TransactionPage))
async def list_transactions(request: AnyRequest) -> TransactionAnswers:
    """Transactions, the newest first: created at `createdFrom` or later, and before `createdTo`."""
    asked = queried(request, TransactionPage)
    async with desks(request).database.read(acting(request).organization_id) as tx:
        page = await transactions(tx, _filter(asked), cursor=asked.cursor, limit=asked.limit)
    return TransactionAnswers(items=page.items, next_cursor=page.next_cursor)


@get(
    "/transactions/export",
    opt=declares(permission("exports:create"), query=TransactionQuery, refuses=(Forbidden,)),
    media_type=CSV,
)
async def export_transactions(request: AnyRequest) -> Stream:
    """The same transactions as CSV, one a row; needs `orders:view` as well. Amounts are decimals of the currency beside them."""
    acting(request).require("orders:view")
    wanted = _filter(queried(request, TransactionQuery))
    return await exported(request, "transactions", COLUMNS, partial(_exported, wanted))


@get("/transactions/{transaction_id:uuid}", opt=declares(permission("orders:view")))
async def show_transaction(request: AnyRequest, transaction_id: FromPath[UUID]) -> Transaction:
    async with desks(request).database.read(acting(request).organization_id) as tx:
        return await transaction(tx, transaction_id)


def _filter(asked: TransactionQuery) -> TransactionFilter:
    named = {name: getattr(asked, name) for name in TransactionFilter._fields}
    return TransactionFilter(
        **{**named, "payment_method": asked.payment_method and tidy_line(asked.payment_method)}
    )


class _Exported(Transaction, frozen=True):
    """A transaction as a row of a file."""

    order_number: str | None


async def _exported(wanted: TransactionFilter, tx: ReadTx, cursor: str | None) -> Page[_Exported]:
    page = await transactions(tx, wanted, cursor=cursor, limit=CHUNK)
    numbers = await order_numbers(tx, {one.order_id for one in page.items if one.order_id})
    rows = [
        _Exported(**asdict(one), order_number=numbers[one.order_id] if one.order_id else None)
        for one in page.items
    ]
    return Page(rows, page.next_cursor)


def _amount(name: str) -> Callable[[_Exported], Cell]:
    return lambda one: money(getattr(one, name), one.currency)


COLUMNS: Final[Sequence[Column[_Exported]]] = [
    Column("createdAt", lambda one: one.created_at),
    Column("type", lambda one: one.type),
    Column("status", lambda one: one.status),
    Column("currency", lambda one: one.currency),
    Column("amount", _amount("amount")),
    Column("gatewayFee", _amount("gateway_fee")),
    Column("platformFee", _amount("platform_fee")),
    Column("paymentMethod", lambda one: one.payment_method),
    Column("paymentIntentId", lambda one: one.payment_intent_id),
    Column("orderNumber", lambda one: one.order_number),
    Column("errorMessage", lambda one: one.error_message),
    Column("id", lambda one: one.id),
    Column("orderId", lambda one: one.order_id),
    Column("userId", lambda one: one.user_id),
]

ROUTES = [list_transactions, export_transactions, show_transaction]
