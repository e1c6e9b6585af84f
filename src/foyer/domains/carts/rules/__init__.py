"""Decisions about carts: prices, and whether something may be taken or changed."""

from foyer.domains.carts.rules.editing import CART, CartEdit, code_off, edited, grows, require_live
from foyer.domains.carts.rules.pricing import (
    Line,
    PricedLine,
    Sums,
    applies,
    price_line,
    price_lines,
    sums,
    tax_lines,
    unit_total,
)
from foyer.domains.carts.rules.selling import (
    excess,
    refusal,
    regular_code,
    regular_lines,
    require_size,
    shortage,
)

__all__ = [
    "CART", "CartEdit", "Line", "PricedLine", "Sums", "applies", "code_off", "edited", "excess", "grows", "price_line", "price_lines", "refusal", "regular_code",
    "regular_lines", "require_live", "require_size", "shortage", "sums", "tax_lines", "unit_total",
]  # fmt: skip
