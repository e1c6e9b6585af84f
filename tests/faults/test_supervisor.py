"""What `foyer run` keeps alive: children that die, sockets that outlive them, an end in order."""

import os
import re
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from foyer.cli.supervisor import listening_sockets
from foyer.settings import SettingsError

WORKER = """
import os, socket, sys
listener = socket.socket(fileno=int(sys.argv[1]))
while True:
    connection, _ = listener.accept()
    connection.recv(1)
    connection.sendall(str(os.getpid()).encode())
"""
DEAF = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf now", flush=True)
time.sleep(60)
"""
STANDBY = (
    """
import sys
print("standing by", flush=True)
role = sys.stdin.readline().strip()
if not role:
    sys.exit()
sys.argv[1:] = [role]
"""
    + WORKER
)
PARENT = f"""
import os, sys
from foyer.cli.children import Child
from foyer.cli.supervisor import Supervisor, listening_sockets
def child(name, script, *fds):
    return Child(name, [sys.executable, "-c", script, *map(str, fds)], os.environ, fds)
(listener,) = listening_sockets("127.0.0.1", 0, 1)
print(listener.getsockname()[1], flush=True)
Supervisor(
    [child("web", {WORKER!r}, listener.fileno()), child("deaf", {DEAF!r})],
    log=lambda line: print(line, flush=True),
    stop_database=lambda: print("database stopped", flush=True),
    grace_seconds=float(sys.argv[1]),
).run()
"""


@pytest.fixture
def parent(request: pytest.FixtureRequest) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", textwrap.dedent(PARENT), getattr(request, "param", "0.3")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def ask(connection: socket.socket) -> int:
    with connection:
        connection.sendall(b"?")
        return int(connection.recv(16))


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=5)


def once_deaf(parent: subprocess.Popen[str]) -> list[str]:
    """What was said until both children were at work; whoever reads on reads the same stream, which has read ahead."""
    said = [parent.stdout.readline()]
    ask(connect(int(said[0])))
    while said[-1] != "deaf now\n":
        said.append(parent.stdout.readline())
        assert said[-1], said
    return said


def test_a_connection_in_the_queue_of_a_killed_worker_is_served_by_the_next(parent):
    port = int(parent.stdout.readline())
    first = ask(connect(port))
    with connect(port):  # the worker waits for this one to speak, so the next is in the queue
        time.sleep(0.1)
        queued = connect(port)
        os.kill(first, signal.SIGKILL)
        second = ask(queued)
    assert second != first
    assert ask(connect(port)) == second


STOOD_IN = """
import os, sys
from foyer.cli.children import Child
from foyer.cli.supervisor import Supervisor, listening_sockets
(listener,) = listening_sockets("127.0.0.1", 0, 1)
fd = listener.fileno()
print(listener.getsockname()[1], flush=True)
Supervisor(
    [Child("web", [sys.executable, "-c", {worker!r}, str(fd)], os.environ, (fd,), role=str(fd))],
    standby=Child("standby", [sys.executable, "-c", {standby!r}], os.environ, (fd,)),
    log=lambda line: print(line, flush=True),
    standby_seconds=0.0,
).run()
"""


def once_ready(parent: subprocess.Popen[str]) -> int:
    """The process that stands by, once it does; it may say so before the supervisor has."""
    heard = ""
    while "standing by" not in heard or not (found := re.search(r"standby runs as process (\d+)\D", heard)):
        line = parent.stdout.readline()
        assert line, heard
        heard += line
    return int(found[1])


def once_dead(parent: subprocess.Popen[str], pid: int) -> None:
    """Kill it, and return when the supervisor knows: it takes no connection any more."""
    os.kill(pid, signal.SIGKILL)
    while f"(process {pid}) ended" not in (line := parent.stdout.readline()):
        assert line


@pytest.fixture
def stood_in() -> Iterator[subprocess.Popen[str]]:
    script = STOOD_IN.format(worker=WORKER, standby=STANDBY)
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def test_a_standby_becomes_the_child_that_died_and_another_stands_by(stood_in):
    port = int(stood_in.stdout.readline())
    for _ in range(2):
        ready = once_ready(stood_in)
        served = ask(connect(port))
        assert served != ready
        once_dead(stood_in, served)
        assert ask(connect(port)) == ready


def test_a_child_starts_by_itself_where_the_standby_has_died(stood_in):
    port = int(stood_in.stdout.readline())
    standby = once_ready(stood_in)
    served = ask(connect(port))
    os.kill(standby, signal.SIGKILL)
    once_dead(stood_in, served)
    assert ask(connect(port)) not in {standby, served}


def test_a_standby_ends_with_the_supervisor_and_serves_nobody(stood_in):
    port = int(stood_in.stdout.readline())
    standby = once_ready(stood_in)
    stood_in.terminate()
    assert stood_in.wait(timeout=5) == 0
    assert not Path(f"/proc/{standby}").exists()
    with pytest.raises(ConnectionRefusedError):
        connect(port)


def test_the_end_is_in_order_and_nobody_is_waited_for_without_limit(parent):
    said = once_deaf(parent)
    parent.send_signal(signal.SIGTERM)
    lines = [*"".join(said).splitlines(), *parent.stdout.read().splitlines()]
    assert parent.wait(timeout=5) == 0
    assert lines[-2:] == ["deaf did not end by itself and is killed", "database stopped"]
    children = [int(line.split()[-1]) for line in lines if "runs as process" in line]
    assert len(children) == 2
    assert not any(Path(f"/proc/{pid}").exists() for pid in children)


@pytest.mark.parametrize("parent", ["60"], indirect=True)
def test_a_second_interrupt_ends_the_waiting(parent):
    once_deaf(parent)
    parent.send_signal(signal.SIGINT)
    time.sleep(0.2)
    parent.send_signal(signal.SIGINT)
    assert parent.stdout.read().splitlines()[-1] == "database stopped"


def test_a_child_that_keeps_dying_is_started_less_and_less_often():
    script = """
        import os, sys
        from foyer.cli.children import Child
        from foyer.cli.supervisor import Supervisor
        children = [Child("brief", [sys.executable, "-c", ""], {}), Child("missing", ["/nonexistent"], {})]
        Supervisor(children, log=lambda line: print(line, flush=True), on_death=lambda pid: print("gone", pid, flush=True)).run()
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        time.sleep(2)
        parent.terminate()
        lines = parent.communicate(timeout=5)[0].splitlines()
    assert 3 <= len([line for line in lines if line.startswith("brief runs")]) <= 5
    assert 3 <= len([line for line in lines if line.startswith("missing cannot be started")]) <= 5
    ran = {line.rpartition(" ")[2] for line in lines if line.startswith("brief runs")}
    gone = {line.rpartition(" ")[2] for line in lines if line.startswith("gone")}
    assert gone <= ran
    assert len(gone) >= len(ran) - 1, "whoever counts by process is told of every death"


def test_children_end_with_a_killed_supervisor(parent):
    worker = ask(connect(int(parent.stdout.readline())))
    parent.kill()
    parent.wait()
    deadline = time.monotonic() + 5
    while Path(f"/proc/{worker}/cmdline").exists() and Path(f"/proc/{worker}/cmdline").read_bytes():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_an_address_that_cannot_be_had_is_said_in_one_sentence():
    with socket.create_server(("127.0.0.1", 0), reuse_port=True) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=f"FOYER_PORT {port} is in use by another program"):
            listening_sockets("127.0.0.1", port, 2)
    for host in ("192.0.2.1", "no such host"):
        with pytest.raises(SettingsError, match="FOYER_HOST"):
            listening_sockets(host, port, 1)


def test_every_worker_has_its_own_socket_on_the_port():
    sockets = listening_sockets("127.0.0.1", 0, 3)
    (port,) = {one.getsockname()[1] for one in sockets}
    for one in sockets:
        one.close()
    again = listening_sockets(
        "127.0.0.1", port, 1
    )  # closed connections may linger; that is no reason to refuse
    again[0].close()
