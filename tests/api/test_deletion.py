"""Events and ticket types that go: only while nobody has a place, hidden afterwards, their names free again."""

import pytest

from foyer.domains.events.types import TicketTypeDraft
from tests.api.asking import bearing, facts_of, refused, taken
from tests.support.world import make_event, make_organization

TWO = [TicketTypeDraft(name=name, quantity=10, is_free=True) for name in ("Hall", "Balcony")]


def path_of(event, kind=None):
    return f"/events/{event.id}" + (f"/ticket-types/{kind.id}" if kind else "")


async def test_type_nobody_has_is_deleted(office, shop, database, owner_sql):
    event = await make_event(database, office.organization, *TWO)
    hall, balcony = event.ticket_types

    gone = await office.ask("DELETE", path_of(event, hall))

    assert (gone.status_code, gone.content) == (204, b"")
    shown = (await office.show(event.id))["ticketTypes"]
    assert [kind["id"] for kind in shown] == [str(balcony.id)]
    assert [kind["id"] for kind in taken(await shop.offer(event.id))["ticketTypes"]] == [str(balcony.id)]
    for answer in (
        await office.ask("GET", path_of(event, hall)),
        await office.ask("PATCH", path_of(event, hall), {"quantity": 5}),
        await office.ask("DELETE", path_of(event, hall)),
    ):
        refused(answer, 404, "not_found")
    refused(await shop.reserve(event, (hall.id, 1)), 422, "invalid_field", "items[0].ticketTypeId")
    again = await office.type(event.id, name=" HALL ")
    assert again["id"] != str(hall.id)
    kept = "SELECT deleted_at IS NOT NULL FROM ticket_types WHERE id = $1"
    assert await owner_sql.fetchval(kept, hall.id) is True


async def test_type_with_places_held_or_sold_stays(office, shop, database, untouched):
    event = await make_event(database, office.organization, *TWO)
    hall, balcony = event.ticket_types
    cart = await shop.cart(event, (hall.id, 1))
    await shop.order(event, (balcony.id, 3))
    async with untouched(office.organization):
        held, sold = [await office.ask("DELETE", path_of(event, kind)) for kind in (hall, balcony)]
    refused(held, 409, "state_conflict", None, "1 place is sold or held")
    refused(sold, 409, "state_conflict", None, "3 places are sold or held")

    assert (await shop.drop(cart)).status_code == 204
    assert (await office.ask("DELETE", path_of(event, hall))).status_code == 204


async def test_deleted_type_lets_go_of_its_tax_and_its_areas(office, database, owner_sql):
    event = await make_event(database, office.organization, *TWO)
    hall, balcony = (str(kind.id) for kind in event.ticket_types)
    rate = await office.make("/tax-rates", name="VAT", ratePercentage=7, inclusive=True)
    taken(await office.edit_type({"eventId": event.id, "id": hall}, {"taxRateId": rate["id"]}))
    area = await office.make(
        f"{path_of(event)}/pools", name="House", capacity=9, ticketTypeIds=[hall, balcony]
    )

    assert (await office.ask("DELETE", f"{path_of(event)}/ticket-types/{hall}")).status_code == 204

    shown = taken(await office.ask("GET", f"{path_of(event)}/pools/{area['id']}"))
    assert shown["ticketTypeIds"] == [balcony]
    taken(await office.ask("PATCH", f"{path_of(event)}/pools/{area['id']}", {"capacity": 8}))
    assert (await office.ask("DELETE", f"/tax-rates/{rate['id']}")).status_code == 204


async def test_stale_tag_is_refused(office, database, untouched):
    event = await make_event(database, office.organization, *TWO)
    kind = event.ticket_types[0]
    at = path_of(event, kind)
    version = taken(await office.ask("PATCH", at, {"quantity": 11}))["version"]
    async with untouched(office.organization):
        refused(await office.ask("DELETE", at, If_Match='"1"'), 412, "precondition_failed")
        refused(await office.ask("DELETE", path_of(event), If_Match='"99"'), 412, "precondition_failed")

    assert (await office.ask("DELETE", at, If_Match=f'"{version}"')).status_code == 204
    tag = f'"{(await office.show(event.id))["version"]}"'
    assert (await office.ask("DELETE", path_of(event), If_Match=tag)).status_code == 204


