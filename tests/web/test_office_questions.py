"""What buyers are asked: the editor in the office."""

import re

import pytest

from foyer.domains.events import add_question
from foyer.domains.events.types import QuestionDraft, QuestionScope, QuestionType, TicketTypeDraft
from tests.support.world import make_event
from tests.web.conftest import CONTACT, order_id, words
from tests.web.seat import findings, form_of, seated, went_to

ODD = '<b>"Zoë" & نور الدين</b>'


@pytest.fixture
async def seat(client, organization):
    async with seated(client, organization) as seat:
        yield seat


async def labels(seat, at):
    return re.findall(r'/questions/[0-9a-f-]{36}" dir="auto">([^<]*)</a>', await seat.open(at))


async def test_question_is_asked_edited_moved_and_deleted(seat, database, owner_sql):
    event = await make_event(
        database, seat.organization, TicketTypeDraft(name="Run", quantity=9, is_free=True)
    )
    at, kind = f"/office/events/{event.id}/questions", str(event.ticket_types[0].id)
    assert "Nothing is asked" in await seat.open(at)
    form = {
        "label": ODD,
        "type": "choices",
        "scope": "ticket",
        "options": "S\r\n M \r\n\r\nL",
        "isRequired": "on",
    }
    went_to(await seat.fill(f"{at}/new", **form, ticketTypeIds=kind))
    went_to(await seat.fill(f"{at}/new", label="Menu", type="text", options="left over"))
    query = "SELECT * FROM questions WHERE event_id = $1 AND deleted_at IS NULL ORDER BY sort_order"
    made, other = await owner_sql.fetch(query, event.id)

    assert (made["label"], made["type"], made["scope"], made["options"]) == (
        ODD,
        "choices",
        "ticket",
        ["S", "M", "L"],
    )
    assert (made["is_required"], other["options"], other["is_required"]) == (True, [], False)
    assert ODD not in await seat.open(at), "what an organizer types is text on every page"
    one = f"{at}/{made['id']}"
    shown = form_of(await seat.open(one), one)
    assert (shown["options"], shown["isRequired"], shown["ticketTypeIds"]) == (["S\nM\nL"], ["on"], [kind])
    went_to(await seat.fill(one, label="Size", version="1", isRequired=None))
    await seat.send(f"{at}/{other['id']}/place", {"way": "up"})
    assert await labels(seat, at) == ["Menu", "Size"]
    went_to(await seat.send(f"{at}/{other['id']}/deletion", {}))
    assert await labels(seat, at) == ["Size"]


async def test_what_is_odd_about_a_question_stands_beside_its_field(seat, database, owner_sql):
    event = await make_event(
        database, seat.organization, TicketTypeDraft(name="Run", quantity=9, is_free=True)
    )
    at = f"/office/events/{event.id}/questions"
    typed = {"label": " ", "type": "choice", "options": "Only one", "scope": "ticket"}

    refused = await seat.fill(f"{at}/new", **typed)

    assert refused.status_code == 422
    assert {"label", "options"} <= set(findings(refused.text))
    assert form_of(refused.text, f"{at}/new")["options"] == ["Only one"]
    assert await owner_sql.fetchval("SELECT count(*) FROM questions WHERE event_id = $1", event.id) == 0
    went_to(await seat.fill(f"{at}/new", label="Menu", type="text"))
    one = re.search(r'/questions/([0-9a-f-]{36})"', await seat.open(at))[1]
    went_to(await seat.fill(f"{at}/{one}", label="Diner"))
    late = await seat.fill(f"{at}/{one}", label="Dish", version="1")
    assert (late.status_code, "Stored now: Diner" in late.text) == (412, True)


async def test_checkout_asks_and_keeps_what_was_answered(visitor, database, organization, owner_sql):
    kinds = (TicketTypeDraft(name=name, quantity=9, is_free=True) for name in ("Run", "Watch"))
    event = await make_event(database, organization, *kinds)
    drafts = (
        QuestionDraft(label=ODD, type=QuestionType.BOOLEAN, is_required=True, sort_order=1),
        QuestionDraft(label="Menu", type=QuestionType.CHOICES, options=["Soup", "Fish"], sort_order=2),
        QuestionDraft(label="Size", scope=QuestionScope.TICKET, type=QuestionType.CHOICE, options=["S", "M"],
                      is_required=True, ticket_type_ids=[event.ticket_types[0].id]),
        QuestionDraft(label="Born", scope=QuestionScope.TICKET, type=QuestionType.DATE),
    )  # fmt: skip
    async with database.write(organization.id) as tx:
        house, menu, size, born = [
            f"answer-{(await add_question(tx, event.id, draft, actor=organization.owner)).id}"
            for draft in drafts
        ]
    path = await visitor.cart(event, 1, 1)
    shown = (await visitor.open(path)).text
    typed = {**CONTACT, f"{menu}-1": "Fish", f"attendees-1-{born}": "yesterday"}

    refused = await visitor.send(f"{path}/checkout", typed)

    assert ODD not in shown
    assert (f'id="attendees-0-{size}"' in shown, f'id="attendees-1-{size}"' in shown) == (True, False)
    assert refused.status_code == 422
    assert set(findings(refused.text)) == {house, f"attendees-0-{size}", f"attendees-1-{born}"}
    assert 'value="Fish" checked' in refused.text
    assert 'value="yesterday"' in refused.text
    assert await owner_sql.fetchval("SELECT count(*) FROM orders WHERE event_id = $1", event.id) == 0
    answers = {house: "on", f"attendees-0-{size}": "M", f"attendees-1-{born}": "1990-06-11"}
    placed = await visitor.send(f"{path}/checkout", {**typed, **answers})
    assert placed.status_code == 303, words(placed.text)
    query = "SELECT value::text FROM answers WHERE event_id = $1 ORDER BY value::text"
    values = [row[0] for row in await owner_sql.fetch(query, event.id)]
    assert values == ['"1990-06-11"', '"M"', '["Fish"]', "true"]


async def test_office_shows_what_a_buyer_answered(seat, visitor, database, organization):
    event = await make_event(database, organization, TicketTypeDraft(name="Run", quantity=9, is_free=True))
    async with database.write(organization.id) as tx:
        drafts = (QuestionDraft(label="Team"), QuestionDraft(label="Size", scope=QuestionScope.TICKET))
        team, size = [
            f"answer-{(await add_question(tx, event.id, draft, actor=organization.owner)).id}"
            for draft in drafts
        ]
    path = await visitor.cart(event, 2)
    form = {**CONTACT, team: ODD, f"attendees-0-{size}": "Small", f"attendees-1-{size}": "Tall"}
    link = (await visitor.send(f"{path}/checkout", form)).headers["location"]

    page = await seat.open(f"/office/orders/{order_id(link)}")
    second = re.findall(r'href="(/office/attendees/[0-9a-f-]{36})"', page)[1]
    guest = words(await seat.open(second)).partition("Answers")[2]
    buyer = words((await visitor.http.get(link)).text).partition("What you told the organizer")[2]

    assert ODD not in page
    assert re.findall(r"Team|Size|Small|Tall", guest) == ["Size", "Tall"]
    assert re.findall(r"Team|Size|Run, \d of 2|Small|Tall", buyer) == [
        "Team", "Size", "Run, 1 of 2", "Small", "Size", "Run, 2 of 2", "Tall",
    ]  # fmt: skip
    assert re.findall(r"(?:Team|Size|Run, ticket \d|Small|Tall)", words(page).partition("Answers")[2])[:6] == [
        "Team", "Size", "Run, ticket 1", "Small", "Size", "Run, ticket 2",
    ]  # fmt: skip
