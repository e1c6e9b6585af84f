"""Does the jobs of one organization here and now, in the place of a worker: for tests of what comes of a fact."""

from uuid import UUID

from foyer.background import JOBS, REACTIONS
from foyer.infra.job_queue import handlers
from foyer.infra.jobs import Tools

_NEXT = """
DELETE FROM jobs.pgqueuer WHERE id = (
  SELECT id FROM jobs.pgqueuer WHERE headers->>'organization_id' = $1 AND status = 'queued' AND execute_after <= now()
  ORDER BY id LIMIT 1)
RETURNING entrypoint, payload
"""


async def work_off(tools: Tools, organization_id: UUID) -> list[str]:
    """Do all that is due, and what follows from it; returns the names of what was done. An error is the test's."""
    known = handlers(tools, JOBS, REACTIONS)
    done: list[str] = []
    connection = await tools.database.connect()
    try:
        while row := await connection.fetchrow(_NEXT, str(organization_id)):
            await known[row["entrypoint"]](organization_id, row["payload"])
            done.append(row["entrypoint"])
    finally:
        await connection.close()
    return done