@pytest.mark.parametrize("publish", [True, False], ids=["published", "draft"])
async def test_event_nobody_has_a_place_of_is_deleted(office, shop, database, owner_sql, publish):
    event = await make_event(database, office.organization, *TWO, publish=publish, slug="first-night")
    told = await facts_of(owner_sql, office.organization)

    gone = await office.ask("DELETE", path_of(event))

    assert (gone.status_code, gone.content) == (204, b"")
    assert taken(await office.ask("GET", "/events"))["items"] == []
    for answer in (
        await office.ask("GET", path_of(event)),
        await office.edit(event.id, {"title": "Again"}),
        await office.ask("DELETE", path_of(event)),
        await office.ask("POST", f"{path_of(event)}/publication"),
        await office.ask("GET", f"{path_of(event)}/ticket-types"),
        await office.ask("GET", path_of(event, event.ticket_types[0])),
        await office.ask("GET", f"{path_of(event)}/pools"),
        await shop.offer("first-night"),
        await shop.reserve(event),
    ):
        refused(answer, 404, "not_found")
    again = await office.event(slug="first-night")
    assert again["id"] != str(event.id)
    rows = "SELECT count(*) FROM ticket_types WHERE event_id = $1 AND deleted_at IS NOT NULL"
    assert await owner_sql.fetchval(rows, event.id) == 2
    by = "SELECT updated_by FROM events WHERE id = $1 AND deleted_at IS NOT NULL"
    assert await owner_sql.fetchval(by, event.id) == office.organization.user_id
    assert await facts_of(owner_sql, office.organization) == told


async def test_event_with_places_held_or_sold_stays(office, shop, database, untouched):
    event = await make_event(database, office.organization, *TWO)
    cart = await shop.cart(event)
    async with untouched(office.organization):
        refused(
            await office.ask("DELETE", path_of(event)), 409, "state_conflict", None, "1 place is sold or held"
        )
    taken(await shop.check_out(cart), 201)
    async with untouched(office.organization):
        refused(await office.ask("DELETE", path_of(event)), 409, "state_conflict", None, "Cancel the event")


async def test_cancelled_event_goes_once_its_orders_are_over(office, shop, database, untouched):
    event = await make_event(database, office.organization, *TWO)
    order = await shop.order(event)
    taken(await office.ask("POST", f"{path_of(event)}/cancellation"))
    async with untouched(office.organization):
        answer = await office.ask("DELETE", path_of(event))
        refused(answer, 409, "state_conflict", None, "Refund or cancel its orders first")

    taken(await office.ask("POST", f"/orders/{order['id']}/cancellation"))
    assert (await office.ask("DELETE", path_of(event))).status_code == 204


async def test_event_whose_carts_went_back_can_go(office, shop, database):
    event = await make_event(database, office.organization, *TWO)
    cart = await shop.cart(event)
    assert (await shop.drop(cart)).status_code == 204

    assert (await office.ask("DELETE", path_of(event))).status_code == 204
    refused(await shop.change(cart, (event.ticket_types[0].id, 1)), 404, "not_found")


async def test_deleting_events_is_a_permission_of_its_own(client, database, untouched):
    house = await make_organization(
        database, scopes=("events:view", "events:create", "events:edit", "events:publish")
    )
    event = await make_event(database, house)
    async with untouched(house):
        answer = await client.delete(f"/api/v1/events/{event.id}", headers=bearing(house.api_key))
        refused(answer, 403, "forbidden", None, "events:delete")
    kind = event.ticket_types[0].id
    deleted = await client.delete(
        f"/api/v1/events/{event.id}/ticket-types/{kind}", headers=bearing(house.api_key)
    )
    assert deleted.status_code == 204


async def test_a_body_is_half_a_wish(office, database, untouched):
    event = await make_event(database, office.organization, *TWO)
    async with untouched(office.organization):
        refused(await office.ask("DELETE", path_of(event), {"force": True}), 422, "invalid_field", "force")
        at = path_of(event, event.ticket_types[0])
        refused(await office.ask("DELETE", at, {"force": True}), 422, "invalid_field", "force")
