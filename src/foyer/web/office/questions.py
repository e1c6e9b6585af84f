"""Pages of the office: what buyers of an event are asked at checkout."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath
from litestar.response import Redirect
from msgspec.structs import replace

from foyer.domains.events import (
    add_question,
    delete_question,
    edit_question,
    event_for_staff,
    order_questions,
    question,
    questions,
)
from foyer.domains.events.types import Question, QuestionDraft, QuestionScope, QuestionType
from foyer.kernel.access import declares, permission
from foyer.kernel.errors import FoyerError, PreconditionFailed
from foyer.web.office.events import returned
from foyer.web.office.forms import Form, is_answerable, require_read, sent, stepped
from foyer.web.office.frame import frame
from foyer.web.office.pages.events import EventHead
from foyer.web.office.pages.form import FormState
from foyer.web.office.pages.questions import QuestionPage, QuestionsPage
from foyer.web.shared.render import AnyRequest, drawn
from foyer.web.shared.staff import staff
from foyer.web.shared.visitor import desks

STEP = 10


@get("/events/{event_id:uuid}/questions", opt=declares(permission("events:view")))
async def list_questions(request: AnyRequest, event_id: FromPath[UUID]) -> Response[str]:
    async with desks(request).database.read(staff(request).shop.id) as tx:
        event = await event_for_staff(tx, event_id)
        asked = await questions(tx, event_id)
    page = QuestionsPage(frame(request, "events"), EventHead(event, "questions"), asked)
    return drawn("office/questions.html", page)


@get("/events/{event_id:uuid}/questions/new", opt=declares(permission("events:edit")))
async def new_question(request: AnyRequest, event_id: FromPath[UUID]) -> Response[str]:
    return await _page(request, event_id, FormState({}))


@post("/events/{event_id:uuid}/questions/new", opt=declares(permission("events:edit")))
async def ask_question(request: AnyRequest, event_id: FromPath[UUID]) -> Response[Any]:
    here, form = staff(request), await sent(request)
    try:
        draft = _read(form)
        require_read(form)
        async with desks(request).database.write(here.shop.id) as tx:
            last = max((one.sort_order for one in await questions(tx, event_id)), default=0)
            await add_question(tx, event_id, replace(draft, sort_order=last + STEP), actor=here.actor)
    except FoyerError as refused:
        return await _again(request, event_id, None, form, refused)
    return Redirect(f"/office/events/{event_id}/questions?done=created", status_code=303)


@get("/events/{event_id:uuid}/questions/{question_id:uuid}", opt=declares(permission("events:view")))
async def show_question(
    request: AnyRequest, event_id: FromPath[UUID], question_id: FromPath[UUID]
) -> Response[str]:
    asked = await _question(request, event_id, question_id)
    return await _page(
        request, event_id, FormState(_values(asked), asked.version, lists=_named(asked)), asked
    )


@post("/events/{event_id:uuid}/questions/{question_id:uuid}", opt=declares(permission("events:edit")))
async def save_question(
    request: AnyRequest, event_id: FromPath[UUID], question_id: FromPath[UUID]
) -> Response[Any]:
    here, form = staff(request), await sent(request)
    try:
        draft = _read(form)
        require_read(form)
        async with desks(request).database.write(here.shop.id) as tx:
            await edit_question(
                tx, event_id, question_id, lambda standing: replace(draft, sort_order=standing.sort_order),
                actor=here.actor, version=form.number("version", 0),
            )  # fmt: skip
    except FoyerError as refused:
        return await _again(request, event_id, question_id, form, refused)
    return Redirect(f"/office/events/{event_id}/questions?done=saved", status_code=303)


@post(
    "/events/{event_id:uuid}/questions/{question_id:uuid}/deletion", opt=declares(permission("events:edit"))
)
async def drop_question(
    request: AnyRequest, event_id: FromPath[UUID], question_id: FromPath[UUID]
) -> Response[Any]:
    here = staff(request)
    async with desks(request).database.write(here.shop.id) as tx:
        await delete_question(tx, event_id, question_id, actor=here.actor)
    return Redirect(f"/office/events/{event_id}/questions?done=deleted", status_code=303)


@post("/events/{event_id:uuid}/questions/{question_id:uuid}/place", opt=declares(permission("events:edit")))
async def move_question(
    request: AnyRequest, event_id: FromPath[UUID], question_id: FromPath[UUID]
) -> Response[Any]:
    """One step up or down: the way without a script."""
    here, form = staff(request), await sent(request)
    async with desks(request).database.write(here.shop.id) as tx:
        await question(tx, event_id, question_id)
        order = [one.id for one in await questions(tx, event_id)]
        await order_questions(tx, event_id, stepped(order, question_id, form), actor=here.actor)
    return Redirect(f"/office/events/{event_id}/questions?done=saved", status_code=303)


@post("/events/{event_id:uuid}/questions/order", opt=declares(permission("events:edit")))
async def put_in_order(request: AnyRequest, event_id: FromPath[UUID]) -> Response[None]:
    """The whole order at once, as a script sends it after a row was dragged."""
    here, form = staff(request), await sent(request)
    order = form.ids("id", "These are not questions.")
    require_read(form)
    async with desks(request).database.write(here.shop.id) as tx:
        await order_questions(tx, event_id, order, actor=here.actor)
    return Response(None, status_code=204)


async def _again(
    request: AnyRequest, event_id: UUID, question_id: UUID | None, form: Form, refused: FoyerError
) -> Response[str]:
    """The question's page as it was typed, with the refusal beside the field."""
    if not is_answerable(refused):
        raise refused
    asked = await _question(request, event_id, question_id) if question_id else None
    stored = {**_values(asked), "isRequired": ""} if asked else {}
    state = returned(stored, asked.version if asked else 0, form, refused, lists=["ticketTypeIds"])
    changed = isinstance(refused, PreconditionFailed)
    return await _page(request, event_id, state, asked, was_changed=changed, status=refused.status)


