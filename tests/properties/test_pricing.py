"""Prices, whatever is sold: every sum adds up, nothing is negative, and every part refunds to exactly what was paid."""

from fractions import Fraction
from itertools import groupby

from hypothesis import given, settings
from hypothesis import strategies as st

from foyer.domains.carts.rules import applies, price_line, price_lines, sums, tax_lines, unit_total
from foyer.domains.events.types import TaxTerms
from foyer.kernel.money import AMOUNT_MAX, share
from tests.rules.pricing import code, kind, terms

bounded = settings(derandomize=True, max_examples=300, deadline=None)

AMOUNTS = st.integers(0, AMOUNT_MAX) | st.integers(0, 300)
"""Small ones often: that is where rounding is seen."""
BPS = st.integers(0, 10_000) | st.sampled_from([0, 1, 700, 1_900, 5_000, 9_999, 10_000])
TAXES = st.none() | st.builds(TaxTerms, st.sampled_from(["VAT", "City tax"]), BPS, st.booleans())
TERMS = st.builds(terms, BPS, AMOUNTS, st.sampled_from(["EUR", "JPY", "KWD"]))
NUMBERS = range(1, 7)
ONLY = st.frozensets(st.sampled_from(NUMBERS), max_size=3).map(tuple)
LEAST = st.integers(1, 30)
PERCENT_CODES = st.builds(code, bps=st.integers(1, 10_000), only=ONLY, least=LEAST)
AMOUNT_CODES = st.builds(
    code, amount=st.integers(1, AMOUNT_MAX) | st.integers(1, 300), currency=st.sampled_from(["EUR", "JPY"]),
    only=ONLY, least=LEAST,
)  # fmt: skip
CODES = st.none() | PERCENT_CODES | AMOUNT_CODES


@st.composite
def carts(draw):
    """Some ticket types, each once, in quantities."""
    numbers = draw(st.lists(st.sampled_from(NUMBERS), unique=True, max_size=len(NUMBERS)))
    return [(kind(draw(AMOUNTS), draw(TAXES), number), draw(st.integers(1, 1_000))) for number in numbers]


@bounded
@given(chosen=carts(), sale=TERMS, discount=CODES)
def test_total_is_the_sum_of_its_parts(chosen, sale, discount):
    lines = price_lines(chosen, sale, discount)

    found = sums(lines)

    assert found.total == found.subtotal - found.discount_amount + found.fees + found.taxes
    assert found.total == sum(line.quantity * unit_total(line) for line in lines)
    assert found.subtotal == sum(one.price * count for one, count in chosen)
    assert found.taxes == sum(tax.amount for tax in tax_lines(lines) if not tax.included)
    assert all(0 <= part < 2**63 for part in found)
    assert found.discount_amount <= found.subtotal


@bounded
@given(chosen=carts(), sale=TERMS, discount=CODES)
def test_nothing_is_negative_and_nothing_is_on_what_is_free(chosen, sale, discount):
    for line in price_lines(chosen, sale, discount):
        paid = line.unit_price - line.unit_discount
        assert 0 <= line.unit_discount <= line.unit_price
        assert line.unit_fee >= 0
        assert line.unit_tax >= 0
        assert unit_total(line) >= paid
        if paid == 0:
            assert (line.unit_fee, line.unit_tax, unit_total(line)) == (0, 0, 0)
        else:
            assert line.unit_fee == share(paid, sale.service_fee_bps) + sale.service_fee_fixed


@bounded
@given(price=AMOUNTS, sale=TERMS, bps=BPS, discount=CODES)
def test_included_tax_is_the_part_of_the_base_that_tax_is(price, sale, bps, discount):
    """Exactly the rounded part, never more than the base; and on what is left of it the same tax again, but for rounding."""
    line = price_line(kind(price, TaxTerms("VAT", bps, is_included=True)), 1, sale, discount)
    base = line.unit_price - line.unit_discount + line.unit_fee
    exact = Fraction(base * bps, 10_000 + bps)

    assert unit_total(line) == base
    assert 0 <= line.unit_tax <= base
    assert line.unit_tax == int(exact + Fraction(1, 2))
    assert abs(share(base - line.unit_tax, bps) - line.unit_tax) <= 1
    assert abs(Fraction(base) - (base - line.unit_tax) * Fraction(10_000 + bps, 10_000)) <= 1


@bounded
@given(price=AMOUNTS, sale=TERMS, bps=BPS, discount=CODES)
def test_added_tax_is_its_share_of_the_base(price, sale, bps, discount):
    line = price_line(kind(price, TaxTerms("Tax", bps, is_included=False)), 1, sale, discount)
    base = line.unit_price - line.unit_discount + line.unit_fee

    assert line.unit_tax == int(Fraction(base * bps, 10_000) + Fraction(1, 2))
    assert unit_total(line) == base + line.unit_tax


