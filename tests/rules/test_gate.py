"""The gate before the connections: so many inside, a short crowd, and no place is ever lost."""

import asyncio
from itertools import count

import pytest

from foyer.infra.db import gate
from foyer.infra.db.gate import Gate
from foyer.kernel.errors import Busy


async def waiting_at(gate: Gate, number: int) -> list[asyncio.Task[None]]:
    tasks = [asyncio.create_task(gate.enter()) for _ in range(number)]
    await asyncio.sleep(0)
    return tasks


async def test_no_more_are_inside_than_fit_and_who_came_first_is_first():
    inside, most, order, numbers, door = 0, 0, [], count(), Gate(3)

    async def visit() -> None:
        nonlocal inside, most
        number = next(numbers)
        await door.enter()
        inside += 1
        most = max(most, inside)
        order.append(number)
        await asyncio.sleep(0.001)
        inside -= 1
        door.leave()

    await asyncio.gather(*(visit() for _ in range(40)))

    assert (most, order) == (3, list(range(40)))


async def test_beyond_the_crowd_one_is_told_at_once(monkeypatch):
    monkeypatch.setattr(gate, "CROWD_MAX", 2)
    door = Gate(1)
    await door.enter()
    patient = await waiting_at(door, 2)
    with pytest.raises(Busy):
        await asyncio.wait_for(door.enter(), 0.1)
    door.leave()
    await patient[0]
    door.leave()
    await patient[1]


async def test_where_the_first_has_waited_long_nobody_begins_to(monkeypatch):
    monkeypatch.setattr(gate, "WAIT_SECONDS_MAX", 0.02)
    door = Gate(1)
    await door.enter()
    patient = await waiting_at(door, 2)
    await asyncio.sleep(0.03)
    with pytest.raises(Busy) as told:
        await asyncio.wait_for(door.enter(), 0.1)
    assert told.value.retry_after_seconds in {1, 2, 3}

    door.leave()
    await patient[0]
    door.leave()
    await patient[1]
    door.leave()
    await asyncio.wait_for(door.enter(), 0.1)  # the crowd is gone, and with it the reason


async def test_patience_ends_and_the_next_place_goes_to_who_is_still_there(monkeypatch):
    door = Gate(1)
    await door.enter()
    monkeypatch.setattr(gate, "PATIENCE_SECONDS", 0.02)
    impatient = await waiting_at(door, 2)
    monkeypatch.setattr(gate, "PATIENCE_SECONDS", 5)
    patient = await waiting_at(door, 1)
    outcomes = await asyncio.gather(*impatient, return_exceptions=True)
    assert [type(one) for one in outcomes] == [Busy, Busy]
    door.leave()
    await asyncio.wait_for(patient[0], 1)


@pytest.mark.parametrize("turns", range(4))
async def test_place_is_not_lost_with_somebody_who_leaves_whenever_that_is(turns):
    door = Gate(1)
    await door.enter()
    leaver, heir = await waiting_at(door, 2)
    door.leave() if turns % 2 else leaver.cancel()
    for _ in range(turns // 2):
        await asyncio.sleep(0)
    leaver.cancel() if turns % 2 else door.leave()
    outcome = (await asyncio.gather(leaver, return_exceptions=True))[0]
    if outcome is None:  # it was served before it left
        door.leave()
    await asyncio.wait_for(heir, 1)
    door.leave()
    await asyncio.wait_for(door.enter(), 1)
