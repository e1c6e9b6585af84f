"""One connection behind a pooler, many before it: what one transaction sets, no other finds; and who forgets to say so is told."""

import asyncio

import asyncpg
import pytest

from foyer import settings
from foyer.cli.database import require_fit_login
from foyer.cli.migrate import bring_up_to_date
from foyer.domains.organizations import organization_by_slug
from foyer.infra.db.embedded import Cluster
from foyer.infra.db.engine import REVISION, Database
from foyer.settings import SettingsError
from tests.support.pooler import NARROW, Pooler
from tests.support.world import Organization, make_event, make_organization

WHO = "SELECT nullif(current_setting('app.organization_id', true), '')"


async def client_of(bouncer: Pooler) -> asyncpg.Connection:
    return await asyncpg.connect(bouncer.url(NARROW, is_told=False), statement_cache_size=0)


async def test_nobody_finds_what_another_transaction_has_set(
    bouncer: Pooler, database: Database, organization: Organization
) -> None:
    stranger = await make_organization(database)
    for one in (organization, stranger):
        await make_event(database, one)
    pooled = Database(bouncer.url(NARROW), pool_size=4)
    bystander = await client_of(bouncer)

    async def look(one: Organization) -> None:
        async with pooled.read(one.id) as tx:
            connection = await tx.desk()
            assert await connection.fetchval(WHO) == str(one.id)
            # No tenant in this statement: the wall alone decides.
            assert {row[0] for row in await connection.fetch("SELECT organization_id FROM events")} == {
                one.id
            }
            assert await connection.fetchval("SHOW lock_timeout") == "2s"
        assert await organization_by_slug(pooled, one.slug) == one.id
        assert await bystander_sees() == (None, 0, "0")

    mutex = asyncio.Lock()

    async def bystander_sees() -> tuple[str | None, int, str]:
        async with mutex:
            return (
                await bystander.fetchval(WHO),
                await bystander.fetchval("SELECT count(*) FROM events"),
                await bystander.fetchval("SHOW lock_timeout"),
            )

    await asyncio.gather(*(look(one) for _ in range(10) for one in (organization, stranger)))
    await bystander.close()
    await pooled.close()


async def test_without_set_local_the_next_one_would_be_another_organization(
    bouncer: Pooler, database: Database, organization: Organization
) -> None:
    """The control: it is the pooler that passes settings on, so the test above sees something."""
    await make_event(database, organization)
    careless, next_one = await client_of(bouncer), await client_of(bouncer)
    await careless.execute(f"SET app.organization_id = '{organization.id}'")
    seen = (await next_one.fetchval(WHO), await next_one.fetchval("SELECT count(*) FROM events"))
    await next_one.execute("RESET app.organization_id")
    for client in (careless, next_one):
        await client.close()

    assert seen == (str(organization.id), 1)


async def test_without_its_word_prepared_statements_are_not_found_again(bouncer: Pooler) -> None:
    """The control of `?pooler=transaction`: the driver's own way does not lead through."""
    one, other = [await asyncpg.connect(bouncer.url("foyer", is_told=False)) for _ in range(2)]
    await one.fetchval("SELECT 1")
    await other.execute("BEGIN")  # takes the connection that was used last
    with pytest.raises(asyncpg.InvalidSQLStatementNameError):
        await one.fetchval("SELECT 1")
    for client in (one, other):
        client.terminate()


async def test_a_pooler_nobody_spoke_of_is_found_out_at_the_start(bouncer: Pooler, cluster: Cluster) -> None:
    for url in (cluster.app_url, bouncer.url("foyer")):
        await require_fit_login(url, revision=REVISION)
    with pytest.raises(SettingsError, match=r"leads through a pooler; put \?pooler=transaction"):
        await require_fit_login(bouncer.url("foyer", is_told=False), revision=REVISION)


async def test_migrations_go_to_the_server_itself(bouncer: Pooler, cluster: Cluster) -> None:
    await asyncio.to_thread(bring_up_to_date, cluster.owner_url)
    with pytest.raises(SettingsError, match="FOYER_DATABASE_OWNER_URL cannot have pooler=transaction"):
        settings.read({"FOYER_DATABASE_OWNER_URL": bouncer.url("foyer")})
    with pytest.raises(SettingsError, match="FOYER_DATABASE_URL cannot have pooler=session"):
        settings.read({"FOYER_DATABASE_URL": "postgresql://a@b/c?pooler=session"})
