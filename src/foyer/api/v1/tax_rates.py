"""Tax rates, which ticket types name."""

from functools import partial
from typing import Annotated
from uuid import UUID

from litestar import Response, delete, get, patch, post
from litestar.params import FromPath
from msgspec import Meta

from foyer.api.access import IDEMPOTENCY_KEY, IF_MATCH, MergePatch, acting, declares, permission
from foyer.api.idempotency import once
from foyer.api.requests import AnyRequest, desks, expected_version, queried, read, read_nothing
from foyer.api.staff import merged, tagged
from foyer.domains.events import create_tax_rate, delete_tax_rate, edit_tax_rate, tax_rate, tax_rates
from foyer.domains.events.types import JsonObject, TaxRate, TaxRateDraft
from foyer.kernel.errors import Conflict
from foyer.kernel.paging import PAGE_DEFAULT, PAGE_MAX
from foyer.kernel.wire import Wire


class TaxRatePage(Wire, frozen=True):
    """Which page of the tax rates."""

    limit: Annotated[int, Meta(ge=1, le=PAGE_MAX)] = PAGE_DEFAULT
    cursor: str | None = None


class TaxRateAnswers(Wire, frozen=True):
    items: list[TaxRate]
    next_cursor: str | None


@get("/tax-rates", opt=declares(permission("events:view"), query=TaxRatePage))
async def list_tax_rates(request: AnyRequest) -> TaxRateAnswers:
    asked = queried(request, TaxRatePage)
    async with desks(request).database.read(acting(request).organization_id) as tx:
        page = await tax_rates(tx, cursor=asked.cursor, limit=asked.limit)
    return TaxRateAnswers(items=page.items, next_cursor=page.next_cursor)


@post("/tax-rates", opt=declares(permission("events:edit"), body=TaxRateDraft, honours=(IDEMPOTENCY_KEY,)))
async def add_tax_rate(request: AnyRequest) -> Response[TaxRate]:
    """Make a tax rate. `inclusive` says that prices contain the tax; otherwise it comes on top of them."""
    draft = await read(request, TaxRateDraft)
    async with (
        desks(request).database.write(acting(request).organization_id) as tx,
        once(tx, request) as earlier,
    ):
        if earlier.resource_id is not None:
            found = await tax_rate(tx, earlier.resource_id)
        else:
            found = await create_tax_rate(tx, draft, actor=acting(request))
            earlier.remember(found.id)
    return tagged(found, status=201)


@get("/tax-rates/{tax_rate_id:uuid}", opt=declares(permission("events:view")))
async def show_tax_rate(request: AnyRequest, tax_rate_id: FromPath[UUID]) -> Response[TaxRate]:
    async with desks(request).database.read(acting(request).organization_id) as tx:
        return tagged(await tax_rate(tx, tax_rate_id))


@patch(
    "/tax-rates/{tax_rate_id:uuid}",
    opt=declares(permission("events:edit"), body=MergePatch(TaxRateDraft), honours=(IF_MATCH,)),
)
async def change_tax_rate(request: AnyRequest, tax_rate_id: FromPath[UUID]) -> Response[TaxRate]:
    """Change the fields named (JSON merge patch, RFC 7396). Orders keep the tax they were made with."""
    change = await read(request, JsonObject)
    async with desks(request).database.write(acting(request).organization_id) as tx:
        revise = partial(merged, change=change)
        found = await edit_tax_rate(
            tx, tax_rate_id, revise, actor=acting(request), version=expected_version(request)
        )
    return tagged(found)


@delete(
    "/tax-rates/{tax_rate_id:uuid}",
    opt=declares(permission("events:edit"), honours=(IF_MATCH,), refuses=(Conflict,)),
    status_code=204,
)
async def remove_tax_rate(request: AnyRequest, tax_rate_id: FromPath[UUID]) -> None:
    """Delete a tax rate that no ticket type names."""
    await read_nothing(request)
    async with desks(request).database.write(acting(request).organization_id) as tx:
        await delete_tax_rate(tx, tax_rate_id, actor=acting(request), version=expected_version(request))


ROUTES = [list_tax_rates, add_tax_rate, show_tax_rate, change_tax_rate, remove_tax_rate]
