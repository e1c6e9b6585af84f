"""Waiting lists over the API: joined without telling who stands there, held by a token, read by staff."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace

from foyer.domains.events import delete_event
from foyer.domains.events.types import TicketTypeDraft
from foyer.domains.waiting import leave_line, line_for_staff
from foyer.domains.waiting.desk import offer_next
from foyer.domains.waiting.types import WaitingFilter
from foyer.infra.batching import Counter
from foyer.kernel.errors import Conflict
from tests.api.asking import Office, Shop, refused, taken
from tests.support.waiting import in_line
from tests.support.world import KEYRING, make_event

SEAT = TicketTypeDraft(name="Seat", quantity=2, is_free=True)


@pytest.fixture
async def event(database, organization):
    return await make_event(database, organization, SEAT)


def wish(event, quantity=2, email="jo@example.org", **changes):
    kind = str(event.ticket_types[0].id)
    return {"eventId": str(event.id), "ticketTypeId": kind, "quantity": quantity, "email": email, **changes}


async def ask(client, method, organization, path="", body=None, token=None):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    where = f"/api/v1/shops/{organization.slug}/waiting-list{path}"
    return await client.request(method, where, json=body, headers=headers)


async def test_places_go_from_a_cart_to_who_waits_and_on_to_an_order(client, database, organization, event):
    shop, office = Shop(client, organization), Office(client, organization)
    cart = await shop.cart(event, (event.ticket_types[0].id, 2))
    first = taken(await ask(client, "POST", organization, body=wish(event)), 202)
    assert first == {name: value for name, value in wish(event).items() if name != "email"} | {"others": 0}
    again = taken(await ask(client, "POST", organization, body=wish(event)), 202)
    assert again == first, "the answer does not tell who stands in line"
    listed = taken(await office.ask("GET", f"/events/{event.id}/waiting-list"))["items"]
    assert [(one["email"], one["status"], one["quantity"]) for one in listed] == [
        ("jo@example.org", "waiting", 2)
    ]

    waiting_id = UUID(listed[0]["id"])
    token = KEYRING.holder_token("waiting", organization.id, waiting_id)
    path = f"/{waiting_id}"
    assert taken(await ask(client, "GET", organization, path, token=token))["ahead"] == 0
    await shop.drop(cart)
    async with database.batch(organization.id) as connection:
        counter = Counter(organization.id, event.id)
        assert await offer_next(connection, counter, KEYRING.new_session) == 1
    held = taken(await ask(client, "GET", organization, path, token=token))
    assert held["status"] == "offered"
    ordered = taken(await shop.check_out({"id": held["cartId"], "token": held["cartToken"]}), 201)

    assert len(ordered["tickets"]) == 2
    assert taken(await ask(client, "GET", organization, path, token=token))["status"] == "taken"
    rows = (await office.ask("GET", f"/events/{event.id}/waiting-list/export")).text.splitlines()
    assert len(rows) == 2
    assert "jo@example.org,Seat,2," in rows[1]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"quantity": 0}, (422, "under_minimum", "quantity")),
        ({"quantity": 11}, (422, "over_limit", "quantity")),
        ({"quantity": 2}, (409, "state_conflict", "quantity")),
        ({"quantity": 3, "email": "nobody"}, (422, "invalid_field", "email")),
        ({"quantity": 3, "ticketTypeId": str(UUID(int=1))}, (422, "invalid_field", "ticketTypeId")),
        ({"quantity": 3, "eventId": str(UUID(int=1))}, (404, "not_found", None)),
    ],
)
async def test_who_cannot_wait_is_told_why_and_stands_in_no_line(
    client, organization, event, untouched, changes, told
):
    async with untouched(organization):
        refused(await ask(client, "POST", organization, body=wish(event, **changes)), *told)


async def test_nobody_waits_for_a_sale_that_has_not_begun(client, database, organization, untouched):
    opens = datetime.now(UTC) + timedelta(days=1)
    event = await make_event(database, organization, replace(SEAT, sales_start_date=opens))
    async with untouched(organization):
        answer = await ask(client, "POST", organization, body=wish(event, quantity=3))
        refused(answer, 409, "not_on_sale", "ticketTypeId")


async def test_leaving_ends_a_place_and_twice_is_harmless(client, database, organization):
    waiting_id = (await in_line(database, organization)).id
    token = KEYRING.holder_token("waiting", organization.id, waiting_id)
    for _ in range(2):
        answer = await ask(client, "DELETE", organization, f"/{waiting_id}", token=token)
        assert answer.status_code == 204

    found = taken(await ask(client, "GET", organization, f"/{waiting_id}", token=token))
    assert (found["status"], found["ahead"], found["cartToken"]) == ("left", 0, None)


async def test_offer_is_given_on_by_leaving(client, database, organization, event, owner_sql):
    shop = Shop(client, organization)
    cart = await shop.cart(event, (event.ticket_types[0].id, 2))
    for email in ("jo@example.org", "ida@example.org"):
        taken(await ask(client, "POST", organization, body=wish(event, email=email)), 202)
    await shop.drop(cart)
    counter = Counter(organization.id, event.id)
    for _ in range(2):
        async with database.batch(organization.id) as connection:
            await offer_next(connection, counter, KEYRING.new_session)
        first = await owner_sql.fetchval(
            "SELECT id FROM waiting_list WHERE organization_id = $1 AND status = 'offered'", organization.id
        )
        token = KEYRING.holder_token("waiting", organization.id, first)
        assert (await ask(client, "DELETE", organization, f"/{first}", token=token)).status_code == 204
    async with database.batch(organization.id) as connection:
        await offer_next(connection, counter, KEYRING.new_session)

    listed = taken(await Office(client, organization).ask("GET", f"/events/{event.id}/waiting-list"))["items"]
    assert [(one["email"], one["status"]) for one in listed] == [
        ("jo@example.org", "lapsed"), ("ida@example.org", "lapsed"),
    ]  # fmt: skip


async def offered(shop, database, event):
    """The place in line of somebody for whom both seats are held, and its token."""
    cart = await shop.cart(event, (event.ticket_types[0].id, 2))
    taken(await ask(shop.client, "POST", shop.organization, body=wish(event)), 202)
    await shop.drop(cart)
    async with database.batch(shop.organization.id) as connection:
        counter = Counter(shop.organization.id, event.id)
        assert await offer_next(connection, counter, KEYRING.new_session) == 1
    async with database.read(shop.organization.id) as tx:
        (place,) = (await line_for_staff(tx, event.id, WaitingFilter(), cursor=None, limit=9)).items
    return place, KEYRING.holder_token("waiting", shop.organization.id, place.id)


async def test_offer_that_has_just_ended_is_left_without_a_word(
    client, shop, office, database, organization, event, owner_sql, untouched
):
    place, token = await offered(shop, database, event)
    over = "UPDATE carts SET expires_at = foyer_now(), created_at = foyer_now() - interval '2 h' WHERE organization_id = $1 AND status = 'active'"
    await owner_sql.execute(over, organization.id)
    async with untouched(organization):
        held = taken(await ask(client, "GET", organization, f"/{place.id}", token=token))
        assert (held["status"], held["cartToken"]) == ("lapsed", None)
        listed = f"/events/{event.id}/waiting-list"
        assert [one["status"] for one in taken(await office.ask("GET", listed))["items"]] == ["lapsed"]
        assert taken(await office.ask("GET", f"{listed}?status=offered"))["items"] == []
        assert len(taken(await office.ask("GET", f"{listed}?status=lapsed"))["items"]) == 1
        left = await ask(client, "DELETE", organization, f"/{place.id}", token=token)
        assert left.status_code == 204


async def test_place_that_has_an_offer_is_not_left_before_its_cart(
    shop, database, organization, event, untouched
):
    place, _ = await offered(shop, database, event)
    async with untouched(organization):
        with pytest.raises(Conflict):
            async with database.write(organization.id) as tx:
                await leave_line(tx, place.id)


async def test_place_in_line_is_gone_with_its_event(client, database, organization, untouched):
    place = await in_line(database, organization)
    token = KEYRING.holder_token("waiting", organization.id, place.id)
    async with database.write(organization.id) as tx:
        await delete_event(tx, place.event_id, actor=organization.owner)
    page = f"/{organization.slug}/waiting/{place.id}?key={token}"
    async with untouched(organization):
        for method in ("GET", "DELETE"):
            refused(await ask(client, method, organization, f"/{place.id}", token=token), 404, "not_found")
        assert (await client.get(page)).status_code == 404
        own = {"Sec-Fetch-Site": "same-origin"}
        assert (await client.post(page, data={}, headers=own)).status_code == 404
