"""Pools: the only code that makes anything less available."""

from foyer.domains.inventory.actions import close_pool, lock, move, open_pool, resize
from foyer.domains.inventory.desk import HOLD_PLACES, lock_pools, move_places, sold_out
from foyer.domains.inventory.queries import pools_by_id
from foyer.domains.inventory.rules import allocate, demand, net, pool_size, shortage, shown_capacity

__all__ = [
    "HOLD_PLACES", "allocate", "close_pool", "demand", "lock", "lock_pools", "move", "move_places", "net", "open_pool", "pool_size", "pools_by_id",
    "resize", "shortage", "shown_capacity", "sold_out",
]  # fmt: skip
