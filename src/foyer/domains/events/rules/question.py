"""Decisions about the organizer's own questions, and about what is answered to them."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Final, assert_never
from uuid import UUID

from babel.numbers import format_decimal
from msgspec.structs import replace

from foyer.domains.events.types import AnswerValue, QuestionDraft, QuestionPublic, QuestionScope, QuestionType
from foyer.kernel.errors import Finding, Unfit
from foyer.kernel.language import said
from foyer.kernel.text import tidy, tidy_line

LABEL_MAX: Final = 200
OPTION_MAX: Final = 120
OPTIONS_MAX: Final = 50
QUESTIONS_MAX: Final = 30
"""Questions of one event; a buyer answers them all on one page."""
ANSWER_MAX: Final = 1_000
NUMBER_MAX: Final = 1_000_000_000_000
NUMBER: Final = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)")
GROUPED: Final = re.compile(r"[+-]?[1-9]\d{0,2}(?:[.,\s'’]\d{3})+(?:[.,]\d+)?")
NO_NUMBER: Final = said("Write one number in digits, like 3 or 2.5.")
SORT_MAX: Final = 1_000_000
CHOOSING: Final = frozenset({QuestionType.CHOICE, QuestionType.CHOICES})


def regular_question(draft: QuestionDraft) -> tuple[QuestionDraft, list[Finding]]:
    """The question tidied, and everything that is wrong with it but what only the database knows."""
    options = [tidy_line(one) for one in draft.options]
    regular = replace(
        draft,
        label=tidy_line(draft.label),
        options=[one for one in options if one],
        ticket_type_ids=list(dict.fromkeys(draft.ticket_type_ids)),
    )
    found: list[Finding] = []
    if not 1 <= len(regular.label) <= LABEL_MAX:
        found.append(Finding("label", f"Ask in 1 to {LABEL_MAX} characters, like “T-shirt size”."))
    if not 0 <= regular.sort_order <= SORT_MAX:
        found.append(Finding("sortOrder", f"Use a whole number from 0 to {SORT_MAX}."))
    return regular, found + _odd_options(regular)


def _odd_options(regular: QuestionDraft) -> list[Finding]:
    if regular.type not in CHOOSING:
        odd = "Only a choice has options; take them away." if regular.options else None
    elif not 2 <= len(regular.options) <= OPTIONS_MAX:
        odd = f"Give 2 to {OPTIONS_MAX} options to choose from, one a line."
    elif len(set(regular.options)) < len(regular.options):
        odd = "Two options are the same."
    elif max(map(len, regular.options)) > OPTION_MAX:
        odd = f"An option has at most {OPTION_MAX} characters."
    else:
        odd = None
    return [Finding("options", odd)] if odd else []


def asked_of(
    questions: Iterable[QuestionPublic], scope: QuestionScope, types: Iterable[UUID]
) -> list[QuestionPublic]:
    """The questions of a scope that are for one of these ticket types."""
    chosen = set(types)
    return [
        one for one in questions
        if one.scope is scope and (not one.ticket_type_ids or chosen & set(one.ticket_type_ids))
    ]  # fmt: skip


def regular_answers(
    questions: Iterable[QuestionPublic], given: Mapping[UUID, AnswerValue], field: str
) -> tuple[dict[UUID, AnswerValue], list[Finding]]:
    """What was answered, tidied, in the order of the questions, and what is wrong with it or missing.

    Args:
        questions: those that are asked here.
        given: answers by question; an empty one is none.
        field: where answers stand in what the caller sent; the id of the question follows a dot.
    """
    asked = {one.id: one for one in questions}
    answers: dict[UUID, AnswerValue] = {}
    found = [Finding(f"{field}.{one}", said("Nobody asks this here.")) for one in given if one not in asked]
    for question in asked.values():
        try:
            value = regular_answer(question, given.get(question.id, ""))
        except Unfit as wrong:
            found.append(Finding(f"{field}.{question.id}", wrong.detail))
            continue
        if value is not None:
            answers[question.id] = value
        if question.is_required and (value is None or value is False):
            found.append(Finding(f"{field}.{question.id}", _missing(question)))
    return answers, found


def _missing(question: QuestionPublic) -> str:
    if question.type is QuestionType.BOOLEAN:
        return said("Tick this to go on.")
    return said("Choose an answer.") if question.type in CHOOSING else said("Answer this question.")


def regular_answer(question: QuestionPublic, value: AnswerValue) -> AnswerValue | None:
    """An answer in the type of its question, also where it was typed as text; None where nothing is answered.

    Raises:
        Unfit: with the sentence that says what is wrong.
    """
    if isinstance(value, str) and not (value := tidy(value)):
        return None
    match question.type:
        case QuestionType.TEXT:
            return _text(value)
        case QuestionType.NUMBER:
            return _number(value)
        case QuestionType.DATE:
            return _day(value)
        case QuestionType.BOOLEAN:
            return _truth(value)
        case QuestionType.CHOICE:
            return _option(question, value)
        case QuestionType.CHOICES:
            return _chosen(question, value)
        case never:
            assert_never(never)


def _text(value: AnswerValue) -> str:
    if not isinstance(value, str) or len(value) > ANSWER_MAX:
        raise Unfit(said("Use at most %(most)s characters.", most=ANSWER_MAX))
    return value


def _number(value: AnswerValue) -> int | float:
    number = _typed_number(value) if isinstance(value, str) else value
    if isinstance(number, bool | list):
        raise Unfit(NO_NUMBER)
    if not abs(number) <= NUMBER_MAX:  # so asked, what is no number at all is refused too
        least, most = _written(-NUMBER_MAX), _written(NUMBER_MAX)
        raise Unfit(said("Use a number from %(least)s to %(most)s.", least=least, most=most))
    return int(number) if float(number).is_integer() else number


def _typed_number(text: str) -> float:
    """Whether 1,000 is a thousand or one depends on where somebody comes from, so it is not guessed."""
    plain = text.replace("\u2212", "-")
    if GROUPED.fullmatch(plain):
        raise Unfit(said("Write 12500 for thousands; for decimals use one or two places, like 2.5."))
    if not NUMBER.fullmatch(plain):
        raise Unfit(NO_NUMBER)
    return float(plain.replace(",", "."))


def _written(number: int) -> Callable[[str], str]:
    return lambda language: str(format_decimal(number, locale=language))


def _day(value: AnswerValue) -> str:
    try:
        return date.fromisoformat(value if isinstance(value, str) else "").isoformat()
    except ValueError:
        raise Unfit(said("Write a day, like 2027-06-11.")) from None


def _truth(value: AnswerValue) -> bool:
    if not isinstance(value, bool):
        raise Unfit(said("Answer with yes or no."))
    return value


def _option(question: QuestionPublic, value: AnswerValue) -> str:
    if not isinstance(value, str) or value not in question.options:
        raise Unfit(said("Choose one of the list."))
    return value


def _chosen(question: QuestionPublic, value: AnswerValue) -> list[str] | None:
    chosen = value if isinstance(value, list) else [value]
    if any(one not in question.options for one in chosen):
        raise Unfit(said("Choose from the list."))
    return [one for one in question.options if one in chosen] or None
