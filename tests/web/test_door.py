"""The page of the door: forms without a script, answers for one; who may search, see and undo what."""

from uuid import UUID, uuid4

import pytest

from foyer.domains.events.types import TicketTypeDraft
from foyer.domains.tickets import latest_scans, transfer_ticket
from foyer.domains.tickets.types import Receiver
from foyer.infra.batching import Counter
from tests.api.asking import CUSTOMER, Shop, untouched_by
from tests.support.world import make_event, make_organization
from tests.web.conftest import hidden, words
from tests.web.doors import new_device, phone

GUESTS = [
    {"firstName": "Hanne", "lastName": "Sørby"}, {"firstName": "Noor", "lastName": "El Amrani"},
    {"firstName": "100%", "lastName": "_Real"},
]  # fmt: skip


@pytest.fixture
async def sold(client, database, organization):
    """An event with three guests of one order, and the tickets."""
    event = await make_event(
        database,
        organization,
        TicketTypeDraft(name="Standing", quantity=50, is_free=True),
        title="Lantern Night",
    )
    kind = event.ticket_types[0].id
    guests = [{"ticketTypeId": str(kind), **one} for one in GUESTS]
    order = await Shop(client, organization).order(event, (kind, 3), attendees=guests)
    return event, order


@pytest.fixture
async def door(client, database, organization, sold):
    """A phone that is paired for that event alone."""
    _, code = await new_device(database, organization, sold[0].id)
    async with phone(client) as one:
        await one.pair(code)
        yield one


async def test_without_a_script_a_typed_code_is_a_form(door, sold, owner_sql, organization):
    event, order = sold
    page = await door.open(f"/events/{event.id}")
    scan_id, code = hidden(page.text, "scanId"), order["tickets"][0]["code"]
    first = await door.send(event.id, "scans", script=False, code=code, scanId=scan_id)
    again = await door.send(event.id, "scans", script=False, code=code, scanId=scan_id)
    second = await door.send(event.id, "scans", script=False, code=code, scanId=hidden(first.text, "scanId"))

    for answer in (first, again):
        assert "Admitted" in words(answer.text)
        assert "Hanne Sørby" in words(answer.text)
        assert "Ticket 1 of 3" in words(answer.text)
    assert "Already used Hanne Sørby Came in at" in words(second.text).replace(" Undo", "")
    assert "through North gate" in words(second.text)
    assert "1 / 3" in words(second.text)
    results = await owner_sql.fetch(
        "SELECT result FROM scans WHERE organization_id = $1 ORDER BY id", organization.id
    )
    assert [row[0] for row in results] == ["admitted", "already_used"]


async def test_same_scan_sent_again_by_the_script_is_the_same_scan(door, sold):
    event, order = sold
    scan_id = uuid4()
    first = await door.scan(event.id, order["tickets"][1]["qrCode"], scan_id)
    again = await door.scan(event.id, order["tickets"][1]["qrCode"], scan_id)

    assert first == again
    assert (first["tone"], first["word"], first["title"]) == ("admitted", "Admitted", "Noor El Amrani")
    assert (first["detail"], first["corner"][1]) == ("Standing", "Ticket 2 of 3")


async def test_each_refusal_says_why(door, sold, database, organization, client, owner_sql):
    event, order = sold
    one, two, three = (ticket["id"] for ticket in order["tickets"])
    qr = {ticket["id"]: ticket["qrCode"] for ticket in order["tickets"]}
    other = await make_event(database, organization, title="Spring fair")
    elsewhere = (await Shop(client, organization).order(other))["tickets"][0]["qrCode"]
    await owner_sql.execute("UPDATE tickets SET status = 'cancelled' WHERE id = $1", UUID(one))
    await owner_sql.execute("UPDATE tickets SET status = 'refunded' WHERE id = $1", UUID(two))
    await owner_sql.execute("UPDATE tickets SET generation = 2 WHERE id = $1", UUID(three))
    said = [await door.scan(event.id, code) for code in (*qr.values(), elsewhere, "0" * 16, "T1.X")]

    assert {one["word"] for one in said} == {"Do not admit"}
    assert [one["title"] for one in said] == [
        "Cancelled", "Refunded", "Handed on", "Wrong event", "Not a ticket of ours", "Not genuine",
    ]  # fmt: skip
    assert "Spring fair" in said[3]["detail"]
    assert "Lantern Night" in said[3]["detail"]
    assert "Jo Buyer" not in str(said[3])
    assert all(one["undoTicketId"] is None for one in said)


