"""The public shop: what is on, and what can be had of it."""

from typing import Annotated, cast
from uuid import UUID

import msgspec
from litestar import Response, get
from litestar.params import FromPath
from msgspec import Meta

from foyer.api.access import IF_NONE_MATCH, PUBLIC, declares
from foyer.api.contract import EVENT_STREAM
from foyer.api.requests import AnyRequest, desks, queried
from foyer.api.shown import unless_known
from foyer.api.v1.holding import shop_of
from foyer.domains.carts import Shown
from foyer.domains.carts.errors import link_closed
from foyer.domains.carts.types import Listed, Listing, Offer
from foyer.domains.events.types import EventPublic, EventStatus, SaleState
from foyer.domains.organizations import public_shop
from foyer.domains.organizations.types import Shop, ShopPublic
from foyer.infra.streams import LAST_SECONDS, Streams
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


@get("/shops/{slug:str}/events", opt=declares(PUBLIC, query=EventsAsked, honours=(IF_NONE_MATCH,)))
async def list_events(request: AnyRequest, slug: FromPath[str]) -> Response[EventList]:
    """The public events to come, the next one first. At most one second old."""
    asked = queried(request, EventsAsked)
    shop = await shop_of(request, slug)
    listing = Listing(
        search=asked.q, category=asked.category, tag=asked.tag, cursor=asked.cursor, limit=asked.limit
    )
    shown = await desks(request).front.events(shop.id, listing)
    return unless_known(request, "list", shown, _events)


def _events(found: Listed) -> EventList:
    return EventList(items=[one.event for one in found.offers], next_cursor=found.next_cursor)


class EventAsked(Wire, frozen=True):
    """With the secret of an access link also what only that opens."""

    access_key: str | None = None


@get(
    "/shops/{slug:str}/events/{event:str}",
    opt=declares(PUBLIC, query=EventAsked, honours=(IF_NONE_MATCH,)),
)
async def show_event(request: AnyRequest, slug: FromPath[str], event: FromPath[str]) -> Response[Offer]:
    """One event by its id or its slug, with everything that can be bought of it. At most one second old."""
    asked = queried(request, EventAsked)
    shop = await shop_of(request, slug)
    shown = await _shown(request, shop, event, asked.access_key)
    if asked.access_key is not None:
        return Response(shown.now, headers={"Cache-Control": "private, no-store"})
    return unless_known(request, "offer", shown, _offer)


async def _shown(
    request: AnyRequest, shop: Shop, event: UUID | str, access_key: str | None = None
) -> Shown[Offer]:
    """An event as everybody sees it, or as the bearers of a link do.

    Raises:
        NotFound: there is no such event, none that is shown, or the link opens another one.
    """
    front = desks(request).front
    named = _id_or_slug(event) if isinstance(event, str) else event
    if access_key is None:
        return await front.event(shop.id, named)
    shown = await front.by_link(shop.id, access_key)
    if named not in {shown.now.event.id, shown.now.event.slug}:
        raise link_closed()
    return shown


def _offer(found: Offer) -> Offer:
    return found


class ListenAsked(Wire, frozen=True):
    """How many seconds to listen at most; with 0 only what there is now."""

    seconds: Annotated[int, Meta(ge=0, le=LAST_SECONDS)] = LAST_SECONDS
    access_key: str | None = None


class TypeNow(Wire, frozen=True):
    """How a ticket type stands."""

    id: UUID
    state: SaleState
    available_quantity: int


class EventNow(Wire, frozen=True):
    """How an event stands: what is told when it changes."""

    status: EventStatus
    ticket_types: list[TypeNow]


@get(
    "/shops/{slug:str}/events/{event:str}/live",
    opt=declares(PUBLIC, query=ListenAsked),
    media_type=EVENT_STREAM,
)
async def listen(request: AnyRequest, slug: FromPath[str], event: FromPath[str]) -> Response[EventNow]:
    """How many can be had of an event, as server-sent events. Now, then whenever it changes, at most once a second."""
    asked = queried(request, ListenAsked)
    shop = await shop_of(request, slug)
    key = asked.access_key
    event_id = (await _shown(request, shop, event, key)).now.event.id

    async def look() -> bytes:
        return _standing((await _shown(request, shop, event_id, key)).now)

    streams = cast("Streams", request.app.state.streams)
    stream = await streams.listen(("api", shop.id, event_id, key), look, seconds=asked.seconds)
    return cast("Response[EventNow]", stream)


def _standing(found: Offer) -> bytes:
    types = [
        TypeNow(id=one.id, state=one.state, available_quantity=one.available_quantity)
        for one in found.ticket_types
    ]
    return msgspec.json.encode(EventNow(status=found.event.status, ticket_types=types))


def _id_or_slug(text: str) -> UUID | str:
    """How an event is named in an address; no slug reads as an id."""
    try:
        return UUID(text)
    except ValueError:
        return text


ROUTES = [show_shop, list_events, show_event, listen]
