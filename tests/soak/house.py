"""`foyer run` in a directory of its own, and the deaths of its processes."""

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from foyer.cli.supervisor import listening_sockets
from foyer.infra.db.embedded import Address, locate, read_address
from foyer.infra.db.embedded.postmaster import read_pid_file
from tests.soak.wire import HOST, UNANSWERED, Line
from tests.support.installation import clean_environment
from tests.support.world import SECRET

KNOCKS: Final = 16
"""Connections are dealt to the web workers by chance; after so many answers both have answered."""
START_SECONDS_MAX: Final = 60.0
END_SECONDS_MAX: Final = 60.0
PATIENCE_SECONDS: Final = 3.0


@dataclass
class House:
    """Everything of one installation: the supervisor with its PostgreSQL, two web workers and the job worker."""

    data: Path
    port: int
    environment: dict[str, str]
    supervisor: "subprocess.Popen[bytes]"

    @property
    def address(self) -> Address:
        found = read_address(self.data)
        assert found is not None, self.said()
        return found

    def said(self) -> str:
        return (self.data / "house.log").read_text()

    def pid(self, name: str) -> int:
        """The process that is `database`, `worker`, `web 1` or `web 2` at this moment."""
        if name == "database":
            found = read_pid_file(locate(self.data).pgdata)
            assert found is not None
            return found.pid
        return int(re.findall(rf"{name} runs as process (\d+)", self.said())[-1])

    def kill(self, name: str, sign: signal.Signals) -> None:
        os.kill(self.pid(name), sign)

    async def knock(self) -> None:
        """Return once every web worker has said that it can serve; the knocks are sent now."""
        await asyncio.gather(*(self._until_ready() for _ in range(KNOCKS)))

    async def _until_ready(self) -> None:
        give_up = time.monotonic() + START_SECONDS_MAX
        while True:
            line = Line(self.port)
            try:
                if (await line.ask("GET", "/readyz")).status == 200:
                    return
            except UNANSWERED:
                pass
            finally:
                line.close()
            assert self.supervisor.poll() is None, self.said()
            assert time.monotonic() < give_up, self.said()
            await asyncio.sleep(0.02)

    def audit(self) -> tuple[int, str]:
        """The status of `foyer audit`, and what it said."""
        done = subprocess.run(
            [sys.executable, "-m", "foyer", "audit"],
            env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    def defects(self) -> list[str]:
        """Lines of the workers' log that speak of a defect."""
        lines = (self.data / "foyer.log").read_text().splitlines()
        return [line for line in lines if '"level":"error"' in line or "Traceback" in line]


@contextmanager
def running_house() -> Iterator[House]:
    """A new installation, started; neither it nor its directory outlives the block."""
    data = Path(tempfile.mkdtemp(prefix="foyer-temporary-soak-"))
    (probe,) = listening_sockets(HOST, 0, 1)
    port = probe.getsockname()[1]
    probe.close()
    environment = clean_environment(
        data=str(data), port=str(port), log=str(data / "foyer.log"), secret_keys=SECRET, web_workers="2"
    )
    with (data / "house.log").open("ab") as log:
        supervisor = subprocess.Popen(
            [sys.executable, "-m", "foyer", "run"],
            env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    try:
        yield House(data, port, environment, supervisor)
    finally:
        supervisor.send_signal(signal.SIGTERM)
        try:
            supervisor.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:  # jobs are under way, and nobody needs them any more
            supervisor.send_signal(signal.SIGTERM)
            supervisor.wait(END_SECONDS_MAX)
        cluster = locate(data)
        for left in (cluster.root, cluster.socket, data):
            shutil.rmtree(left, ignore_errors=True)


__all__ = ["House", "running_house"]
