"""Waiting lists: joined and left by buyers, read by staff."""

from functools import partial
from typing import Annotated, Final
from uuid import UUID

from litestar import delete, get, post
from litestar.params import FromPath
from litestar.response import Stream
from msgspec import Meta
from msgspec.structs import asdict

from foyer.api.access import PUBLIC, acting, declares, holder, permission
from foyer.api.csv import CSV, exported
from foyer.api.requests import AnyRequest, bearer, desks, leaving, queried, read, read_nothing
from foyer.api.v1.holding import shop_of
from foyer.domains.carts import CartEdit, EditAsk
from foyer.domains.events import event_for_staff
from foyer.domains.identity import take_turns
from foyer.domains.waiting import (
    JOINS,
    WAITING_COLUMNS,
    join_line,
    leave_line,
    line_for_staff,
    waiting,
    waiting_rows,
)
from foyer.domains.waiting.errors import not_waiting
from foyer.domains.waiting.types import (
    Line,
    Waiting,
    WaitingFilter,
    WaitingStaff,
    WaitingStatus,
    WaitingWish,
)
from foyer.infra.batching import Counter
from foyer.infra.network import network_of
from foyer.kernel.actor import visitor
from foyer.kernel.errors import Conflict, Forbidden, NotOnSale, OverLimit, RateLimited, UnderMinimum
from foyer.kernel.language import LANGUAGES, preferred
from foyer.kernel.paging import PAGE_DEFAULT, PAGE_MAX
from foyer.kernel.wire import Wire

WAITING: Final = "waiting"


class WaitingHeld(Waiting, frozen=True):
    """A place in line for its holder. While places are held for it, `cart_token` opens the cart that holds them."""

    cart_token: str | None


class WaitingAnswers(Wire, frozen=True):
    items: list[WaitingStaff]
    next_cursor: str | None


class WaitingPage(WaitingFilter, frozen=True):
    """Which places in line, and which page of them."""

    limit: Annotated[int, Meta(ge=1, le=PAGE_MAX)] = PAGE_DEFAULT
    cursor: str | None = None


@post(
    "/shops/{slug:str}/waiting-list",
    opt=declares(
        PUBLIC, body=WaitingWish, refuses=(NotOnSale, OverLimit, UnderMinimum, Conflict, RateLimited)
    ),
    status_code=202,
)
async def join(request: AnyRequest, slug: FromPath[str]) -> Line:
    """Wait for places of a sold-out ticket type: the link to the place in line is sent to the address.

    Asking again changes nothing, and the answer does not tell whether the address stood in line before.
    """
    wish = await read(request, WaitingWish)
    await take_turns(desks(request).database, (JOINS, network_of(request)))
    shop = await shop_of(request, slug)
    language = preferred(request.headers.get("accept-language")) or LANGUAGES[0]
    async with desks(request).database.write(shop.id) as tx:
        return await join_line(tx, wish, language=language, actor=visitor(shop.id))


@get("/shops/{slug:str}/waiting-list/{waiting_id:uuid}", opt=declares(holder(WAITING)))
async def show(request: AnyRequest, slug: FromPath[str], waiting_id: FromPath[UUID]) -> WaitingHeld:
    """A place in line: how many are before it, or the cart that holds its places."""
    organization_id, found = await _held(request, slug, waiting_id)
    token = None
    if found.cart_id is not None and found.status is WaitingStatus.OFFERED:
        token = desks(request).keyring.cart_token(organization_id, found.event_id, found.cart_id)
    return WaitingHeld(**asdict(found), cart_token=token)


@delete(
    "/shops/{slug:str}/waiting-list/{waiting_id:uuid}",
    opt=declares(holder(WAITING), refuses=(Conflict,)),
    status_code=204,
)
async def leave(request: AnyRequest, slug: FromPath[str], waiting_id: FromPath[UUID]) -> None:
    """Leave the list, or give offered places on to the next in line. One that has ended stays as it is."""
    await read_nothing(request)
    organization_id, found = await _held(request, slug, waiting_id)
    house = desks(request)
    if found.cart_id is not None and found.status is WaitingStatus.OFFERED:
        ask = EditAsk(found.cart_id, CartEdit(releases=True))
        await house.edit.ask(Counter(organization_id, found.event_id), ask, is_gone=leaving(request))
        return
    async with house.database.write(organization_id) as tx:
        await leave_line(tx, waiting_id)


async def _held(request: AnyRequest, slug: str, waiting_id: UUID) -> tuple[UUID, Waiting]:
    shop = await shop_of(request, slug)
    if not desks(request).keyring.is_holder_token(bearer(request) or "", WAITING, shop.id, waiting_id):
        raise not_waiting()
    async with desks(request).database.read(shop.id) as tx:
        return shop.id, await waiting(tx, waiting_id)


@get("/events/{event_id:uuid}/waiting-list", opt=declares(permission("customers:view"), query=WaitingPage))
async def list_line(request: AnyRequest, event_id: FromPath[UUID]) -> WaitingAnswers:
    """Everybody who waits or has waited for places of an event, the first one first."""
    asked = queried(request, WaitingPage)
    async with desks(request).database.read(acting(request).organization_id) as tx:
        await event_for_staff(tx, event_id)
        page = await line_for_staff(tx, event_id, asked, cursor=asked.cursor, limit=asked.limit)
    return WaitingAnswers(items=page.items, next_cursor=page.next_cursor)


@get(
    "/events/{event_id:uuid}/waiting-list/export",
    opt=declares(permission("exports:create"), query=WaitingFilter, refuses=(Forbidden,)),
    media_type=CSV,
)
async def export_line(request: AnyRequest, event_id: FromPath[UUID]) -> Stream:
    """The same as CSV, one a row; needs `customers:view` as well."""
    acting(request).require("customers:view")
    wanted = queried(request, WaitingFilter)
    async with desks(request).database.read(acting(request).organization_id) as tx:
        await event_for_staff(tx, event_id)
    return await exported(request, "waiting-list", WAITING_COLUMNS, partial(waiting_rows, event_id, wanted))


ROUTES = [join, show, leave, list_line, export_line]
