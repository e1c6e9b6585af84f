"""The organizer's own questions: what may be asked, what is answered at checkout, where the answers are seen."""

from uuid import UUID

import pytest

from foyer.domains.events import duplicate_event, questions
from foyer.domains.events.types import EventCopy, TicketTypeDraft
from foyer.domains.tickets import GUEST_COLUMNS, guest_rows, transfer_ticket
from foyer.domains.tickets.types import Receiver, TicketFilter
from tests.api.asking import bearing, refused, taken
from tests.support.world import KEYRING, make_event
from tests.web.seat import seated

SIZE = {
    "label": "T-shirt size",
    "scope": "ticket",
    "type": "choice",
    "options": ["S", "M", "L"],
    "isRequired": True,
}
RULES = {"label": "I accept the house rules", "type": "boolean", "isRequired": True}
ODD = [
    *(({"label": label}, "label") for label in ("", " \n ", "x" * 201, 5, None)),
    *(({"scope": scope}, "scope") for scope in ("cart", 1)),
    *(({"type": kind}, "type") for kind in ("colour", [])),
    *(({"type": "choice", "options": options}, "options")
      for options in ([], ["One"], ["Same", " Same "], ["", "One"], ["x" * 121, "y"], [f"{n}" for n in range(51)])),
    ({"options": ["One", "Two"]}, "options"),
    *(({"isRequired": value}, "isRequired") for value in ("yes", 1)),
    *(({"sortOrder": value}, "sortOrder") for value in (-1, 1_000_001, 1.5)),
    ({"ticketTypeIds": ["00000000-0000-7000-8000-000000000000"]}, "ticketTypeIds[0]"),
    ({"nosuch": 1}, "nosuch"),
]  # fmt: skip


@pytest.fixture
async def gala(database, organization):
    """An event of two free types, on sale."""
    seats = (TicketTypeDraft(name=name, quantity=20, is_free=True) for name in ("Runner", "Guest"))
    return await make_event(database, organization, *seats)


async def test_question_is_asked_changed_put_in_order_and_dropped(office, gala, owner_sql):
    at, runner = f"/events/{gala.id}/questions", str(gala.ticket_types[0].id)
    made = await office.make(
        at, **{**SIZE, "label": " T-shirt  size ", "ticketTypeIds": [runner, runner]}, sortOrder=20
    )
    first = await office.make(at, **RULES, sortOrder=10)

    assert {name: made[name] for name in SIZE} == SIZE
    assert (made["ticketTypeIds"], made["eventId"], made["version"]) == ([runner], str(gala.id), 1)
    assert taken(await office.ask("GET", at)) == {"items": [first, made]}
    change = {"options": ["S", "XL"], "ticketTypeIds": [], "sortOrder": 0}
    changed = taken(await office.ask("PATCH", f"{at}/{made['id']}", change, If_Match='"1"'))
    assert (changed["options"], changed["ticketTypeIds"], changed["version"]) == (["S", "XL"], [], 2)
    assert [one["id"] for one in taken(await office.ask("GET", at))["items"]] == [made["id"], first["id"]]
    refused(await office.ask("PATCH", f"{at}/{made['id']}", {}, If_Match='"1"'), 412, "precondition_failed")
    assert (await office.ask("DELETE", f"{at}/{first['id']}")).status_code == 204
    assert taken(await office.ask("GET", at)) == {"items": [changed]}
    query = "SELECT action FROM audit WHERE organization_id = $1 AND action LIKE 'question.%' ORDER BY created_at, id"
    acts = [row[0] for row in await owner_sql.fetch(query, office.organization.id)]
    assert acts == ["question.created", "question.created", "question.updated", "question.deleted"]


async def test_odd_question_is_refused_by_the_name_of_its_field(office, gala, untouched):
    at = f"/events/{gala.id}/questions"
    made = await office.make(at, **SIZE)
    async with untouched(office.organization):
        for change, field in ODD:
            refused(await office.ask("POST", at, {"label": "Menu?", **change}), 422, "invalid_field", field)
        for change, field in (({"type": "text", "options": []}, "type"), ({"scope": "order"}, "scope")):
            refused(
                await office.ask("PATCH", f"{at}/{made['id']}", change),
                409,
                "state_conflict",
                field,
                "ask anew",
            )


