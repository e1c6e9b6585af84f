"""Who gets the places. Pure, so that it can be proven."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar
from uuid import UUID

from foyer.domains.inventory.types import UNLIMITED, Move, Pool, Shortage

Key = TypeVar("Key")


def allocate(requests: Sequence[Mapping[UUID, int]], stock: Mapping[UUID, int]) -> list[Shortage | None]:
    """Serve requests first come, first served, each all or nothing.

    Args:
        requests: for each request, places wanted (≥ 0) by pool; every pool is in `stock`.
        stock: places free (may be negative only in a broken database) by pool.

    Returns:
        For each request None when it is served, or the first pool (in the request's order) that was short. A refusal
        takes nothing, so a smaller request after it may still be served.
    """
    left = dict(stock)
    answers: list[Shortage | None] = []
    for wanted in requests:
        short = shortage(wanted, left)
        answers.append(short)
        if short is None:
            for pool, places in wanted.items():
                left[pool] -= places
    return answers


def shortage(wanted: Mapping[UUID, int], left: Mapping[UUID, int]) -> Shortage | None:
    """The first pool, in the request's order, of which fewer places are left than it wants; None where all are there."""
    short = next((pool for pool, places in wanted.items() if places > left[pool]), None)
    return None if short is None else Shortage(short, max(left[short], 0))


def demand(lines: Iterable[tuple[Key, int]], pools_of: Mapping[Key, Sequence[UUID]]) -> dict[UUID, int]:
    """Places wanted by pool: each line takes its quantity from every pool of its type."""
    wanted: dict[UUID, int] = {}
    for key, quantity in lines:
        for pool in pools_of[key]:
            wanted[pool] = wanted.get(pool, 0) + quantity
    return wanted


def net(moves: Iterable[Move]) -> list[Move]:
    """One move for each pool, in the order in which pools are locked, without those that change nothing."""
    held: dict[UUID, int] = {}
    sold: dict[UUID, int] = {}
    for move in moves:
        held[move.pool_id] = held.get(move.pool_id, 0) + move.held
        sold[move.pool_id] = sold.get(move.pool_id, 0) + move.sold
    return [Move(pool, held[pool], sold[pool]) for pool in sorted(held) if held[pool] or sold[pool]]


def pool_size(capacity: int) -> int:
    """Places in an event's pool: 0 means no limit."""
    return capacity or UNLIMITED


def shown_capacity(pool: Pool) -> int:
    """The other way round: an unlimited pool is shown as 0."""
    return 0 if pool.capacity == UNLIMITED else pool.capacity
