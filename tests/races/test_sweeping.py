"""The sweeper goes on: one event whose books are broken is its own misfortune."""

from contextlib import suppress

import asyncpg

from foyer.domains.checkout import sweep
from foyer.domains.events.types import TicketTypeDraft
from tests.races.test_expiry import held, let_lapse
from tests.support.installation import buyers
from tests.support.world import make_event, make_organization

SEAT = TicketTypeDraft(name="Seat", quantity=60, is_free=True)


async def test_an_event_that_cannot_be_swept_does_not_keep_the_others_waiting(house, database, owner):
    """The books of one event are broken, so that giving back fails every time."""
    houses = [await make_organization(database) for _ in range(2)]
    events = [await make_event(database, one, SEAT) for one in houses]
    for one, event in zip(houses, events, strict=True):
        async with buyers(house.urls, one) as crowd:
            cart = (await crowd.reserve(0, event.id, {event.ticket_types[0].id: 2})).json()
        await let_lapse(owner, [cart["id"]])
    broken, sound = sorted(one.id for one in houses)
    await owner.execute("UPDATE pools SET held = 0 WHERE organization_id = $1", broken)
    try:
        with suppress(asyncpg.CheckViolationError):  # what matters is what became of the other
            await sweep(database)
        assert await held(owner, sound) == {0}
    finally:
        await owner.execute("UPDATE pools SET held = 2 WHERE organization_id = $1", broken)
        await sweep(database)
