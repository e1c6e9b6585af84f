"""The two sources of load: `wrk` over HTTP, `pgbench` on the database itself."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from benchmarks.world import World

HERE: Final = Path(__file__).parent
_WAIT_SECONDS: Final = 60.0
_FIGURE: Final = re.compile(r"^(tps|latency average) = ([0-9.]+)", re.MULTILINE)


class Load(msgspec.Struct, frozen=True):
    """What a few seconds of load have shown; `refused` answers were neither 2xx nor 3xx, `broken` connections gave none."""

    requests: int
    sent: int
    seconds: float
    mean_ms: float
    p50_ms: float
    p99_ms: float
    refused: int
    broken: int


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


def raw(
    method: str,
    path: str,
    *,
    token: str | None = None,
    content: bytes = b"",
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """A request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if token is not None:
        lines.append(f"Authorization: Bearer {token}")
    if content:
        lines += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
    return "\r\n".join([*lines, "", ""]).encode() + content


def http(url: str, requests: Sequence[bytes], *, buyers: int, seconds: float, once: bool) -> Load:
    """So many buyers, each with one connection and one request under way at any time.

    Args:
        url: the servers.
        requests: what is sent, in turn.
        buyers: connections.
        seconds: how long.
        once: each request is good for one time; when all are sent, `sent` is larger than their number.
    """
    with tempfile.NamedTemporaryFile(suffix=".requests") as file:
        file.write(b"\0".join(requests))
        file.flush()
        command = ["wrk", "--threads", "1", "--connections", str(buyers), "--duration", f"{seconds:g}s", "--timeout", "10s",
                   "--script", str(HERE / "feed.lua"), url, "--", file.name, "once" if once else "again"]  # fmt: skip
        said = _say(command, seconds)
    return msgspec.json.decode(said.splitlines()[-1], type=Load)


def pgbench(world: World, script: str, values: Mapping[str, str], *, clients: int, seconds: float) -> Yard:
    """One transaction for each buyer, no web in front.

    Args:
        world: its database is asked, as the application's role.
        script: a file beside this one.
        values: what stands for each `:name` in it; pgbench would pass its own variables as parameters, which SET refuses.
        clients: connections.
        seconds: how long, in whole seconds.
    """
    text = (HERE / script).read_text(encoding="utf-8")
    for name, value in values.items():
        text = re.sub(rf"(?<!:):{name}\b", f"'{value}'", text)
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(text)
        file.flush()
        command = [str(world.cluster.binaries / "pgbench"), "--no-vacuum", "--protocol", "prepared", "--client", str(clients),
                   "--time", f"{max(1, round(seconds))}", "--file", file.name, world.app_url]  # fmt: skip
        said = _say(command, seconds)
    figures = dict(_FIGURE.findall(said))
    return Yard(float(figures["tps"]), float(figures["latency average"]))


def _say(command: list[str], seconds: float) -> str:
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, timeout=seconds + _WAIT_SECONDS
    )
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} ended with status {done.returncode}: {done.stderr.strip()}")
    return done.stdout
