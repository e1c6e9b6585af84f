"""Writes of the organizer's own questions."""

from collections.abc import Callable, Sequence
from uuid import UUID

from sqlalchemy import delete

from foyer.domains.events import rules
from foyer.domains.events.actions.ordering import STEP
from foyer.domains.events.actions.rows import live_types, lock_event, lock_one, require_open, unknown_types
from foyer.domains.events.models import EventRow, QuestionRow, QuestionTicketTypeRow
from foyer.domains.events.queries import NO_QUESTION, live_questions, one_question, question, questions
from foyer.domains.events.types import EventStatus, Question, QuestionDraft
from foyer.infra.audit import differences, record
from foyer.infra.db.tx import Tx, own
from foyer.kernel.actor import Actor
from foyer.kernel.errors import Conflict, Invalid
from foyer.kernel.ids import uuid7

_SAME = ("label", "scope", "type", "options", "is_required", "sort_order")


async def add_question(tx: Tx, event_id: UUID, draft: QuestionDraft, *, actor: Actor) -> Question:
    """Ask buyers of an event something from now on.

    Raises:
        NotFound, Invalid: see each.
        Conflict: the event is over or cancelled, or asks enough already.
    """
    event = await lock_event(tx, event_id)
    require_open(event)
    if len(await questions(tx, event_id)) >= rules.QUESTIONS_MAX:
        raise Conflict(f"An event asks at most {rules.QUESTIONS_MAX} questions.")
    regular = await _regular(tx, event, draft, standing=())
    row = QuestionRow(organization_id=tx.organization_id, id=uuid7(), event_id=event_id)
    _write(row, regular)
    tx.add(row)
    await tx.flush()
    await _name_types(tx, row, regular.ticket_type_ids)
    record(tx, actor, "question.created", "question", row.id, {"label": [None, row.label]})
    return await question(tx, event_id, row.id)


async def edit_question(
    tx: Tx,
    event_id: UUID,
    question_id: UUID,
    revise: Callable[[QuestionDraft], QuestionDraft],
    *,
    actor: Actor,
    version: int | None = None,
) -> Question:
    """Revise a question under its lock. What was answered before stays as it was answered.

    Raises:
        NotFound, Invalid, PreconditionFailed: see each.
        Conflict: the event is over or cancelled, or sold already: then the kind of answer stays.
    """
    event = await lock_event(tx, event_id)
    require_open(event)
    row = await _lock(tx, event_id, question_id, version)
    before = draft_of(await question(tx, event_id, question_id))
    regular = await _regular(tx, event, revise(before), standing=before.ticket_type_ids)
    if event.status != EventStatus.DRAFT and (regular.scope, regular.type) != (before.scope, before.type):
        field = "scope" if regular.scope != before.scope else "type"
        raise Conflict("Buyers may have answered this; delete it and ask anew instead.", field=field)
    _write(row, regular)
    row.updated_at = await tx.now()
    await tx.flush()
    if set(regular.ticket_type_ids) != set(before.ticket_type_ids):
        await _name_types(tx, row, regular.ticket_type_ids)
    record(tx, actor, "question.updated", "question", row.id, differences(before, regular))
    return await question(tx, event_id, question_id)


async def delete_question(
    tx: Tx, event_id: UUID, question_id: UUID, *, actor: Actor, version: int | None = None
) -> None:
    """Ask this no more. What was answered stays with its orders.

    Raises:
        NotFound, PreconditionFailed: see each.
        Conflict: the event is over or cancelled.
    """
    require_open(await lock_event(tx, event_id))
    row = await _lock(tx, event_id, question_id, version)
    row.deleted_at = row.updated_at = await tx.now()
    record(tx, actor, "question.deleted", "question", question_id, {"label": [row.label, None]})
    await tx.flush()


async def order_questions(
    tx: Tx, event_id: UUID, question_ids: Sequence[UUID], *, actor: Actor
) -> list[Question]:
    """Set the order of all questions of an event.

    Raises:
        NotFound: no such event.
        Conflict: the event is over or cancelled, or its questions are others by now.
    """
    require_open(await lock_event(tx, event_id))
    standing = await questions(tx, event_id)
    before = [one.id for one in standing]
    if sorted(before) != sorted(question_ids):
        raise Conflict("The questions of this event have changed in between; look at the list again.")
    if before != list(question_ids):
        now = await tx.now()
        rows = {row.id: row for row in await tx.lock(live_questions(tx, event_id).order_by(QuestionRow.id))}
        for place, question_id in enumerate(question_ids, 1):
            row = rows[question_id]
            row.sort_order = place * STEP
            row.updated_at = now
        labels = {one.id: one.label for one in standing}
        names = {"order": [[labels[one] for one in order] for order in (before, question_ids)]}
        record(tx, actor, "event.questions_ordered", "event", event_id, names)
        await tx.flush()
    return await questions(tx, event_id)


def draft_of(asked: Question) -> QuestionDraft:
    """The question as its organizer would write it today."""
    return QuestionDraft(**{name: getattr(asked, name) for name in QuestionDraft.__struct_fields__})


async def _lock(tx: Tx, event_id: UUID, question_id: UUID, version: int | None) -> QuestionRow:
    query = one_question(tx, event_id, question_id)
    return await lock_one(tx, query, version, missing=NO_QUESTION, thing="question")


async def _regular(
    tx: Tx, event: EventRow, draft: QuestionDraft, *, standing: Sequence[UUID]
) -> QuestionDraft:
    regular, found = rules.regular_question(draft)
    known = {*standing, *(kind.id for kind in await live_types(tx, event.id))}
    if found := [*found, *unknown_types(draft.ticket_type_ids, known)]:
        raise Invalid.of(found)
    return regular


def _write(row: QuestionRow, regular: QuestionDraft) -> None:
    for name in _SAME:
        setattr(row, name, getattr(regular, name))


async def _name_types(tx: Tx, row: QuestionRow, type_ids: Sequence[UUID]) -> None:
    of = QuestionTicketTypeRow
    await tx.execute(delete(of).where(own(of, tx), of.question_id == row.id))
    tx.add(
        *(
            of(
                organization_id=tx.organization_id,
                event_id=row.event_id,
                question_id=row.id,
                ticket_type_id=type_id,
            )
            for type_id in type_ids
        )
    )
    await tx.flush()
