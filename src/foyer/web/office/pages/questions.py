"""Pages about the organizer's own questions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from foyer.domains.events.types import EventStaff, Question, QuestionScope, QuestionType
from foyer.web.office.frame import Frame
from foyer.web.office.pages.events import EventHead
from foyer.web.office.pages.form import FormState

TYPES: Final = {
    QuestionType.TEXT: "A line of text",
    QuestionType.NUMBER: "A number",
    QuestionType.DATE: "A day",
    QuestionType.BOOLEAN: "Yes or no",
    QuestionType.CHOICE: "One of a list",
    QuestionType.CHOICES: "Any of a list",
}
SCOPES: Final = {QuestionScope.ORDER: "Once for the order", QuestionScope.TICKET: "For each ticket"}


@dataclass(frozen=True, slots=True)
class QuestionsPage:
    """What an event asks, in order."""

    frame: Frame
    head: EventHead
    questions: Sequence[Question]
    types: ClassVar = TYPES
    scopes: ClassVar = SCOPES

    @property
    def event(self) -> EventStaff:
        return self.head.event


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """One question, or a new one."""

    frame: Frame
    head: EventHead
    form: FormState
    question: Question | None = None
    was_changed: bool = False
    fields: ClassVar = ("label", "scope", "type", "options", "isRequired", "ticketTypeIds")
    types: ClassVar = [(one.value, words) for one, words in TYPES.items()]
    scopes: ClassVar = [(one.value, words) for one, words in SCOPES.items()]

    @property
    def event(self) -> EventStaff:
        return self.head.event

    @property
    def href(self) -> str:
        return f"{self.head.href}/questions/{self.question.id if self.question else 'new'}"
