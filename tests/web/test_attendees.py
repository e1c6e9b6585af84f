"""Who comes, at checkout: typed, chosen from who is named already, or the buyer; and everything wrong told at once."""

import re

import pytest

from foyer.domains.events import add_question
from foyer.domains.events.types import QuestionDraft, QuestionScope, TicketTypeDraft
from tests.support.world import make_event
from tests.web.conftest import CONTACT, words

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
    assert re.findall(r">([^<]+)</a>", told) == [
        "Email",
        "Team",
        "Pass: Email",
        "Pass: Size",
        "Workshop: Size",
    ]
    assert refused.text.count('id="attendees-0-email-error"') == 1
    assert chosen(refused.text, 1) == "attendees-0-"
    assert await owner_sql.fetchval("SELECT count(*) FROM orders WHERE event_id = $1", event.id) == 0
