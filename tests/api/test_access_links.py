"""Access links: what they open, for whom, how long; and that nothing opens without one."""

import asyncio
from uuid import UUID, uuid4

import pytest

from foyer.domains.carts import ReserveAsk, ReserveDesk
from foyer.domains.carts.types import ChosenLine
from foyer.domains.events.rules import LINKS_MAX
from foyer.domains.events.types import Grant, TicketTypeDraft, Visibility
from foyer.infra.batching import Counter
from foyer.kernel.errors import FoyerError
from foyer.kernel.ids import uuid7
from tests.api.asking import bearing, lines, refused, taken
from tests.support.world import make_event

KINDS = (
    TicketTypeDraft(name="Seat", quantity=10, is_free=True),
    TicketTypeDraft(name="Press", quantity=10, is_free=True, is_hidden=True),
    TicketTypeDraft(name="Crew", quantity=10, is_free=True, is_hidden=True),
)
LATER = "2199-01-01T00:00:00Z"
REFUSALS = [
    *(({"name": name}, "name") for name in ("", "  ", "\x00", "x" * 101, 5, None, ["Press"])),
    *(({"ticketTypeId": value}, "ticketTypeId") for value in (str(uuid4()), "x", 5, [])),
    *(({"expiresAt": value}, "expiresAt") for value in ("2020-01-01T00:00:00Z", "tomorrow", "2031-01-01", 5)),
    *(({name: 1}, name) for name in ("secret", "eventId", "revokedAt", "nosuch")),
]  # fmt: skip


@pytest.fixture
async def event(database, organization):
    return await make_event(database, organization, *KINDS, visibility=Visibility.PRIVATE)


@pytest.fixture
async def public(database, organization):
    return await make_event(database, organization, *KINDS)


async def make(office, event, kind=None, **more):
    named = {} if kind is None else {"ticketTypeId": str(event.ticket_types[kind].id)}
    return await office.make(f"/events/{event.id}/access-links", name="Press", **named, **more)


async def seen(shop, event, key=None):
    """The names of the ticket types that a visitor sees; None where there is no such event for them."""
    answer = await shop.client.get(
        f"{shop.path}/events/{event.slug}", params={} if key is None else {"accessKey": key}
    )
    if answer.status_code == 404:
        return None
    assert answer.headers["cache-control"] == (
        "public, max-age=0, must-revalidate" if key is None else "private, no-store"
    )
    return [kind["name"] for kind in taken(answer)["ticketTypes"]]


async def test_private_event_opens_by_a_link_and_by_nothing_else(shop, office, event, public, untouched):
    link, other = await make(office, event), await make(office, public)
    seat = (event.ticket_types[0].id, 1)

    assert await seen(shop, event) is None
    assert await seen(shop, event, "x") is None
    assert await seen(shop, event, other["secret"]) is None
    assert await seen(shop, event, link["secret"]) == ["Seat"]
    async with untouched(office.organization):
        refused(await shop.reserve(event, seat), 404, "not_found")
        for key in ("", "x", other["secret"], link["secret"][:-1]):
            refused(await shop.reserve(event, seat, accessKey=key), 422, "invalid_field", "accessKey")
    cart = await shop.cart(event, seat, accessKey=link["secret"])
    assert cart["items"][0]["name"] == "Seat"
    assert taken(await shop.check_out(cart), 201)["status"] == "confirmed"


async def test_link_shows_the_one_hidden_type_that_it_names(shop, office, public, untouched):
    plain, press = await make(office, public), await make(office, public, 1)
    ids = [kind.id for kind in public.ticket_types]

    assert await seen(shop, public) == ["Seat"] == await seen(shop, public, plain["secret"])
    assert await seen(shop, public, press["secret"]) == ["Seat", "Press"]
    async with untouched(office.organization):
        for more in ({}, {"accessKey": plain["secret"]}):
            refused(
                await shop.reserve(public, (ids[1], 1), **more), 422, "invalid_field", "items[0].ticketTypeId"
            )
        crew = await shop.reserve(public, (ids[0], 1), (ids[2], 1), accessKey=press["secret"])
        refused(crew, 422, "invalid_field", "items[1].ticketTypeId")
    cart = await shop.cart(public, (ids[0], 1), (ids[1], 2), accessKey=press["secret"])
    assert [line["quantity"] for line in cart["items"]] == [1, 2]


async def test_cart_of_a_hidden_type_is_changed_with_the_key(shop, office, public):
    press = await make(office, public, 1)
    hidden = public.ticket_types[1].id
    cart = await shop.cart(public, accessKey=press["secret"])
    path, headers = f"{shop.path}/carts/{cart['id']}", bearing(cart["token"])

    without = await shop.change(cart, (hidden, 2))
    refused(without, 422, "invalid_field", "items[0].ticketTypeId")
    assert len(taken(await shop.look(cart))["items"]) == 1
    body = {"items": lines((hidden, 2)), "accessKey": press["secret"]}
    changed = taken(await shop.client.patch(path, json=body, headers=headers))
    assert sorted(line["quantity"] for line in changed["items"]) == [1, 2]


