"""`foyer rehearse` against the product as it runs: it sells what there is, tells what it saw, and leaves nothing, however it ends."""

import asyncio
import json
import signal
import sys
import time
from functools import partial
from pathlib import Path

import asyncpg
import pytest

from foyer.cli import main
from foyer.cli.rehearse.stage import clean
from foyer.domains.events.types import TicketTypeDraft
from foyer.infra.db.engine import Database
from foyer.settings import SettingsError
from tests.lanes import slowness
from tests.support.cluster import migrated_cluster
from tests.support.installation import all_ready, clean_environment, imbalances, installation
from tests.support.world import SECRET, make_event, make_organization, settings_for

COUNTED = """
SELECT (SELECT count(*) FROM organizations WHERE is_rehearsal) AS rehearsals, (SELECT count(*) FROM organizations) AS houses,
  (SELECT count(*) FROM carts) AS carts, (SELECT count(*) FROM orders) AS orders, (SELECT count(*) FROM pools) AS pools,
  (SELECT count(*) FROM facts) AS facts, (SELECT count(*) FROM mail_log) AS mails, (SELECT count(*) FROM files) AS files,
  (SELECT count(*) FROM audit) AS audited, (SELECT count(*) FROM jobs.pgqueuer) AS jobs,
  (SELECT sum(version) FROM events) AS versions, (SELECT sum(held + sold) FROM pools) AS taken
"""


@pytest.fixture(scope="module")
def cluster():
    with migrated_cluster() as cluster:
        yield cluster


@pytest.fixture
async def owner(cluster):
    connection = await asyncpg.connect(cluster.owner_url)
    await connection.execute("SET app.migration = 'on'")
    yield connection
    await connection.close()


@pytest.fixture
async def event(cluster):
    """An event of 100 places of two kinds, in an organization that has nothing else."""
    database = Database(cluster.app_url, pool_size=2)
    house = await make_organization(database)
    kinds = (
        TicketTypeDraft(name="Seat", quantity=70, price=1_500, max_per_order=6),
        TicketTypeDraft(name="Free", quantity=30, is_free=True),
    )
    yield await make_event(database, house, *kinds, title="Summer night")
    await database.close()


def environment(cluster, data):
    urls = {"database_url": cluster.app_url, "database_owner_url": cluster.owner_url}
    return clean_environment(**urls, data=str(data), secret_keys=SECRET)


