"""What happens once, however often and wherever it is asked for: a check-in, a checkout, a reserve with a key."""

import asyncio
from collections import Counter as Count

import asyncpg

from foyer.domains.events.types import EventStaff, TicketTypeDraft
from tests.support.installation import Buyers, buyers, imbalances, unless_busy
from tests.support.world import Organization, make_event, make_organization

SEAT = TicketTypeDraft(name="Seat", quantity=40, is_free=True)


async def cart_of(crowd: Buyers, event: EventStaff, quantity: int = 1) -> dict[str, object]:
    answer = await crowd.reserve(0, event.id, {event.ticket_types[0].id: quantity})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def count(owner: asyncpg.Connection, table: str, organization: Organization) -> int:
    return await owner.fetchval(f"SELECT count(*) FROM {table} WHERE organization_id = $1", organization.id)


async def test_one_ticket_is_admitted_once_at_two_doors(house, database, organization, owner):
    event = await make_event(database, organization, SEAT)
    async with buyers(house.urls, organization) as crowd:
        ticket = (await crowd.check_out(0, await cart_of(crowd, event))).json()["tickets"][0]
        held_out = [{"qr": ticket["qrCode"]}, {"code": ticket["code"]}]
        answers = await asyncio.gather(
            *(crowd.scan(turn, event.id, **held_out[(turn // 2) % 2]) for turn in range(60))
        )
    assert {answer.status_code for answer in answers} == {200}
    said = [answer.json() for answer in answers]
    assert Count(one["result"] for one in said) == {"admitted": 1, "already_used": 59}
    assert {one["checkedInAt"] for one in said} == {said[0]["checkedInAt"]} != {None}
    assert {(one["checkedInBy"]["kind"], one["checkedInBy"]["id"]) for one in said} == {
        ("device", str(organization.device_id))
    }
    admitted = await owner.fetchval(
        "SELECT count(*) FROM scans WHERE organization_id = $1 AND result = 'admitted'", organization.id
    )
    assert admitted == 1
    assert house.faults() == []


async def test_a_cart_that_is_checked_out_50_times_becomes_one_order(house, database, organization, owner):
    event = await make_event(database, organization, SEAT)
    async with buyers(house.urls, organization) as crowd:
        cart = await cart_of(crowd, event, 3)
        await cart_of(crowd, event, 2)  # another's places, which a second conversion would eat
        answers = await asyncio.gather(*(crowd.check_out(turn, cart) for turn in range(50)))
    assert Count(answer.status_code for answer in answers) == {201: 1, 200: 49}
    bodies = [answer.json() for answer in answers]
    assert len({(body["id"], body["token"], body["orderNumber"]) for body in bodies}) == 1
    assert len({tuple(sorted(ticket["id"] for ticket in body["tickets"])) for body in bodies}) == 1
    assert await count(owner, "orders", organization) == 1
    assert await count(owner, "tickets", organization) == 3
    pools = await owner.fetch("SELECT held, sold FROM pools WHERE organization_id = $1", organization.id)
    assert {tuple(pool) for pool in pools} == {(2, 3)}
    assert await imbalances(owner, organization.id) == []
    assert house.faults() == []


async def test_a_reserve_that_is_sent_50_times_with_one_key_makes_one_cart(
    house, database, organization, owner
):
    event = await make_event(database, organization, SEAT)
    stranger = await make_organization(database)
    elsewhere = await make_event(database, stranger, SEAT)
    kind = event.ticket_types[0].id
    async with buyers(house.urls, organization) as crowd, buyers(house.urls, stranger) as others:
        answers = await asyncio.gather(
            *(
                crowd.reserve(turn, event.id, {kind: 2}, key="one-wish-that-nobody-guesses")
                for turn in range(50)
            )
        )
        changed = await crowd.reserve(0, event.id, {kind: 1}, key="one-wish-that-nobody-guesses")
        independent = await others.reserve(
            0, elsewhere.id, {elsewhere.ticket_types[0].id: 2}, key="one-wish-that-nobody-guesses"
        )
    assert Count(answer.status_code for answer in answers) == {201: 1, 200: 49}
    assert len({(answer.json()["id"], answer.json()["token"]) for answer in answers}) == 1
    assert (changed.status_code, changed.json()["code"]) == (422, "idempotency_mismatch")
    assert independent.status_code == 201
    assert await count(owner, "carts", organization) == await count(owner, "carts", stranger) == 1
    assert await imbalances(owner, organization.id) == []
    assert house.faults() == []


async def test_a_ticket_handed_on_by_two_at_once_and_held_out_at_a_door_has_one_fate(
    house, database, organization, owner
):
    """Two change hands with the same link while the former code is scanned: one receiver at most, one admission at most."""
    event = await make_event(database, organization, SEAT)
    async with buyers(house.urls, organization) as crowd:
        cart = await cart_of(crowd, event, 10)
        tickets = (await crowd.check_out(0, cart)).json()["tickets"]
        token = {"Authorization": f"Bearer {(await crowd.check_out(0, cart)).json()['token']}"}

        async def hand_on(turn: int, ticket: dict[str, str]) -> int:
            path = f"/api/v1/shops/{organization.slug}/tickets/{ticket['id']}/transfer"
            url = f"{house.urls[turn % len(house.urls)]}{path}"
            body = {"email": f"friend-{turn}@example.org"}
            answer = await unless_busy(lambda: crowd.client.post(url, json=body, headers=token))
            return answer.status_code

        async def admit(turn: int, ticket: dict[str, str]) -> str:
            return (await crowd.scan(turn, event.id, qr=ticket["qrCode"])).json()["result"]

        fates = [
            await asyncio.gather(hand_on(turn, ticket), hand_on(turn + 1, ticket), admit(turn + 2, ticket))
            for turn, ticket in enumerate(tickets)
        ]
    assert {fate[2] for fate in fates} <= {"admitted", "superseded"}
    for *handed, door in fates:
        assert handed.count(200) == (0 if door == "admitted" else 1), fates
        assert set(handed) <= {200, 404, 409}
    query = "SELECT generation, status, count(*) FROM tickets WHERE organization_id = $1 GROUP BY 1, 2"
    states = {(row[0], row[1]): row[2] for row in await owner.fetch(query, organization.id)}
    assert set(states) <= {(1, "used"), (2, "valid")}
    assert states.get((2, "valid"), 0) == await count(owner, "transfers", organization) > 0
    assert house.faults() == []
