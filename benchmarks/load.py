"""The two sources of load: `wrk` over HTTP, `pgbench` on the database itself."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

import msgspec

from benchmarks.world import Sold
from foyer.infra.db.embedded import Cluster

HERE: Final = Path(__file__).parent
QUANTITY: Final = 2
_WAIT_SECONDS: Final = 60.0
_FIGURE: Final = re.compile(r"^(tps|latency average) = ([0-9.]+)", re.MULTILINE)


class Run(msgspec.Struct, frozen=True):
    """What a few seconds of load have shown; `refused` answers were not 2xx, `broken` connections gave none."""

    requests: int
    seconds: float
    mean_ms: float
    p50_ms: float
    p99_ms: float
    refused: int
    broken: int

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds


class Yard(msgspec.Struct, frozen=True):
    """One run of pgbench."""

    per_second: float
    mean_ms: float


class NoWrkError(Exception):
    """The load generator is not here and cannot be installed."""


def find_wrk() -> None:
    """See that `wrk` is there, or install it where that is ours to do.

    Raises:
        NoWrkError: it is not, and we may not.
    """
    if shutil.which("wrk") is None and os.geteuid() == 0 and shutil.which("apt-get") is not None:
        for command in (["update", "-qq"], ["install", "-qq", "--no-install-recommends", "wrk"]):
            subprocess.run(["apt-get", *command], check=False, stdout=subprocess.DEVNULL)
    if shutil.which("wrk") is None:
        raise NoWrkError(
            "The benchmarks need the load generator wrk; install the package `wrk`, then run them again."
        )


def http(url: str, sold: Sold, *, buyers: int, seconds: int) -> Run:
    """So many buyers, each with one connection and one request under way at any time."""
    command = ["wrk", "--threads", "1", "--connections", str(buyers), "--duration", f"{seconds}s", "--timeout", "10s",
               "--script", str(HERE / "reserve.lua"), url + sold.path, "--", sold.body(QUANTITY).decode()]  # fmt: skip
    said = _say(command, seconds)
    return msgspec.json.decode(said.splitlines()[-1], type=Run)


def yardstick(cluster: Cluster, sold: Sold, *, clients: int, seconds: int) -> Yard:
    """The same reserve by pgbench: one pipelined transaction for each buyer, no web in front."""
    pool_1, pool_2 = sold.pools
    named = {"organization": sold.organization_id, "event": sold.event_id, "type": sold.type_id, "pool_1": pool_1,
             "pool_2": pool_2}  # fmt: skip
    script = (HERE / "reserve.sql").read_text(encoding="utf-8")
    for name, value in named.items():  # pgbench would pass its own variables as parameters, which SET refuses
        script = script.replace(f":{name}", f"'{value}'")
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        command = [str(cluster.binaries / "pgbench"), "--no-vacuum", "--protocol", "prepared", "--client", str(clients),
                   "--time", str(seconds), "--file", file.name, cluster.app_url]  # fmt: skip
        said = _say(command, seconds)
    figures = dict(_FIGURE.findall(said))
    return Yard(float(figures["tps"]), float(figures["latency average"]))


def _say(command: list[str], seconds: int) -> str:
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, timeout=seconds + _WAIT_SECONDS
    )
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} ended with status {done.returncode}: {done.stderr.strip()}")
    return done.stdout
