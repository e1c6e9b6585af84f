"""Guests' names, said later: all tickets of an order at once, as long as their buyer holds them and it is not too late."""

import re

import pytest

from foyer.domains.events.types import TicketTypeDraft
from tests.api.asking import bearing, refused, taken, untouched_by
from tests.support.world import make_event
from tests.web.conftest import words
from tests.web.test_ticket import send

FIELD = re.compile(r'name="([0-9a-f-]{36})-firstName"')
NAMES = "SELECT attendee_info->>'firstName' FROM tickets WHERE organization_id = $1 ORDER BY id"


@pytest.fixture
async def order(visitor, database, organization):
    """The link of an order of three tickets."""
    draft = TicketTypeDraft(name="Seat", quantity=9, is_free=True)
    return await visitor.order(await make_event(database, organization, draft, title="Lantern Night"), 3)


async def form_of(visitor, order):
    """The form's fields as a browser would send them back, and the ids of the tickets on it."""
    page = (await visitor.http.get(order.replace("?", "/guests?"))).text
    ids = FIELD.findall(page)
    return {f"{one}-{name}": "" for one in ids for name in ("firstName", "lastName", "email")}, ids


async def names(owner_sql, organization):
    return [row[0] for row in await owner_sql.fetch(NAMES, organization.id)]


async def test_names_are_said_later_and_all_at_once(visitor, order, owner_sql, organization):
    before = words((await visitor.http.get(order)).text)
    assert "3 tickets are in your name." in before
    form, ids = await form_of(visitor, order)

    saved = await send(visitor, order, "guests", **{
        **form, f"{ids[0]}-firstName": "Mira", f"{ids[1]}-firstName": " Kim ", f"{ids[1]}-email": "Kim@example.org", f"{ids[2]}-lastName": "Holm",
    })  # fmt: skip

    assert saved.status_code == 303
    after = words((await visitor.http.get(saved.headers["location"])).text)
    assert "Saved. The door sees the new names at once." in after
    assert "in your name" not in after
    assert ("Kim" in after, "Holm" in after) == (True, True)
    assert await names(owner_sql, organization) == ["Mira", "Kim", None]
    assert 'value="Kim@example.org"' in (await visitor.http.get(order.replace("?", "/guests?"))).text


async def test_what_cannot_be_taken_changes_no_name_and_loses_none(visitor, order, owner_sql, organization):
    form, ids = await form_of(visitor, order)
    typed = {**form, f"{ids[0]}-firstName": "Ada", f"{ids[1]}-email": "kim@nowhere"}
    async with untouched_by(owner_sql)(organization):
        wrong = await send(visitor, order, "guests", **typed)
        assert wrong.status_code == 422
        assert f'href="#{ids[1]}-email"' in wrong.text
        assert 'value="Ada"' in wrong.text
        assert 'value="kim@nowhere"' in wrong.text
        other = order.partition("key=")[0] + "key=fyc_x"
        assert (await visitor.http.get(other.replace("?", "/guests?"))).status_code == 404
        assert (await send(visitor, other, "guests", **typed)).status_code == 404


async def test_handed_on_or_too_late_is_refused_whole(
    visitor, client, order, database, owner_sql, organization
):
    page = (await visitor.http.get(order)).text
    link = re.search(r'href="(/[^"]+/tickets/[^"/]+\?key=[^"]+)"', page)[1]
    form, ids = await form_of(visitor, order)
    assert (await send(visitor, link, "transfer", email="ida@example.org")).status_code == 200
    order_id, key = order.partition("?key=")[0].rpartition("/")[2], order.partition("?key=")[2]
    path = f"/api/v1/shops/{organization.slug}/orders/{order_id}/attendees"
    people = [{"ticketId": one, "firstName": "Ada"} for one in ids]

    async with untouched_by(owner_sql)(organization):
        late = await send(visitor, order, "guests", **{**form, f"{ids[1]}-firstName": "Ada"})
        assert late.status_code == 409
        assert "somebody else holds it now" in words(late.text)
        refused(await client.put(path, json={"items": people}, headers=bearing(key)), 409, "state_conflict")
    assert len((await form_of(visitor, order))[1]) == 2, "what somebody else holds is not on the form"
    rest = words((await visitor.http.get(order.replace("?", "/guests?"))).text)
    assert ("Ticket 1" in rest, "Ticket 2" in rest, "Ticket 3" in rest) == (False, True, True)

    mine = [one for one in people if one["ticketId"] not in link]
    answer = taken(await client.put(path, json={"items": mine}, headers=bearing(key)))
    told = [(one["attendeeInfo"] or {}).get("firstName") for one in answer["tickets"]]
    assert sorted(told, key=str) == ["Ada", "Ada", None]
    await owner_sql.execute(
        "UPDATE events SET changes_close_hours = 8760 WHERE organization_id = $1", organization.id
    )
    async with untouched_by(owner_sql)(organization):
        refused(await client.put(path, json={"items": mine}, headers=bearing(key)), 409, "state_conflict")
        closed = words((await visitor.http.get(order.replace("?", "/guests?"))).text)
    assert "It is too late to change these tickets here." in closed
    assert "Guests’ names" not in words((await visitor.http.get(order)).text)
