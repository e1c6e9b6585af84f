"""Time runs out: each cart becomes an order or gives its places back, never both and never neither."""

import asyncio
import time
from collections.abc import Sequence
from uuid import UUID

import asyncpg

from foyer.domains.checkout import sweep
from foyer.domains.events.types import TicketTypeDraft
from foyer.infra.db.engine import Database
from tests.support.installation import buyers, imbalances, installation
from tests.support.world import make_event

SEAT = TicketTypeDraft(name="Seat", quantity=60, is_free=True)


async def let_lapse(owner: asyncpg.Connection, carts: Sequence[str], *, milliseconds: int = -1) -> None:
    """Move the end of these carts to so long from now."""
    await owner.execute(
        "UPDATE carts SET created_at = foyer_now() - interval '1 hour',"
        " expires_at = foyer_now() + $2 * interval '1 millisecond' WHERE id = ANY($1::uuid[])",
        [UUID(cart) for cart in carts],
        milliseconds,
    )


async def statuses(owner: asyncpg.Connection, organization_id: UUID) -> dict[str, str]:
    rows = await owner.fetch("SELECT id, status FROM carts WHERE organization_id = $1", organization_id)
    return {str(row["id"]): row["status"] for row in rows}


async def held(owner: asyncpg.Connection, organization_id: UUID) -> set[int]:
    return {
        row[0]
        for row in await owner.fetch("SELECT held FROM pools WHERE organization_id = $1", organization_id)
    }


async def test_each_cart_is_an_order_or_gives_its_places_back(
    house, app_url, database, organization, owner, tmp_path
):
    """Two sweepers in this process and the worker's own run into the checkouts of carts that end at this moment."""
    event = await make_event(database, organization, SEAT)
    kind = event.ticket_types[0].id
    with installation(app_url, tmp_path / "worker", workers=1):
        async with buyers(house.urls, organization) as crowd:
            carts = [answer.json() for answer in await asyncio.gather(
                *(crowd.reserve(turn, event.id, {kind: turn % 2 + 1}) for turn in range(36))
            )]  # fmt: skip
            for third, milliseconds in enumerate((-1, 60, 200)):
                await let_lapse(owner, [cart["id"] for cart in carts[third::3]], milliseconds=milliseconds)
            sweepers = [asyncio.create_task(_sweep_for(database, 1.2)) for _ in range(2)]
            answers = await asyncio.gather(*(crowd.check_out(turn, cart) for turn, cart in enumerate(carts)))
            await asyncio.gather(*sweepers)
    assert {answer.status_code for answer in answers} <= {201, 410}
    found = await statuses(owner, organization.id)
    for cart, answer in zip(carts, answers, strict=True):
        assert found[cart["id"]] == ("converted" if answer.status_code == 201 else "expired")
    assert await held(owner, organization.id) == {0}
    assert await imbalances(owner, organization.id) == []
    assert house.faults() == []


async def _sweep_for(database: Database, seconds: float) -> int:
    until, lapsed = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        lapsed += await sweep(database)
        await asyncio.sleep(0.01)
    return lapsed


async def test_two_sweepers_give_each_place_back_once(house, database, organization, owner):
    event = await make_event(database, organization, SEAT)
    kind = event.ticket_types[0].id
    async with buyers(house.urls, organization) as crowd:
        carts = [
            answer.json()
            for answer in await asyncio.gather(
                *(crowd.reserve(turn, event.id, {kind: 2}) for turn in range(20))
            )
        ]
    await let_lapse(owner, [cart["id"] for cart in carts[:15]])
    lapsed = await asyncio.gather(*(sweep(database) for _ in range(2)))
    assert sum(lapsed) == 15
    assert await held(owner, organization.id) == {10}
    assert await imbalances(owner, organization.id) == []


async def test_a_worker_that_is_killed_in_between_leaves_the_places_to_the_next(
    house, app_url, database, organization, owner, tmp_path, superuser
):
    """It waits for a pool that somebody has locked, with its carts already marked, when it is killed."""
    event = await make_event(database, organization, SEAT)
    async with buyers(house.urls, organization) as crowd:
        cart = (await crowd.reserve(0, event.id, {event.ticket_types[0].id: 2})).json()
    blocking = owner.transaction()
    await blocking.start()
    await owner.execute("SELECT FROM pools WHERE organization_id = $1 FOR UPDATE", organization.id)
    with installation(app_url, tmp_path / "worker", workers=1) as crew:
        await let_lapse(superuser, [cart["id"]])
        until = time.monotonic() + 30
        while not await superuser.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%FROM pools%'"
        ):
            assert time.monotonic() < until, crew.workers[0].log.read_text()
            await asyncio.sleep(0.01)
        crew.close()
    await blocking.rollback()
    until = time.monotonic() + 10
    while not await sweep(database):  # the killed one's transaction ends when the server notices
        assert time.monotonic() < until
        await asyncio.sleep(0.02)
    assert (await statuses(owner, organization.id))[cart["id"]] == "expired"
    assert await held(owner, organization.id) == {0}
    assert await sweep(database) == 0


async def test_places_are_on_sale_again_within_two_seconds(
    house, app_url, database, organization, owner, tmp_path
):
    event = await make_event(database, organization, SEAT)
    async with buyers(house.urls, organization) as crowd:
        carts = [(await crowd.reserve(0, event.id, {event.ticket_types[0].id: 2})).json() for _ in range(2)]
    with installation(app_url, tmp_path / "worker", workers=1):
        await let_lapse(owner, [carts[0]["id"]])
        await _until_held(owner, organization.id, 2, seconds=30)  # from here on the worker is at work
        await let_lapse(owner, [carts[1]["id"]], milliseconds=300)
        await asyncio.sleep(0.25)
        assert await held(owner, organization.id) == {2}
        took = await _until_held(owner, organization.id, 0, seconds=10)
    assert took < 2.5


async def _until_held(
    owner: asyncpg.Connection, organization_id: UUID, places: int, *, seconds: float
) -> float:
    started = time.monotonic()
    while await held(owner, organization_id) != {places}:
        assert time.monotonic() - started < seconds
        await asyncio.sleep(0.02)
    return time.monotonic() - started
