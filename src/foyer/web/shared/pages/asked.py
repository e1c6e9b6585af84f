"""The organizer's own questions as fields of a form, and what was typed into them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from foyer.domains.events.types import AnswerValue, QuestionPublic, QuestionType
from foyer.web.shared.words import _


@dataclass(frozen=True, slots=True)
class AskedField:
    """One question of a form. Its field's name ends with its id, that of an option to tick with the option's place."""

    name: str
    question: QuestionPublic

    @property
    def kind(self) -> str:
        return self.question.type.value

    @property
    def options(self) -> list[tuple[str, str]]:
        """What can be chosen from a list; its first line is no choice."""
        return [("", _("Choose")), *((one, one) for one in self.question.options)]

    @property
    def ticks(self) -> list[tuple[str, str]]:
        """A field's name and an option for each that can be ticked."""
        return [(f"{self.name}-{place}", one) for place, one in enumerate(self.question.options)]

    def answer(self, form: Mapping[str, str]) -> AnswerValue:
        """What was typed or ticked; a box that is not ticked is a no."""
        if self.question.type is QuestionType.BOOLEAN:
            return self.name in form
        if self.question.type is QuestionType.CHOICES:
            return [one for name, one in self.ticks if name in form]
        return form.get(self.name, "")


def fields_of(questions: Sequence[QuestionPublic], prefix: str = "") -> list[AskedField]:
    """A field for each question, under names that begin so."""
    return [AskedField(f"{prefix}answer-{one.id}", one) for one in questions]


def answers_in(fields: Sequence[AskedField], form: Mapping[str, str]) -> dict[UUID, AnswerValue]:
    return {field.question.id: field.answer(form) for field in fields}
