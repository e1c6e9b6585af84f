"""Reads of the organizer's own questions."""

from collections.abc import Collection, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import Select, select

from foyer.domains.events.models import QuestionRow, QuestionTicketTypeRow
from foyer.domains.events.queries.event import event_for_staff
from foyer.domains.events.types import Question, QuestionPublic, QuestionScope, QuestionType
from foyer.infra.batching import Counter
from foyer.infra.db.tx import Connection, ReadTx, among, own
from foyer.kernel.errors import NotFound

NO_QUESTION: Final = "There is no such question."
_SAME: Final = (
    "id",
    "event_id",
    "label",
    "options",
    "is_required",
    "sort_order",
    "version",
    "created_at",
    "updated_at",
)

_ASKED: Final = """
SELECT q.id, q.label, q.scope, q.type, q.options, q.is_required, array_remove(array_agg(t.ticket_type_id), NULL)
FROM questions q
LEFT JOIN question_ticket_types t ON t.organization_id = q.organization_id AND t.question_id = q.id
WHERE q.organization_id = $1 AND q.event_id = $2 AND q.deleted_at IS NULL
GROUP BY q.organization_id, q.id ORDER BY q.sort_order, q.id
"""


async def read_questions(connection: Connection, counter: Counter) -> list[QuestionPublic]:
    """What buyers of an event are asked, in order, as the desks read it."""
    return [
        QuestionPublic(
            id=row[0],
            label=row[1],
            scope=QuestionScope(row[2]),
            type=QuestionType(row[3]),
            options=row[4],
            is_required=row[5],
            ticket_type_ids=row[6],
        )
        for row in await connection.fetch(_ASKED, *counter)
    ]


def one_question(tx: ReadTx, event_id: UUID, question_id: UUID) -> Select[QuestionRow]:
    return live_questions(tx, event_id).where(QuestionRow.id == question_id)


def live_questions(tx: ReadTx, event_id: UUID) -> Select[QuestionRow]:
    """Those of an event that are asked today."""
    return select(QuestionRow).where(
        own(QuestionRow, tx), QuestionRow.event_id == event_id, QuestionRow.deleted_at.is_(None)
    )


async def question(tx: ReadTx, event_id: UUID, question_id: UUID) -> Question:
    """One question.

    Raises:
        NotFound: the event does not ask it.
    """
    row = await tx.first(one_question(tx, event_id, question_id))
    if row is None:
        raise NotFound(NO_QUESTION)
    return (await _views(tx, [row]))[0]


async def questions(tx: ReadTx, event_id: UUID) -> list[Question]:
    """What an event asks, in order.

    Raises:
        NotFound: no such event.
    """
    await event_for_staff(tx, event_id)
    return await _views(tx, await tx.all(_in_order(live_questions(tx, event_id))))


async def questions_asked(tx: ReadTx, event_id: UUID) -> list[QuestionPublic]:
    """What buyers of an event are asked, in order; nothing where there is no such event."""
    rows = await tx.all(_in_order(live_questions(tx, event_id)))
    return [public_question(one) for one in await _views(tx, rows)]


def public_question(staff: Question) -> QuestionPublic:
    return QuestionPublic(**{name: getattr(staff, name) for name in QuestionPublic.__struct_fields__})


async def questions_named(tx: ReadTx, ids: Collection[UUID]) -> list[Question]:
    """These questions in order, deleted ones too: what was answered to them still says what it was."""
    query = select(QuestionRow).where(own(QuestionRow, tx), among(QuestionRow.id, ids))
    return await _views(tx, await tx.all(_in_order(query)))


def _in_order(query: Select[QuestionRow]) -> Select[QuestionRow]:
    return query.order_by(QuestionRow.sort_order, QuestionRow.id)


async def _views(tx: ReadTx, rows: Sequence[QuestionRow]) -> list[Question]:
    of = QuestionTicketTypeRow
    query = select(of.question_id, of.ticket_type_id).where(
        own(of, tx), among(of.question_id, [row.id for row in rows])
    )
    types: dict[UUID, list[UUID]] = {row.id: [] for row in rows}
    for question_id, type_id in await tx.rows(query.order_by(of.ticket_type_id)):
        types[question_id].append(type_id)
    return [
        Question(
            **{name: getattr(row, name) for name in _SAME},
            scope=QuestionScope(row.scope),
            type=QuestionType(row.type),
            ticket_type_ids=types[row.id],
        )
        for row in rows
    ]
