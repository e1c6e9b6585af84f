"""The organizer's own questions as fields of a form, and what was typed into them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple
from unicodedata import bidirectional
from uuid import UUID

from foyer.domains.events.types import AnswerValue, QuestionPublic, QuestionType
from foyer.domains.orders import in_words
from foyer.domains.orders.types import Answer, Order
from foyer.web.shared.words import _

RIGHT_TO_LEFT: Final = frozenset({"R", "AL"})


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


class Said(NamedTuple):
    """What was answered, in the reader's words; `whose` names the ticket that it was asked for."""

    question: str
    answer: str
    whose: str


def said_with(order: Order, answers: Sequence[Answer]) -> list[Said]:
    """What a buyer answered with an order: first for all of it, then ticket by ticket."""
    lines = {line.id: (place, line) for place, line in enumerate(order.items)}

    def where(one: Answer) -> tuple[int, int]:
        return (lines[one.order_item_id][0], one.place or 0) if one.order_item_id else (-1, 0)

    def whose(one: Answer) -> str:
        if one.order_item_id is None:
            return ""
        line = lines[one.order_item_id][1]
        return place_words(line.name, one.place or 1, line.quantity)

    return [Said(one.label, _words(one.value), whose(one)) for one in sorted(answers, key=where)]


def place_words(name: str, number: int, count: int) -> str:
    """`Standing, 2 of 3`, or the type alone where there is one of it."""
    if count == 1:
        return name
    # A name that is read from the right keeps its number where the words around it have it.
    apart = f"\u2068{name}\u2069" if any(bidirectional(one) in RIGHT_TO_LEFT for one in name) else name
    return _("%(type)s, %(number)s of %(count)s") % {"type": apart, "number": number, "count": count}


def _words(value: AnswerValue) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return in_words(value)


def fields_of(questions: Sequence[QuestionPublic], prefix: str = "") -> list[AskedField]:
    """A field for each question, under names that begin so."""
    return [AskedField(f"{prefix}answer-{one.id}", one) for one in questions]


def answers_in(fields: Sequence[AskedField], form: Mapping[str, str]) -> dict[UUID, AnswerValue]:
    return {field.question.id: field.answer(form) for field in fields}