async def test_event_asks_so_many_questions_and_no_more(office, gala, untouched):
    at = f"/events/{gala.id}/questions"
    for number in range(30):
        await office.make(at, label=f"Question {number}")
    async with untouched(office.organization):
        refused(
            await office.ask("POST", at, {"label": "One more"}), 409, "state_conflict", None, "at most 30"
        )


async def test_answers_go_with_the_order_and_its_tickets(office, shop, gala, database):
    at, (runner, guest) = f"/events/{gala.id}/questions", [kind.id for kind in gala.ticket_types]
    size = await office.make(at, **SIZE, ticketTypeIds=[str(runner)], sortOrder=1)
    accept = await office.make(at, **RULES, sortOrder=2)
    hosts = await office.make(
        at, label="Whom do you know?", type="choices", options=["Ada", "Ben", "Cy"], sortOrder=3
    )
    born = await office.make(at, label="Born", type="date", sortOrder=4)
    cart = await shop.cart(gala, (runner, 2), (guest, 1))
    asked = await shop.client.get(f"{shop.path}/carts/{cart['id']}/questions", headers=bearing(cart["token"]))
    people = [
        {"ticketTypeId": str(runner), "firstName": "Ada", "answers": {size["id"]: "M"}},
        {"ticketTypeId": str(guest), "firstName": "Ben"},
        {"ticketTypeId": str(runner), "firstName": "Cy", "answers": {size["id"]: "L"}},
    ]

    given = {accept["id"]: True, hosts["id"]: ["Cy", "Ada"], born["id"]: ""}
    order = taken(await shop.check_out(cart, attendees=people, answers=given), 201)

    assert [one["label"] for one in taken(asked)["items"]] == [
        one["label"] for one in (size, accept, hosts, born)
    ]
    answers = taken(await office.ask("GET", f"/orders/{order['id']}"))["answers"]
    assert [(one["label"], one["place"], one["value"]) for one in answers] == [
        ("T-shirt size", 1, "M"), ("T-shirt size", 2, "L"), ("I accept the house rules", None, True),
        ("Whom do you know?", None, ["Ada", "Cy"]),
    ]  # fmt: skip
    assert taken(await shop.show_order(order))["answers"] == answers
    # What was answered to a question is still said when it is not asked any more.
    assert (await office.ask("DELETE", f"{at}/{size['id']}")).status_code == 204
    async with database.read(office.organization.id) as tx:
        guests = (await guest_rows(TicketFilter(event_id=gala.id), tx, None)).items
    (cell,) = [column.cell for column in GUEST_COLUMNS if column.name == "answers"]
    rows = {guest.ticket.attendee_info.first_name: cell(guest) for guest in guests}
    assert rows == {"Ada": "T-shirt size: M", "Cy": "T-shirt size: L", "Ben": ""}
    orders = (await office.ask("GET", f"/orders/export?eventId={gala.id}")).text
    assert '"I accept the house rules: Yes; Whom do you know?: Ada, Cy"' in orders


async def test_answers_of_who_handed_a_ticket_on_are_not_said_of_who_holds_it(
    office, shop, client, gala, database
):
    runner = gala.ticket_types[0].id
    allergy = await office.make(f"/events/{gala.id}/questions", label="Allergies?", scope="ticket")
    cart = await shop.cart(gala, (runner, 2))
    people = [
        {"ticketTypeId": str(runner), "firstName": name, "answers": {allergy["id"]: what}}
        for name, what in (("Ada", "peanuts"), ("Cy", "lupins"))
    ]
    order = taken(await shop.check_out(cart, attendees=people), 201)
    given, kept = sorted(order["tickets"], key=lambda one: one["attendeeInfo"]["firstName"])
    ben = Receiver(email="ben@example.org", first_name="Ben")
    async with database.write(office.organization.id) as tx:
        await transfer_ticket(tx, UUID(given["id"]), ben, actor=office.organization.owner)

    async with database.read(office.organization.id) as tx:
        guests = (await guest_rows(TicketFilter(event_id=gala.id), tx, None)).items

    said = {guest.ticket.attendee_info.first_name: [one.value for one in guest.answers] for guest in guests}
    assert said == {"Ben": [], "Cy": ["lupins"]}, "the answer at the second place stays with it"
    async with seated(client, office.organization) as seat:
        export = await seat.open("/office/attendees/export")
        page = await seat.open(f"/office/attendees/{given['id']}")
        other = await seat.open(f"/office/attendees/{kept['id']}")
    assert ("Ben" in export, "lupins" in export, "peanuts" in export) == (True, True, False)
    assert ("Ben" in page, "peanuts" in page, "lupins" in other) == (True, False, True)
    key = KEYRING.holder_token("ticket", office.organization.id, UUID(given["id"]), 2)
    held = await client.get(f"/{office.organization.slug}/tickets/{given['id']}?key={key}")
    assert ("Ben" in held.text, "peanuts" in held.text) == (True, False)


