"""Money is an integer of minor units beside an ISO 4217 currency; no float anywhere."""

import re
from decimal import Decimal

from babel.numbers import format_currency, format_percent, get_currency_precision, list_currencies

BPS_WHOLE = 10_000
AMOUNT_MAX = 10**12
"""No price or fee is above this many minor units; sums of an order stay far inside 64 bits."""
ORDER_TOTAL_MAX = 10**15
"""No order is paid with more minor units than this: the tables of money take no larger amount."""

_LETTER_BEFORE_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)")
"""Where a currency is written by its letters, they and the number are held apart, as browsers do."""
_REGIONAL = {"XAF", "XCD", "XCG", "XOF", "XPF"}
CURRENCIES = frozenset(code for code in list_currencies() if not code.startswith("X") or code in _REGIONAL)
"""Codes of money that is in people's pockets: metals, funds and test codes begin with X and are left out."""


def half_up(numerator: int, denominator: int) -> int:
    """`numerator / denominator` rounded to the nearest integer, halves up; numerator ≥ 0, denominator > 0."""
    return (2 * numerator + denominator) // (2 * denominator)


def share(amount: int, bps: int) -> int:
    """`bps` hundredths of a percent of a non-negative amount, half-up."""
    return half_up(amount * bps, BPS_WHOLE)


def unit_paid(price: int, discount: int, fee: int, tax: int, *, tax_included: bool) -> int:
    """What one unit is paid with, in minor units: an included tax is in the price and fee already."""
    return price - discount + fee + (0 if tax_included else tax)


def percent_to_bps(percent: Decimal | float) -> int:
    """Percent with at most two decimals, as basis points.

    A float is a number out of JSON; what is read is its shortest text, which is what was written.

    Raises:
        ValueError: more than two decimals, or not a finite number.
    """
    bps = Decimal(str(percent)) * 100
    if not bps.is_finite() or bps != bps.to_integral_value():
        raise ValueError("a percentage has at most two decimals")
    return int(bps)


def bps_to_percent(bps: int) -> Decimal:
    return (Decimal(bps) / 100).normalize()


def minor_to_decimal(amount: int, currency: str) -> Decimal:
    return Decimal(amount).scaleb(-int(get_currency_precision(currency)))


def show(amount: int, currency: str, locale: str = "en") -> str:
    """An amount for people: `1050` USD is $10.50, `1050` JPY is ¥1,050, `1050` KWD is KWD 1.050."""
    text = str(format_currency(minor_to_decimal(amount, currency), currency, locale=locale))
    return _LETTER_BEFORE_DIGIT.sub("\u00a0", text)


def taxed(name: str, rate_bps: int, locale: str = "en") -> str:
    """A tax with its rate, `19% VAT` or `7,7\u00a0% MwSt.`, or its name alone where that says the rate already, as somebody may have typed it."""
    percent = f"{bps_to_percent(rate_bps):f}"
    if any(
        re.search(rf"(?<![\d.,]){re.escape(one)}(?![\d.,]*\d)", name)
        for one in (percent, percent.replace(".", ","))
    ):
        return name
    rate = format_percent(Decimal(rate_bps) / BPS_WHOLE, locale=locale, decimal_quantization=False)
    return f"{rate} {name}"
