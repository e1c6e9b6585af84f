"""The public shop: what is on, and what can be had of it."""

from typing import Annotated
from uuid import UUID

from litestar import get
from litestar.params import FromPath
from msgspec import Meta

from foyer.api.access import PUBLIC, declares
from foyer.api.requests import AnyRequest, desks, queried
from foyer.api.v1.holding import shop_of
from foyer.domains.carts import offer
from foyer.domains.carts.types import Offer
from foyer.domains.events import coming_up
from foyer.domains.events.types import EventPublic
from foyer.domains.organizations import public_shop
from foyer.domains.organizations.types import ShopPublic
from foyer.kernel.paging import PAGE_DEFAULT, PAGE_MAX
from foyer.kernel.wire import Wire


class EventsAsked(Wire, frozen=True):
    """Which events of a shop, and which page of them."""

    q: str | None = None
    category: str | None = None
    tag: str | None = None
    limit: Annotated[int, Meta(ge=1, le=PAGE_MAX)] = PAGE_DEFAULT
    cursor: str | None = None


class EventList(Wire, frozen=True):
    """A page of events; `next_cursor` leads to the next one."""

    items: list[EventPublic]
    next_cursor: str | None


@get("/shops/{slug:str}", opt=declares(PUBLIC))
async def show_shop(request: AnyRequest, slug: FromPath[str]) -> ShopPublic:
    return public_shop(await shop_of(request, slug))


@get("/shops/{slug:str}/events", opt=declares(PUBLIC, query=EventsAsked))
async def list_events(request: AnyRequest, slug: FromPath[str]) -> EventList:
    asked = queried(request, EventsAsked)
    shop = await shop_of(request, slug)
    async with desks(request).database.read(shop.id) as tx:
        page = await coming_up(
            tx, search=asked.q, category=asked.category, tag=asked.tag, cursor=asked.cursor, limit=asked.limit
        )
    return EventList(items=[one.event for one in page.items], next_cursor=page.next_cursor)


@get("/shops/{slug:str}/events/{event:str}", opt=declares(PUBLIC))
async def show_event(request: AnyRequest, slug: FromPath[str], event: FromPath[str]) -> Offer:
    """One event by its id or its slug, with everything that can be bought of it."""
    shop = await shop_of(request, slug)
    event_id, event_slug = _id_or_slug(event)
    async with desks(request).database.read(shop.id) as tx:
        return await offer(tx, event_id=event_id, slug=event_slug)


def _id_or_slug(text: str) -> tuple[UUID | None, str | None]:
    """How an event is named in an address; no slug reads as an id."""
    try:
        return UUID(text), None
    except ValueError:
        return None, text


ROUTES = [show_shop, list_events, show_event]
