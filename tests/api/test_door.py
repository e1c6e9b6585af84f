"""The door: eight answers, each scan written down, the same scan answered the same."""

import asyncio
from uuid import UUID, uuid4

import pytest

from foyer.domains.events import allow_device
from foyer.domains.identity import issue_device
from foyer.domains.tickets import scan_ask
from foyer.infra.batching import Counter
from foyer.kernel.actor import Actor, ActorKind
from tests.api.asking import Shop, bearing, facts_of, refused, taken
from tests.support.world import make_event

SAID_NOTHING = {"ticket": None, "checkedInAt": None, "checkedInBy": None, "otherEvent": None}


async def scan(client, event, headers, **body):
    return await client.post("/api/v1/check-ins", json={"eventId": str(event.id), **body}, headers=headers)


async def scans_of(owner_sql, organization):
    query = "SELECT result FROM scans WHERE organization_id = $1 ORDER BY created_at, id"
    return [row[0] for row in await owner_sql.fetch(query, organization.id)]


async def tickets_of(owner_sql, organization):
    query = "SELECT id, status, checked_in_at, generation FROM tickets WHERE organization_id = $1 ORDER BY id"
    return [tuple(row) for row in await owner_sql.fetch(query, organization.id)]


@pytest.fixture
async def sold(shop, database):
    """An event and the two tickets of an order."""
    event = await make_event(database, shop.organization)
    order = await shop.order(event, (event.ticket_types[0].id, 2))
    return event, order


async def test_ticket_is_admitted_once_and_then_says_when_and_by_whom(client, shop, sold, owner_sql):
    event, order = sold
    ticket, door = order["tickets"][0], shop.organization.door
    first = taken(await scan(client, event, door, qr=ticket["qrCode"]))
    second = taken(await scan(client, event, door, qr=ticket["qrCode"]))

    assert first["ticket"] == {
        "id": ticket["id"], "ticketTypeId": ticket["ticketTypeId"], "ticketTypeName": "Free", "holder": "Jo Buyer",
        "orderNumber": order["orderNumber"], "position": 1, "orderTickets": 2,
    }  # fmt: skip
    assert first["checkedInBy"] == {
        "kind": "device",
        "id": str(shop.organization.device_id),
        "name": "Gate 1",
    }
    assert (first["result"], second) == ("admitted", {**first, "result": "already_used"})
    assert await scans_of(owner_sql, shop.organization) == ["admitted", "already_used"]
    assert await facts_of(owner_sql, shop.organization) == [
        "event.published",
        "order.confirmed",
        "ticket.admitted",
    ]
    shown = {one["id"]: one for one in taken(await shop.show_order(order))["tickets"]}[ticket["id"]]
    assert (shown["status"], shown["checkedInAt"]) == ("used", first["checkedInAt"])


@pytest.mark.parametrize(
    ("change", "result"),
    [
        ("UPDATE tickets SET status = 'cancelled' WHERE id = $1", "cancelled"),
        ("UPDATE tickets SET status = 'refunded' WHERE id = $1", "refunded"),
        ("UPDATE tickets SET generation = 2 WHERE id = $1", "superseded"),
        (
            "UPDATE events SET status = 'cancelled' WHERE id = (SELECT event_id FROM tickets WHERE id = $1)",
            "cancelled",
        ),
    ],
)
async def test_ticket_that_is_no_longer_good_stays_outside(client, shop, sold, owner_sql, change, result):
    event, order = sold
    ticket = order["tickets"][0]
    await owner_sql.execute(change, UUID(ticket["id"]))
    before = await tickets_of(owner_sql, shop.organization)
    answer = taken(await scan(client, event, shop.organization.door, qr=ticket["qrCode"]))

    assert (answer["result"], answer["checkedInAt"], answer["ticket"]["id"]) == (result, None, ticket["id"])
    assert await tickets_of(owner_sql, shop.organization) == before
    assert await scans_of(owner_sql, shop.organization) == [result]
    assert "ticket.admitted" not in await facts_of(owner_sql, shop.organization)


