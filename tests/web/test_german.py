"""A shop in German: whatever a buyer is refused with, and wherever, is told in their language."""

import re
from datetime import date
from html import unescape

import pytest

from foyer.domains.events import add_question
from foyer.domains.events.types import QuestionDraft, QuestionType, TicketTypeDraft
from tests.support.world import make_event
from tests.web.conftest import CONTACT, hidden
from tests.web.test_guests import form_of
from tests.web.test_ticket import LINK, send

ENGLISH = re.compile(r"\b(?:the|is|are|your|you|of|and|to|this|with|there|please|ticket is)\b", re.IGNORECASE)
"""Words that no German sentence has; organizers of these tests write none of them either."""
TAG = re.compile(r"<(?:script|style)\b.*?</(?:script|style)>|<[^>]*>", re.DOTALL)
READ_OUT = re.compile(r'\b(?:title|aria-label|placeholder|alt)="([^"]*)"')


def english(page: str) -> list[str]:
    """What a page says or has read out in English: the words around each that gives it away."""
    shown = " ".join([TAG.sub(" ", page), *READ_OUT.findall(page)])
    text = " ".join(unescape(shown).split())
    return [text[max(hit.start() - 40, 0) : hit.end() + 40] for hit in ENGLISH.finditer(text)]


@pytest.fixture
async def german(visitor):
    visitor.http.headers["Accept-Language"] = "de"
    return visitor


@pytest.fixture
async def evening(database, organization):
    """An evening with a paid and a free ticket, and a question."""
    types = (
        TicketTypeDraft(name="Sitzplatz", quantity=5, price=2_500, max_per_order=3, min_per_order=2),
        TicketTypeDraft(name="Stehplatz", quantity=9, is_free=True),
    )
    event = await make_event(database, organization, *types, title="Lichternacht", description="<p>Musik.</p>",
                             category="Musik", venue_name="Halle", address="Hafen 1")  # fmt: skip
    draft = QuestionDraft(label="Alter", type=QuestionType.NUMBER, is_required=True)
    async with database.write(organization.id) as tx:
        await add_question(tx, event.id, draft, actor=organization.owner)
    return event


def test_english_is_found_where_there_is_some():
    assert english("<p>Sitzplatz <b>is sold out</b></p>") != []
    assert english('<input placeholder="Your name">') != []
    assert english("<script>if (the) is()</script><p>Das war es, was noch da ist.</p>") == []


@pytest.mark.parametrize(
    ("seats", "standing", "sentence"),
    [
        ("0", "0", "Wählen Sie mindestens ein Ticket."),
        ("1", "0", "Sitzplatz: mindestens 2 wählen."),
        ("4", "0", "Sitzplatz: höchstens 3 je Bestellung."),
        ("0", "10", "Stehplatz: nur noch 9 verfügbar."),
        ("0", "2000", "Wählen Sie höchstens 1000 Tickets je Bestellung."),
    ],
)
async def test_choosing_is_refused_in_german(german, evening, seats, standing, sentence):
    one, other = (str(kind.id) for kind in evening.ticket_types)

    page = await german.reserve(evening.slug, **{one: seats, other: standing})

    assert page.status_code in {409, 422}
    assert sentence in page.text
    assert english(page.text) == []


@pytest.mark.parametrize(
    ("sql", "sentence"),
    [
        ("sales_start_date = now() + interval '3 days'", "Sitzplatz: im Verkauf ab "),
        ("sales_end_date = now() - interval '1 minute'", "Sitzplatz: Der Verkauf endete am "),
    ],
)
async def test_moment_in_a_refusal_is_told_as_germans_write_it(german, evening, owner_sql, sql, sentence):
    seat = str(evening.ticket_types[0].id)
    await owner_sql.execute(f"UPDATE ticket_types SET {sql} WHERE id = $1", evening.ticket_types[0].id)

    page = await german.reserve(evening.slug, **{seat: "2"})

    assert page.status_code == 409
    assert re.search(sentence + r"\w\w\., \d{1,2}\. [A-Z]\w+\.? \d{4}, \d\d:\d\d\sUhr MES?Z\.", page.text)
    assert english(page.text) == []


async def test_days_prices_and_clocks_are_written_as_germans_write_them(german, database, organization):
    seat = TicketTypeDraft(name="Sitzplatz", quantity=5, price=125_050)
    event = await make_event(database, organization, seat, title="Lichternacht", description="<p>Musik.</p>",
                             category="Musik", start_date=date(2099, 6, 12), end_date=date(2099, 6, 12))  # fmt: skip

    page = await german.open(f"/events/{event.slug}")

    assert "Fr., 12. Juni 2099, 19:00 bis 22:00\N{NO-BREAK SPACE}Uhr" in page.text
    assert "Ortszeit, MESZ" in page.text
    assert "Fr., 12. Juni 2099, 19:00\N{NO-BREAK SPACE}Uhr" in (await german.open("/widget")).text
    assert "1.250,50\N{NO-BREAK SPACE}€" in page.text


