"""`foyer jobs`: what failed and why stands there; it is tried again, or let go."""

import asyncio
from itertools import count
from uuid import uuid4

import pytest

from foyer.cli import main

_numbers = count(1)
PUT = """
WITH new AS (
  INSERT INTO jobs.pgqueuer (priority, status, entrypoint, attempts, headers, execute_after)
  VALUES (0, $2::jobs.pgqueuer_status, $1, $3, jsonb_build_object('organization_id', $4::text), now() + $5 * interval '1 s')
  RETURNING id, entrypoint
), told AS (
  INSERT INTO jobs.pgqueuer_log (job_id, status, priority, entrypoint, traceback)
  SELECT id, 'failed', 0, entrypoint, '{"exception_type": "RuntimeError", "exception_message": "no paper"}' FROM new WHERE $3 > 0
)
SELECT id FROM new
"""
STATE = "SELECT status::text, attempts, execute_after <= now() FROM jobs.pgqueuer WHERE id = $1"


@pytest.fixture
async def jobs(app_sql):
    """A held job, one that will be tried again in an hour, and one that waits; all of one kind."""
    name = f"test.command.{next(_numbers)}"
    house = str(uuid4())
    kinds = [("failed", 4, 0), ("queued", 2, 3600), ("queued", 0, -5)]
    ids = [
        await app_sql.fetchval(PUT, name, status, attempts, house, wait) for status, attempts, wait in kinds
    ]
    yield name, house, ids
    await app_sql.execute("DELETE FROM jobs.pgqueuer WHERE entrypoint = $1", name)


@pytest.fixture
def foyer(app_url, monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("FOYER_DATABASE_URL", app_url)
    monkeypatch.setenv("FOYER_DATA", str(tmp_path))

    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            main([*arguments])
        return ended.value.code, *capsys.readouterr()

    return run


def test_what_failed_is_told_with_its_error(foyer, jobs):
    name, house, (held, again, _) = jobs
    status, printed, _ = foyer("jobs")

    assert status == 1
    assert f"{held}  {name}  organization {house}" in printed
    assert f"{again}  {name}  organization {house}" in printed
    assert printed.count("RuntimeError: no paper") >= 2
    (line,) = [one for one in printed.splitlines() if one.startswith(f"{name} ")]
    assert "2 waiting, 0 running, 1 held, the oldest for 5 s" in line


def test_doctor_speaks_of_held_jobs(foyer, jobs):
    status, printed, _ = foyer("doctor")

    assert status == 1
    assert "failed for good and wait for you; `foyer jobs` says why." in printed


async def test_held_job_is_tried_again(foyer, jobs, app_sql):
    _, _, (held, again, waiting) = jobs
    await _in_thread(foyer, ("jobs", "retry", str(held), str(again)), (0, "2 to be tried again."))

    for one in (held, again):
        assert tuple(await app_sql.fetchrow(STATE, one)) == ("queued", 0, True)
    assert tuple(await app_sql.fetchrow(STATE, waiting)) == ("queued", 0, True)


async def test_all_means_all_that_are_held(foyer, jobs, app_sql):
    _, _, (held, again, _) = jobs
    await _in_thread(foyer, ("jobs", "retry", "--all"), (0, "to be tried again."))

    assert tuple(await app_sql.fetchrow(STATE, held)) == ("queued", 0, True)
    assert tuple(await app_sql.fetchrow(STATE, again)) == ("queued", 2, False)


async def test_job_is_dropped_but_not_under_the_hands_of_its_worker(foyer, jobs, app_sql):
    _, _, (held, again, waiting) = jobs
    await app_sql.execute("UPDATE jobs.pgqueuer SET status = 'picked' WHERE id = $1", waiting)
    status, printed, said = await _in_thread(foyer, ("jobs", "drop", str(held), str(waiting)))

    assert (status, printed) == (1, "1 dropped.\n")
    assert said == f"{waiting} is not there, or runs at this moment.\n"
    left = "SELECT count(*) FROM jobs.pgqueuer WHERE id = ANY ($1)"
    assert await app_sql.fetchval(left, [held, again, waiting]) == 2


def test_retry_wants_to_know_what(foyer):
    status, _, said = foyer("jobs", "retry")

    assert (status, said) == (2, "foyer: Name the jobs, or say --all; `foyer jobs` shows them.\n")


async def _in_thread(foyer, arguments, wanted=None):
    """The command runs a loop of its own."""
    found = await asyncio.to_thread(foyer, *arguments)
    if wanted:
        assert found[0] == wanted[0], found
        assert wanted[1] in found[1]
    return found