async def test_ticket_of_another_event_says_what_it_is_for_and_not_whose_it_is(
    client, shop, sold, database, owner_sql
):
    event, order = sold
    other = await make_event(database, shop.organization, title="Another evening")
    said = {
        "id": str(event.id),
        "title": "An evening",
        "startDate": str(event.start_date),
        "endDate": str(event.end_date),
        "ticketTypeName": "Free",
    }
    for body in ({"qr": order["tickets"][0]["qrCode"]}, {"code": order["tickets"][0]["code"]}):
        answer = taken(await scan(client, other, shop.organization.door, **body))
        assert answer == {**SAID_NOTHING, "result": "wrong_event", "otherEvent": said}
    assert {row[1] for row in await tickets_of(owner_sql, shop.organization)} == {"valid"}


async def test_codes_that_are_none(client, shop, sold, owner_sql):
    event, order = sold
    qr = order["tickets"][0]["qrCode"]
    forged = qr[:60] + ("A" if qr[60] != "A" else "B") + qr[61:]
    cases = [
        ({"qr": forged}, "tampered"), ({"qr": qr[:-1]}, "tampered"), ({"qr": "T1.X"}, "tampered"),
        ({"qr": "https://example.org"}, "unknown"), ({"qr": qr.lower()}, "unknown"), ({"code": "0" * 16}, "unknown"),
        ({"code": "no such code"}, "unknown"), ({"code": forged}, "tampered"),
    ]  # fmt: skip
    for body, result in cases:
        answer = taken(await scan(client, event, shop.organization.door, **body))
        assert answer == {**SAID_NOTHING, "result": result}, body
    assert await scans_of(owner_sql, shop.organization) == [result for _, result in cases]
    assert {row[1] for row in await tickets_of(owner_sql, shop.organization)} == {"valid"}


async def test_each_code_is_understood_in_the_others_field(client, shop, sold):
    """A hand scanner types what it reads, with a line break at the end."""
    event, order = sold
    first, second = order["tickets"][:2]

    typed = await scan(client, event, shop.organization.door, code=f"{first['qrCode']}\r\n")
    scanned = await scan(client, event, shop.organization.door, qr=second["code"])

    assert taken(typed)["result"] == taken(scanned)["result"] == "admitted"


async def test_genuine_ticket_of_another_organization_is_unknown(
    client, shop, sold, stranger, database, owner_sql
):
    event, _ = sold
    strange = await make_event(database, stranger)
    order = await Shop(client, stranger).order(strange)
    for body in ({"qr": order["tickets"][0]["qrCode"]}, {"code": order["tickets"][0]["code"]}):
        assert taken(await scan(client, event, shop.organization.door, **body))["result"] == "unknown"
    assert await scans_of(owner_sql, stranger) == []
    assert {row[1] for row in await tickets_of(owner_sql, stranger)} == {"valid"}


async def test_code_is_understood_however_it_is_typed(client, shop, sold):
    event, order = sold
    one, two = (ticket["code"] for ticket in order["tickets"])
    typed = f" {one[:4]}-{one[4:8]} {one[8:12]}-{one[12:]} ".lower().replace("0", "o").replace("1", "l")

    assert taken(await scan(client, event, shop.organization.door, code=typed))["result"] == "admitted"
    assert taken(await scan(client, event, shop.organization.door, code=two))["result"] == "admitted"


async def test_same_scan_gets_the_same_answer(client, shop, sold, owner_sql):
    event, order = sold
    one, two = (ticket["qrCode"] for ticket in order["tickets"])
    door, scan_id = shop.organization.door, str(uuid4())
    first = taken(await scan(client, event, door, qr=one, scanId=scan_id))
    again = taken(await scan(client, event, door, qr=one, scanId=scan_id))
    assert (first["result"], again) == ("admitted", first)
    refused(await scan(client, event, door, qr=two, scanId=scan_id), 422, "idempotency_mismatch", "scanId")

    assert await scans_of(owner_sql, shop.organization) == ["admitted"]
    assert (
        taken(await scan(client, event, shop.organization.staff, qr=one, scanId=scan_id))["result"]
        == "already_used"
    )


async def test_scan_of_another_event_is_another_scan(client, shop, sold, database):
    """A retry may never open the door of an event the ticket is not for."""
    event, order = sold
    other = await make_event(database, shop.organization)
    body = {"qr": order["tickets"][0]["qrCode"], "scanId": str(uuid4())}
    assert taken(await scan(client, event, shop.organization.door, **body))["result"] == "admitted"

    assert (await scan(client, other, shop.organization.door, **body)).json().get("result") != "admitted"