async def foyer(cluster, data, *arguments):
    """The command as a process whose words can be read; it is still running."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "foyer", *arguments, env=environment(cluster, data),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # tests may run where nobody can press Ctrl-C
    )  # fmt: skip


async def ended(process):
    said, wrong = await asyncio.wait_for(process.communicate(), 60 * slowness())
    return process.returncode, said.decode(), wrong.decode()


async def until(ask, wanted):
    give_up = time.monotonic() + 30 * slowness()
    while (found := await ask()) != wanted:
        assert time.monotonic() < give_up, found
        await asyncio.sleep(0.05)


async def test_rehearsal_sells_out_and_leaves_everything_as_it_was(cluster, owner, event, tmp_path):
    before = await owner.fetchrow(COUNTED)
    told, trace = tmp_path / "report.json", tmp_path / "trace.csv"
    trace.write_text("seconds,reservations\n0,60\n1,40\n")
    with installation(cluster.app_url, tmp_path, webs=1, workers=1) as house:
        await all_ready(house)
        run = await foyer(
            cluster, tmp_path, "rehearse", str(event.id), "--url", house.urls[0], "--trace", str(trace), "--lead", "0.5",
            "--think", "0.1", "--processes", "2", "--seed", "4", "--json", str(told), "--seconds", "40",
        )  # fmt: skip
        status, said, wrong = await ended(run)
        assert status == 0, said + wrong

    report = json.loads(told.read_bytes())
    books = report["books"]
    assert (report["places"], report["buyers"]) == (100, 100)
    assert (books["oversold"], books["doubled"], books["lost"]) == (0, 0, 0)
    assert books["differences"] == []
    assert 60 <= books["sold"] <= books["sold"] + books["inCarts"] <= 100
    assert sum(report["ordersBySecond"].values()) == books["orders"] > 20
    # Double clicks sent more requests than there were carts, and buyers came for more than there was.
    assert report["steps"]["reserve"]["answers"] > sum(report["reservationsBySecond"].values())
    assert report["refusals"].keys() == {"sold_out"}
    for page in ("event page", "checkout page", "order page"):
        assert report["steps"][page]["answers"] > 0, page
    assert report["soldOutSeconds"] is None or 0 <= report["soldOutSeconds"] < report["seconds"]
    assert len(report["load"]["web"]) == 1
    assert report["load"]["postgres"] > 0
    for words in ("of 100 sold in", "oversold 0, doubled 0, acknowledged but missing 0", "What limits next"):
        assert words in said
    assert await owner.fetchrow(COUNTED) == before
    assert await imbalances(owner, event.organization_id) == []
    # The worker has written mails for buyers and kept none: where there is no mail server, they would lie here.
    assert list(tmp_path.glob("mail/*.eml")) == []
    assert house.faults() == []


async def test_rehearsal_that_is_broken_off_is_removed_at_once_or_by_the_next(
    cluster, owner, event, tmp_path
):
    before = await owner.fetchrow(COUNTED)

    async def standing():
        return await owner.fetchval("SELECT count(*) FROM organizations WHERE is_rehearsal")

    with installation(cluster.app_url, tmp_path, webs=1) as house:
        await all_ready(house)
        long = ("rehearse", str(event.id), "--url", house.urls[0], "--lead", "60")
        interrupted = await foyer(cluster, tmp_path, *long)
        await until(standing, 1)
        # One at a time: who cleans up would take the other's shop from under its buyers.
        with pytest.raises(SettingsError, match="A rehearsal is running"):
            await clean(settings_for(tmp_path), owner=cluster.owner_url)
        assert await standing() == 1
        interrupted.send_signal(signal.SIGINT)
        assert (await ended(interrupted))[0] == 130
        assert await owner.fetchrow(COUNTED) == before

        killed = await foyer(cluster, tmp_path, *long)
        await until(standing, 1)
        crowd = [
            int(one) for one in Path(f"/proc/{killed.pid}/task/{killed.pid}/children").read_text().split()
        ]
        assert crowd
        killed.kill()
        await killed.wait()
        assert await standing() == 1
        assert await clean(settings_for(tmp_path), owner=cluster.owner_url) == 1

    assert await owner.fetchrow(COUNTED) == before
    assert not [pid for pid in crowd if Path(f"/proc/{pid}").exists() and "driver" in command_of(pid)]


def command_of(pid):
    return Path(f"/proc/{pid}/cmdline").read_text()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("moon",), "There is no event 'moon'. To come are:"),
        ((), "Say which event"),
        (("moon", "--buyers", "0"), "--buyers must be from 1"),
        (("moon", "--trace", "missing.csv"), "The trace missing.csv cannot be read"),
        (("EVENT", "--url", "http://127.0.0.1:9"), "Nothing answers at http://127.0.0.1:9"),
    ],
)
async def test_what_is_asked_wrongly_ends_with_a_sentence(
    cluster, owner, event, tmp_path, monkeypatch, capsys, arguments, words
):
    for name, value in environment(cluster, tmp_path).items():
        monkeypatch.setenv(name, value)
    before = await owner.fetchrow(COUNTED)
    chosen = [str(event.id) if one == "EVENT" else one for one in arguments]
    with pytest.raises(SystemExit) as end:
        await asyncio.to_thread(main, ["rehearse", *chosen])

    assert end.value.code == 2
    assert words in capsys.readouterr().err
    assert await owner.fetchrow(COUNTED) == before
