"""Tickets in other hands: handed on, renamed, and what the former holder still has."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from foyer.domains.events.types import EventStaff
from foyer.infra.db.engine import Database
from tests.api.asking import Shop, bearing, facts_of, refused, taken
from tests.support.world import KEYRING, Organization, make_event, today

IDA = {"email": "ida@example.org", "firstName": "Ida", "lastName": "Holm"}
KIM = {
    "firstName": "Kim",
    "lastName": "Faber",
    "email": "kim@example.org",
    "additionalFields": {"Menu": "Soup"},
}


class Hands:
    """Requests about one ticket, with whatever token."""

    def __init__(self, shop: Shop, event_id: UUID, cart: dict[str, Any], order: dict[str, Any]) -> None:
        self.shop, self.event_id, self.cart, self.order = shop, event_id, cart, order
        self.ticket = order["tickets"][0]
        self.path = f"{shop.path}/tickets/{self.ticket['id']}"

    def token(self, generation: int = 1) -> str:
        return KEYRING.holder_token("ticket", self.shop.organization.id, UUID(self.ticket["id"]), generation)

    async def look(self, token: str) -> httpx.Response:
        return await self.shop.client.get(self.path, headers=bearing(token))

    async def hand_on(self, token: str, body: dict[str, Any] = IDA) -> httpx.Response:
        return await self.shop.client.post(f"{self.path}/transfer", json=body, headers=bearing(token))

    async def rename(self, token: str, body: dict[str, Any] = KIM) -> httpx.Response:
        return await self.shop.client.put(f"{self.path}/attendee", json=body, headers=bearing(token))

    async def scan(self, **held_out: str) -> dict[str, Any]:
        body = {"eventId": str(self.event_id), **held_out}
        door = self.shop.organization.door
        return taken(await self.shop.client.post("/api/v1/check-ins", json=body, headers=door))


@pytest.fixture
async def hands(shop: Shop, database: Database, organization: Organization) -> Hands:
    return await in_hand(shop, await make_event(database, organization), 2)


async def in_hand(shop: Shop, event: EventStaff, count: int = 1) -> Hands:
    cart = await shop.cart(event, (event.ticket_types[0].id, count))
    return Hands(shop, event.id, cart, taken(await shop.check_out(cart), 201))


async def test_a_ticket_handed_on_opens_the_door_for_its_new_holder_alone(hands, organization, owner_sql):
    answer = taken(await hands.hand_on(hands.order["token"]))

    assert answer["email"] == "ida@example.org"
    assert set(answer) == {"ticketId", "email", "transferredAt"}
    new = taken(await hands.look(hands.token(2)))
    assert (new["code"], new["qrCode"]) != (hands.ticket["code"], hands.ticket["qrCode"])
    assert new["attendeeInfo"] == {**IDA, "phone": None, "additionalFields": {}}
    assert (await hands.scan(qr=hands.ticket["qrCode"]))["result"] == "superseded"
    assert (await hands.scan(code=hands.ticket["code"]))["result"] == "superseded"
    admitted = await hands.scan(qr=new["qrCode"])
    assert (admitted["result"], admitted["ticket"]["holder"]) == ("admitted", "Ida Holm")
    assert (await hands.scan(code=new["code"]))["result"] == "already_used"
    row = await owner_sql.fetchrow(
        "SELECT f.generation, a.email AS giver, b.email AS receiver FROM transfers f"
        " JOIN customers a ON a.id = f.from_customer_id JOIN customers b ON b.id = f.to_customer_id"
        " WHERE f.organization_id = $1", organization.id,
    )  # fmt: skip
    assert tuple(row) == (2, "jo@example.org", "ida@example.org")
    assert "ticket.transferred" in await facts_of(owner_sql, organization)


async def test_former_holders_see_that_it_went_and_nothing_that_opens_a_door(hands, shop):
    taken(await hands.hand_on(hands.order["token"]))
    new = taken(await hands.look(hands.token(2)))

    order = taken(await shop.show_order(hands.order))
    gone, kept = sorted(order["tickets"], key=lambda one: one["transferredAt"] is None)
    assert (gone["code"], gone["qrCode"], gone["attendeeInfo"]) == (None, None, None)
    assert gone["transferredAt"]
    assert kept["code"]
    assert kept["qrCode"]
    again = taken(await shop.check_out(hands.cart))
    assert [one["id"] for one in again["tickets"]] == [kept["id"]]
    for answer in (order, again):
        assert new["code"] not in str(answer)
        assert new["qrCode"] not in str(answer)
    for token in (hands.order["token"], hands.token(1), hands.token(3), "fyc_x"):
        refused(await hands.look(token), 404, "not_found")
        refused(await hands.hand_on(token), 404, "not_found")
        refused(await hands.rename(token), 404, "not_found")


async def test_a_ticket_goes_from_hand_to_hand_and_back(hands, organization, owner_sql):
    taken(await hands.hand_on(hands.order["token"]))
    taken(await hands.hand_on(hands.token(2), {"email": "Olu@Example.org"}))
    taken(await hands.hand_on(hands.token(3), {"email": "jo@example.org"}))

    held = taken(await hands.look(hands.token(4)))
    assert held["attendeeInfo"]["email"] == "jo@example.org"
    refused(await hands.look(hands.order["token"]), 404, "not_found")
    rows = await owner_sql.fetch(
        "SELECT generation, former_code FROM transfers WHERE organization_id = $1 ORDER BY 1", organization.id
    )
    assert [row[0] for row in rows] == [2, 3, 4]
    for _, former in rows:
        assert (await hands.scan(code=former))["result"] == "superseded"
    assert (await hands.scan(code=held["code"]))["result"] == "admitted"


async def test_a_holder_says_who_comes(hands, shop):
    before = taken(await hands.look(hands.order["token"]))
    after = taken(await hands.rename(before["token"]))

    assert after["attendeeInfo"] == {**KIM, "phone": None}
    assert after == {**before, "attendeeInfo": after["attendeeInfo"]}
    assert (await hands.scan(code=after["code"]))["ticket"]["holder"] == "Kim Faber"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"email": "nobody"}, "email"), ({"email": ""}, "email"), ({"email": "a@example.org\r\nBcc: x@example.org"}, "email"),
        ({"email": "a@example.org", "firstName": "x" * 101}, "firstName"), ({"email": "JO@example.org"}, "email"), ({}, "email"),
        ({"email": "a@example.org", "generation": 7}, "generation"),
    ],
)  # fmt: skip
async def test_receiver_that_cannot_be_is_refused(hands, organization, untouched, body, field):
    async with untouched(organization):
        refused(await hands.hand_on(hands.order["token"], body), 422, "invalid_field", field)


async def test_attendee_that_cannot_be_is_refused(hands, organization, untouched):
    token = hands.order["token"]
    async with untouched(organization):
        refused(await hands.rename(token, {"email": "nobody"}), 422, "invalid_field", "email")
        refused(await hands.rename(token, {"lastName": "x" * 101}), 422, "invalid_field", "lastName")
        many = {str(number): "x" for number in range(21)}
        refused(
            await hands.rename(token, {"additionalFields": many}), 422, "invalid_field", "additionalFields"
        )


async def test_a_used_ticket_stays_where_it_is(hands, organization, untouched):
    await hands.scan(code=hands.ticket["code"])
    async with untouched(organization):
        refused(await hands.hand_on(hands.token()), 409, "state_conflict", "status", says="used at the door")
        refused(await hands.rename(hands.token()), 409, "state_conflict", "status")


async def test_an_organizer_who_wants_it_so_lets_nobody_hand_on(hands, organization, owner_sql, untouched):
    await owner_sql.execute(
        "UPDATE organization_settings SET ticket_transfers_enabled = false WHERE organization_id = $1",
        organization.id,
    )
    async with untouched(organization):
        refused(
            await hands.hand_on(hands.token()),
            409,
            "state_conflict",
            says="does not let tickets be handed on",
        )
    path = f"/api/v1/tickets/{hands.ticket['id']}/transfer"
    taken(await hands.shop.client.post(path, json=IDA, headers=organization.staff))
    assert taken(await hands.look(hands.token(2)))["attendeeInfo"]["firstName"] == "Ida"


async def test_after_the_cut_off_only_staff_change_anything(shop, database, organization, untouched):
    event = await make_event(database, organization, changes_close_hours=24 * 40)
    hands = await in_hand(shop, event)
    async with untouched(organization):
        refused(await hands.hand_on(hands.token()), 409, "state_conflict", says="too late")
        refused(await hands.rename(hands.token()), 409, "state_conflict", says="too late")
    path = f"/api/v1/tickets/{hands.ticket['id']}"
    taken(await shop.client.put(f"{path}/attendee", json=KIM, headers=organization.staff))
    taken(await shop.client.post(f"{path}/transfer", json=IDA, headers=organization.staff))
    seen = taken(await shop.client.get(path, headers=organization.staff))
    assert seen["attendeeInfo"]["email"] == "ida@example.org"
    assert seen["code"] != hands.ticket["code"]


async def test_holders_of_a_called_off_event_change_nothing(hands, organization, untouched, till, database):
    stopped = await till.post(f"/events/{hands.event_id}/cancellation")
    assert stopped.status_code < 300, stopped.text
    async with untouched(organization):
        refused(await hands.hand_on(hands.token()), 409, "state_conflict", "status")


async def test_a_ticket_is_not_handed_on_for_ever(hands, organization, owner_sql, untouched):
    await owner_sql.execute("UPDATE tickets SET generation = 20 WHERE organization_id = $1", organization.id)
    async with untouched(organization):
        refused(await hands.hand_on(hands.token(20)), 409, "state_conflict", says="too often")


async def test_cut_off_of_an_event_has_a_range(office, till):
    start = str(today() + timedelta(days=9))
    body = {"title": "x", "description": "x", "category": "x", "startDate": start, "endDate": start, "startTime": "19:00",
            "endTime": "20:00", "timeZone": "Europe/Berlin"}  # fmt: skip
    for hours in (-1, 8761):
        refused(
            await till.post("/events", {**body, "changesCloseHours": hours}),
            422,
            "invalid_field",
            "changesCloseHours",
        )
    assert (
        taken(await till.post("/events", {**body, "changesCloseHours": 12}), 201)["changesCloseHours"] == 12
    )


async def test_what_nobody_bought_nobody_hands_on(hands, organization, untouched):
    async with untouched(organization):
        for path in (f"{hands.shop.path}/tickets/{uuid4()}/transfer", f"/api/v1/tickets/{uuid4()}/transfer"):
            answer = await hands.shop.client.post(path, json=IDA, headers=organization.staff)
            refused(answer, 404, "not_found")
