"""What runs by the clock: the sweeper gives places back, ends what is over, winds up what is called off, and asks again."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

import structlog

from foyer.domains.carts import LAPSE_MAX, lapse_due
from foyer.domains.checkout.desk import DROP_MAX, Till, lapse_orders, wind_up
from foyer.domains.checkout.jobs.pay import begin_payments, perform_refunds
from foyer.domains.events import complete_if_over
from foyer.domains.payments import (
    PROVIDERS,
    RESUMED_MAX,
    Provider,
    unanswered_attempts,
    unanswered_refunds,
)
from foyer.infra.batching import Counter
from foyer.infra.db.engine import Database
from foyer.kernel.errors import Busy

DUE_MAX: Final = 200
UNANSWERED: Final = timedelta(seconds=30)
"""A provider that has not been heard of for so long is asked again; `due_holds` knows the same figure."""

log = structlog.get_logger("foyer.sweeper")


async def sweep(database: Database, providers: Mapping[str, Provider] = PROVIDERS) -> int:
    """One round over every event that has something due; returns how many carts and orders lapsed.

    Any number of workers may sweep at once: a cart or an order belongs to whoever locks it, in one transaction with its
    places. An event that cannot be swept is logged and left for the next round.

    Raises:
        Busy: the database is away.
    """
    lapsed = 0
    for organization_id, event_id in await database.look_up("due_holds", DUE_MAX):
        counter = Counter(organization_id, event_id)
        try:
            lapsed += await _lapse_all(database, counter)
            await _wind_up_all(database, counter)
            await _ask_again(database, providers, counter)
            async with database.batch(organization_id) as connection:
                await complete_if_over(connection, counter)
        except Busy:
            log.warning("event is busy and left for the next round", event_id=event_id)
        except Exception:
            log.exception("event could not be swept", organization_id=organization_id, event_id=event_id)
    return lapsed


async def _lapse_all(database: Database, counter: Counter) -> int:
    """Every lapsed cart and order of an event, a transaction for a few hundred, so that buyers get in between."""
    lapsed = 0
    for lapse, most in ((lapse_due, LAPSE_MAX), (lapse_orders, DROP_MAX)):
        count = most
        while count == most:
            async with database.batch(counter.organization_id) as connection:
                count = await lapse(connection, counter)
            lapsed += count
    return lapsed


async def _wind_up_all(database: Database, counter: Counter) -> None:
    is_more = True
    while is_more:
        async with database.batch(counter.organization_id) as connection:
            is_more = await wind_up(connection, counter)


async def _ask_again(database: Database, providers: Mapping[str, Provider], counter: Counter) -> None:
    """Carry on what a crash, or a provider without an answer, has left open."""
    async with database.write(counter.organization_id) as tx:
        before = await tx.now() - UNANSWERED
        connection = await tx.desk()
        attempts = await unanswered_attempts(connection, counter, before=before)
        refunds = await unanswered_refunds(connection, counter, before=before)
    if not attempts and not refunds:
        return
    async with Till(database, providers, max_batch=RESUMED_MAX) as till:
        await begin_payments(till, counter, attempts)
        await perform_refunds(till, counter, refunds)
