"""The background worker: the sweeper's loop, the jobs and the clock, for as long as the process lives."""

import asyncio
import signal
from typing import Final

import asyncpg
import structlog

from foyer.background import CRON, JOBS, REACTIONS
from foyer.domains.checkout import sweep
from foyer.infra.cron import run_crons
from foyer.infra.db.engine import Database
from foyer.infra.files import files_in
from foyer.infra.job_queue import handlers, pause, work_jobs
from foyer.infra.jobs import Tools
from foyer.infra.mail import post_for
from foyer.infra.outbox import register
from foyer.infra.secret import keyring_for
from foyer.kernel.errors import Busy
from foyer.settings import Settings

log = structlog.get_logger("foyer.worker")

SWEEP_SECONDS: Final = 1.0


async def work(database: Database, settings: Settings) -> None:
    """Sweep, do jobs and watch the clock until SIGTERM or SIGINT; what is under way is finished first."""
    ending = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ending.set)
    register(*REACTIONS)
    keyring, post = await keyring_for(database, settings), post_for(settings)
    tools = Tools(database, keyring, settings, files_in(settings.data), post)
    async with asyncio.TaskGroup() as loops:
        loops.create_task(_sweep(database, ending))
        loops.create_task(work_jobs(tools, handlers(tools, JOBS, REACTIONS), ending))
        loops.create_task(run_crons(tools, CRON, ending))
    await post.close()
    await database.close()


async def _sweep(database: Database, ending: asyncio.Event) -> None:
    while not ending.is_set():
        try:
            if lapsed := await sweep(database):
                log.info("places given back", lapsed=lapsed)
        except (Busy, OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as away:
            log.warning("sweep put off", error=repr(away))
        except Exception as defect:
            log.exception("sweep failed", error=repr(defect))
        await pause(ending, SWEEP_SECONDS)
