"""Lives of the town by a few seeds; longer ones by `python -m tests.simulation`."""

import os

import pytest

from tests.simulation.guards import GUARDS, Guard
from tests.simulation.life import LifeError, live
from tests.support.cluster import VARIABLE

SEEDS = range(1, 7)
STEPS = 150


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "seed" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--seed")
        metafunc.parametrize("seed", SEEDS if chosen is None else (chosen,))


@pytest.fixture
def base() -> str:
    """Where the server of this run is."""
    return os.environ[VARIABLE]


async def test_books_stay_in_order_whatever_people_do(
    base: str, seed: int, request: pytest.FixtureRequest
) -> None:
    await live(base, seed, request.config.getoption("--steps") or STEPS)


async def test_same_seed_is_the_same_life(base: str) -> None:
    first, second, other = [await live(base, seed, 50) for seed in (900, 900, 901)]

    assert first == second
    assert len(first) == 51
    assert first != other


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)
async def test_guard_that_is_switched_off_is_missed(
    guard: Guard, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    guard.off(monkeypatch)
    with pytest.raises(LifeError, match=guard.harm) as broken:
        await _live_until_it_breaks(base, guard)

    said, trace = str(broken.value), broken.value.trace
    assert said.startswith(f"seed {broken.value.seed}, step {len(trace)}: ")
    assert f"--seed {broken.value.seed} --steps {len(trace)}\n" in said
    assert said.endswith(trace[-1])


async def _live_until_it_breaks(base: str, guard: Guard) -> None:
    for seed in guard.seeds:
        await live(base, seed, STEPS, without=guard.sql)
