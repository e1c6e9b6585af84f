"""The same sale over one, two, four and eight web processes, and through a pooler: the books are right each time."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import httpx
import pytest

from foyer.cli.connections import CLERKS, at_most, shortage
from foyer.domains.checkout import Desks
from foyer.domains.identity import begin_session
from foyer.domains.identity.types import Visit
from foyer.infra.batching import Clerk
from foyer.infra.db.embedded import Cluster
from foyer.infra.db.engine import Database
from tests.scale.selling import PLACES, sell_out
from tests.soak.ledger import Ledger, judge
from tests.support.installation import Installation, all_ready, imbalances, installation
from tests.support.pooler import BEHIND, Pooler
from tests.support.world import KEYRING, Organization, settings_for

WEBS = 8
POOLED = 2
HARMLESS = {"application_name", "client_encoding", "jit"}
"""The pooler passes the first two on by itself; the driver switches just-in-time compiling off, as all our transactions do."""


@pytest.fixture(scope="module")
async def house(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Installation]:
    with installation(cluster.app_url, tmp_path_factory.mktemp("house"), webs=WEBS) as house:
        await all_ready(house)
        yield house


@pytest.fixture(scope="module")
async def pooled_house(
    bouncer: Pooler, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Installation]:
    data: Path = tmp_path_factory.mktemp("pooled")
    with installation(bouncer.url("foyer"), data, webs=POOLED, workers=1) as house:
        await all_ready(house)
        yield house


async def agrees(owner: asyncpg.Connection, ledger: Ledger) -> None:
    assert await judge(owner, ledger) == []
    assert await imbalances(owner, ledger.organization_id) == []
    assert ledger.sold_places == PLACES


@pytest.mark.parametrize("count", [1, 2, 4, WEBS])
async def test_books_are_right_however_many_processes_sell(
    house: Installation, database: Database, organization: Organization, owner: asyncpg.Connection, count: int
) -> None:
    ledger = await sell_out(database, organization, owner, house.urls[:count])
    await agrees(owner, ledger)
    assert house.faults() == []
    opened = await owner.fetchval("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'foyer'")
    assert WEBS < opened <= at_most(WEBS)


async def test_whole_way_leads_through_a_pooler(
    pooled_house: Installation,
    database: Database,
    organization: Organization,
    owner: asyncpg.Connection,
    bouncer: Pooler,
) -> None:
    await owner.execute("DELETE FROM jobs.pgqueuer")  # what other sales have left, which would come first
    ledger = await sell_out(database, organization, owner, pooled_house.urls)
    await agrees(owner, ledger)
    async with httpx.AsyncClient(base_url=pooled_house.urls[0], trust_env=False) as client:
        order = ledger.orders[0].order
        assert order is not None
        ticket = order["tickets"][0]
        scan = {"eventId": str(ledger.event_id), "qr": ticket["qrCode"]}
        results = [
            (await client.post("/api/v1/check-ins", json=scan, headers=organization.door)).json()["result"]
            for _ in range(2)
        ]
        staff = await client.get(f"/api/v1/orders/{order['id']}", headers=organization.staff)
        shop = await client.get(f"/{organization.slug}")
        async with database.write(organization.id) as tx:
            visit = Visit(device="Firefox on Linux", ip="192.0.2.1")
            session = await begin_session(tx, organization.user_id, visit=visit)
        client.cookies.set("foyer-staff", session.token)
        office = await client.get(f"/office/orders/{order['id']}")
    assert results == ["admitted", "already_used"]
    assert (staff.status_code, staff.json()["orderNumber"]) == (200, order["orderNumber"])
    assert (shop.status_code, "An evening" in shop.text) == (200, True)
    assert (office.status_code, "@example.org" in office.text) == (200, True)
    await jobs_done(owner, organization)
    assert await settings_left_behind(bouncer) <= HARMLESS
    assert pooled_house.faults() == []


def test_as_many_connections_are_counted_as_desks_may_open(cluster: Cluster, tmp_path: Path) -> None:
    desks = Desks(Database(cluster.app_url), KEYRING, max_batch=256)
    rooms = (desks, desks.credentials, desks.till)
    clerks = [one for room in rooms for one in vars(room).values() if isinstance(one, Clerk)]
    assert len(clerks) == CLERKS


async def test_a_server_that_takes_too_few_connections_is_told(
    cluster: Cluster, bouncer: Pooler, tmp_path: Path
) -> None:
    few, many = [settings_for(tmp_path, web_workers=count) for count in (9, 10)]
    assert await shortage(cluster.app_url, few) is None
    said = await shortage(cluster.app_url, many)
    assert said is not None
    assert said.startswith(
        f"The database takes 397 connections, and 10 web workers with a job worker may need {at_most(10)}; "
    )
    assert await shortage(bouncer.url("foyer"), many) is None


async def jobs_done(owner: asyncpg.Connection, organization: Organization) -> None:
    """Wait until the worker, which hears no call through the pooler, has taken a mail of this organization by itself."""
    query = "SELECT count(*) FROM mail_log WHERE organization_id = $1 AND sent_at IS NOT NULL"
    async with asyncio.timeout(60):
        while not await owner.fetchval(query, organization.id):  # noqa: ASYNC110 - another process does it
            await asyncio.sleep(0.05)


async def settings_left_behind(bouncer: Pooler) -> set[str]:
    """What any connection behind the pooler still has set; each is looked at while all are taken."""
    found: set[str] = set()
    clients = [
        await asyncpg.connect(bouncer.url("foyer", is_told=False), statement_cache_size=0)
        for _ in range(BEHIND)
    ]
    for client in clients:
        await client.execute("BEGIN")
    for client in clients:
        own = await client.fetch("SELECT name FROM pg_settings WHERE source = 'session'")
        tenant = await client.fetchval("SELECT nullif(current_setting('app.organization_id', true), '')")
        found |= {row[0] for row in own} | ({tenant} if tenant else set())
    for client in clients:
        await client.execute("ROLLBACK")
        await client.close()
    return found
