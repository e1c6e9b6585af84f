"""Values of the organizer's own questions."""

from datetime import datetime
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from foyer.kernel.wire import Wire

AnswerValue: TypeAlias = str | int | float | bool | list[str]
"""What somebody answers: text, a number, a day as `2027-06-11`, yes or no, one option or several."""


class QuestionScope(StrEnum):
    """Whether a question is asked once for the order, or once for each ticket."""

    ORDER = "order"
    TICKET = "ticket"


class QuestionType(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    CHOICES = "choices"


class QuestionDraft(Wire, frozen=True):
    """What an organizer writes about a question.

    `options` belong to `choice` and `choices` alone. Without `ticket_type_ids` all buyers of the event are asked, otherwise
    those of these types. A required yes or no has to be yes. Lower `sort_order` is asked first.
    """

    label: str
    scope: QuestionScope = QuestionScope.ORDER
    type: QuestionType = QuestionType.TEXT
    options: list[str] = []
    is_required: bool = False
    ticket_type_ids: list[UUID] = []
    sort_order: int = 0


class QuestionPublic(Wire, frozen=True):
    """A question as buyers are asked it. Without `ticket_type_ids` it is for all ticket types."""

    id: UUID
    label: str
    scope: QuestionScope
    type: QuestionType
    options: list[str]
    is_required: bool
    ticket_type_ids: list[UUID]


class Question(QuestionPublic, frozen=True):
    """A question as staff see it."""

    event_id: UUID
    sort_order: int
    version: int
    created_at: datetime
    updated_at: datetime
