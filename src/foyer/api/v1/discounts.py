"""Discount codes and how often they are used."""

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
from foyer.domains.events import create_discount, delete_discount, discount, discounts, edit_discount
from foyer.domains.events.types import Discount, DiscountDraft, JsonObject
from foyer.kernel.errors import Conflict
from foyer.kernel.paging import PAGE_DEFAULT, PAGE_MAX
from foyer.kernel.wire import Wire


class DiscountPage(Wire, frozen=True):
    """Which codes, and which page of them."""

    q: str | None = None
    active: bool | None = None
    limit: Annotated[int, Meta(ge=1, le=PAGE_MAX)] = PAGE_DEFAULT
    cursor: str | None = None


class DiscountAnswers(Wire, frozen=True):
    items: list[Discount]
    next_cursor: str | None


@get("/discounts", opt=declares(permission("discounts:manage"), query=DiscountPage))
async def list_discounts(request: AnyRequest) -> DiscountAnswers:
    """Codes, the newest first. `q` is how the code begins; `active` is true for those whose time it is now."""
    asked = queried(request, DiscountPage)
    async with desks(request).database.read(acting(request).organization_id) as tx:
        page = await discounts(
            tx, search=asked.q, active=asked.active, cursor=asked.cursor, limit=asked.limit
        )
    return DiscountAnswers(items=page.items, next_cursor=page.next_cursor)


@post(
    "/discounts",
    opt=declares(permission("discounts:manage"), body=DiscountDraft, honours=(IDEMPOTENCY_KEY,)),
)
async def add_discount(request: AnyRequest) -> Response[Discount]:
    """Make a code. It takes either a `percentage` or an `amount` of a `currency` off the price of each matching ticket."""
    draft = await read(request, DiscountDraft)
    async with (
        desks(request).database.write(acting(request).organization_id) as tx,
        once(tx, request) as earlier,
    ):
        if earlier.resource_id is not None:
            found = await discount(tx, earlier.resource_id)
        else:
            found = await create_discount(tx, draft, actor=acting(request))
            earlier.remember(found.id)
    return tagged(found, status=201)


@get("/discounts/{discount_id:uuid}", opt=declares(permission("discounts:manage")))
async def show_discount(request: AnyRequest, discount_id: FromPath[UUID]) -> Response[Discount]:
    async with desks(request).database.read(acting(request).organization_id) as tx:
        return tagged(await discount(tx, discount_id))


@patch(
    "/discounts/{discount_id:uuid}",
    opt=declares(
        permission("discounts:manage"),
        body=MergePatch(DiscountDraft),
        honours=(IF_MATCH,),
        refuses=(Conflict,),
    ),
)
async def change_discount(request: AnyRequest, discount_id: FromPath[UUID]) -> Response[Discount]:
    """Change the fields named (JSON merge patch, RFC 7396): null sets a field back to its default."""
    change = await read(request, JsonObject)
    async with desks(request).database.write(acting(request).organization_id) as tx:
        revise = partial(merged, change=change)
        found = await edit_discount(
            tx, discount_id, revise, actor=acting(request), version=expected_version(request)
        )
    return tagged(found)


@delete(
    "/discounts/{discount_id:uuid}",
    opt=declares(permission("discounts:manage"), honours=(IF_MATCH,)),
    status_code=204,
)
async def remove_discount(request: AnyRequest, discount_id: FromPath[UUID]) -> None:
    """Delete a code: nobody can enter it any more, and another one may be called the same."""
    await read_nothing(request)
    async with desks(request).database.write(acting(request).organization_id) as tx:
        await delete_discount(tx, discount_id, actor=acting(request), version=expected_version(request))


ROUTES = [list_discounts, add_discount, show_discount, change_discount, remove_discount]
