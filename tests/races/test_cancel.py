"""Cancelled at every await: no tenant, no transaction and no connection stays behind, and no place is lost."""

from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest

from foyer.domains.carts import CartEdit, EditAsk, EditDesk, ReserveAsk, Reserved, ReserveDesk, regular_lines
from foyer.domains.carts.types import Cart, WantedLine
from foyer.domains.events.types import TicketTypeDraft
from foyer.infra.batching import Clerk, Counter
from foyer.infra.db.embedded import Cluster
from foyer.infra.db.engine import Database
from foyer.infra.db.tx import Tx
from foyer.kernel.errors import Busy, FoyerError
from foyer.kernel.ids import uuid7
from tests.races.cancelling import cancelled_at
from tests.races.experiments import left_in_pool
from tests.support.cluster import APP, OWNER, url_of
from tests.support.installation import database_of_its_own, drop_database, imbalances
from tests.support.world import KEYRING, make_event, make_organization, running_app, settings_for

SEAT = TicketTypeDraft(name="Seat", quantity=100, is_free=True)


@pytest.fixture
async def one(app_url: str) -> AsyncIterator[Database]:
    """A pool of a single connection: whatever is left in it meets the next user."""
    database = Database(app_url, pool_size=1)
    yield database
    await database.close()


@pytest.fixture
async def cart(database, organization):
    """A cart of two places, made by the desk itself."""
    event = await make_event(database, organization, SEAT)
    clerk: Clerk[ReserveAsk, Reserved] = Clerk("reserve", database, ReserveDesk())
    line = WantedLine(ticket_type_id=event.ticket_types[0].id, quantity=2)
    ask = ReserveAsk(uuid7(), None, KEYRING.new_session(), regular_lines([line]), None)
    reserved = await clerk.ask(Counter(organization.id, event.id), ask)
    await clerk.close()
    return reserved.cart


async def set_quantity(tx: Tx, cart: Cart, kind: UUID, quantity: int) -> None:
    lines = regular_lines([WantedLine(ticket_type_id=kind, quantity=quantity)])
    counter = Counter(tx.organization_id, cart.event_id)
    answers = await EditDesk().serve(await tx.desk(), counter, [EditAsk(cart.id, CartEdit(lines=lines))])
    assert not isinstance(answers[0], FoyerError)


@pytest.mark.parametrize("times", [1, 3])
async def test_changing_a_cart(one, cart, organization, owner, superuser, times):
    kind = cart.items[0].ticket_type_id
    place, quantity = 1, 2

    async def change() -> None:
        async with one.write(organization.id) as tx:
            await set_quantity(tx, cart, kind, 3 if quantity == 2 else 2)

    while await cancelled_at(change(), place, times=times):
        assert await left_in_pool(one) == [], f"cancelled at await {place}"
        assert await imbalances(owner, organization.id) == [], f"cancelled at await {place}"
        quantity = await owner.fetchval("SELECT quantity FROM cart_items WHERE cart_id = $1", cart.id)
        place += 1
    assert place > 10
    assert await open_transactions(superuser) == 0


@pytest.mark.parametrize("kind", ["read", "batch"])
async def test_reading_and_batches(one, organization, superuser, kind):
    async def work() -> None:
        if kind == "read":
            async with one.read(organization.id) as tx:
                await tx.now()
        else:
            async with one.batch(organization.id) as connection:
                await connection.fetchval("SELECT foyer_now()")

    place = 1
    while await cancelled_at(work(), place):
        assert await left_in_pool(one) == [], f"cancelled at await {place}"
        place += 1
    assert place > 3
    assert await open_transactions(superuser) == 0


async def test_a_reserve_at_the_clerk(one, database, organization, owner):
    """Whoever is cancelled either has a cart or has none; the lane serves the next one all the same."""
    event = await make_event(database, organization, SEAT)
    clerk: Clerk[ReserveAsk, Reserved] = Clerk("reserve", one, ReserveDesk())
    line = WantedLine(ticket_type_id=event.ticket_types[0].id, quantity=1)
    counter = Counter(organization.id, event.id)

    def wish() -> ReserveAsk:
        return ReserveAsk(uuid7(), None, KEYRING.new_session(), regular_lines([line]), None)

    place = 1
    while await cancelled_at(clerk.ask(counter, wish()), place):
        assert (await clerk.ask(counter, wish())).is_new
        assert await imbalances(owner, organization.id) == [], f"cancelled at await {place}"
        place += 1
    await clerk.close()


async def open_transactions(superuser: asyncpg.Connection) -> int:
    return await superuser.fetchval(
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'foyer' AND state LIKE 'idle in transaction%'"
        " AND datname = current_database()"
    )


REFUSE_AT_COMMIT = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused at the commit'; END $$;
CREATE CONSTRAINT TRIGGER refuse AFTER INSERT OR UPDATE ON cart_items DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.quantity = 7) EXECUTE FUNCTION refuse();
"""


async def test_a_commit_that_fails_is_never_a_success(cluster: Cluster, tmp_path):
    """The database refuses only at the COMMIT, when every statement before it has gone well."""
    await database_of_its_own(cluster.superuser_url, "refusing")
    owner = await asyncpg.connect(url_of(OWNER, "refusing", cluster.superuser_url))
    await owner.execute(f"SET app.migration = 'on'; {REFUSE_AT_COMMIT}")
    url = url_of(APP, "refusing", cluster.superuser_url)
    database = Database(url, pool_size=1)
    house = await make_organization(database)
    event = await make_event(database, house, SEAT)
    kind = str(event.ticket_types[0].id)
    async with running_app(settings_for(tmp_path), url) as client:
        carts = f"/api/v1/shops/{house.slug}/carts"

        async def reserve(quantity: int):
            wanted = [{"ticketTypeId": kind, "quantity": quantity}]
            return await client.post(carts, json={"eventId": str(event.id), "items": wanted})

        held = (await reserve(2)).json()
        assert (await reserve(7)).status_code == 500
        changed = await client.patch(
            f"{carts}/{held['id']}",
            json={"items": [{"ticketTypeId": kind, "quantity": 7}]},
            headers={"Authorization": f"Bearer {held['token']}"},
        )
        assert changed.status_code == 500
        assert (await reserve(3)).status_code == 201
    quantities = await owner.fetch("SELECT quantity FROM cart_items ORDER BY quantity")
    assert [row[0] for row in quantities] == [2, 3]
    assert await imbalances(owner, house.id) == []
    await owner.close()
    await database.close()
    await drop_database(cluster.superuser_url, "refusing")


async def test_a_backend_that_ends_before_the_commit_commits_nothing(
    one, cart, organization, owner, superuser
):
    kind = cart.items[0].ticket_type_id

    async def change() -> None:
        async with one.write(organization.id) as tx:
            await set_quantity(tx, cart, kind, 5)
            raw = (await tx._session.connection()).sync_connection.connection.driver_connection
            await superuser.fetchval("SELECT pg_terminate_backend($1, 5000)", raw.get_server_pid())

    with pytest.raises(Busy):
        await change()
    assert await left_in_pool(one) == []
    assert await owner.fetchval("SELECT quantity FROM cart_items WHERE cart_id = $1", cart.id) == 2
    assert await imbalances(owner, organization.id) == []