@pytest.mark.parametrize("order", [1, -1])
async def test_a_link_opens_nothing_to_those_who_come_in_the_same_batch(database, organization, event, order):
    """They want the very same, so that what was decided for one could be taken for the other."""
    seat, press = event.ticket_types[0].id, event.ticket_types[1].id
    counter = Counter(organization.id, event.id)
    grants = [Grant(event.id, press), Grant(event.id, None), None][::order]
    wanted = [(kind, grant) for grant in grants for kind in (seat, press)]
    asks = [
        ReserveAsk(uuid7(), None, f"spare {place}", (ChosenLine(kind, 1, 0, grant),), None)
        for place, (kind, grant) in enumerate(wanted)
    ]
    async with database.batch(organization.id) as connection:
        answers = await ReserveDesk().serve(connection, counter, asks)

    got = [not isinstance(answer, FoyerError) for answer in answers]
    assert got == [grant is not None and kind in {seat, grant.ticket_type_id} for kind, grant in wanted]


async def test_link_that_was_taken_back_or_is_over_opens_nothing(shop, office, event, owner_sql, untouched):
    first, second = await make(office, event), await make(office, event, expiresAt=LATER)
    cart = await shop.cart(event, accessKey=first["secret"])
    assert await seen(shop, event, second["secret"]) == ["Seat"]

    gone = await office.ask("DELETE", f"/events/{event.id}/access-links/{first['id']}")
    assert (gone.status_code, gone.content) == (204, b"")
    await owner_sql.execute(
        "UPDATE access_links SET expires_at = now() - interval '1 second' WHERE id = $1", UUID(second["id"])
    )
    taken(await office.ask("PATCH", f"/events/{event.id}", {"city": "Lund"}))  # what is kept is asked anew

    async with untouched(office.organization):
        for link in (first, second):
            assert await seen(shop, event, link["secret"]) is None
            sold = await shop.reserve(event, accessKey=link["secret"])
            refused(sold, 422, "invalid_field", "accessKey")
    refused(await office.ask("DELETE", f"/events/{event.id}/access-links/{first['id']}"), 404, "not_found")
    listed = taken(await office.ask("GET", f"/events/{event.id}/access-links"))["items"]
    assert [(one["id"], one["isExpired"]) for one in listed] == [(second["id"], True)]
    assert taken(await shop.check_out(cart), 201)["status"] == "confirmed"


async def test_draft_opens_by_no_link(shop, office, database, organization):
    plan = await make_event(database, organization, *KINDS, publish=False)
    link = await make(office, plan)

    assert await seen(shop, plan, link["secret"]) is None
    refused(await shop.reserve(plan, accessKey=link["secret"]), 404, "not_found")


async def test_link_is_shown_again_though_only_its_hash_is_kept(office, event, owner_sql):
    path = f"/events/{event.id}/access-links"
    made = await make(office, event, 1, expiresAt=LATER)

    assert made == {
        "id": made["id"], "eventId": str(event.id), "ticketTypeId": str(event.ticket_types[1].id), "name": "Press",
        "secret": made["secret"], "expiresAt": LATER, "isExpired": False, "createdBy": str(office.organization.user_id),
        "createdAt": made["createdAt"],
    }  # fmt: skip
    assert len(made["secret"]) == 22
    assert taken(await office.ask("GET", f"{path}/{made['id']}")) == made
    assert taken(await office.ask("GET", path)) == {"items": [made]}
    row = await owner_sql.fetchval("SELECT l::text FROM access_links l WHERE id = $1", UUID(made["id"]))
    assert made["secret"] not in row
    traces = "SELECT a::text FROM audit a WHERE subject_id = $1"
    assert made["secret"] not in await owner_sql.fetchval(traces, UUID(made["id"]))


async def test_same_key_makes_one(office, event):
    path, body = f"/events/{event.id}/access-links", {"name": "Press"}
    made = [taken(await office.ask("POST", path, body, Idempotency_Key="once"), 201) for _ in range(2)]

    assert made[0] == made[1]
    assert len(taken(await office.ask("GET", path))["items"]) == 1


@pytest.mark.parametrize(("body", "field"), REFUSALS)
async def test_odd_link_is_refused(office, event, untouched, body, field):
    async with untouched(office.organization):
        answer = await office.ask("POST", f"/events/{event.id}/access-links", {"name": "Press", **body})
        refused(answer, 422, "invalid_field", field)


async def test_links_are_not_made_without_end(office, event, public, owner_sql):
    made = await make(office, event)
    await owner_sql.execute(
        "INSERT INTO access_links (organization_id, id, event_id, name, token_hash, created_by)"
        " SELECT organization_id, gen_random_uuid(), event_id, name, sha256(n::text::bytea), created_by"
        " FROM access_links, generate_series(3, $2::int) n WHERE id = $1",
        UUID(made["id"]), LINKS_MAX,
    )  # fmt: skip
    path = f"/events/{event.id}/access-links"
    answers = await asyncio.gather(*(office.ask("POST", path, {"name": "Press"}) for _ in range(3)))

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    await make(office, public)


async def test_warnings_ask_for_the_links_that_are_missing(office, database, organization):
    plan = await make_event(database, organization, *KINDS[:2], publish=False, visibility=Visibility.PRIVATE)
    said = taken(await office.ask("POST", f"/events/{plan.id}/publication"))["warnings"]
    assert {one["field"] for one in said} == {"visibility", "ticketTypes"}

    plan = await make_event(database, organization, *KINDS[:2], publish=False, visibility=Visibility.PRIVATE)
    await make(office, plan, 1)
    assert taken(await office.ask("POST", f"/events/{plan.id}/publication"))["warnings"] == []
