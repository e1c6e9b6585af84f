"""The background worker: the sweeper's loop, the jobs and the clock, for as long as the process lives."""

import asyncio
import signal
import time
from typing import Final
from uuid import UUID

import asyncpg
import structlog

from foyer.background import CRON, JOBS, REACTIONS
from foyer.domains.checkout import sweep
from foyer.domains.waiting import offer_places
from foyer.infra import metrics
from foyer.infra.cron import run_crons
from foyer.infra.crypto import Keyring
from foyer.infra.db.engine import Database
from foyer.infra.job_list import Standing, counted
from foyer.infra.job_queue import handlers, pause, work_jobs
from foyer.infra.jobs import Tools
from foyer.infra.mail import post_for
from foyer.infra.outbox import register
from foyer.infra.press import workshop_in
from foyer.infra.secret import keyring_for
from foyer.infra.wallets import wallets_of
from foyer.kernel.errors import Busy
from foyer.settings import Settings

log = structlog.get_logger("foyer.worker")

SWEEP_SECONDS: Final = 1.0
COUNT_SECONDS: Final = 10.0
NOBODYS: Final = UUID(int=0)
"""The queue belongs to no organization."""


async def work(database: Database, settings: Settings) -> None:
    """Sweep, do jobs and watch the clock until SIGTERM or SIGINT; what is under way is finished first."""
    ending = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ending.set)
    register(*REACTIONS)
    keyring, post = await keyring_for(database, settings), post_for(settings)
    tools = Tools(database, keyring, settings, workshop_in(settings, database), post, wallets_of(settings))
    async with asyncio.TaskGroup() as loops:
        loops.create_task(_sweep(database, keyring, ending))
        loops.create_task(work_jobs(tools, handlers(tools, JOBS, REACTIONS), ending))
        loops.create_task(run_crons(tools, CRON, ending))
        loops.create_task(_count_jobs(database, ending))
    await post.close()
    await database.close()


async def _sweep(database: Database, keyring: Keyring, ending: asyncio.Event) -> None:
    while not ending.is_set():
        started = time.monotonic()
        try:
            if lapsed := await sweep(database):
                log.info("places given back", lapsed=lapsed)
            if offered := await offer_places(database, keyring.new_session):
                log.info("places offered to who waited", offered=offered)
            metrics.meter.swept(time.monotonic() - started)
        except (Busy, OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as away:
            log.warning("sweep put off", error=repr(away))
        except Exception as defect:
            log.exception("sweep failed", error=repr(defect))
        await pause(ending, SWEEP_SECONDS)


async def _count_jobs(database: Database, ending: asyncio.Event) -> None:
    """Tell the metrics what stands in the queue; a kind that has been seen is told of when it is empty too."""
    seen: set[str] = set()
    while metrics.meter.is_on and not ending.is_set():
        try:
            async with database.batch(NOBODYS) as connection:
                standing = {kind.name: kind for kind in await counted(connection)}
        except (Busy, OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as away:
            log.warning("jobs could not be counted", error=repr(away))
        else:
            seen |= standing.keys()
            for name in seen:
                kind = standing.get(name, Standing(name, 0, 0, 0, 0.0))
                metrics.meter.queue(
                    name, waiting=kind.waiting, held=kind.held, oldest_seconds=kind.age_seconds
                )
        await pause(ending, COUNT_SECONDS)
