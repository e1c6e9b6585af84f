"""Decisions about codes and taxes: what is tidied, every limit from both sides, when a code counts."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace

from foyer.domains.events.rules import discount_state, regular_discount, regular_tax_rate
from foyer.domains.events.types import DiscountDraft, DiscountState, TaxRateDraft
from foyer.kernel.money import AMOUNT_MAX
from foyer.kernel.time import Window

NOW = datetime(2031, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
PERCENT = DiscountDraft(code="SUMMER", percentage=10)
FIXED = DiscountDraft(code="FIVE", amount=500, currency="EUR")
TAX = TaxRateDraft(name="VAT", rate_percentage=19, inclusive=True)


def odd(draft):
    return [finding.field for finding in regular_discount(draft)[1]]


def odd_tax(draft):
    return [finding.field for finding in regular_tax_rate(draft)[1]]


@pytest.mark.parametrize("code", ["A", "a", "7", "SUMMER-2031", "early_bird", "x" * 40, "1-_"])
def test_code_is_taken(code):
    regular, found = regular_discount(replace(PERCENT, code=f"  {code} "))

    assert (regular.code, found) == (code, [])


@pytest.mark.parametrize(
    "code", ["", " ", "-A", "_A", "A B", "x" * 41, "É", "Ａ", "٣", "A/B", "A.B", "A%", "ſ", "\x00"]
)
def test_code_is_refused(code):
    assert odd(replace(PERCENT, code=code)) == ["code"]


@pytest.mark.parametrize("percentage", [0.01, 0.1, 12.5, 33.33, 99.99, 100])
def test_percentage_is_taken(percentage):
    assert odd(replace(PERCENT, percentage=percentage)) == []


@pytest.mark.parametrize(
    "percentage", [0, -0.0, -1, 0.001, 0.009, 100.01, 12.345, 1e300, float("nan"), float("inf")]
)
def test_percentage_is_refused(percentage):
    assert odd(replace(PERCENT, percentage=percentage)) == ["percentage"]


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"percentage": None}, ["percentage"]),
        ({"amount": 500}, ["percentage"]),
        ({"amount": 500, "currency": "EUR"}, ["percentage"]),
        ({"currency": "EUR"}, ["currency"]),
        ({"percentage": None, "amount": 500}, ["currency"]),
        ({"percentage": None, "currency": "EUR"}, ["percentage"]),
        ({"percentage": None, "amount": 0, "currency": "EUR"}, ["amount"]),
        ({"percentage": None, "amount": -1, "currency": "eur"}, ["amount", "currency"]),
        ({"percentage": None, "amount": AMOUNT_MAX + 1, "currency": "EUR"}, ["amount"]),
        ({"percentage": None, "amount": AMOUNT_MAX, "currency": "JPY"}, []),
        ({"percentage": None, "amount": 1, "currency": "XAU"}, ["currency"]),
        ({"percentage": None, "amount": 1, "currency": ""}, ["currency"]),
    ],
)
def test_code_takes_off_either_a_part_or_an_amount_of_a_currency(changes, fields):
    assert odd(replace(PERCENT, **changes)) == fields


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"minimum_quantity": 0}, ["minimumQuantity"]),
        ({"minimum_quantity": 1}, []),
        ({"minimum_quantity": 1_000}, []),
        ({"minimum_quantity": 1_001}, ["minimumQuantity"]),
        ({"max_uses": 0}, ["maxUses"]),
        ({"max_uses": 1}, []),
        ({"max_uses": 1_999_999_999}, []),
        ({"max_uses": 2_000_000_000}, ["maxUses"]),
        ({"uses_per_customer": 0}, ["usesPerCustomer"]),
        ({"uses_per_customer": 2_000_000_000}, ["usesPerCustomer"]),
        ({"max_uses": None, "uses_per_customer": None}, []),
        ({"ticket_type_ids": [UUID(int=number) for number in range(200)]}, []),
        ({"ticket_type_ids": [UUID(int=number) for number in range(201)]}, ["ticketTypeIds"]),
        ({"starts_at": NOW, "ends_at": NOW}, []),
        ({"starts_at": NOW, "ends_at": NOW - HOUR}, ["endsAt"]),
        ({"starts_at": datetime(1969, 12, 31, tzinfo=UTC)}, ["startsAt"]),
        ({"ends_at": datetime(2201, 1, 1, tzinfo=UTC)}, ["endsAt"]),
    ],
)
def test_limits_of_a_code(changes, fields):
    assert odd(replace(FIXED, **changes)) == fields


def test_types_are_named_once_in_the_order_given():
    first, second = UUID(int=2), UUID(int=1)

    regular, found = regular_discount(replace(PERCENT, ticket_type_ids=[first, second, first]))

    assert (regular.ticket_type_ids, found) == ([first, second], [])


@pytest.mark.parametrize(
    ("start", "end", "free", "state"),
    [
        (None, None, 1, "active"),
        (None, None, 0, "exhausted"),
        (NOW, None, 1, "active"),
        (NOW + HOUR, None, 1, "scheduled"),
        (NOW + HOUR, None, 0, "scheduled"),
        (NOW - HOUR, NOW, 1, "ended"),
        (NOW - HOUR, NOW, 0, "ended"),
        (NOW - HOUR, NOW + HOUR, 1, "active"),
        (NOW, NOW, 1, "ended"),
    ],
)
def test_state_of_a_code(start, end, free, state):
    assert discount_state(Window(start, end), free=free, now=NOW) is DiscountState(state)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, []),
        ({"rate_percentage": 0}, []),
        ({"rate_percentage": 100.0}, []),
        ({"rate_percentage": 8.875}, ["ratePercentage"]),
        ({"rate_percentage": -0.01}, ["ratePercentage"]),
        ({"rate_percentage": float("nan")}, ["ratePercentage"]),
        ({"name": ""}, ["name"]),
        ({"name": "x" * 60}, []),
        ({"name": "x" * 61}, ["name"]),
        ({"country": "fr"}, []),
        ({"country": "EU"}, ["country"]),
    ],
)
def test_limits_of_a_tax_rate(changes, fields):
    assert odd_tax(replace(TAX, **changes)) == fields


def test_tax_rate_is_tidied():
    regular, _ = regular_tax_rate(replace(TAX, name="  City\u202e \t tax ", country=" fr "))

    assert (regular.name, regular.country) == ("City tax", "FR")
