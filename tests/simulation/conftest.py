"""Options of the simulation, and a log that does not draw a picture of every planned crash."""

import pytest

from foyer.infra.telemetry import set_up_log


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--seed", type=int, help="live only by this seed")
    parser.addoption("--steps", type=int, help="so many steps")


@pytest.fixture(scope="session", autouse=True)
def log(tmp_path_factory: pytest.TempPathFactory) -> None:
    set_up_log(str(tmp_path_factory.mktemp("log") / "simulation.log"))
