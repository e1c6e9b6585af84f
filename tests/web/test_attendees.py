"""Who comes, at checkout: typed, chosen from who is named already, or the buyer; and everything wrong told at once."""

import re

import pytest

from foyer.domains.events import add_question
from foyer.domains.events.types import QuestionDraft, QuestionScope, QuestionType, TicketTypeDraft
from tests.support.world import make_event
from tests.web.conftest import CONTACT, hidden, words

NAMED = {
    **CONTACT,
    "attendees-0-firstName": "Aiko",
    "attendees-0-lastName": "Mori",
    "attendees-0-email": "aiko@mori.example",
    "attendees-2-firstName": "Bo",
}


@pytest.fixture
async def event(database, organization):
    kinds = (TicketTypeDraft(name=name, quantity=9, is_free=True) for name in ("Pass", "Workshop"))
    return await make_event(database, organization, *kinds)


def chosen(page: str, place: int) -> str:
    """What the list of a place says."""
    options = page.partition(f'id="attendees-{place}-who"')[2].partition("</select>")[0]
    return re.findall(r'value="([^"]*)" selected', options)[0]


@pytest.mark.parametrize(
    ("who", "name", "email"),
    [
        ("contact", "Mira Berg", None),
        ("attendees-0-", "Aiko Mori", "aiko@mori.example"),
        ("attendees-1-", "Mira Berg", None),
        ("", "Bo", None),
        ("attendees-2-", "Bo", None),
        ("attendees-9-", "Bo", None),
    ],
    ids=["buyer", "named above", "not named above", "typed", "itself", "nobody"],
)
async def test_place_of_a_second_type_goes_to_whom_the_list_says(visitor, event, owner_sql, who, name, email):
    path = await visitor.cart(event, 2, 1)
    shown = (await visitor.open(path)).text

    placed = await visitor.send(f"{path}/checkout", {**NAMED, "attendees-2-who": who})

    assert chosen(shown, 2) == "contact"
    assert 'id="attendees-1-who"' not in shown
    assert placed.status_code == 303, words(placed.text)
    row = await owner_sql.fetchrow(
        "SELECT attendee_info ->> 'firstName', attendee_info ->> 'lastName', attendee_info ->> 'email'"
        " FROM tickets WHERE event_id = $1 AND ticket_type_id = $2",
        event.id,
        event.ticket_types[1].id,
    )
    assert " ".join(part for part in row[:2] if part) == name
    assert row[2] == email


async def test_tickets_that_changed_in_another_tab_are_looked_at_before_anything_is_ordered(
    visitor, event, owner_sql
):
    path = await visitor.cart(event, 2, 2)
    old = {
        **NAMED, "places": hidden((await visitor.open(path)).text, "places"), "attendees-1-firstName": "Gone",
        "attendees-3-who": "attendees-0-", "attendees-3-firstName": "Cy",
    }  # fmt: skip
    kinds = [str(kind.id) for kind in event.ticket_types]
    assert (await visitor.reserve(event.slug, **{kinds[0]: 1, kinds[1]: 2})).status_code == 303

    told = await visitor.send(f"{path}/checkout", old)

    assert told.status_code == 409
    assert "Your tickets were changed in another tab." in words(told.text)
    assert await owner_sql.fetchval("SELECT count(*) FROM orders WHERE event_id = $1", event.id) == 0
    typed = dict(re.findall(r'id="(attendees-\d-firstName)"[^>]*? value="([^"]*)"', told.text))
    assert typed == {
        "attendees-0-firstName": "Aiko",
        "attendees-1-firstName": "Bo",
        "attendees-2-firstName": "Cy",
    }
    assert (chosen(told.text, 1), chosen(told.text, 2)) == ("", "attendees-0-")
    confirmed = {**CONTACT, "places": hidden(told.text, "places")}
    assert (await visitor.send(f"{path}/checkout", confirmed)).status_code == 303


async def test_tickets_are_changed_on_the_page_of_the_event_where_one_s_own_are_not_gone(
    visitor, other_visitor, database, organization
):
    last = TicketTypeDraft(name="Last", quantity=2, is_free=True)
    event = await make_event(
        database, organization, last, TicketTypeDraft(name="Many", quantity=9, is_free=True)
    )
    path = await visitor.cart(event, 2)
    change = f"/events/{event.slug}/tickets?cart={path.rpartition('/')[2]}"

    page = (await visitor.open(change)).text
    public = (await visitor.open(f"/events/{event.slug}")).text
    foreign = await other_visitor.open(change)

    kind = event.ticket_types[0].id
    assert re.search(rf'id="quantity-{kind}"[^>]*max="2"[^>]*value="2"', page)
    # What is told to everybody would call one's own places sold out.
    assert [("data-live=" in one, "live.js" in one) for one in (page, public)] == [
        (False, False),
        (True, True),
    ]
    assert (
        f'href="/{organization.slug}{change.replace("&", "&amp;")}#tickets"'
        in (await visitor.open(path)).text
    )
    assert (foreign.status_code, foreign.headers["location"]) == (
        303,
        f"/{organization.slug}/events/{event.slug}",
    )
    fewer = await visitor.reserve(event.slug, **{str(kind): 1})
    assert fewer.headers["location"].endswith(path)
    assert "1 × Last" in words((await visitor.open(path)).text)


