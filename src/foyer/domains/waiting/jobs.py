"""What runs by the clock: places that came back are offered to who waits for them, and what nobody waits for is let go of."""

from collections.abc import Callable
from typing import Final

import structlog

from foyer.domains.waiting.desk import OFFERS_MAX, forget_old, offer_next
from foyer.infra.batching import ChangedMeanwhileError, Counter
from foyer.infra.db.engine import Database
from foyer.infra.db.everyone import every_organization
from foyer.infra.jobs import Cron, Tools
from foyer.kernel.errors import Busy

DUE_MAX: Final = 200

log = structlog.get_logger("foyer.waiting")


async def offer_places(database: Database, new_session: Callable[[], str]) -> int:
    """One round over every event where somebody can be offered places; returns how many were.

    Any number of workers may do this at once: a place in line belongs to whoever locks it, in one transaction with its cart.

    Args:
        database: of the installation.
        new_session: makes the session that opens a cart.

    Raises:
        Busy: the database is away.
    """
    offered = 0
    for organization_id, event_id in await database.look_up("due_offers", DUE_MAX):
        counter = Counter(organization_id, event_id)
        try:
            offered += await _offer_all(database, counter, new_session)
        except (Busy, ChangedMeanwhileError):
            log.warning("event is busy and left for the next round", event_id=event_id)
        except Exception:
            log.exception("places could not be offered", organization_id=organization_id, event_id=event_id)
    return offered


async def _offer_all(database: Database, counter: Counter, new_session: Callable[[], str]) -> int:
    """A transaction for a few dozen, so that buyers get in between."""
    offered, count = 0, OFFERS_MAX
    while count == OFFERS_MAX:
        async with database.batch(counter.organization_id) as connection:
            count = await offer_next(connection, counter, new_session)
        offered += count
    return offered


async def _forget(tools: Tools) -> None:
    async for organization_id in every_organization(tools.database):
        async with tools.database.batch(organization_id) as connection:
            await forget_old(connection, organization_id)


CRON: Final = (Cron("waiting.forget", 3600, _forget),)
