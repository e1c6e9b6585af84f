"""Figures of several processes, added up by one that has none of its own: what the dead have counted stays, what they held does not."""

import json
import re
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from foyer.cli.metrics import LOOPBACK, Metrics
from foyer.infra.metrics import DIRECTORY
from foyer.settings import SettingsError
from tests.support.installation import clean_environment

WORK = """
import json, os, signal, sys
from foyer.infra import metrics
metrics.start()
for call in json.loads(sys.argv[1]):
    name, *arguments = call
    getattr(metrics.meter, name)(*arguments[:4]) if name != "queue" else metrics.meter.queue(arguments[0], **arguments[1])
print(os.getpid(), metrics.meter.is_on, "prometheus_client" in sys.modules, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
ROUTE = "/api/v1/orders/{order_id}"
CALLS = [
    ["request", "GET", ROUTE, 200, 0.004],
    ["request", "GET", ROUTE, 404, 0.001],
    ["request", "GET", None, 404, 0.001],
    ["request", "PROPFIND", ROUTE, 405, 0.001],
    ["batch", "reserve", 30, 0.02, 0.003],
    ["trouble", "reserve", "shed"],
    ["remembered", "reserve"],
    ["job", "mail.send", "done"],
    ["queue", "mail.send", {"waiting": 3, "held": 1, "oldest_seconds": 7.5}],
    ["swept", 0.03],
    ["mail", "sent"],
    ["scan", "admitted"],
    ["pool", 2],
]


@pytest.fixture
def served(tmp_path):
    port = free_port()
    metrics = Metrics(tmp_path, port)
    yield metrics
    metrics.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def lived(folder: Path | None, calls: list[object]) -> tuple[int, str, str]:
    """A process that counts, and is killed."""
    named = {DIRECTORY: str(folder)} if folder else {}
    environment = {name: value for name, value in clean_environment().items() if name != DIRECTORY} | named
    done = subprocess.run(
        [sys.executable, "-c", WORK, json.dumps(calls)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    pid, is_on, is_loaded = done.stdout.split()
    return int(pid), is_on, is_loaded


def figures(metrics: Metrics) -> dict[str, float]:
    text = httpx.get(f"http://{LOOPBACK}:{metrics.port}/metrics").text
    lines = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in lines}


def test_figures_of_all_processes_are_added_and_the_dead_hold_nothing(served):
    (served.folder / "counter_1.db").write_bytes(b"left over")
    again = Metrics(served.folder.parent, free_port())
    again.close()
    pids = [lived(served.folder, CALLS)[0] for _ in range(2)]
    found = figures(served)

    assert found[f'foyer_requests_total{{method="GET",route="{ROUTE}",status="200"}}'] == 2
    assert found['foyer_requests_total{method="GET",route="(none)",status="404"}'] == 2
    assert found[f'foyer_requests_total{{method="other",route="{ROUTE}",status="405"}}'] == 2
    assert found[f'foyer_request_seconds_bucket{{le="0.005",method="GET",route="{ROUTE}"}}'] == 4
    assert found['foyer_desk_batch_size_bucket{desk="reserve",le="16.0"}'] == 0
    assert found['foyer_desk_batch_size_bucket{desk="reserve",le="32.0"}'] == 2
    assert found['foyer_desk_wait_seconds_sum{desk="reserve"}'] == pytest.approx(0.04)
    assert found['foyer_desk_seconds_bucket{desk="reserve",le="0.005"}'] == 2
    assert found['foyer_desk_remembered_total{desk="reserve"}'] == 2
    assert found['foyer_desk_troubles_total{desk="reserve",kind="shed"}'] == 2
    assert found['foyer_jobs_total{job="mail.send",outcome="done"}'] == 2
    assert found['foyer_jobs_waiting{job="mail.send"}'] == 3
    assert found['foyer_jobs_held{job="mail.send"}'] == 1
    assert found['foyer_jobs_oldest_seconds{job="mail.send"}'] == 7.5
    assert found["foyer_sweep_seconds_count"] == 2
    assert found["foyer_sweep_last_timestamp_seconds"] > 1.7e9
    assert found['foyer_mails_total{outcome="sent"}'] == 2
    assert found['foyer_check_ins_total{result="admitted"}'] == 2
    assert found["foyer_database_connections_in_use"] == 4

    for pid in pids:
        served.forget(pid)
    after = figures(served)
    assert after.pop("foyer_database_connections_in_use", 0) == 0
    del found["foyer_database_connections_in_use"]
    assert after == found


def test_page_for_operators_lists_every_figure(served):
    lived(served.folder, CALLS)
    page = (Path(__file__).parents[2] / "docs" / "operate" / "README.md").read_text()
    told = set(re.findall(r"^\| `(foyer_\w+)` \| (?:counter|gauge|histogram)", page, re.MULTILINE))
    families = {re.sub(r"_(bucket|sum|count)$", "", name.partition("{")[0]) for name in figures(served)}

    assert told == families


def test_there_is_nothing_else_and_nothing_for_others(served):
    assert httpx.get(f"http://{LOOPBACK}:{served.port}/").status_code == 404
    assert served._server.server_address[0] == "127.0.0.1"


def test_port_that_is_taken_stops_the_start(served, tmp_path):
    with pytest.raises(SettingsError, match=rf"FOYER_METRICS_PORT {served.port} cannot be used"):
        Metrics(tmp_path / "other", served.port)


def test_nothing_is_loaded_where_nobody_wants_to_know():
    _, is_on, is_loaded = lived(None, CALLS)

    assert (is_on, is_loaded) == ("False", "False")
