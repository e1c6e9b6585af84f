"""Access links of an event: who has one sees what the shop does not show everybody."""

from uuid import UUID

from litestar import Response, delete, get, post
from litestar.params import FromPath

from foyer.api.access import IDEMPOTENCY_KEY, acting, declares, permission
from foyer.api.idempotency import once
from foyer.api.requests import AnyRequest, Nothing, desks, queried, read, read_nothing
from foyer.domains.events import access_link, access_links, create_access_link, revoke_access_link
from foyer.domains.events.types import AccessLink, AccessLinkDraft
from foyer.kernel.errors import Conflict
from foyer.kernel.wire import Wire


class AccessLinkAnswers(Wire, frozen=True):
    items: list[AccessLink]


@get("/events/{event_id:uuid}/access-links", opt=declares(permission("events:edit"), query=Nothing))
async def list_links(request: AnyRequest, event_id: FromPath[UUID]) -> AccessLinkAnswers:
    """The links of the event, the newest first; those that were taken back are not there."""
    queried(request, Nothing)
    house = desks(request)
    async with house.database.read(acting(request).organization_id) as tx:
        return AccessLinkAnswers(items=await access_links(tx, event_id, keyring=house.keyring))


@post(
    "/events/{event_id:uuid}/access-links",
    opt=declares(
        permission("events:edit"), body=AccessLinkDraft, honours=(IDEMPOTENCY_KEY,), refuses=(Conflict,)
    ),
)
async def add_link(request: AnyRequest, event_id: FromPath[UUID]) -> Response[AccessLink]:
    """Make a link that opens the event, and one hidden ticket type where it names one."""
    draft = await read(request, AccessLinkDraft)
    house = desks(request)
    async with house.database.write(acting(request).organization_id) as tx, once(tx, request) as earlier:
        if earlier.resource_id is not None:
            link = await access_link(tx, event_id, earlier.resource_id, keyring=house.keyring)
        else:
            link = await create_access_link(tx, event_id, draft, keyring=house.keyring, actor=acting(request))
            earlier.remember(link.id)
    return Response(link, status_code=201)


@get("/events/{event_id:uuid}/access-links/{link_id:uuid}", opt=declares(permission("events:edit")))
async def show_link(request: AnyRequest, event_id: FromPath[UUID], link_id: FromPath[UUID]) -> AccessLink:
    house = desks(request)
    async with house.database.read(acting(request).organization_id) as tx:
        return await access_link(tx, event_id, link_id, keyring=house.keyring)


@delete(
    "/events/{event_id:uuid}/access-links/{link_id:uuid}",
    opt=declares(permission("events:edit")),
    status_code=204,
)
async def remove_link(request: AnyRequest, event_id: FromPath[UUID], link_id: FromPath[UUID]) -> None:
    """Take the link back: it opens nothing from now on. Carts and orders that came of it stay."""
    await read_nothing(request)
    async with desks(request).database.write(acting(request).organization_id) as tx:
        await revoke_access_link(tx, event_id, link_id, actor=acting(request))


ROUTES = [list_links, add_link, show_link, remove_link]