@bounded
@given(chosen=carts(), sale=TERMS, discount=CODES, data=st.data())
def test_parts_of_an_order_refund_to_exactly_its_total(chosen, sale, discount, data):
    """Tickets go back one by one or in any groups, in any order."""
    lines = price_lines([(one, min(count, 12)) for one, count in chosen], sale, discount)
    tickets = [line._replace(quantity=1) for line in lines for _ in range(line.quantity)]
    given_back = data.draw(st.permutations(tickets))
    ends = data.draw(st.lists(st.integers(0, len(tickets)), max_size=5).map(sorted))
    groups = [given_back[start:end] for start, end in zip([0, *ends], [*ends, len(tickets)], strict=True)]

    parts = [sums(group) for group in groups]

    assert tuple(map(sum, zip(*parts, strict=True))) == tuple(sums(lines))
    assert all(part.total == sum(unit_total(one) for one in group) for part, group in zip(parts, groups, strict=True))  # fmt: skip


@bounded
@given(chosen=carts(), sale=TERMS, discount=CODES, data=st.data())
def test_refund_by_quantities_is_a_refund_by_tickets(chosen, sale, discount, data):
    """Lines with the quantities that go back, twice, come to what all of them were paid with."""
    lines = price_lines(chosen, sale, discount)
    first = [line._replace(quantity=data.draw(st.integers(0, line.quantity))) for line in lines]
    rest = [
        line._replace(quantity=line.quantity - back.quantity) for line, back in zip(lines, first, strict=True)
    ]

    assert [sum(parts) for parts in zip(sums(first), sums(rest), strict=True)] == list(sums(lines))


@bounded
@given(price=AMOUNTS, tax=TAXES, sale=TERMS, count=st.integers(1, 1_000))
def test_offer_of_one_times_the_quantity_is_the_line(price, tax, sale, count):
    """What a shop shows for one ticket is what a cart of them is charged."""
    one = kind(price, tax)
    offered, line = price_line(one, 1, sale), price_lines([(one, count)], sale)[0]

    assert offered._replace(quantity=count) == line
    assert sums([line]).total == count * unit_total(offered)


@bounded
@given(price=AMOUNTS, more=st.integers(1, 300), tax=TAXES, sale=TERMS, discount=CODES)
def test_dearer_is_never_cheaper(price, more, tax, sale, discount):
    """A higher price means at least as much to pay, as much fee and as much tax."""
    low, high = (price_line(kind(at, tax), 1, sale, discount) for at in (price, price + more))

    assert high.unit_price - high.unit_discount >= low.unit_price - low.unit_discount
    assert high.unit_fee >= low.unit_fee
    assert high.unit_tax >= low.unit_tax
    assert unit_total(high) >= unit_total(low)


@bounded
@given(price=AMOUNTS, tax=TAXES, sale=TERMS, bps=st.integers(1, 9_999), amount=st.integers(1, AMOUNT_MAX))
def test_code_never_makes_anything_dearer_and_a_better_code_never_cheaper_for_the_house(
    price, tax, sale, bps, amount
):
    one = kind(price, tax)
    plain = unit_total(price_line(one, 1, sale))
    percent = [unit_total(price_line(one, 1, sale, code(bps=off))) for off in (bps, bps + 1)]
    fixed = [
        unit_total(price_line(one, 1, sale, code(amount=off, currency=sale.currency)))
        for off in (amount, amount + 1)
    ]

    assert plain >= percent[0] >= percent[1]
    assert plain >= fixed[0] >= fixed[1]


@bounded
@given(chosen=carts(), sale=TERMS, discount=PERCENT_CODES | AMOUNT_CODES)
def test_code_takes_off_where_it_applies_and_only_of_its_types(chosen, sale, discount):
    lines = price_lines(chosen, sale, discount)
    pairs = [(one.id, count) for one, count in chosen]
    named = discount.ticket_types or {type_id for type_id, _ in pairs}
    matching = sum(count for type_id, count in pairs if type_id in named)
    does = matching >= discount.minimum_quantity and discount.currency in {None, sale.currency}
    assert applies(discount, sale, pairs) is does

    for line in lines:
        if not does or (discount.ticket_types and line.ticket_type_id not in discount.ticket_types):
            assert line.unit_discount == 0
        elif discount.amount is not None:
            assert line.unit_discount == min(discount.amount, line.unit_price)
        else:
            assert line.unit_discount == share(line.unit_price, discount.percent_bps)


@bounded
@given(chosen=carts(), sale=TERMS, discount=CODES)
def test_tax_lines_hold_every_tax_once(chosen, sale, discount):
    lines = price_lines(chosen, sale, discount)
    found = tax_lines(lines)
    taxed = [line for line in lines if line.tax_name is not None]

    def by(one):
        return (one.tax_name, one.tax_rate_bps, one.tax_included)

    groups = {key: list(group) for key, group in groupby(sorted(taxed, key=by), key=by)}
    assert {(tax.name, tax.rate_bps, tax.included) for tax in found} == set(groups)
    assert len(found) == len(groups)
    for tax in found:
        group = groups[tax.name, tax.rate_bps, tax.included]
        assert tax.amount == sum(line.quantity * line.unit_tax for line in group)
        assert tax.base == sum(
            line.quantity * (line.unit_price - line.unit_discount + line.unit_fee) for line in group
        )
        if tax.included:
            assert tax.amount <= tax.base


@bounded
@given(chosen=carts(), sale=TERMS, discount=CODES, data=st.data())
def test_order_of_lines_changes_nothing(chosen, sale, discount, data):
    shuffled = data.draw(st.permutations(chosen))

    lines, others = price_lines(chosen, sale, discount), price_lines(shuffled, sale, discount)

    assert sorted(lines) == sorted(others)
    assert sums(lines) == sums(others)
