"""Money, whatever the amounts: half-up exactly, sums that add up, a share that refunds exactly."""

from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from foyer.domains.carts.rules import price_line, sums
from foyer.domains.events.types import EventStatus, SaleTerms, Visibility
from foyer.kernel.money import AMOUNT_MAX, bps_to_percent, half_up, percent_to_bps, share
from foyer.kernel.time import Window

AMOUNTS = st.integers(0, AMOUNT_MAX)
BPS = st.integers(0, 10_000)
LINES = st.lists(st.tuples(AMOUNTS, st.integers(1, 1_000)), max_size=50)
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


@bounded
@given(lines=LINES, bps=BPS, fixed=AMOUNTS)
def test_sums_add_up_and_fit_in_the_database(lines, bps, fixed):
    window = Window(None, None)
    terms = SaleTerms(
        EventStatus.PUBLISHED,
        Visibility.PUBLIC,
        datetime(2027, 6, 1, tzinfo=UTC),
        window,
        "UTC",
        "EUR",
        bps,
        fixed,
        allows_guests=True,
    )
    priced = [price_line(UUID(int=1), "Seat", price, quantity, terms) for price, quantity in lines]

    found = sums(priced)

    assert found.total == found.subtotal - found.discount_amount + found.fees + found.taxes
    assert found.total == sum(line.quantity * (line.unit_price + line.unit_fee) for line in priced)
    assert 0 <= found.total < 2**63
    assert all(line.unit_fee == 0 for line in priced if line.unit_price == 0)
    assert all(line.unit_fee >= fixed for line in priced if line.unit_price)
