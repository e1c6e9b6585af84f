"""Reminders of a sale over the API: asked for without telling who has asked, taken back with a token."""

from uuid import UUID

import pytest

from foyer.domains.events.types import TicketTypeDraft
from tests.api.asking import bearing, refused, taken
from tests.support.waiting import not_yet, reminded
from tests.support.world import KEYRING, make_event


async def ask(client, organization, event, **changes):
    kind = str(event.ticket_types[0].id)
    body = {"eventId": str(event.id), "ticketTypeId": kind, "email": "jo@example.org", **changes}
    return await client.post(f"/api/v1/shops/{organization.slug}/sale-reminders", json=body)


async def test_answer_says_when_the_sale_opens_and_not_who_has_asked(client, database, organization):
    event = await not_yet(database, organization)

    first = taken(await ask(client, organization, event), 202)

    assert first.keys() == {"eventId", "ticketTypeId", "opensAt"}
    assert taken(await ask(client, organization, event), 202) == first


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"email": "nobody"}, (422, "invalid_field", "email")),
        ({"ticketTypeId": str(UUID(int=1))}, (422, "invalid_field", "ticketTypeId")),
        ({"eventId": str(UUID(int=1))}, (404, "not_found", None)),
    ],
)
async def test_what_is_wrong_is_named_and_nobody_remembered(
    client, database, organization, untouched, changes, told
):
    event = await not_yet(database, organization)
    async with untouched(organization):
        refused(await ask(client, organization, event, **changes), *told)


async def test_nobody_is_reminded_of_a_sale_that_has_begun_or_ended(
    client, database, organization, untouched, owner_sql
):
    event = await make_event(database, organization, TicketTypeDraft(name="Seat", quantity=2, is_free=True))
    async with untouched(organization):
        refused(await ask(client, organization, event), 409, "state_conflict", "ticketTypeId")
    await owner_sql.execute(
        "UPDATE ticket_types SET sales_end_date = foyer_now() - interval '1 minute' WHERE event_id = $1",
        event.id,
    )
    async with untouched(organization):
        refused(await ask(client, organization, event), 409, "not_on_sale", "ticketTypeId")


async def test_taking_back_needs_the_token_and_twice_is_harmless(client, database, organization, owner_sql):
    reminder_id = await reminded(database, organization)
    at = f"/api/v1/shops/{organization.slug}/sale-reminders/{reminder_id}"
    count = "SELECT count(*) FROM sale_reminders WHERE organization_id = $1"
    refused(await client.delete(at, headers=bearing("fyc_x")), 404, "not_found")
    assert await owner_sql.fetchval(count, organization.id) == 1

    token = KEYRING.holder_token("reminder", organization.id, reminder_id)
    for _ in range(2):
        assert (await client.delete(at, headers=bearing(token))).status_code == 204

    assert await owner_sql.fetchval(count, organization.id) == 0
