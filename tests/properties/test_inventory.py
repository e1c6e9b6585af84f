"""Places, whatever is asked for: never more than there are, all or nothing, first come first served."""

from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from foyer.domains.inventory.rules import allocate, demand, net
from foyer.domains.inventory.types import Move

POOLS = [UUID(int=number) for number in range(1, 5)]
REQUESTS = st.lists(st.dictionaries(st.sampled_from(POOLS), st.integers(0, 6), max_size=4), max_size=12)
STOCK = st.fixed_dictionaries({pool: st.integers(0, 12) for pool in POOLS})
MOVES = st.lists(st.builds(Move, st.sampled_from(POOLS), st.integers(-9, 9), st.integers(-9, 9)), max_size=20)
bounded = settings(derandomize=True, max_examples=300, deadline=None)


def taken(requests, answers):
    served = [wanted for wanted, short in zip(requests, answers, strict=True) if short is None]
    return {pool: sum(wanted.get(pool, 0) for wanted in served) for pool in POOLS}


@bounded
@given(requests=REQUESTS, stock=STOCK)
def test_never_more_than_there_is(requests, stock):
    answers = allocate(requests, stock)

    assert len(answers) == len(requests)
    assert all(places <= stock[pool] for pool, places in taken(requests, answers).items())


@bounded
@given(requests=REQUESTS, stock=STOCK)
def test_each_answer_is_right_for_what_was_left_at_its_turn(requests, stock):
    """Conservation, all or nothing, and honest refusals in one: what is left is always stock less what was served."""
    answers = allocate(requests, stock)

    for turn, (wanted, short) in enumerate(zip(requests, answers, strict=True)):
        used = taken(requests[:turn], answers[:turn])
        left = {pool: stock[pool] - used[pool] for pool in POOLS}
        if short is None:
            assert all(places <= left[pool] for pool, places in wanted.items())
        else:
            assert wanted[short.pool_id] > left[short.pool_id] == short.left


@bounded
@given(requests=REQUESTS, more=REQUESTS, stock=STOCK)
def test_who_comes_later_changes_nothing_for_who_came_first(requests, more, stock):
    assert allocate([*requests, *more], stock)[: len(requests)] == allocate(requests, stock)


@bounded
@given(requests=REQUESTS, more=REQUESTS, stock=STOCK)
def test_two_batches_are_one(requests, more, stock):
    """Whether requests are batched cannot be told from the answers."""
    first = allocate(requests, stock)
    used = taken(requests, first)
    left = {pool: stock[pool] - used[pool] for pool in POOLS}

    assert [*first, *allocate(more, left)] == allocate([*requests, *more], stock)


@bounded
@given(requests=REQUESTS, stock=STOCK)
def test_everybody_is_served_where_there_is_enough(requests, stock):
    plenty = {pool: sum(wanted.get(pool, 0) for wanted in requests) for pool in POOLS}

    assert allocate(requests, plenty) == [None] * len(requests)


@bounded
@given(moves=MOVES)
def test_net_moves_the_same_as_all_moves(moves):
    found = net(moves)

    assert [move.pool_id for move in found] == sorted({move.pool_id for move in found})
    assert all(move.held or move.sold for move in found)
    for pool in POOLS:
        every = [move for move in moves if move.pool_id == pool]
        one = [move for move in found if move.pool_id == pool] or [Move(pool)]
        assert (sum(move.held for move in every), sum(move.sold for move in every)) == one[0][1:]


@bounded
@given(
    lines=st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 50)), max_size=12),
    pools_of=st.fixed_dictionaries(
        {key: st.lists(st.sampled_from(POOLS), unique=True, min_size=1, max_size=3) for key in "abc"}
    ),
)
def test_demand_is_the_sum_over_lines_and_adds_up(lines, pools_of):
    found = demand(lines, pools_of)

    for pool in POOLS:
        assert found.get(pool, 0) == sum(count for key, count in lines if pool in pools_of[key])
    half = len(lines) // 2
    parts = [demand(lines[:half], pools_of), demand(lines[half:], pools_of)]
    assert found == {pool: sum(part.get(pool, 0) for part in parts) for pool in found}
