"""Who gets places: a table of cases, and what the counters mean."""

from uuid import UUID

import pytest

from foyer.domains.inventory.rules import allocate, demand, net, pool_size, shown_capacity
from foyer.domains.inventory.types import UNLIMITED, Move, Pool, Shortage

A, B, C = (UUID(int=number) for number in (1, 2, 3))

CASES = {
    "nobody asks": ([], {A: 1}, []),
    "nothing is wanted": ([{}], {A: 0}, [None]),
    "the last place goes": ([{A: 1}], {A: 1}, [None]),
    "one too many": ([{A: 2}], {A: 1}, [Shortage(A, 1)]),
    "nothing is left": ([{A: 1}], {A: 0}, [Shortage(A, 0)]),
    "a broken counter reads as nothing left": ([{A: 1}], {A: -3}, [Shortage(A, 0)]),
    "zero places always fit": ([{A: 0}], {A: 0}, [None]),
    "first come": ([{A: 2}, {A: 2}], {A: 3}, [None, Shortage(A, 1)]),
    "a refusal takes nothing": ([{A: 4}, {A: 3}], {A: 3}, [Shortage(A, 3), None]),
    "a smaller one after a refusal": ([{A: 2}, {A: 2}, {A: 1}], {A: 3}, [None, Shortage(A, 1), None]),
    "all pools or none": ([{A: 1, B: 1}, {A: 1}], {A: 1, B: 0}, [Shortage(B, 0), None]),
    "the first short pool in the order asked": ([{B: 9, A: 9}], {A: 1, B: 2}, [Shortage(B, 2)]),
    "the cap of an event bites before the type": ([{A: 3, C: 3}], {A: 5, C: 2}, [Shortage(C, 2)]),
    "types share the cap": (
        [{A: 2, C: 2}, {B: 2, C: 2}],
        {A: 5, B: 5, C: 3},
        [None, Shortage(C, 1)],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_places_are_given(case):
    requests, stock, answers = CASES[case]
    before = dict(stock)

    assert allocate(requests, stock) == answers
    assert stock == before, "the caller's numbers are not touched"


def test_demand_takes_each_quantity_from_every_pool_of_its_type():
    pools = {"seat": (A, C), "stand": (B, C)}

    assert demand([("seat", 2), ("stand", 3)], pools) == {A: 2, C: 5, B: 3}
    assert demand([("seat", 2), ("seat", 1)], pools) == {A: 3, C: 3}
    assert demand([], pools) == {}


def test_net_is_one_move_for_each_pool_in_the_order_of_locks():
    moves = [Move(B, held=2), Move(A, held=-1, sold=1), Move(B, held=1), Move(C, held=1), Move(C, held=-1)]

    assert net(moves) == [Move(A, held=-1, sold=1), Move(B, held=3, sold=0)]
    assert net([]) == []


@pytest.mark.parametrize(("capacity", "size"), [(0, UNLIMITED), (1, 1), (70_000, 70_000)])
def test_no_limit_is_shown_as_zero_and_kept_as_a_large_pool(capacity, size):
    assert pool_size(capacity) == size
    assert shown_capacity(Pool(A, size, 0, 0)) == capacity


def test_free_is_what_is_neither_held_nor_sold():
    assert Pool(A, 10, 3, 4).free == 3
