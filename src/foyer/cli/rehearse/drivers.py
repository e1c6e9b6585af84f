"""The processes of buyers, as the rehearsal sees them."""

import asyncio
import sys
from contextlib import suppress
from typing import Final

import msgspec

from foyer.cli.rehearse.driver import Errand
from foyer.cli.rehearse.tally import Tally, merged

_LINE_BYTES_MAX: Final = 256 * 1024 * 1024
_GOODBYE_SECONDS: Final = 5.0


class DriverError(Exception):
    """A process of buyers ended too early; the message is what it said last."""


class Driver:
    """One process; it ends when it is done, when it is dismissed, and when we are gone."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.tally = Tally()

    @property
    def pid(self) -> int:
        return self._process.pid

    @classmethod
    async def start(cls) -> "Driver":
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "foyer.cli.rehearse.driver",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
            limit=_LINE_BYTES_MAX, start_new_session=True,
        )  # fmt: skip
        driver = cls(process)
        if await driver._line() is None:
            raise DriverError(await driver.last_words())
        return driver

    async def send(self, errand: Errand) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(msgspec.json.encode(errand) + b"\n")
        await self._process.stdin.drain()

    async def listen(self) -> None:
        """Keep the newest tally until the process ends.

        Raises:
            DriverError: it ended before it had told everything.
        """
        while (line := await self._line()) is not None:
            self.tally = msgspec.json.decode(line, type=Tally)
        if await self._process.wait() != 0 or self.tally.acknowledged is None:
            raise DriverError(await self.last_words())

    def dismiss(self) -> None:
        """Let it tell what it has and go."""
        assert self._process.stdin is not None
        self._process.stdin.close()

    async def end(self) -> None:
        """See that it is gone."""
        with suppress(ProcessLookupError):
            self.dismiss()
            try:
                await asyncio.wait_for(self._process.wait(), _GOODBYE_SECONDS)
            except TimeoutError:
                self._process.kill()
                await self._process.wait()

    async def last_words(self) -> str:
        assert self._process.stderr is not None
        said = (await self._process.stderr.read()).decode(errors="replace").strip().splitlines()
        return said[-1] if said else "it said nothing"

    async def _line(self) -> bytes | None:
        assert self._process.stdout is not None
        return await self._process.stdout.readline() or None


def counted(drivers: list[Driver]) -> Tally:
    """What all of them have counted so far."""
    return merged(driver.tally for driver in drivers)
