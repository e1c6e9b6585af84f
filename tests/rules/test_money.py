"""Money as numbers: halves go up, nothing is a float, percentages are basis points."""

from decimal import Decimal

import pytest

from foyer.kernel.money import bps_to_percent, half_up, minor_to_decimal, percent_to_bps, share, show


@pytest.mark.parametrize(
    ("numerator", "denominator", "rounded"),
    [
        (0, 7, 0),
        (1, 2, 1),
        (3, 2, 2),
        (1, 3, 0),
        (2, 3, 1),
        (5, 10, 1),
        (4, 10, 0),
        (10**30 + 5, 10, 10**29 + 1),
    ],
)
def test_halves_go_up(numerator, denominator, rounded):
    assert half_up(numerator, denominator) == rounded


def test_share_has_no_float_in_it():
    assert share(10**12, 10_000) == 10**12
    assert share(10**12 - 1, 3333) == 333_300_000_000


@pytest.mark.parametrize(
    ("percent", "bps"), [("0", 0), ("5", 500), ("2.55", 255), ("100", 10_000), ("0.01", 1)]
)
def test_percentages_are_basis_points(percent, bps):
    assert percent_to_bps(Decimal(percent)) == percent_to_bps(float(percent)) == bps
    assert bps_to_percent(bps) == Decimal(percent)


def test_every_number_of_two_decimals_is_read_as_it_was_written():
    assert [percent_to_bps(float(bps_to_percent(bps))) for bps in range(10_001)] == list(range(10_001))


@pytest.mark.parametrize("percent", ["2.555", "NaN", "Infinity", "0.001", "-Infinity"])
def test_percentage_of_more_decimals_is_refused(percent):
    for given in (Decimal(percent), float(percent)):
        with pytest.raises(ValueError, match="two decimals"):
            percent_to_bps(given)


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [(1050, "USD", "$10.50"), (1050, "JPY", "¥1,050"), (1050, "KWD", "KWD\u00a01.050"), (0, "EUR", "€0.00")],
)
def test_amount_is_shown_with_the_decimals_of_its_currency(amount, currency, text):
    assert show(amount, currency) == text


def test_minor_units_of_each_currency():
    assert minor_to_decimal(1050, "EUR") == Decimal("10.50")
    assert minor_to_decimal(1050, "JPY") == Decimal(1050)
    assert minor_to_decimal(1050, "BHD") == Decimal("1.050")
