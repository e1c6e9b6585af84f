"""What people typed, made harmless for spreadsheets."""

import pytest

from foyer.api.csv import harmless
from tests.support.hostile import BEGINS, HOSTILE


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_was_typed_is_run(text):
    shown = harmless(text)

    assert not BEGINS.search(shown)
    assert shown.replace("'", "") == text.replace("'", "")


@pytest.mark.parametrize(
    "text", ["Jo", "O’Neill-Smith", "a=b", "1-2", "jo@example.org", "", "x, -1", "שלום", "😀", '"quoted"']
)
def test_what_is_harmless_stays_as_it_is(text):
    assert harmless(text) == text
