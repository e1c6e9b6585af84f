"""The embedded PostgreSQL where it may fail: as root, as anybody, killed at any point, started twice, moved away."""

import asyncio
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import pytest

import foyer
from foyer.infra.db.embedded import (
    AlreadySupervisedError,
    Cluster,
    EmbeddedError,
    Server,
    locate,
    orphans,
    read_address,
    temporary_cluster,
)
from foyer.infra.db.embedded.binaries import installation
from foyer.infra.db.embedded.directories import private_directory
from foyer.infra.db.embedded.processes import clean_environment
from foyer.infra.db.embedded.tuning import server_settings

NOBODY = 65534
IS_ROOT = os.geteuid() == 0

SUPERVISE = """
    import os, sys
    from pathlib import Path
    from foyer.infra.db.embedded import Server, locate
    if sys.argv[2:]:
        os.setgroups([]), os.setgid(int(sys.argv[2])), os.setuid(int(sys.argv[2]))
    server = Server(locate(Path(sys.argv[1])))
    server.start()
    server.supervise()
    print(server.cluster.socket, flush=True)
    sys.stdin.read()
    server.stop()
"""


@pytest.fixture
def home() -> Iterator[Path]:
    """A directory that every user may pass, unlike pytest's own."""
    path = Path(tempfile.mkdtemp(prefix="foyer-test-", dir="/tmp"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def data(home: Path) -> Iterator[Path]:
    path = home / "data"
    yield path
    if (path / "cluster").exists():
        shutil.rmtree((path / "cluster").read_text().strip(), ignore_errors=True)
    for orphan in orphans():
        if home in orphan.data.parents:
            shutil.rmtree(orphan.root)


@pytest.fixture
def supervising() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start a process that supervises a FOYER_DATA, as this or another user; it says where its socket is."""
    started: list[subprocess.Popen[str]] = []

    def start(data: Path, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(SUPERVISE), str(data), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **environment},
        )
        started.append(process)
        return process

    yield start
    for process in started:
        with process:
            process.kill()


async def fetch(url: str, sql: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


async def fetch_when_up(url: str, sql: str, seconds: float = 15) -> object:
    deadline = time.monotonic() + seconds
    while True:
        try:
            return await fetch(url, sql)
        except (OSError, asyncpg.CannotConnectNowError, asyncpg.ConnectionDoesNotExistError):
            assert time.monotonic() < deadline
            await asyncio.sleep(0.02)


def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def postmaster(cluster: Cluster) -> int:
    return int((cluster.pgdata / "postmaster.pid").read_text().splitlines()[0])


def copy_packages(target: Path) -> None:
    """What an ordinary user needs, for one who may not enter this clone or its virtual environment."""
    tree = installation(18)
    shutil.copytree(tree, target / tree.parent.name / tree.name, ignore=shutil.ignore_patterns("include"))
    shutil.copytree(f"{tree.parent}.libs", target / f"{tree.parent.name}.libs")
    (target / tree.parent.name / "__init__.py").touch()
    shutil.copytree(Path(foyer.__file__).parent, target / "foyer")
    for path in target.rglob("*"):
        path.chmod(path.stat().st_mode | 0o055 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)


async def test_it_runs_below_a_directory_that_only_its_user_may_enter(home, data, monkeypatch):
    home.chmod(0o700)
    copy_packages(home / "packages")
    monkeypatch.syspath_prepend(str(home / "packages"))
    for _ in range(2):
        with Server(locate(data)) as server:
            cluster = server.cluster
            assert await fetch(cluster.app_url, "SELECT current_user::text") == "foyer_app"
            owner = (cluster.pgdata / "postmaster.pid").stat().st_uid
            programs = cluster.binaries.stat().st_ino
    assert owner == (cluster.owner_uid if IS_ROOT else os.geteuid()) != 0
    assert (cluster.root in cluster.binaries.parents) is IS_ROOT
    assert cluster.binaries.stat().st_ino == programs  # copied once
    assert {stat.S_IMODE(path.stat().st_mode) for path in (home, cluster.root, data)} == {0o700}
    assert (data / "cluster").read_text().strip() == str(cluster.root)


async def test_an_ordinary_user_runs_it_in_foyer_data(home, supervising):
    as_nobody = [str(NOBODY)] if IS_ROOT else []
    copy_packages(home / "packages")
    mine = home / "mine"
    mine.mkdir(mode=0o700)
    if as_nobody:
        os.chown(mine, NOBODY, NOBODY)
    too_deep = mine / ("deep" * 30) / "with a space"
    sockets = []
    for where in (mine / "data", too_deep):
        process = supervising(where, *as_nobody, HOME=str(mine), PYTHONPATH=str(home / "packages"))
        sockets.append(Path(process.stdout.readline().strip()))
        url = f"postgresql://foyer_app@/foyer?host={sockets[-1]}&port=5432"
        assert await fetch(url, "SELECT current_user::text") == "foyer_app"
        owners = {
            path.stat().st_uid
            for path in (where, where / "postgres" / "pgdata" / "postmaster.pid", sockets[-1])
        }
        assert owners == {NOBODY if as_nobody else os.geteuid()}
        assert stat.S_IMODE(sockets[-1].lstat().st_mode) == 0o700
        process.communicate(timeout=10)
        assert process.returncode == 0
    assert sockets[0] == mine / "data" / "postgres" / "socket"
    assert sockets[1].parent == Path("/tmp")
    shutil.rmtree(sockets[1])


def test_a_socket_directory_that_others_may_enter_is_refused(home):
    (home / "open").mkdir(mode=0o755)
    (home / "link").symlink_to(home / "open")
    for path in (home / "open", home / "link"):
        with pytest.raises(EmbeddedError, match="nobody else may enter"):
            private_directory(path)


async def test_a_killed_postmaster_is_started_again_with_what_was_committed():
    with temporary_cluster(durability="production", supervise=True) as cluster:
        assert await fetch(cluster.owner_url, "SHOW fsync") == "on"
        connection = await asyncpg.connect(cluster.owner_url)
        await connection.execute(
            "CREATE TABLE rows (n int); INSERT INTO rows SELECT generate_series(1, 1000)"
        )
        await connection.execute("BEGIN; INSERT INTO rows VALUES (0)")
        for _ in range(2):
            os.kill(postmaster(cluster), signal.SIGKILL)
            assert await fetch_when_up(cluster.owner_url, "SELECT count(*) FROM rows") == 1000
        connection.terminate()


async def test_a_killed_supervisor_takes_postgres_with_it_and_the_next_start_works(data, supervising):
    process = supervising(data)
    process.stdout.readline()
    cluster = locate(data)
    address = read_address(data)
    assert address is not None
    assert stat.S_IMODE((data / "address").stat().st_mode) == 0o600
    await fetch(address.owner, "CREATE TABLE rows AS SELECT 7 AS n")
    process.kill()
    until(
        lambda: not (cluster.pgdata / "postmaster.pid").exists(), seconds=5
    )  # removed by a clean shutdown only
    assert read_address(data) is None
    with Server(cluster):
        assert await fetch(cluster.owner_url, "SELECT n FROM rows") == 7
        assert read_address(data) == address
    assert not (data / "address").exists()


async def test_a_start_waits_for_what_a_killed_server_has_left(data, supervising):
    """A backend that has not noticed yet holds the shared memory, and the old pid file says `ready`."""
    process = supervising(data)
    process.stdout.readline()
    cluster = locate(data)
    connection = await asyncpg.connect(cluster.owner_url)
    backend = connection.get_server_pid()
    left = (cluster.pgdata / "postmaster.pid").read_text().splitlines()
    os.kill(backend, signal.SIGSTOP)
    process.kill()
    os.kill(int(left[0]), signal.SIGKILL)
    process.wait()
    leave_pid_file(
        cluster, process.pid, left
    )  # the killed one stays a zombie where nobody reaps it; this pid is gone
    asleep = threading.Timer(1.0, os.kill, (backend, signal.SIGCONT))
    asleep.start()
    with Server(cluster):
        assert asleep.finished.is_set()
        assert await fetch(cluster.app_url, "SELECT 1") == 1
    asleep.join()
    connection.terminate()


def test_a_second_supervisor_is_refused(data):
    with Server(locate(data)) as server, pytest.raises(AlreadySupervisedError, match=str(os.getpid())):
        Server(server.cluster).start()


def test_a_half_finished_initdb_is_begun_again(data, supervising):
    process = supervising(data)
    cluster = locate(data)
    until(lambda: len([*cluster.root.glob("initdb-*/base/1/*")]) > 10)
    process.kill()
    process.wait()
    assert not cluster.pgdata.exists()
    with Server(cluster):
        pass
    assert not [*cluster.root.glob("initdb-*")]


async def test_a_pid_file_that_names_someone_elses_process(data):
    """PostgreSQL alone refuses to start then; see the first half."""
    with Server(locate(data)) as server:
        cluster = server.cluster
        left = (cluster.pgdata / "postmaster.pid").read_text().splitlines()
    stranger = start(["sleep", "60"], cluster)
    try:
        leave_pid_file(cluster, stranger.pid, left)
        assert "is another postmaster" in bare_start(cluster).communicate()[1].decode().lower()
        with Server(cluster):
            assert await fetch(cluster.app_url, "SELECT 1") == 1
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.communicate()


def leave_pid_file(cluster: Cluster, pid: int, lines: list[str]) -> None:
    path = cluster.pgdata / "postmaster.pid"
    path.write_text("\n".join([str(pid), *lines[1:]]) + "\n")
    if cluster.owner_uid is not None:
        os.chown(path, cluster.owner_uid, cluster.owner_gid)


async def test_a_server_that_outlived_its_supervisor_is_stopped_first(data):
    with Server(locate(data)) as server:
        cluster = server.cluster
    survivor = bare_start(cluster)
    until((cluster.socket / ".s.PGSQL.5432").exists)
    with Server(cluster):
        assert postmaster(cluster) != survivor.pid
        assert survivor.wait(1) == 0
        assert await fetch(cluster.app_url, "SELECT 1") == 1
    survivor.communicate()


def bare_start(cluster: Cluster) -> subprocess.Popen[bytes]:
    settings = server_settings(cluster, "production", {})
    arguments = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return start([cluster.binaries / "postgres", "-D", cluster.pgdata, *arguments], cluster)


def start(command: list[Path | str], cluster: Cluster) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command, env=clean_environment(), cwd=cluster.root, stderr=subprocess.PIPE, **cluster.identity
    )


async def test_version_16_runs_too_and_is_not_opened_by_18(data):
    with temporary_cluster(major=16) as cluster:
        assert await fetch(cluster.app_url, "SHOW server_version") == "16.14"
        assert await fetch(cluster.app_url, "SELECT lower('É') || ('a' < 'B')::text") == "éfalse"
    with Server(locate(data, major=16)):
        pass
    with pytest.raises(EmbeddedError, match="made by PostgreSQL 16"):
        Server(locate(data, major=18)).start()


async def test_moved_foyer_data_keeps_its_database_and_a_copy_does_not_share_it(home, data):
    with Server(locate(data)) as server:
        await fetch(server.cluster.owner_url, "CREATE TABLE rows AS SELECT 7 AS n")
    moved = data.rename(home / "moved")
    with Server(locate(moved)) as server:
        assert await fetch(server.cluster.owner_url, "SELECT n FROM rows") == 7
    shutil.copytree(moved, data)
    if IS_ROOT:
        with pytest.raises(EmbeddedError, match="is a copy of"):
            Server(locate(data)).start()
    else:
        assert locate(data).root != locate(moved).root
    shutil.rmtree(data)
    moved.rename(data)


async def test_deleted_foyer_data_begins_afresh_and_a_lost_database_is_not_replaced(home, data):
    with Server(locate(data)) as server:
        await fetch(server.cluster.owner_url, "CREATE TABLE rows AS SELECT 7 AS n")
        root = server.cluster.root
    shutil.rmtree(data)
    assert [orphan.root for orphan in orphans() if home in orphan.data.parents] == [root] * IS_ROOT
    with Server(locate(data)) as server:
        assert await fetch(server.cluster.owner_url, "SELECT to_regclass('rows')") is None
        assert server.cluster.root == root
    kept = [orphan.root for orphan in orphans() if home in orphan.data.parents]
    assert [(path / "pgdata" / "PG_VERSION").exists() for path in kept] == [True] * IS_ROOT
    shutil.rmtree(root)
    with pytest.raises(EmbeddedError, match="which is gone"):
        locate(data)
    (data / "cluster").unlink()


def test_what_a_killed_test_run_left_is_removed():
    script = "from foyer.infra.db.embedded import *\nwith temporary_cluster() as c: print(c.data, c.root, flush=True); input()"
    process = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    left = [Path(text) for text in process.stdout.readline().split()]
    process.kill()
    process.communicate()
    os.utime(left[0], (0, 0))
    with temporary_cluster() as cluster:
        assert not any(path.exists() for path in left)
    assert not cluster.root.exists()
    assert not cluster.data.exists()


def test_a_setting_that_postgres_refuses_is_named(data):
    started = time.monotonic()
    with pytest.raises(EmbeddedError, match="nonsense"):
        Server(locate(data), settings={"work_mem": "nonsense"}).start()
    assert time.monotonic() - started < 10
    with Server(locate(data)):
        pass