async def test_missing_and_odd_answers_are_refused_where_they_stand(office, shop, gala, untouched):
    at, (runner, guest) = f"/events/{gala.id}/questions", [kind.id for kind in gala.ticket_types]
    size = await office.make(at, **SIZE, ticketTypeIds=[str(runner)])
    accept = await office.make(at, **RULES)
    count = await office.make(at, label="How many children?", type="number")
    born = await office.make(at, label="Born", type="date")
    guests_only = await office.make(at, label="Of whom?", ticketTypeIds=[str(guest)], isRequired=True)
    cart = await shop.cart(gala, (runner, 1))
    fine = {accept["id"]: True}
    runs = [{"ticketTypeId": str(runner), "answers": {size["id"]: "S"}}]
    odd = [
        ({}, runs, f"answers.{accept['id']}", "Tick"),
        ({accept["id"]: False}, runs, f"answers.{accept['id']}", "Tick"),
        ({accept["id"]: "sure"}, runs, f"answers.{accept['id']}", "yes or no"),
        ({**fine, count["id"]: "many"}, runs, f"answers.{count['id']}", "number"),
        ({**fine, count["id"]: "nan"}, runs, f"answers.{count['id']}", "number"),
        ({**fine, count["id"]: True}, runs, f"answers.{count['id']}", "number"),
        ({**fine, born["id"]: "11.6.1990"}, runs, f"answers.{born['id']}", "day"),
        ({**fine, guests_only["id"]: "Ada"}, runs, f"answers.{guests_only['id']}", "Nobody asks"),
        ({**fine, size["id"]: "S"}, runs, f"answers.{size['id']}", "Nobody asks"),
        (fine, [], "attendees", "each ticket of Runner"),
        (fine, [{"ticketTypeId": str(runner)}], f"attendees[0].answers.{size['id']}", "Choose"),
        (fine, [{**runs[0], "answers": {size["id"]: "XXL"}}], f"attendees[0].answers.{size['id']}", "list"),
    ]
    async with untouched(shop.organization):
        for answers, people, field, says in odd:
            answer = await shop.check_out(cart, answers=answers, attendees=people)
            refused(answer, 422, "invalid_field", field, says)
    placed = taken(await shop.check_out(cart, answers={**fine, count["id"]: "2,50"}, attendees=runs), 201)
    shown = {one["label"]: one["value"] for one in taken(await shop.show_order(placed))["answers"]}
    assert shown == {"T-shirt size": "S", "I accept the house rules": True, "How many children?": 2.5}


@pytest.mark.parametrize("none", [0, "0", 0.0])
async def test_none_is_a_number_that_answers_what_has_to_be_answered(office, shop, gala, none):
    at = f"/events/{gala.id}/questions"
    count = await office.make(at, label="How many children?", type="number", isRequired=True)
    cart = await shop.cart(gala, (gala.ticket_types[0].id, 1))

    refused(
        await shop.check_out(cart), 422, "invalid_field", f"answers.{count['id']}", "Answer this question"
    )
    placed = taken(await shop.check_out(cart, answers={count["id"]: none}), 201)
    assert [one["value"] for one in taken(await shop.show_order(placed))["answers"]] == [0]


async def test_copy_of_an_event_asks_the_same(office, gala, database):
    at = f"/events/{gala.id}/questions"
    await office.make(at, **SIZE, ticketTypeIds=[str(gala.ticket_types[1].id)])
    await office.make(at, **RULES)
    asked = {}
    async with database.write(office.organization.id) as tx:
        for is_whole in (True, False):
            wish = EventCopy(title="Again", start_date=gala.start_date, with_ticket_types=is_whole)
            copy = await duplicate_event(tx, gala.id, wish, actor=office.organization.owner)
            names = {kind.id: kind.name for kind in copy.ticket_types}
            listed = await questions(tx, copy.id)
            asked[is_whole] = {one.label: [names[kind] for kind in one.ticket_type_ids] for one in listed}

    assert asked == {True: {SIZE["label"]: ["Guest"], RULES["label"]: []}, False: {RULES["label"]: []}}
