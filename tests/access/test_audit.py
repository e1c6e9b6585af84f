"""Every write by staff leaves a trace, and what was refused leaves none. Generated from the routes, so that a new one cannot be forgotten."""

from uuid import UUID, uuid4

import pytest

from foyer.domains.events.types import TicketTypeDraft
from foyer.domains.identity import issue_api_key
from foyer.kernel.permissions import PERMISSIONS
from tests.access.test_routes import BODIES, filled, routes, sent
from tests.api.asking import CUSTOMER, Office, Shop, bearing, event_body, refused, taken
from tests.support.world import make_event

API = "/api/v1"
SEAT = TicketTypeDraft(name="Seat", quantity=100, price=1_050)
BOARD = TicketTypeDraft(name="Board", quantity=100, price=2_500, requires_approval=True)
FREE = TicketTypeDraft(name="Free", quantity=100, is_free=True)
PERSONAL = {"orders", "customers", "tickets"}
SECRETS = ("jo@example.org", "Buyer", "Kim", "Mine", "mine@example.org")
CHECKED_BY_SCANS = ("POST", f"{API}/check-ins")
"""A door's day is a row for each scan, admitted or refused, and needs no second one."""


class World:
    """Something of everything, fresh for each route, in the state in which the route can do its work."""

    def __init__(self, database, shop, office):
        self.database, self.shop, self.office = database, shop, office

    async def event(self, *, publish):
        event = await make_event(self.database, self.shop.organization, SEAT, BOARD, FREE, publish=publish)
        path = f"/events/{event.id}/pools"
        pool = await self.office.make(path, name="Gallery", capacity=90)
        link = await self.office.make(f"/events/{event.id}/access-links", name="Press")
        asked = [
            await self.office.make(f"/events/{event.id}/questions", label=one) for one in ("Menu?", "Song?")
        ]
        types = [kind.id for kind in event.ticket_types]
        return {
            "event_id": event.id,
            "type_id": types[0],
            "pool_id": pool["id"],
            "link_id": link["id"],
            "question_id": asked[0]["id"],
            "type_ids": types,
            "reversed": [str(one) for one in reversed(types)],
            "reversed questions": [one["id"] for one in reversed(asked)],
        }

    async def order(self, kind, *, paid=False):
        event = await make_event(self.database, self.shop.organization, SEAT, BOARD, FREE)
        chosen = next(one.id for one in event.ticket_types if one.name == kind)
        buyer = {**CUSTOMER, "email": f"{uuid4().hex[:8]}.jo@example.org"}
        method = "free" if kind == "Free" else "manual"
        order = await self.shop.order(event, (chosen, 1), paymentMethod=method, customer=buyer)
        if paid:
            taken(await self.office.ask("POST", f"/orders/{order['id']}/payment"))
        seen = taken(await self.office.ask("GET", f"/orders/{order['id']}"))
        ticket = order["tickets"][0] if order["tickets"] else {"id": None}
        return {
            "order_id": order["id"],
            "customer_id": seen["customerId"],
            "ticket_id": ticket["id"],
            "code": ticket.get("code"),
            "event_id": event.id,
        }

    async def admitted(self):
        found = await self.order("Free")
        body = {"eventId": str(found["event_id"]), "code": found["code"]}
        assert taken(await self.office.ask("POST", "/check-ins", body))["result"] == "admitted"
        return found

    async def tax_rate(self):
        made = await self.office.make("/tax-rates", name=uuid4().hex, ratePercentage=19, inclusive=True)
        return {"tax_rate_id": made["id"]}

    async def discount(self):
        return {
            "discount_id": (await self.office.make("/discounts", code=uuid4().hex[:12], percentage=10))["id"]
        }


async def _nothing(_world):
    return {}


async def _renamed(world):
    """An event without a type of the name that the body gives to the new one."""
    event = await make_event(world.database, world.shop.organization, FREE)
    return {"event_id": event.id}


