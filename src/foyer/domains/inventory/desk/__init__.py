"""Pools under the desks, and what is known to be out."""

from foyer.domains.inventory.desk.pools import HOLD_PLACES, lock_pools, move_places
from foyer.domains.inventory.desk.sold_out import sold_out

__all__ = ["HOLD_PLACES", "lock_pools", "move_places", "sold_out"]
