"""Putting a rehearsal away: its jobs, its rows, its files. One that was killed is found and put away by the next."""

import asyncio
import time
from typing import Final
from uuid import UUID

import asyncpg

from foyer.infra.db.engine import Connection
from foyer.infra.db.owner import rehearsals, remove_rehearsal
from foyer.infra.files import FileStore
from foyer.settings import SettingsError

LOCK: Final = 0x52656865
"""Held by a running rehearsal: whoever gets it knows that every rehearsal there is was left behind."""
JOB_SECONDS_MAX: Final = 30.0
TRIES: Final = 5

_LOCK: Final = "SELECT pg_try_advisory_lock($1)"
_DROP: Final = "DELETE FROM jobs.pgqueuer WHERE headers->>'organization_id' = $1 AND status <> 'picked'"
_RUNNING: Final = (
    "SELECT count(*) FROM jobs.pgqueuer WHERE headers->>'organization_id' = $1 AND status = 'picked'"
)


async def have_the_stage(owner: Connection) -> None:
    """Be the only rehearsal of this installation for as long as the connection lives.

    Raises:
        SettingsError: there is one.
    """
    if not await owner.fetchval(_LOCK, LOCK):
        raise SettingsError("A rehearsal is running; wait until it is over.")


async def put_away_all(owner: Connection, files: FileStore) -> int:
    """Remove every rehearsal there is; how many there were. Only for who has the stage."""
    found = await rehearsals(owner)
    for organization_id in found:
        await put_away(owner, files, organization_id)
    return len(found)


async def put_away(owner: Connection, files: FileStore, organization_id: UUID) -> None:
    """Remove one rehearsal, after the jobs that are under way have ended."""
    for turn in range(1, TRIES + 1):
        await _end_jobs(owner, organization_id)
        try:
            hashes = await remove_rehearsal(owner, organization_id)
        except asyncpg.ForeignKeyViolationError:
            # Something was written between two tables: by a job that is not told as running, or by a late request.
            if turn == TRIES:
                raise
            continue
        for content_hash in hashes:
            await files.remove(content_hash)
        return


async def _end_jobs(owner: Connection, organization_id: UUID) -> None:
    until = time.monotonic() + JOB_SECONDS_MAX
    await owner.execute(_DROP, str(organization_id))
    while await owner.fetchval(_RUNNING, str(organization_id)) and time.monotonic() < until:
        await asyncio.sleep(0.1)
        await owner.execute(_DROP, str(organization_id))
