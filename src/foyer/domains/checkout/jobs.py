"""What runs by the clock: the sweeper that gives places back and closes what is over."""

import structlog

from foyer.domains.carts import LAPSE_MAX, lapse_due
from foyer.domains.events import complete_if_over
from foyer.infra.batching import Counter
from foyer.infra.db.engine import Database
from foyer.kernel.errors import Busy

DUE_MAX = 200

log = structlog.get_logger("foyer.sweeper")


async def sweep(database: Database) -> int:
    """One round over every event that has something due; returns how many carts lapsed.

    Any number of workers may sweep at once: a cart belongs to whoever locks it, in one transaction with its places. An event
    that cannot be swept is logged and left for the next round.

    Raises:
        Busy: the database is away.
    """
    lapsed = 0
    for organization_id, event_id in await database.look_up("due_holds", DUE_MAX):
        counter = Counter(organization_id, event_id)
        try:
            lapsed += await _lapse_all(database, counter)
            async with database.batch(organization_id) as connection:
                await complete_if_over(connection, counter)
        except Busy:
            log.warning("event is busy and left for the next round", event_id=event_id)
        except Exception:
            log.exception("event could not be swept", organization_id=organization_id, event_id=event_id)
    return lapsed


async def _lapse_all(database: Database, counter: Counter) -> int:
    """Every lapsed cart of an event, a transaction for each `LAPSE_MAX` of them, so that buyers get in between."""
    lapsed = 0
    while True:
        async with database.batch(counter.organization_id) as connection:
            count = await lapse_due(connection, counter)
        lapsed += count
        if count < LAPSE_MAX:
            return lapsed
