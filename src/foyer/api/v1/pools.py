"""Areas of an event: places that several ticket types share."""

from functools import partial
from uuid import UUID

from litestar import Response, delete, get, patch, post
from litestar.params import FromPath

from foyer.api.access import IDEMPOTENCY_KEY, IF_MATCH, MergePatch, acting, declares, permission
from foyer.api.idempotency import once
from foyer.api.requests import AnyRequest, Nothing, desks, expected_version, queried, read, read_nothing
from foyer.api.staff import merged, tagged
from foyer.domains.events import create_pool, delete_pool, edit_pool, shared_pool, shared_pools
from foyer.domains.events.types import JsonObject, SharedPool, SharedPoolDraft
from foyer.kernel.errors import Conflict
from foyer.kernel.wire import Wire


class SharedPoolAnswers(Wire, frozen=True):
    items: list[SharedPool]


@get("/events/{event_id:uuid}/pools", opt=declares(permission("events:view"), query=Nothing))
async def list_pools(request: AnyRequest, event_id: FromPath[UUID]) -> SharedPoolAnswers:
    """All areas of the event, by name."""
    queried(request, Nothing)
    async with desks(request).database.read(acting(request).organization_id) as tx:
        return SharedPoolAnswers(items=await shared_pools(tx, event_id))


@post(
    "/events/{event_id:uuid}/pools",
    opt=declares(
        permission("events:edit"), body=SharedPoolDraft, honours=(IDEMPOTENCY_KEY,), refuses=(Conflict,)
    ),
)
async def add_pool(request: AnyRequest, event_id: FromPath[UUID]) -> Response[SharedPool]:
    """Let ticket types share an area. What is held and sold of them counts at once."""
    draft = await read(request, SharedPoolDraft)
    async with (
        desks(request).database.write(acting(request).organization_id) as tx,
        once(tx, request) as earlier,
    ):
        if earlier.resource_id is not None:
            pool = await shared_pool(tx, event_id, earlier.resource_id)
        else:
            pool = await create_pool(tx, event_id, draft, actor=acting(request))
            earlier.remember(pool.id)
    return tagged(pool, status=201)


@get("/events/{event_id:uuid}/pools/{pool_id:uuid}", opt=declares(permission("events:view")))
async def show_pool(
    request: AnyRequest, event_id: FromPath[UUID], pool_id: FromPath[UUID]
) -> Response[SharedPool]:
    async with desks(request).database.read(acting(request).organization_id) as tx:
        return tagged(await shared_pool(tx, event_id, pool_id))


@patch(
    "/events/{event_id:uuid}/pools/{pool_id:uuid}",
    opt=declares(
        permission("events:edit"), body=MergePatch(SharedPoolDraft), honours=(IF_MATCH,), refuses=(Conflict,)
    ),
)
async def change_pool(
    request: AnyRequest, event_id: FromPath[UUID], pool_id: FromPath[UUID]
) -> Response[SharedPool]:
    """Change the fields named (JSON merge patch, RFC 7396). Ticket types that join bring along what is held and sold of them."""
    change = await read(request, JsonObject)
    async with desks(request).database.write(acting(request).organization_id) as tx:
        revise = partial(merged, change=change)
        pool = await edit_pool(
            tx, event_id, pool_id, revise, actor=acting(request), version=expected_version(request)
        )
    return tagged(pool)


@delete(
    "/events/{event_id:uuid}/pools/{pool_id:uuid}",
    opt=declares(permission("events:edit"), honours=(IF_MATCH,), refuses=(Conflict,)),
    status_code=204,
)
async def remove_pool(request: AnyRequest, event_id: FromPath[UUID], pool_id: FromPath[UUID]) -> None:
    """Take the area away; its ticket types keep their places."""
    await read_nothing(request)
    async with desks(request).database.write(acting(request).organization_id) as tx:
        await delete_pool(tx, event_id, pool_id, actor=acting(request), version=expected_version(request))


ROUTES = [list_pools, add_pool, show_pool, change_pool, remove_pool]
