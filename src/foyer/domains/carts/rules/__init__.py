"""Decisions about carts: prices, and whether something may be taken."""

from foyer.domains.carts.rules.pricing import PricedLine, Sums, price_line, sums
from foyer.domains.carts.rules.selling import refusal, regular_lines, require_size, shortage

__all__ = ["PricedLine", "Sums", "price_line", "refusal", "regular_lines", "require_size", "shortage", "sums"]
