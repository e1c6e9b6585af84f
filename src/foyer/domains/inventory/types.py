"""Values of inventory."""

from typing import NamedTuple
from uuid import UUID

UNLIMITED = 2_000_000_000
"""The capacity that stands for "no limit"; no event has two thousand million places."""


class Pool(NamedTuple):
    """Places as they stand: `free` of them can still be taken."""

    id: UUID
    capacity: int
    held: int
    sold: int

    @property
    def free(self) -> int:
        return self.capacity - self.held - self.sold


class Move(NamedTuple):
    """A change of one pool's counters; the database refuses what does not fit."""

    pool_id: UUID
    held: int = 0
    sold: int = 0


class Shortage(NamedTuple):
    """Why a request was not served: this pool had only so many places left at that point."""

    pool_id: UUID
    left: int
