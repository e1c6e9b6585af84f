"""What buyers answer to the questions of an event, held against what it asks."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from foyer.domains.carts.types import CartLine
from foyer.domains.checkout.types import GivenAnswers, TicketAnswers, WantedAttendee
from foyer.domains.events import asked_of, regular_answers
from foyer.domains.events.types import AnswerValue, QuestionPublic, QuestionScope
from foyer.domains.orders.types import GivenAnswer, OrderLine
from foyer.kernel.errors import Finding
from foyer.kernel.language import said


def ticket_answers(attendees: Sequence[WantedAttendee]) -> dict[UUID, list[TicketAnswers]]:
    """What came with each attendee, by ticket type."""
    by_type: dict[UUID, list[TicketAnswers]] = {}
    for place, wanted in enumerate(attendees):
        one = TicketAnswers(f"attendees[{place}]", wanted.answers)
        by_type.setdefault(wanted.ticket_type_id, []).append(one)
    return by_type


def odd_answers(
    questions: Sequence[QuestionPublic],
    attendees: Sequence[WantedAttendee],
    order: Mapping[UUID, AnswerValue],
    lines: Sequence[CartLine],
) -> list[Finding]:
    """What is wrong or missing of what was answered, for each ticket and once for the order, before anything is placed."""
    return answers_to(questions, GivenAnswers(dict(order), ticket_answers(attendees)), lines)[1]


def answers_to(
    questions: Sequence[QuestionPublic], given: GivenAnswers, lines: Sequence[CartLine | OrderLine]
) -> tuple[list[GivenAnswer], list[Finding]]:
    """What was answered to the questions of an event, tidied, and what is wrong or missing.

    Args:
        questions: all that the event asks.
        given: what the buyer sent.
        lines: of the order that it is for.
    """
    types = [line.ticket_type_id for line in lines if line.ticket_type_id]
    asked = asked_of(questions, QuestionScope.ORDER, types)
    values, found = regular_answers(asked, given.order, "answers")
    answers = [GivenAnswer(question_id, None, None, value) for question_id, value in values.items()]
    for line in lines:
        asked = asked_of(
            questions, QuestionScope.TICKET, [line.ticket_type_id] if line.ticket_type_id else []
        )
        sent = given.tickets.get(line.ticket_type_id, []) if line.ticket_type_id else []
        if len(sent) < line.quantity and any(one.is_required for one in asked):
            found.append(
                Finding(
                    "attendees", said("Answer what is asked for each ticket of %(ticket)s.", ticket=line.name)
                )
            )
            continue
        for place, one in enumerate(sent, 1):
            values, odd = regular_answers(asked, one.given, f"{one.field}.answers")
            answers += [
                GivenAnswer(question_id, line.id, place, value) for question_id, value in values.items()
            ]
            found += odd
    return answers, found
