"""A check-in taken back: by whom, for how long, and what it leaves behind."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from foyer.domains.events import allow_device
from foyer.domains.identity import issue_api_key, issue_device
from foyer.domains.tickets import undo_check_in
from foyer.infra.db.engine import Database
from foyer.kernel.actor import Actor, ActorKind
from foyer.kernel.errors import Forbidden
from tests.api.asking import bearing, facts_of, refused, taken
from tests.api.test_door import scan, scans_of
from tests.support.world import make_event


@pytest.fixture
async def inside(client, shop, database):
    """An event, and a ticket that came in through the device of the organization."""
    event = await make_event(database, shop.organization)
    order = await shop.order(event, (event.ticket_types[0].id, 2))
    ticket = order["tickets"][0]
    assert (
        taken(await scan(client, event, shop.organization.door, qr=ticket["qrCode"]))["result"] == "admitted"
    )
    return event, ticket


async def undo(client, ticket, headers):
    return await client.post(f"/api/v1/tickets/{ticket['id']}/check-in-reversal", headers=headers)


async def test_what_a_door_has_just_done_it_can_undo(client, shop, inside, owner_sql):
    event, ticket = inside
    answer = await undo(client, ticket, shop.organization.door)

    assert (answer.status_code, answer.content) == (204, b"")
    row = await owner_sql.fetchrow(
        "SELECT status, checked_in_at, checked_in_by_device_id FROM tickets WHERE id = $1", UUID(ticket["id"])
    )
    assert tuple(row) == ("valid", None, None)
    assert await scans_of(owner_sql, shop.organization) == ["admitted", "undone"]
    assert (await facts_of(owner_sql, shop.organization))[-2:] == [
        "ticket.admitted",
        "ticket.check_in_undone",
    ]
    audit = await owner_sql.fetch(
        "SELECT action, actor_kind, actor_id, subject_id FROM audit WHERE organization_id = $1 AND action LIKE 'ticket.%'",
        shop.organization.id,
    )
    assert [tuple(one) for one in audit] == [
        ("ticket.check_in_undone", "device", shop.organization.device_id, UUID(ticket["id"]))
    ]
    again = taken(await scan(client, event, shop.organization.door, qr=ticket["qrCode"]))
    assert again["result"] == "admitted"


async def test_two_who_press_at_once_undo_once(client, shop, inside, owner_sql):
    _, ticket = inside
    answers = await asyncio.gather(*(undo(client, ticket, shop.organization.staff) for _ in range(4)))

    assert sorted(answer.status_code for answer in answers) == [204, 409, 409, 409]
    assert await scans_of(owner_sql, shop.organization) == ["admitted", "undone"]


@pytest.mark.usefixtures("inside")
async def test_only_somebody_inside_can_be_put_out(client, shop, untouched):
    other = (await shop.order(shop.organization.events[0]))["tickets"][0]
    async with untouched(shop.organization):
        refused(await undo(client, other, shop.organization.staff), 409, "state_conflict", "status", "valid")


async def test_a_door_undoes_neither_what_another_has_done_nor_what_is_long_past(
    client, shop, inside, database, app_url, untouched
):
    event, ticket = inside
    house = shop.organization
    async with database.write(house.id) as tx:
        side = await issue_device(tx, user_id=house.user_id, name="Side door", all_events=True)
        far = await issue_device(tx, user_id=house.user_id, name="Far door", all_events=False)
        support = await issue_api_key(tx, user_id=house.user_id, name="Desk", scopes=["tickets:check-in"])
        await allow_device(tx, far.id, (await make_event(database, house)).id)
    later = Database(app_url, clock_offset=timedelta(seconds=61))
    door = Actor(
        ActorKind.DEVICE, house.id, house.device_id, house.user_id, "Gate 1", frozenset({"tickets:check-in"})
    )
    async with untouched(house):
        refused(await undo(client, ticket, bearing(side.secret)), 403, "forbidden")
        refused(await undo(client, ticket, bearing(far.secret)), 404, "not_found")
        refused(await undo(client, ticket, bearing(support.secret)), 403, "forbidden", None, "tickets:manage")
        with pytest.raises(Forbidden, match="one minute"):
            async with later.write(house.id) as tx:
                await undo_check_in(tx, UUID(ticket["id"]), actor=door)
    async with later.write(house.id) as tx:
        await undo_check_in(tx, UUID(ticket["id"]), actor=house.owner)
    await later.close()
    assert taken(await scan(client, event, house.door, qr=ticket["qrCode"]))["result"] == "admitted"