async def test_many_doors_at_once_admit_one(client, shop, sold, owner_sql):
    event, order = sold
    qr = order["tickets"][0]["qrCode"]
    answers = await asyncio.gather(*(scan(client, event, shop.organization.door, qr=qr) for _ in range(10)))

    assert sorted(answer.json()["result"] for answer in answers) == ["admitted"] + ["already_used"] * 9
    assert len({answer.json()["checkedInAt"] for answer in answers}) == 1
    assert (await facts_of(owner_sql, shop.organization)).count("ticket.admitted") == 1


async def test_each_fact_names_the_door_that_admitted(client, shop, sold, owner_sql):
    """Two gates in one batch: the one does not sign for the other."""
    event, order = sold
    house = shop.organization
    other = Actor(ActorKind.USER, house.id, house.user_id, house.user_id, "Ola Owner")
    gates = [Actor(ActorKind.DEVICE, house.id, house.device_id, house.user_id, "Gate 1"), other]
    asks = [
        scan_ask(gate, qr=ticket["qrCode"], code=None, scan_id=None)
        for gate, ticket in zip(gates, order["tickets"], strict=True)
    ]
    await asyncio.gather(*(client.desks.door.ask(Counter(house.id, event.id), ask) for ask in asks))
    rows = await owner_sql.fetch(
        "SELECT subject_id, actor_kind, actor_id FROM facts WHERE organization_id = $1 AND type = 'ticket.admitted'",
        house.id,
    )

    assert {str(row[0]): (row[1], row[2]) for row in rows} == {
        ticket["id"]: (gate.kind.value, gate.id) for ticket, gate in zip(order["tickets"], gates, strict=True)
    }


async def test_device_serves_the_events_it_is_named_for(client, shop, sold, database, untouched):
    event, order = sold
    other = await make_event(database, shop.organization)
    async with database.write(shop.organization.id) as tx:
        device = await issue_device(tx, user_id=shop.organization.user_id, name="Side door", all_events=False)
        await allow_device(tx, device.id, other.id)
    side = bearing(device.secret)
    async with untouched(shop.organization):
        refused(
            await scan(client, event, side, qr=order["tickets"][0]["qrCode"]), 403, "forbidden", "eventId"
        )

    assert taken(await scan(client, other, side, qr=order["tickets"][0]["qrCode"]))["result"] == "wrong_event"


async def test_staff_may_check_in_with_a_key(client, shop, sold):
    event, order = sold
    answer = taken(await scan(client, event, shop.organization.staff, code=order["tickets"][0]["code"]))

    assert answer["checkedInBy"] == {
        "kind": "user",
        "id": str(shop.organization.user_id),
        "name": "Ola Owner",
    }


async def test_odd_scan_is_refused_and_not_written_down(client, shop, sold, untouched):
    event, order = sold
    qr, code = order["tickets"][0]["qrCode"], order["tickets"][0]["code"]
    cases = [
        ({}, "qr"), ({"qr": qr, "code": code}, "qr"), ({"qr": ""}, "qr"), ({"code": "  "}, "code"), ({"qr": "x" * 2001}, "qr"),
        ({"qr": 5}, "qr"), ({"qr": qr, "scanId": "x"}, "scanId"), ({"qr": qr, "eventId": "x"}, "eventId"), ({"qr": qr, "more": 1}, "more"),
    ]  # fmt: skip
    async with untouched(shop.organization):
        answers = [
            (await scan(client, event, shop.organization.door, **body), field) for body, field in cases
        ]
    for answer, field in answers:
        refused(answer, 422, "invalid_field", field)


@pytest.mark.parametrize("body", [{"code": "\x00"}, {"code": "a\x00b"}, {"qr": "\x00"}])
async def test_unprintable_code_is_not_our_mistake(client, shop, sold, body):
    event, _ = sold
    answer = await scan(client, event, shop.organization.door, **body)

    assert answer.status_code in {200, 422}
    assert answer.json().get("result") in {"unknown", None}


async def test_event_that_does_not_exist_has_no_door(client, shop, sold, stranger, database, untouched):
    _, order = sold
    strange = await make_event(database, stranger)
    body = {"qr": order["tickets"][0]["qrCode"]}
    async with untouched(shop.organization, stranger):
        missing = await client.post(
            "/api/v1/check-ins", json={"eventId": str(uuid4()), **body}, headers=shop.organization.door
        )
        theirs = await scan(client, strange, shop.organization.door, **body)
    assert refused(missing, 404, "not_found")["detail"] == refused(theirs, 404, "not_found")["detail"]
