"""Money, whatever the amounts: half-up exactly, a share that is exact, percentages that survive."""

from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from foyer.kernel.money import AMOUNT_MAX, bps_to_percent, half_up, percent_to_bps, share

AMOUNTS = st.integers(0, AMOUNT_MAX)
BPS = st.integers(0, 10_000)
bounded = settings(derandomize=True, max_examples=300, deadline=None)


@bounded
@given(numerator=st.integers(0, 10**20), denominator=st.integers(1, 10**9))
def test_half_up_is_what_decimals_call_half_up(numerator, denominator):
    low, rest = divmod(numerator, denominator)

    assert half_up(numerator, denominator) == low + (2 * rest >= denominator)


@bounded
@given(amount=AMOUNTS, bps=BPS)
def test_share_is_exact(amount, bps):
    exact = Decimal(amount) * bps / 10_000

    assert share(amount, bps) == int(exact.quantize(Decimal(1), ROUND_HALF_UP))
    assert 0 <= share(amount, bps) <= amount


@bounded
@given(bps=BPS)
def test_percentage_survives_the_way_there_and_back(bps):
    assert percent_to_bps(bps_to_percent(bps)) == bps
