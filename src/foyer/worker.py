"""The background worker: the sweeper's loop, for as long as the process lives."""

import asyncio
import signal
from typing import Final

import asyncpg
import structlog

from foyer.domains.checkout import sweep
from foyer.infra.db.engine import Database
from foyer.kernel.errors import Busy

log = structlog.get_logger("foyer.worker")

SWEEP_SECONDS: Final = 1.0


async def work(database: Database) -> None:
    """Sweep every second until SIGTERM or SIGINT; a round under way is finished first."""
    ending = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ending.set)
    while not ending.is_set():
        try:
            if lapsed := await sweep(database):
                log.info("places given back", lapsed=lapsed)
        except (Busy, OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as away:
            log.warning("sweep put off", error=repr(away))
        except Exception as defect:
            log.exception("sweep failed", error=repr(defect))
        try:
            await asyncio.wait_for(ending.wait(), SWEEP_SECONDS)
        except TimeoutError:
            continue
    await database.close()
