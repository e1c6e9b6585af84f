"""How many connections an installation may use at most, and whether its server takes so many."""

from typing import Final

from foyer.infra.batching import LANES_MAX
from foyer.infra.db.engine import KEPT_APART, POOL_SIZE
from foyer.infra.db.login import pooler_of, sign_in
from foyer.settings import Settings

CLERKS: Final = 7
"""Desks of a web worker. In normal times each has at most two lanes, under pressure up to `LANES_MAX`."""
WEB: Final = POOL_SIZE + KEPT_APART + CLERKS * LANES_MAX
JOBS: Final = POOL_SIZE + KEPT_APART + 2 * LANES_MAX + 2
"""Of the job worker: its pool, the two desks of money, the queue and the clock."""

_TAKES: Final = """
SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
       - current_setting('reserved_connections', true)::int
"""


def at_most(web_workers: int) -> int:
    """Connections that so many web workers and one job worker have open when everything is under pressure."""
    return web_workers * WEB + JOBS


async def shortage(url: str, settings: Settings) -> str | None:
    """The sentence that says that the server takes fewer; None where it takes enough, or a pooler shares out what there is."""
    if pooler_of(url):
        return None
    connection = await sign_in(url, {})
    try:
        takes = int(await connection.fetchval(_TAKES))
    finally:
        await connection.close()
    wanted = at_most(settings.web_workers)
    if wanted <= takes:
        return None
    return (
        f"The database takes {takes} connections, and {settings.web_workers} web workers with a job worker may need {wanted}; "
        "raise max_connections, set FOYER_WEB_WORKERS lower, or put PgBouncer between them, as docs/operate/scaling.md says."
    )


__all__ = ["at_most", "shortage"]
