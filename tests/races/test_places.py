"""The last places: many buyers over several processes, never one place too many."""

import asyncio
from collections import Counter as Count

from foyer.domains.events.types import TicketTypeDraft
from tests.support.installation import buyers, imbalances
from tests.support.world import make_event

FREE = {"is_free": True, "max_per_order": 4}


async def test_200_buyers_want_the_last_10_places(any_house, database, organization, owner):
    event = await make_event(database, organization, TicketTypeDraft(name="Seat", quantity=10, **FREE))
    kind = event.ticket_types[0].id
    async with buyers(any_house.urls, organization) as crowd:
        answers = await asyncio.gather(*(crowd.reserve(turn, event.id, {kind: 1}) for turn in range(200)))
    assert Count(answer.status_code for answer in answers) == {201: 10, 409: 190}
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"sold_out"}
    carts = await owner.fetchval("SELECT count(*) FROM carts WHERE organization_id = $1", organization.id)
    held = await owner.fetch("SELECT held, sold FROM pools WHERE organization_id = $1", organization.id)
    assert carts == 10
    assert (10, 0) in {tuple(row) for row in held}
    assert await imbalances(owner, organization.id) == []
    assert any_house.faults() == []


async def test_mixed_wishes_never_exceed_either_pool(any_house, database, organization, owner):
    """Both types also draw on the event's own pool, which is smaller than the two together."""
    types = [TicketTypeDraft(name=name, quantity=30, **FREE) for name in ("Hall", "Balcony")]
    event = await make_event(database, organization, *types, capacity=45)
    hall, balcony = (kind.id for kind in event.ticket_types)
    wishes = [
        {hall: turn % 4 + 1, balcony: (turn // 4) % 4 + 1} if turn % 3 else {hall: turn % 4 + 1}
        for turn in range(80)
    ]
    async with buyers(any_house.urls, organization) as crowd:
        answers = await asyncio.gather(
            *(crowd.reserve(turn, event.id, wish) for turn, wish in enumerate(wishes))
        )
    assert {answer.status_code for answer in answers} == {201, 409}
    taken = sum(
        sum(wish.values()) for wish, answer in zip(wishes, answers, strict=True) if answer.status_code == 201
    )
    query = """
    SELECT t.id, p.capacity - p.held FROM pools p LEFT JOIN ticket_types t ON t.pool_id = p.id WHERE p.organization_id = $1
    """
    left = dict(await owner.fetch(query, organization.id))  # the event's own pool is that of no type
    assert taken == 45 - left[None]
    assert min(left.values()) >= 0
    refused = [wish for wish, answer in zip(wishes, answers, strict=True) if answer.status_code == 409]
    fits = [
        wish
        for wish in refused
        if sum(wish.values()) <= left[None] and all(count <= left[kind] for kind, count in wish.items())
    ]
    assert fits == []
    assert await imbalances(owner, organization.id) == []
    assert any_house.faults() == []
