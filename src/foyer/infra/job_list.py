"""What stands in the queue, for the operator and for metrics: counted, shown, tried again, dropped."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import asyncpg

from foyer.infra.db.engine import Connection

SHOWN_MAX: Final = 200


class Standing(NamedTuple):
    """How many jobs there are of one kind. Those that are due and not taken have waited since `age_seconds`."""

    name: str
    waiting: int
    running: int
    held: int
    age_seconds: float


_COUNTED = """
SELECT entrypoint AS name, count(*) FILTER (WHERE status = 'queued') AS waiting,
  count(*) FILTER (WHERE status = 'picked') AS running, count(*) FILTER (WHERE status = 'failed') AS held,
  coalesce(extract(epoch FROM now() - min(execute_after) FILTER (WHERE status = 'queued' AND execute_after <= now())), 0)::float
    AS age_seconds
FROM jobs.pgqueuer GROUP BY entrypoint ORDER BY entrypoint
"""
_TROUBLED = """
SELECT q.id, q.entrypoint, q.status = 'failed' AS is_held, q.attempts, q.execute_after,
  q.headers->>'organization_id' AS organization_id, l.created AS failed_at,
  coalesce(l.traceback->'additional_context'->>'reason', l.traceback->>'exception_type' || ': '
    || (l.traceback->>'exception_message')) AS error
FROM jobs.pgqueuer q LEFT JOIN LATERAL (
  SELECT created, traceback FROM jobs.pgqueuer_log WHERE job_id = q.id AND traceback IS NOT NULL ORDER BY id DESC LIMIT 1) l ON true
WHERE q.status = 'failed' OR q.status = 'queued' AND q.attempts > 0
ORDER BY is_held DESC, q.id LIMIT $1
"""
_RETRY = """
WITH again AS (
  UPDATE jobs.pgqueuer j SET status = 'queued', attempts = 0, execute_after = now(), updated = now(), queue_manager_id = NULL
  WHERE (j.id = ANY ($1::bigint[]) OR $1 IS NULL AND j.status = 'failed')
    AND (j.status = 'failed' OR j.status = 'queued')
    AND NOT EXISTS (SELECT FROM jobs.pgqueuer o WHERE o.dedupe_key = j.dedupe_key AND o.id <> j.id
      AND (o.status IN ('queued', 'picked') OR o.status = 'failed' AND o.id < j.id))
  RETURNING id, entrypoint, priority
), told AS (
  INSERT INTO jobs.pgqueuer_log (job_id, status, entrypoint, priority) SELECT id, 'queued', entrypoint, priority FROM again
)
SELECT id FROM again
"""
_DROP = """
WITH gone AS (
  DELETE FROM jobs.pgqueuer WHERE id = ANY ($1) AND status <> 'picked' RETURNING id, entrypoint, priority
), told AS (
  INSERT INTO jobs.pgqueuer_log (job_id, status, entrypoint, priority) SELECT id, 'deleted', entrypoint, priority FROM gone
)
SELECT id FROM gone
"""


async def counted(connection: Connection) -> list[Standing]:
    """How many jobs there are, by name; none that has none."""
    return [Standing(*row) for row in await connection.fetch(_COUNTED)]


async def troubled(connection: Connection) -> list[asyncpg.Record]:
    """Jobs that have failed: held ones, then those that will be tried again, each with its last error; at most `SHOWN_MAX`."""
    return list(await connection.fetch(_TROUBLED, SHOWN_MAX))


async def retry(connection: Connection, ids: Sequence[int] | None) -> list[int]:
    """Try jobs again now, with five tries before them: the named ones, or, without names, all that are held."""
    return [row[0] for row in await connection.fetch(_RETRY, ids)]


async def drop(connection: Connection, ids: Sequence[int]) -> list[int]:
    """Take jobs out of the queue undone; one that runs is left alone."""
    return [row[0] for row in await connection.fetch(_DROP, ids)]
