"""Numbers that buyers type into a question of the organizer."""

from uuid import uuid4

import pytest

from foyer.domains.events.rules.question import regular_answer
from foyer.domains.events.types import QuestionPublic, QuestionScope, QuestionType
from foyer.kernel.errors import Unfit

COUNT = QuestionPublic(
    id=uuid4(), label="How many?", type=QuestionType.NUMBER, scope=QuestionScope.ORDER, is_required=True,
    options=[], ticket_type_ids=[],
)  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("3", 3), (" 2,5 ", 2.5), ("2.50", 2.5), ("-4", -4), ("\u22124", -4), ("0,125", 0.125), (".5", 0.5), (7, 7), ("1" + "0" * 12, 10**12), ("", None)],
)  # fmt: skip
def test_number_is_read_as_it_was_meant(typed, kept):
    assert regular_answer(COUNT, typed) == kept


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("many", "one number in digits"), ("nan", "one number in digits"), ("3 or 4", "one number in digits"), ("1e5", "one number in digits"), (True, "one number in digits"), (["3"], "one number in digits"),
        ("1,000", "12500 for thousands"), ("1.000", "12500 for thousands"), ("12 500,50", "12500 for thousands"), ("1\u2019000", "12500 for thousands"), ("1.125", "one or two places, like 2.5"),
        ("9" * 400, "from -1,000,000,000,000 to 1,000,000,000,000"), (10**400, "to 1,000,000,000,000"), ("-" + "9" * 13, "from -1,000,000,000,000"), (float("nan"), "from -1,000,000,000,000"), (float("inf"), "to 1,000,000,000,000"),
    ],
)  # fmt: skip
def test_what_is_no_number_of_ours_is_said_exactly(typed, says):
    with pytest.raises(Unfit) as refused:
        regular_answer(COUNT, typed)

    assert says in refused.value.detail


def test_largest_number_is_written_as_the_reader_writes_it():
    with pytest.raises(Unfit) as refused:
        regular_answer(COUNT, "9" * 20)

    assert "1.000.000.000.000" in refused.value.detail.told(lambda words: words, "de")
