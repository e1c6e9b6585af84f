"""The desk of carts: taking places, changing what was taken, giving it back."""

from foyer.domains.carts.desk.edit import EditAsk, EditDesk, repriced
from foyer.domains.carts.desk.erase import forget_carts, forget_uses
from foyer.domains.carts.desk.lapse import (
    LAPSE_MAX,
    LeftCart,
    Taken,
    behind,
    lapse_due,
    shift,
    take_abandoned,
    tickets_in,
)
from foyer.domains.carts.desk.reserve import HOLD, Replay, ReserveAsk, Reserved, ReserveDesk, known_to_be_out
from foyer.domains.carts.desk.rows import carts_by_id, convert_carts, lock_carts, rewrite_carts
from foyer.domains.carts.desk.shop_front import ShopFront, Shown
from foyer.domains.carts.desk.uses import Use, hold_uses, lower_uses, move_uses, raise_uses

__all__ = [
    "HOLD",
    "LAPSE_MAX",
    "EditAsk",
    "EditDesk",
    "LeftCart",
    "Replay",
    "ReserveAsk",
    "ReserveDesk",
    "Reserved",
    "ShopFront",
    "Shown",
    "Taken",
    "Use",
    "behind",
    "carts_by_id",
    "convert_carts",
    "forget_carts",
    "forget_uses",
    "hold_uses",
    "known_to_be_out",
    "lapse_due",
    "lock_carts",
    "lower_uses",
    "move_uses",
    "raise_uses",
    "repriced",
    "rewrite_carts",
    "shift",
    "take_abandoned",
    "tickets_in",
]  # fmt: skip