async def test_checkout_is_refused_in_german(german, evening, office):
    await office.code("KURZ", percentage=10, minimum_quantity=5)
    path = await german.cart(evening, 2, 1)
    total = hidden((await german.open(path)).text, "expectedTotal")
    wrong = {**CONTACT, "email": "mira", "expectedTotal": total}
    said = {
        "enthält ein @": await german.send(f"{path}/checkout", wrong),
        "Bitte beantworten Sie diese Frage.": await german.send(
            f"{path}/checkout", {**wrong, "email": CONTACT["email"]}
        ),
        "Diesen Code gibt es nicht.": await german.send(f"{path}/code", {"discountCode": "NIE"}),
        "Dieser Code gilt ab 5 Tickets.": await german.send(f"{path}/code", {"discountCode": "KURZ"}),
    }

    for sentence, page in said.items():
        assert sentence in page.text
        assert page.status_code in {409, 422}
        assert english(page.text) == [], sentence


async def test_holding_a_ticket_is_refused_in_german(german, database, organization):
    draft = TicketTypeDraft(name="Sitzplatz", quantity=9, is_free=True)
    event = await make_event(database, organization, draft, title="Lichternacht", description="<p>Musik.</p>",
                             category="Musik", venue_name="Halle", address="Hafen 1")  # fmt: skip
    order = await german.http.get(await german.order(event, 2))
    link = LINK.findall(order.text)[0]
    long = await send(german, link, "attendee", firstName="a" * 101)
    odd = await send(german, link, "transfer", email="ida@nirgendwo")
    spelled = await send(german, link, "transfer", email="ida..x@nirgendwo.example")

    assert "Verwenden Sie höchstens 100 Zeichen." in long.text
    assert "Dieser Adresse fehlt die Endung" in odd.text
    assert "An diese E-Mail-Adresse lässt sich nichts senden." in spelled.text
    for page in (order, long, odd, spelled):
        assert english(page.text) == []


async def test_naming_guests_is_refused_in_german(german, database, organization):
    draft = TicketTypeDraft(name="Sitzplatz", quantity=9, is_free=True)
    order = await german.order(await make_event(database, organization, draft, title="Lichternacht"), 2)
    form, ids = await form_of(german, order)
    link = LINK.findall((await german.http.get(order)).text)[0]
    assert (await send(german, link, "transfer", email="ida@example.org")).status_code == 200

    late = await send(german, order, "guests", **{**form, f"{ids[0]}-firstName": "Ada"})

    assert late.status_code == 409
    assert 'role="alert"' in late.text
    assert english(late.text) == []


async def test_code_that_is_asked_for_in_german_is_written_in_german(
    german, database, owner_sql, organization
):
    free = TicketTypeDraft(name="Stehplatz", quantity=9, is_free=True)
    await german.order(await make_event(database, organization, free))

    sent = await german.send("/orders", {"email": CONTACT["email"]})

    assert sent.status_code == 200
    asked = (
        "SELECT body->>'language' FROM facts WHERE organization_id = $1 AND type = 'customer.orders_sought'"
    )
    assert await owner_sql.fetchval(asked, organization.id) == "de"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("", 200),
        ("/events/nirgends", 404),
        ("/orders", 200),
        ("/orders/01a20643-2f9b-7122-b563-f5f2dd78e2e5?key=x", 404),
        ("/tickets/01a20643-2f9b-7122-b563-f5f2dd78e2e5?key=x", 404),
        ("/waiting/01a20643-2f9b-7122-b563-f5f2dd78e2e5?key=x", 404),
        ("/carts/01a20643-2f9b-7122-b563-f5f2dd78e2e5", 404),
    ],
)
async def test_page_that_is_not_there_says_so_in_german(german, organization, path, status):
    page = await german.open(path)

    assert page.status_code == status
    assert page.headers["content-language"] == "de"
    assert english(page.text) == []


async def test_api_speaks_english_to_everybody(client, evening, organization):
    seat = str(evening.ticket_types[0].id)
    wish = {"eventId": str(evening.id), "items": [{"ticketTypeId": seat, "quantity": 4}]}

    answer = await client.post(f"/api/v1/shops/{organization.slug}/carts", json=wish,
                               headers={"Accept-Language": "de"})  # fmt: skip

    assert answer.status_code == 422, answer.text
    assert answer.json()["detail"] == "Sitzplatz: take at most 3 in one order."
