"""Customers for staff: found, looked at, corrected, let go of."""

from functools import partial
from typing import Annotated
from uuid import UUID

from litestar import get, patch, post
from litestar.params import FromPath
from litestar.response import Stream
from msgspec import Meta
from msgspec.structs import asdict

from foyer.api.access import IDEMPOTENCY_KEY, MergePatch, acting, declares, permission
from foyer.api.csv import CSV, exported
from foyer.api.idempotency import once
from foyer.api.requests import AnyRequest, desks, queried, read, read_nothing
from foyer.api.staff import merged
from foyer.domains.checkout import erase_customer
from foyer.domains.customers import (
    CUSTOMER_COLUMNS,
    customer_for_staff,
    customer_rows,
    customers_for_staff,
    edit_customer,
)
from foyer.domains.customers.types import CustomerDraft, CustomerFilter, CustomerStaff
from foyer.domains.events.types import JsonObject
from foyer.domains.orders import bought_by
from foyer.domains.orders.types import BuyerTotal
from foyer.infra.db.tx import ReadTx
from foyer.kernel.errors import Conflict, Forbidden
from foyer.kernel.paging import PAGE_DEFAULT, PAGE_MAX
from foyer.kernel.wire import Wire


class CustomerDetail(CustomerStaff, frozen=True):
    """A customer with what they have ordered and paid, by currency."""

    totals: list[BuyerTotal]


class CustomerAnswers(Wire, frozen=True):
    items: list[CustomerStaff]
    next_cursor: str | None


class CustomerPage(CustomerFilter, frozen=True):
    """Which customers, and which page of them."""

    limit: Annotated[int, Meta(ge=1, le=PAGE_MAX)] = PAGE_DEFAULT
    cursor: str | None = None


@get("/customers", opt=declares(permission("customers:view"), query=CustomerPage))
async def list_customers(request: AnyRequest) -> CustomerAnswers:
    """Customers, the newest first; who was erased is not among them. `q` begins the address or a name."""
    asked = queried(request, CustomerPage)
    async with desks(request).database.read(acting(request).organization_id) as tx:
        page = await customers_for_staff(tx, asked, cursor=asked.cursor, limit=asked.limit)
    return CustomerAnswers(items=page.items, next_cursor=page.next_cursor)


@get(
    "/customers/export",
    opt=declares(permission("exports:create"), query=CustomerFilter, refuses=(Forbidden,)),
    media_type=CSV,
)
async def export_customers(request: AnyRequest) -> Stream:
    """The same customers as CSV, one a row; needs `customers:view` as well. Mail about offers may go to those who agreed to it."""
    acting(request).require("customers:view")
    wanted = queried(request, CustomerFilter)
    return await exported(request, "customers", CUSTOMER_COLUMNS, partial(customer_rows, wanted))


@get("/customers/{customer_id:uuid}", opt=declares(permission("customers:view")))
async def show_customer(request: AnyRequest, customer_id: FromPath[UUID]) -> CustomerDetail:
    """One customer with what they have ordered. Of one who was erased nothing personal is left."""
    async with desks(request).database.read(acting(request).organization_id) as tx:
        return await _detail(tx, await customer_for_staff(tx, customer_id))


@patch(
    "/customers/{customer_id:uuid}",
    opt=declares(permission("customers:edit"), body=MergePatch(CustomerDraft), refuses=(Conflict,)),
)
async def change_customer(request: AnyRequest, customer_id: FromPath[UUID]) -> CustomerDetail:
    """Change the fields named (JSON merge patch, RFC 7396): null empties a field.

    Orders keep the customer as they were. A yes to `marketing` can be taken back here, and given only by the customer.
    """
    change = await read(request, JsonObject)
    async with desks(request).database.write(acting(request).organization_id) as tx:
        return await _detail(
            tx, await edit_customer(tx, customer_id, partial(merged, change=change), actor=acting(request))
        )


@post(
    "/customers/{customer_id:uuid}/erasure",
    opt=declares(permission("customers:erase"), honours=(IDEMPOTENCY_KEY,), refuses=(Conflict,)),
    status_code=200,
)
async def erase(request: AnyRequest, customer_id: FromPath[UUID]) -> CustomerDetail:
    """Take everything personal of a customer out of the books, for good. What they bought and paid still adds up."""
    await read_nothing(request)
    actor, house = acting(request), desks(request)
    async with house.database.write(actor.organization_id) as tx, once(tx, request) as earlier:
        if earlier.resource_id is None:
            await erase_customer(tx, customer_id, actor=actor)
            earlier.remember(customer_id)
    async with house.database.read(actor.organization_id) as view:
        return await _detail(view, await customer_for_staff(view, customer_id))


async def _detail(tx: ReadTx, customer: CustomerStaff) -> CustomerDetail:
    return CustomerDetail(**asdict(customer), totals=await bought_by(tx, customer.id))


ROUTES = [list_customers, export_customers, show_customer, change_customer, erase]
