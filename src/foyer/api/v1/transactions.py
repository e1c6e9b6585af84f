"""Money that moved, for staff. Nothing here is written: what is completed stays as it is."""

from typing import Annotated
from uuid import UUID

from litestar import get
from litestar.params import FromPath, FromQuery, QueryParameter

from foyer.api.access import acting, declares, permission
from foyer.api.requests import AnyRequest, desks
from foyer.api.v1.events import Limit
from foyer.domains.events.types import Moment
from foyer.domains.payments import transaction, transactions
from foyer.domains.payments.types import (
    Transaction,
    TransactionFilter,
    TransactionStatus,
    TransactionType,
)
from foyer.kernel.paging import PAGE_DEFAULT
from foyer.kernel.wire import Wire


class TransactionAnswers(Wire, frozen=True):
    items: list[Transaction]
    next_cursor: str | None


@get("/transactions", opt=declares(permission("orders:view")))
async def list_transactions(  # noqa: PLR0913 - one for each question that the list can be asked
    request: AnyRequest,
    *,
    limit: Limit = PAGE_DEFAULT,
    cursor: FromQuery[str | None] = None,
    kind: Annotated[TransactionType | None, QueryParameter(name="type")] = None,
    status: FromQuery[TransactionStatus | None] = None,
    order_id: Annotated[UUID | None, QueryParameter(name="orderId")] = None,
    created_from: Annotated[Moment | None, QueryParameter(name="createdFrom")] = None,
    created_to: Annotated[Moment | None, QueryParameter(name="createdTo")] = None,
) -> TransactionAnswers:
    """Transactions, the newest first: created at `createdFrom` or later, and before `createdTo`."""
    wanted = TransactionFilter(
        type=kind, status=status, order_id=order_id, created_from=created_from, created_to=created_to
    )
    async with desks(request).database.read(acting(request).organization_id) as tx:
        page = await transactions(tx, wanted, cursor=cursor, limit=limit)
    return TransactionAnswers(items=page.items, next_cursor=page.next_cursor)


@get("/transactions/{transaction_id:uuid}", opt=declares(permission("orders:view")))
async def show_transaction(request: AnyRequest, transaction_id: FromPath[UUID]) -> Transaction:
    async with desks(request).database.read(acting(request).organization_id) as tx:
        return await transaction(tx, transaction_id)


ROUTES = [list_transactions, show_transaction]
