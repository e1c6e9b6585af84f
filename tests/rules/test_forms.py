"""What people type into the office, read as values."""

import pytest
from litestar.datastructures import FormMultiDict

from foyer.web.office.forms import Form


@pytest.mark.parametrize(
    ("typed", "currency", "amount"),
    [
        ("12.50", "EUR", 1_250),
        ("12,5", "EUR", 1_250),
        ("1 200", "EUR", 120_000),
        ("1200", "JPY", 1_200),
        ("1.050", "KWD", 1_050),
        ("", "EUR", None),
    ],
)
def test_amounts_are_read_as_people_write_them(typed, currency, amount):
    form = Form(FormMultiDict([("price", typed)]))

    assert form.money("price", currency) == amount
    assert not form.findings


@pytest.mark.parametrize(
    ("typed", "currency"),
    [("1,000", "EUR"), ("1.000", "EUR"), ("1,000", "JPY"), ("12.505", "EUR"), ("1,000.00", "EUR"), ("-1", "EUR"), ("9" * 15, "EUR")],
)  # fmt: skip
def test_amount_that_could_mean_two_things_is_asked_about(typed, currency):
    form = Form(FormMultiDict([("price", typed)]))

    assert form.money("price", currency) is None
    assert [one.field for one in form.findings] == ["price"]