async def test_refused_change_of_tickets_leaves_one_s_own_on_the_page(
    visitor, other_visitor, database, organization
):
    kinds = (TicketTypeDraft(name=name, quantity=quantity, is_free=True) for name, quantity in (("Balcony", 2), ("Floor", 3)))  # fmt: skip
    event = await make_event(database, organization, *kinds)
    balcony, floor = (str(one.id) for one in event.ticket_types)
    own = rf'id="quantity-{balcony}"[^>]*max="2"[^>]*value="2"'
    path = await visitor.cart(event, 2)

    refused = await visitor.reserve(event.slug, **{balcony: 2, floor: 4})
    none = await visitor.reserve(event.slug)
    foreign = await other_visitor.reserve(event.slug, **{balcony: 2, floor: 1})

    assert [answer.status_code for answer in (refused, none, foreign)] == [409, 422, 409]
    assert re.search(own, refused.text)
    assert [f'id="quantity-{balcony}" name' in answer.text for answer in (refused, none, foreign)] == [
        True,
        True,
        False,
    ]
    assert ["data-live=" in answer.text for answer in (refused, none, foreign)] == [False, False, True]
    assert "2 × Balcony" in words((await visitor.open(path)).text)
    assert (await visitor.reserve(event.slug, **{balcony: 2, floor: 3})).headers["location"].endswith(path)


@pytest.mark.parametrize("wants", [True, False])
async def test_who_wants_to_be_reminded_says_so_where_the_organizer_reminds(visitor, event, owner_sql, wants):
    path = await visitor.cart(event, 1)
    assert 'name="remind"' not in (await visitor.open(path)).text
    await owner_sql.execute(
        "UPDATE organization_settings SET abandoned_cart_mails = true WHERE organization_id = $1",
        visitor.shop.id,
    )
    visitor.http._transport.app.app.state.desks.window.forget(visitor.shop.id)

    shown = (await visitor.open(path)).text
    typed = {**CONTACT, **({"remind": "on"} if wants else {})}
    assert (await visitor.send(f"{path}/contact", typed)).status_code == 204

    assert re.search(r'id="remind"[^>]*checked', shown) is None
    again = (await visitor.open(path)).text
    assert bool(re.search(r'id="remind"[^>]*checked', again)) is wants
    query = "SELECT customer -> 'marketing' = 'true' FROM carts WHERE event_id = $1"
    assert bool(await owner_sql.fetchval(query, event.id)) is wants


async def test_everything_that_is_wrong_is_told_at_once_from_the_top_down(
    visitor, event, database, organization, owner_sql
):
    async with database.write(organization.id) as tx:
        drafts = (
            QuestionDraft(label="Team", is_required=True),
            QuestionDraft(label="Size", scope=QuestionScope.TICKET, is_required=True),
        )
        for draft in drafts:
            await add_question(tx, event.id, draft, actor=organization.owner)
    path = await visitor.cart(event, 1, 1)
    typed = {
        **NAMED, "email": "mira@", "attendees-0-email": "aiko@mori", "attendees-1-who": "attendees-0-",
    }  # fmt: skip

    refused = await visitor.send(f"{path}/checkout", typed)

    told = refused.text.partition('class="notice is-bad"')[2].partition("</ul>")[0]
    assert refused.status_code == 422
    assert re.findall(r"<bdi>([^<]+)</bdi></a>", told) == [
        "Email",
        "Team",
        "Pass: Email",
        "Pass: Size",
        "Workshop: Size",
    ]
    assert refused.text.count('id="attendees-0-email-error"') == 1
    assert chosen(refused.text, 1) == "attendees-0-"
    assert await owner_sql.fetchval("SELECT count(*) FROM orders WHERE event_id = $1", event.id) == 0


@pytest.mark.parametrize(("is_required", "mark"), [(True, "required"), (False, "optional")])
async def test_what_has_to_be_ticked_says_so(visitor, event, database, organization, is_required, mark):
    drafts = (
        QuestionDraft(label="House rules", type=QuestionType.BOOLEAN, is_required=is_required),
        QuestionDraft(
            label="Menu", type=QuestionType.CHOICES, options=["Soup", "Fish"], is_required=is_required
        ),
    )
    async with database.write(organization.id) as tx:
        for draft in drafts:
            await add_question(tx, event.id, draft, actor=organization.owner)

    page = (await visitor.open(await visitor.cart(event, 1))).text

    (box,) = re.findall(r'<input type="checkbox"[^>]*>\s*<label[^>]*>House rules.*?</label>', page)
    assert (" required>" in box, "<i>required</i>" in box) == (is_required, is_required)
    assert f"Menu <i>{mark}</i></legend>" in page


async def test_summary_of_very_much_that_is_missing_stays_short(visitor, event, database, organization):
    async with database.write(organization.id) as tx:
        for number in range(9):
            draft = QuestionDraft(label=f"Question {number}", is_required=True, sort_order=number)
            await add_question(tx, event.id, draft, actor=organization.owner)
    path = await visitor.cart(event, 1)

    refused = (await visitor.send(f"{path}/checkout", {})).text

    told = refused.partition('class="notice is-bad"')[2].partition("</ul>")[0]
    assert "10 things need a look" in told
    assert told.count("</a>") == 8
    assert "and 2 more below" in told
    assert refused.count('class="error"') == 10
