"""What is left over meets the next one: a lapsed cart its session, a used key another event."""

from foyer.domains.checkout import sweep
from foyer.domains.events.types import TicketTypeDraft
from tests.races.test_expiry import held, let_lapse
from tests.races.test_once import count
from tests.support.installation import buyers, imbalances
from tests.support.world import make_event

SEAT = TicketTypeDraft(name="Seat", quantity=60, is_free=True)


async def test_a_session_whose_cart_has_lapsed_gets_a_new_one_before_any_sweep(
    house, database, organization, owner
):
    event = await make_event(database, organization, SEAT)
    kind = event.ticket_types[0].id
    async with buyers(house.urls, organization) as crowd:
        cart = (await crowd.reserve(0, event.id, {kind: 1})).json()
        await let_lapse(owner, [cart["id"]])
        again = await crowd.reserve(0, event.id, {kind: 1}, sessionId=cart["sessionId"])
    assert again.status_code == 201, again.text
    assert again.json()["id"] != cart["id"]
    await sweep(database)
    assert await held(owner, organization.id) == {1}
    assert await imbalances(owner, organization.id) == []


async def test_a_key_that_made_a_cart_of_one_event_is_refused_for_another(
    house, database, organization, owner
):
    first, second = [await make_event(database, organization, SEAT) for _ in range(2)]
    async with buyers(house.urls, organization) as crowd:
        await crowd.reserve(0, first.id, {first.ticket_types[0].id: 1}, key="one-wish-that-nobody-guesses")
        again = await crowd.reserve(
            1, second.id, {second.ticket_types[0].id: 1}, key="one-wish-that-nobody-guesses"
        )
    assert (again.status_code, again.json()["code"]) == (422, "idempotency_mismatch")
    assert await count(owner, "carts", organization) == 1
    assert await imbalances(owner, organization.id) == []