DEEDS = {
    ("POST", "/events"): _nothing,
    ("PATCH", "/events/{event_id:uuid}"): lambda w: w.event(publish=True),
    ("DELETE", "/events/{event_id:uuid}"): lambda w: w.event(publish=False),
    ("POST", "/events/{event_id:uuid}/publication"): lambda w: w.event(publish=False),
    ("POST", "/events/{event_id:uuid}/cancellation"): lambda w: w.event(publish=True),
    ("POST", "/events/{event_id:uuid}/ticket-types"): _renamed,
    ("PATCH", "/events/{event_id:uuid}/ticket-types/{type_id:uuid}"): lambda w: w.event(publish=True),
    ("DELETE", "/events/{event_id:uuid}/ticket-types/{type_id:uuid}"): lambda w: w.event(publish=True),
    ("POST", "/events/{event_id:uuid}/pools"): lambda w: w.event(publish=True),
    ("PATCH", "/events/{event_id:uuid}/pools/{pool_id:uuid}"): lambda w: w.event(publish=True),
    ("DELETE", "/events/{event_id:uuid}/pools/{pool_id:uuid}"): lambda w: w.event(publish=True),
    ("POST", "/events/{event_id:uuid}/access-links"): lambda w: w.event(publish=True),
    ("DELETE", "/events/{event_id:uuid}/access-links/{link_id:uuid}"): lambda w: w.event(publish=True),
    ("POST", "/events/{event_id:uuid}/questions"): lambda w: w.event(publish=True),
    ("PATCH", "/events/{event_id:uuid}/questions/{question_id:uuid}"): lambda w: w.event(publish=True),
    ("DELETE", "/events/{event_id:uuid}/questions/{question_id:uuid}"): lambda w: w.event(publish=True),
    ("PATCH", "/organization"): _nothing,
    ("POST", "/images"): _nothing,
    ("POST", "/tax-rates"): _nothing,
    ("PATCH", "/tax-rates/{tax_rate_id:uuid}"): World.tax_rate,
    ("DELETE", "/tax-rates/{tax_rate_id:uuid}"): World.tax_rate,
    ("POST", "/discounts"): _nothing,
    ("PATCH", "/discounts/{discount_id:uuid}"): World.discount,
    ("DELETE", "/discounts/{discount_id:uuid}"): World.discount,
    ("PATCH", "/orders/{order_id:uuid}"): lambda w: w.order("Seat"),
    ("POST", "/orders/{order_id:uuid}/payment"): lambda w: w.order("Seat"),
    ("POST", "/orders/{order_id:uuid}/cancellation"): lambda w: w.order("Seat"),
    ("POST", "/orders/{order_id:uuid}/approval"): lambda w: w.order("Board"),
    ("POST", "/orders/{order_id:uuid}/refunds"): lambda w: w.order("Seat", paid=True),
    ("POST", "/orders/{order_id:uuid}/mails"): lambda w: w.order("Free"),
    ("PATCH", "/customers/{customer_id:uuid}"): lambda w: w.order("Free"),
    ("POST", "/customers/{customer_id:uuid}/erasure"): lambda w: w.order("Free"),
    ("PUT", "/tickets/{ticket_id:uuid}/attendee"): lambda w: w.order("Free"),
    ("POST", "/tickets/{ticket_id:uuid}/transfer"): lambda w: w.order("Free"),
    ("POST", "/tickets/{ticket_id:uuid}/check-in-reversal"): World.admitted,
}


BODY = {**BODIES, ("PATCH", f"{API}/discounts/{{discount_id:uuid}}"): {"percentage": 12}}


@pytest.fixture
def world(client, database, organization):
    return World(database, Shop(client, organization), Office(client, organization))


async def trace(owner_sql, organization):
    query = (
        "SELECT id, actor_kind, subject_id, changes::text FROM audit WHERE organization_id = $1 ORDER BY id"
    )
    return [tuple(row) for row in await owner_sql.fetch(query, organization.id)]


async def ask(client, method, path, ids, headers):
    body = BODY.get((method, path))
    return await client.request(method, filled(path, ids), headers=headers, **sent(body))


