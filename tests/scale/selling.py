"""A sell-out over some web processes, by the buyers of the soak; whoever walks away gives the places back."""

import asyncio
from collections.abc import Sequence
from random import Random
from urllib.parse import urlsplit

import asyncpg

from foyer.domains.checkout import sweep
from foyer.domains.events.types import TicketTypeDraft
from foyer.infra.db.engine import Database
from tests.soak.buyers import Buyer
from tests.soak.ledger import Ledger
from tests.soak.sale import let_time_pass
from tests.support.world import Organization, make_event

CROWD = 24
PLACES = 240
SALE_SECONDS_MAX = 60


async def sell_out(
    database: Database, organization: Organization, owner: asyncpg.Connection, urls: Sequence[str]
) -> Ledger:
    """Sell everything there is through these processes, each buyer by one of them; returns what they were told."""
    kinds = (TicketTypeDraft(name=name, quantity=PLACES // 2, is_free=True) for name in ("Floor", "Balcony"))
    event = await make_event(database, organization, *kinds)
    ledger = Ledger(organization.id, event.id, {kind.id: kind.quantity for kind in event.ticket_types})
    shop = f"/api/v1/shops/{organization.slug}"
    ports = [urlsplit(url).port for url in urls]
    crowd = [
        Buyer(number, ports[number % len(ports)], shop, ledger, Random(number), think_seconds=0.02)
        for number in range(CROWD)
    ]

    async def give_back() -> None:
        while not ledger.is_over:
            await let_time_pass(owner, ledger)
            await sweep(database)
            await asyncio.sleep(0.1)

    async with asyncio.timeout(SALE_SECONDS_MAX), asyncio.TaskGroup() as tasks:
        for buyer in crowd:
            tasks.create_task(buyer.buy())
        tasks.create_task(give_back())
    await let_time_pass(owner, ledger)
    await sweep(database)
    return ledger
