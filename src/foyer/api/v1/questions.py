"""The organizer's own questions: what buyers of an event are asked at checkout."""

from functools import partial
from uuid import UUID

from litestar import Response, delete, get, patch, post
from litestar.params import FromPath

from foyer.api.access import IDEMPOTENCY_KEY, IF_MATCH, MergePatch, acting, declares, holder, permission
from foyer.api.idempotency import once
from foyer.api.requests import AnyRequest, Nothing, desks, expected_version, queried, read, read_nothing
from foyer.api.staff import merged, tagged
from foyer.api.v1.holding import CART, holding_cart
from foyer.domains.events import (
    add_question,
    delete_question,
    edit_question,
    question,
    questions,
    questions_asked,
)
from foyer.domains.events.types import JsonObject, Question, QuestionDraft, QuestionPublic
from foyer.kernel.errors import Conflict
from foyer.kernel.wire import Wire


class QuestionAnswers(Wire, frozen=True):
    items: list[Question]


class AskedAnswers(Wire, frozen=True):
    items: list[QuestionPublic]


@get("/events/{event_id:uuid}/questions", opt=declares(permission("events:view"), query=Nothing))
async def list_questions(request: AnyRequest, event_id: FromPath[UUID]) -> QuestionAnswers:
    """All questions of the event, in the order in which they are asked."""
    queried(request, Nothing)
    async with desks(request).database.read(acting(request).organization_id) as tx:
        return QuestionAnswers(items=await questions(tx, event_id))


@post(
    "/events/{event_id:uuid}/questions",
    opt=declares(
        permission("events:edit"), body=QuestionDraft, honours=(IDEMPOTENCY_KEY,), refuses=(Conflict,)
    ),
)
async def ask_question(request: AnyRequest, event_id: FromPath[UUID]) -> Response[Question]:
    """Ask buyers something from now on. A required yes or no has to be yes, like “I accept the house rules”."""
    draft = await read(request, QuestionDraft)
    async with (
        desks(request).database.write(acting(request).organization_id) as tx,
        once(tx, request) as earlier,
    ):
        if earlier.resource_id is not None:
            found = await question(tx, event_id, earlier.resource_id)
        else:
            found = await add_question(tx, event_id, draft, actor=acting(request))
            earlier.remember(found.id)
    return tagged(found, status=201)


@get("/events/{event_id:uuid}/questions/{question_id:uuid}", opt=declares(permission("events:view")))
async def show_question(
    request: AnyRequest, event_id: FromPath[UUID], question_id: FromPath[UUID]
) -> Response[Question]:
    async with desks(request).database.read(acting(request).organization_id) as tx:
        return tagged(await question(tx, event_id, question_id))


@patch(
    "/events/{event_id:uuid}/questions/{question_id:uuid}",
    opt=declares(
        permission("events:edit"), body=MergePatch(QuestionDraft), honours=(IF_MATCH,), refuses=(Conflict,)
    ),
)
async def change_question(
    request: AnyRequest, event_id: FromPath[UUID], question_id: FromPath[UUID]
) -> Response[Question]:
    """Change the fields named (JSON merge patch, RFC 7396). Of a published event `scope` and `type` stay."""
    change = await read(request, JsonObject)
    async with desks(request).database.write(acting(request).organization_id) as tx:
        revise = partial(merged, change=change)
        found = await edit_question(
            tx, event_id, question_id, revise, actor=acting(request), version=expected_version(request)
        )
    return tagged(found)


@delete(
    "/events/{event_id:uuid}/questions/{question_id:uuid}",
    opt=declares(permission("events:edit"), honours=(IF_MATCH,), refuses=(Conflict,)),
    status_code=204,
)
async def remove_question(request: AnyRequest, event_id: FromPath[UUID], question_id: FromPath[UUID]) -> None:
    """Ask this no more. What was answered stays with its orders."""
    await read_nothing(request)
    async with desks(request).database.write(acting(request).organization_id) as tx:
        await delete_question(
            tx, event_id, question_id, actor=acting(request), version=expected_version(request)
        )


@get("/shops/{slug:str}/carts/{cart_id:uuid}/questions", opt=declares(holder(CART), query=Nothing))
async def list_asked(request: AnyRequest, slug: FromPath[str], cart_id: FromPath[UUID]) -> AskedAnswers:
    """What the event of the cart asks its buyers, in order.

    A question with `ticketTypeIds` is for these types alone. Of scope `order` it is answered in `answers` of the checkout, of
    scope `ticket` in those of each attendee.
    """
    counter = await holding_cart(request, slug, cart_id)
    queried(request, Nothing)
    async with desks(request).database.read(counter.organization_id) as tx:
        return AskedAnswers(items=await questions_asked(tx, counter.event_id))


ROUTES = [list_questions, ask_question, show_question, change_question, remove_question, list_asked]