async def test_a_mistake_is_taken_back_by_the_door_that_made_it(door, client, sold, database, organization):
    event, order = sold
    code = order["tickets"][0]["code"]
    ticket_id = (await door.scan(event.id, code))["undoTicketId"]
    _, other_code = await new_device(database, organization, event.id, name="South gate")
    async with phone(client) as other:
        await other.pair(other_code)
        refused = await other.send(event.id, "undo", ticketId=ticket_id)
        assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
        assert (await other.scan(event.id, code))["result"] == "already_used"
    assert (await door.send(event.id, "undo", ticketId=ticket_id)).json() == {"undone": True}
    plain = await door.send(event.id, "undo", script=False, ticketId=ticket_id)
    assert plain.status_code == 409
    assert (await door.scan(event.id, code))["result"] == "admitted"


FOUND = {
    "sor": "Hanne Sørby", "SØRB": "Hanne Sørby", "han so": "Hanne Sørby", "el am": "Noor El Amrani", "noor": "Noor El Amrani",
    "mrani": "", "h": "", "": "", "%%": "", "__": "", "10": "100% _Real", "100%": "100% _Real", "\\\\": "", "sorby x": "",
}  # fmt: skip


async def test_guests_are_found_by_how_their_names_begin(door, sold):
    event, _ = sold
    said = {typed: (await door.send(event.id, "search", name=typed)).json() for typed in FOUND}

    assert {typed: ", ".join(one["name"] for one in said[typed]["guests"]) for typed in FOUND} == FOUND
    assert {typed for typed in FOUND if said[typed]["hint"]} == {typed for typed in FOUND if not FOUND[typed]}
    page = await door.send(event.id, "search", script=False, name="sor")
    assert "Hanne Sørby" in page.text
    assert "Noor" not in page.text


async def test_guest_without_a_code_is_admitted_by_name(door, sold, owner_sql):
    event, order = sold
    (guest,) = (await door.send(event.id, "search", name="noor")).json()["guests"]
    assert (guest["canEnter"], guest["state"]) == (True, "")
    assert order["tickets"][1]["code"] not in str(guest)
    said = await door.send(event.id, "scans", ticketId=guest["ticketId"], scanId=str(uuid4()))
    assert said.json()["result"] == "admitted"
    (guest,) = (await door.send(event.id, "search", name="noor")).json()["guests"]
    assert not guest["canEnter"]
    assert guest["state"].startswith("In since")
    by_order = (await door.send(event.id, "search", name=order["orderNumber"].lower())).json()["guests"]
    assert len(by_order) == 3


async def test_who_handed_a_ticket_on_is_no_guest_any_more(door, client, sold, database, organization):
    """A seller who has lost nothing but the code is not let in by name with what somebody else holds now."""
    event, _ = sold
    order = await Shop(client, organization).order(event, customer={**CUSTOMER, "firstName": "Zacharias"})
    ticket = UUID(order["tickets"][0]["id"])
    (guest,) = (await door.send(event.id, "search", name="zacharias")).json()["guests"]
    assert guest["canEnter"]
    async with database.write(organization.id) as tx:
        await transfer_ticket(tx, ticket, Receiver(email="ida@example.org"), actor=organization.owner)

    assert (await door.send(event.id, "search", name="zacharias")).json()["guests"] == []
    for typed in ("ida@", order["orderNumber"].lower()):
        (guest,) = (await door.send(event.id, "search", name=typed)).json()["guests"]
        assert guest["name"] == "ida@example.org"
    said = (await door.send(event.id, "scans", ticketId=str(ticket), scanId=str(uuid4()))).json()
    assert said["title"] == "ida@example.org"
    async with database.read(organization.id) as tx:
        assert (await latest_scans(tx, event.id))[0].holder == "ida@example.org"


