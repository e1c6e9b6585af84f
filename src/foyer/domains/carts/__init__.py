"""Offers and carts: the reservation desk."""

from foyer.domains.carts.actions import change_cart, end_carts, release_cart
from foyer.domains.carts.desk import (
    HOLD,
    LAPSE_MAX,
    Replay,
    ReserveAsk,
    Reserved,
    ReserveDesk,
    carts_by_id,
    convert_carts,
    lapse_due,
    lock_carts,
)
from foyer.domains.carts.queries import cart, offer, offers
from foyer.domains.carts.rules import regular_lines

__all__ = [
    "HOLD", "LAPSE_MAX", "Replay", "ReserveAsk", "ReserveDesk", "Reserved", "cart", "carts_by_id", "change_cart", "convert_carts",
    "end_carts", "lapse_due", "lock_carts", "offer", "offers", "regular_lines", "release_cart",
]  # fmt: skip