async def _page(
    request: AnyRequest,
    event_id: UUID,
    state: FormState,
    asked: Question | None = None,
    *,
    was_changed: bool = False,
    status: int = 200,
) -> Response[str]:
    async with desks(request).database.read(staff(request).shop.id) as tx:
        event = await event_for_staff(tx, event_id)
    page = QuestionPage(frame(request, "events"), EventHead(event, "questions"), state, asked, was_changed)
    return drawn("office/question.html", page, status=status)


async def _question(request: AnyRequest, event_id: UUID, question_id: UUID) -> Question:
    async with desks(request).database.read(staff(request).shop.id) as tx:
        return await question(tx, event_id, question_id)


def _read(form: Form) -> QuestionDraft:
    kind = QuestionType(form.choice("type", list(QuestionType), QuestionType.TEXT))
    has_options = kind in {QuestionType.CHOICE, QuestionType.CHOICES}
    return QuestionDraft(
        label=form.text("label"),
        scope=QuestionScope(form.choice("scope", list(QuestionScope), QuestionScope.ORDER)),
        type=kind,
        # The field is there for every type; what stands in it counts where there is something to choose.
        options=form.text("options").splitlines() if has_options else [],
        is_required=form.flag("isRequired"),
        ticket_type_ids=form.ids("ticketTypeIds", "Choose ticket types of the list."),
    )


def _values(asked: Question) -> dict[str, str]:
    return {
        "label": asked.label,
        "scope": asked.scope.value,
        "type": asked.type.value,
        "options": "\n".join(asked.options),
        "isRequired": "on" if asked.is_required else "",
    }


def _named(asked: Question) -> dict[str, list[str]]:
    return {"ticketTypeIds": [str(one) for one in asked.ticket_type_ids]}


ROUTES: list[BaseRouteHandler] = [
    list_questions, new_question, ask_question, show_question, save_question, drop_question, move_question, put_in_order,
]  # fmt: skip