async def test_list_of_guests_ends(door, client, sold, organization):
    event, _ = sold
    kind = event.ticket_types[0].id
    for _ in range(3):
        await Shop(client, organization).order(event, (kind, 10))
    said = (await door.send(event.id, "search", name="jo")).json()

    assert len(said["guests"]) == 20
    assert "first 20" in said["hint"]


async def test_a_door_sees_its_own_events_and_nobody_elses(
    door, client, database, organization, stranger, owner_sql
):
    mine = await make_event(database, organization, title="Not for this door")
    theirs = await make_event(database, stranger, title="Of strangers")
    ticket = (await Shop(client, organization).order(mine))["tickets"][0]
    async with untouched_by(owner_sql)(organization, stranger):
        for event in (mine, theirs):
            assert (await door.open(f"/events/{event.id}")).status_code == 404
            assert (await door.open(f"/events/{event.id}/counts")).status_code == 404
            assert (await door.open(f"/events/{event.id}/search")).status_code == 404
            assert (await door.send(event.id, "search", name="jo")).status_code == 404
            assert (await door.send(event.id, "scans", code=ticket["code"])).status_code == 404
            assert (await door.send(event.id, "undo", ticketId=ticket["id"])).status_code == 404
    chosen = await door.open("?choose")
    assert "Lantern Night" in chosen.text
    assert "Not for this door" not in chosen.text


async def test_counts_say_how_many_are_in_and_expected(door, sold, client, organization):
    event, order = sold
    await door.scan(event.id, order["tickets"][0]["code"])
    client.desks.board.forget(Counter(organization.id, event.id))  # a second later

    assert (await door.open(f"/events/{event.id}/counts")).json() == {"admitted": 1, "expected": 3}


ODD = (
    {}, {"code": ""}, {"code": "x" * 2001}, {"code": "a\x00b"}, {"ticketId": "x"}, {"code": "0" * 16, "scanId": "x"},
)  # fmt: skip


async def test_odd_scan_decides_nothing(door, sold, organization, owner_sql):
    event, _ = sold
    async with untouched_by(owner_sql)(organization):
        for form in ODD:
            assert (await door.send(event.id, "scans", **form)).status_code == 422, form
            assert (await door.send(event.id, "scans", script=False, **form)).status_code == 422, form


async def test_camera_is_asked_for_on_the_door_alone(door, sold, visitor):
    event, _ = sold
    page = await door.open(f"/events/{event.id}")
    assert page.headers["permissions-policy"].startswith("camera=(self)")
    assert "'wasm-unsafe-eval'" in page.headers["content-security-policy"]
    for other in (await door.open("/pair"), await door.open("?choose"), await visitor.open()):
        assert other.headers["permissions-policy"].startswith("camera=()")
        assert "unsafe" not in other.headers["content-security-policy"]
    assert page.headers["cache-control"] == "private, no-store"


async def test_nothing_typed_becomes_markup(client, database):
    payload = '"><img src=x>{{ 7777 * 7777 }}<script>alert(1)</script>'
    shop = await make_organization(database)
    event = await make_event(
        database, shop, TicketTypeDraft(name=payload, quantity=5, is_free=True), title=payload, slug="event"
    )
    kind = event.ticket_types[0].id
    guest = {"ticketTypeId": str(kind), "firstName": "Xx", "lastName": payload}
    order = await Shop(client, shop).order(event, (kind, 1), attendees=[guest])
    _, code = await new_device(database, shop, name=payload[:60])
    async with phone(client) as one:
        await one.pair(code)
        pages = [
            await one.pair(payload), await one.open("?choose"), await one.open(f"/events/{event.id}"),
            await one.send(event.id, "search", script=False, name="xx"),
            await one.send(event.id, "search", script=False, name=payload),
            await one.send(event.id, "scans", script=False, code=payload),
            await one.send(event.id, "scans", script=False, code=order["tickets"][0]["code"]),
        ]  # fmt: skip
    for page in pages:
        assert page.status_code in {200, 422}
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert "60481729" not in page.text
    assert "Admitted" in pages[-1].text
