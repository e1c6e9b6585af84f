"""Every route does what the document says of it: what it takes, what it refuses, how it answers, whatever it is sent."""

from dataclasses import replace

import pytest

from foyer.api import openapi, v1
from tests.contract.driving import Told, configured, driven, loaded
from tests.contract.worlds import nobody

GROUPS = sorted({operation.module for operation in openapi.operations(v1.ROUTES)})


def kept(told: Told) -> None:
    if told.findings:
        pytest.fail("\n\n".join(told.findings), pytrace=False)


@pytest.mark.parametrize("group", GROUPS)
def test_routes_do_what_the_document_says(app, fresh_world, group):
    config = configured("examples", "coverage", "fuzzing", examples=4)
    told = driven(loaded(app, config, fresh_world.credential, fresh_world.furnish).include(tag=group))

    kept(told)
    assert told.unreached == []


@pytest.mark.parametrize("group", GROUPS)
def test_routes_refuse_what_the_document_rules_out(app, world, group):
    config = configured("coverage", "fuzzing", examples=4, mode="negative")

    kept(driven(loaded(app, config, world.credential, world.furnish).include(tag=group)))


def test_chains_of_requests_keep_it_too(app, world):
    """What one answer gives, the next request uses."""
    told = driven(loaded(app, configured("stateful", examples=15), world.credential, world.furnish))

    kept(told)
    assert told.requests > 50


def test_nobody_gets_anything_that_is_not_public(app, world):
    world = replace(world, spared=1_000_000)
    told = driven(loaded(app, configured("examples", "fuzzing", examples=4), nobody, world.furnish))

    kept(told)
    for operation in openapi.operations(v1.ROUTES):
        given = set(told.statuses[operation.label])
        served = any(200 <= status < 300 for status in given)
        assert (served, 401 in given) == (
            (True, False) if operation.access.kind == "public" else (False, True)
        ), operation