def written_by_staff(client):
    return [
        (method, path, access.detail)
        for method, path, access in routes(client)
        if access.kind in {"permission", "device"} and method not in {"GET", "HEAD"}
        if (method, path) != CHECKED_BY_SCANS
    ]


async def test_every_write_by_staff_leaves_a_trace_and_every_refused_one_none(
    client, database, organization, owner_sql, world
):
    written = written_by_staff(client)
    assert {(method, path) for method, path, _ in written} == {(method, API + path) for method, path in DEEDS}
    keys = {}
    for method, path, permission in written:
        ids = await DEEDS[method, path.removeprefix(API)](world)
        if permission not in keys:
            others = [name for name in PERMISSIONS if name != permission]
            async with database.write(organization.id) as tx:
                key = await issue_api_key(tx, user_id=organization.user_id, name="All but one", scopes=others)
            keys[permission] = key.secret
        before = await trace(owner_sql, organization)
        refused(await ask(client, method, path, ids, bearing(keys[permission])), 403, "forbidden", None)
        if "{" in path:
            missing = {name: uuid4() for name in ids}
            refused(await ask(client, method, path, missing, organization.staff), 404, "not_found")
        assert await trace(owner_sql, organization) == before, (method, path)

        answer = await ask(client, method, path, ids, organization.staff)
        assert answer.is_success, (method, path, answer.text)
        new = [row for row in await trace(owner_sql, organization) if row not in before]
        assert len(new) == 1, (method, path, new)
        assert new[0][1] == "api_key"
        if path.split("/")[3] in PERSONAL:
            assert not [word for word in SECRETS if word in new[0][3]], (method, path, new)


async def test_log_is_read_with_names_by_subject_and_by_actor_in_pages(office, database, stranger, untouched):
    rate = await office.make("/tax-rates", name="VAT", ratePercentage=19, inclusive=True)
    taken(await office.ask("PATCH", f"/tax-rates/{rate['id']}", {"ratePercentage": 7}))
    event = await make_event(database, office.organization)
    link = "https://meet.example.org/secret"
    change = {"title": "Renamed", "virtualEventUrl": link, "locationType": "hybrid"}
    taken(await office.edit(event.id, change))

    about = taken(await office.ask("GET", f"/audit?subjectId={rate['id']}"))["items"]
    assert [(one["action"], one["changes"]) for one in about] == [
        ("tax_rate.updated", {"ratePercentage": [19.0, 7.0]}),
        ("tax_rate.created", {"name": [None, "VAT"]}),
    ]
    assert about[0]["actor"]["kind"] == "api_key"
    assert about[0]["actor"]["name"] == "Test key"
    owner = taken(await office.ask("GET", f"/audit?actorId={office.organization.user_id}"))["items"]
    assert {one["actor"]["name"] for one in owner} == {office.organization.owner.name}
    assert {one["action"] for one in owner} == {"event.created", "ticket_type.created", "event.published"}

    pages, cursor = [], None
    while cursor or not pages:
        page = taken(await office.ask("GET", f"/audit?limit=2{f'&cursor={cursor}' if cursor else ''}"))
        pages.append(page["items"])
        cursor = page["nextCursor"]
    whole = [one for page in pages for one in page]
    assert len(whole) == 6
    assert [one["id"] for one in whole] == sorted((one["id"] for one in whole), reverse=True)
    changed = whole[0]["changes"]
    assert (changed["title"], changed["virtualEventUrl"]) == ([event.title, "Renamed"], "changed")
    assert taken(await Office(office.client, stranger).ask("GET", "/audit"))["items"] == []


async def test_new_event_and_its_subject_are_found_by_each_other(office):
    event = taken(await office.ask("POST", "/events", event_body()), 201)
    (entry,) = taken(await office.ask("GET", f"/audit?subjectId={event['id']}"))["items"]

    assert UUID(entry["subjectId"]) == UUID(event["id"])
    assert (entry["action"], entry["subjectKind"]) == ("event.created", "event")
