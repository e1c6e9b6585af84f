"""What things cost: the published examples, every rounding, the identity of sums."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from foyer.domains.carts.rules import price_line, sums
from foyer.domains.carts.rules.pricing import unit_fee
from foyer.domains.events.types import EventStatus, SaleTerms, Visibility
from foyer.kernel.money import bps_to_percent, half_up, minor_to_decimal, percent_to_bps, share, show
from foyer.kernel.time import Window

SEAT, STAND = UUID(int=1), UUID(int=2)


def terms(bps: int, fixed: int, currency: str = "EUR") -> SaleTerms:
    ends = datetime(2027, 6, 1, tzinfo=UTC)
    window = Window(None, None)
    return SaleTerms(
        EventStatus.PUBLISHED,
        Visibility.PUBLIC,
        ends,
        window,
        "Europe/Berlin",
        currency,
        bps,
        fixed,
        allows_guests=True,
    )


@pytest.mark.parametrize(
    ("bps", "fixed", "price", "fee"),
    [
        (500, 50, 18_900, 995),
        (500, 50, 4_500, 275),
        (500, 50, 17_010, 901),
        (300, 80, 38_000, 1_220),
        (300, 80, 32_300, 1_049),
        (300, 80, 6_500, 275),
        (500, 100, 1_990, 200),
        (0, 0, 18_900, 0),
        (0, 50, 1, 50),
        (10_000, 0, 1_234, 1_234),
        (500, 50, 0, 0),
        (500, 50, 10, 51),
        (500, 50, 9, 50),
    ],
)
def test_fee_of_one_ticket(bps, fixed, price, fee):
    assert unit_fee(price, terms(bps, fixed)) == fee


@pytest.mark.parametrize(
    ("bps", "fixed", "lines", "total"),
    [
        (500, 50, [(17_010, 2), (4_500, 1)], 40_597),
        (300, 80, [(32_300, 2), (6_500, 1)], 73_473),
        (500, 50, [(18_900, 2), (0, 3)], 39_790),
    ],
)
def test_sums_are_those_of_the_published_examples(bps, fixed, lines, total):
    priced = [price_line(SEAT, "Seat", price, quantity, terms(bps, fixed)) for price, quantity in lines]

    found = sums(priced)

    assert found.total == total
    assert found.total == found.subtotal - found.discount_amount + found.fees + found.taxes
    assert found.subtotal == sum(price * quantity for price, quantity in lines)


def test_line_is_unit_times_quantity_so_that_one_ticket_can_be_refunded_exactly():
    line = price_line(STAND, "Stand", 10, 7, terms(500, 0))

    assert (line.unit_price, line.unit_fee, line.subtotal, line.fees) == (10, 1, 70, 7)


def test_nothing_costs_nothing():
    assert sums([]) == (0, 0, 0, 0, 0)


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
    assert percent_to_bps(Decimal(percent)) == bps
    assert bps_to_percent(bps) == Decimal(percent)


@pytest.mark.parametrize("percent", ["2.555", "NaN", "Infinity", "0.001"])
def test_percentage_of_more_decimals_is_refused(percent):
    with pytest.raises(ValueError, match="two decimals"):
        percent_to_bps(Decimal(percent))


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [(1050, "USD", "$10.50"), (1050, "JPY", "¥1,050"), (1050, "KWD", "KWD1.050"), (0, "EUR", "€0.00")],
)
def test_amount_is_shown_with_the_decimals_of_its_currency(amount, currency, text):
    assert show(amount, currency) == text


def test_minor_units_of_each_currency():
    assert minor_to_decimal(1050, "EUR") == Decimal("10.50")
    assert minor_to_decimal(1050, "JPY") == Decimal(1050)
    assert minor_to_decimal(1050, "BHD") == Decimal("1.050")
