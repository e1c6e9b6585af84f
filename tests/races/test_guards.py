"""Each guard, on and off: with all of them nothing goes wrong, without one the harm is there to be seen."""

from collections.abc import AsyncIterator
from itertools import count

import asyncpg
import pytest

from foyer.infra.db.embedded import Cluster
from tests.races.experiments import Experiment, arena
from tests.races.guards import GUARDS, Guard
from tests.support.cluster import APP, OWNER, url_of
from tests.support.installation import database_of_its_own, drop_database

EXPERIMENTS = {guard.experiment.__name__: guard.experiment for guard in GUARDS}
TURNS_MAX = 4
"""A race that is there is not won every time on a machine that has much to do."""
_numbers = count(1)


@pytest.fixture
async def bare_url(cluster: Cluster) -> AsyncIterator[str]:
    """A database that is thrown away afterwards."""
    name = f"unguarded_{next(_numbers)}"
    await database_of_its_own(cluster.superuser_url, name)
    yield url_of(APP, name, cluster.superuser_url)
    await drop_database(cluster.superuser_url, name)


@pytest.mark.parametrize("experiment", EXPERIMENTS.values(), ids=EXPERIMENTS)
async def test_with_every_guard_nothing_goes_wrong(
    experiment: Experiment, app_url: str, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
):
    async with arena(app_url, owner, monkeypatch, is_guarded=True) as here:
        assert await experiment(here) == []


@pytest.mark.parametrize("guard", [guard for guard in GUARDS if not guard.sql], ids=lambda guard: guard.name)
async def test_without_it_harm_is_done(
    guard: Guard, app_url: str, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
):
    for turn in range(TURNS_MAX):
        async with arena(app_url, owner, monkeypatch, is_guarded=False) as here:
            for switch in guard.off if turn == 0 else ():
                switch(monkeypatch)
            seen = await guard.experiment(here)
        if any(guard.harm in one for one in seen):
            return
    pytest.fail(f"no harm in {TURNS_MAX} turns, last {seen}")


@pytest.mark.parametrize("guard", [guard for guard in GUARDS if guard.sql], ids=lambda guard: guard.name)
async def test_without_it_the_database_lets_harm_be_done(
    guard: Guard, bare_url: str, monkeypatch: pytest.MonkeyPatch
):
    owner = await asyncpg.connect(bare_url.replace(f"//{APP}@", f"//{OWNER}@"))
    await owner.execute("; ".join(["SET app.migration = 'on'", *guard.sql]))
    async with arena(bare_url, owner, monkeypatch, is_guarded=False) as here:
        for switch in guard.off:
            switch(monkeypatch)
        seen = await guard.experiment(here)
    await owner.close()
    assert any(guard.harm in one for one in seen), seen
