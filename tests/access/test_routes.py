"""Who may call what. Generated from the routes of the application, so that a new one cannot be forgotten."""

import re
from uuid import UUID, uuid4

import pytest
from litestar import get

from foyer.api import router, v1
from foyer.api.access import OPT, Access
from foyer.kernel.permissions import PERMISSIONS
from tests.api.asking import Shop, bearing, event_body, lines, refused, type_body
from tests.support.pictures import picture
from tests.support.waiting import in_line
from tests.support.world import KEYRING, buyer_signed_in, make_event

KINDS = {"public", "holder", "permission", "device", "self"}


def routes(client, below="/api/v1/"):
    """Method, path and declared access of every route, what the framework adds for OPTIONS left out."""
    app = client._transport.app.app
    for route in app.routes:
        if not route.path.startswith(below):
            continue
        for handler in getattr(route, "route_handlers", [getattr(route, "route_handler", None)]):
            for method in sorted(getattr(handler, "http_methods", {"ASGI"}) - {"OPTIONS"}):
                yield method, route.path, handler.opt.get(OPT)


def without_access(found):
    return [
        (method, path)
        for method, path, access in found
        if not isinstance(access, Access) or access.kind not in KINDS
    ]


async def test_every_route_of_the_api_declares_exactly_one_access(client):
    found = list(routes(client))

    assert without_access(found) == []
    assert len(found) >= 20
    assert {access.detail for _, _, access in found if access.kind == "permission"} <= set(PERMISSIONS)
    assert {access.detail for _, _, access in found if access.kind == "holder"} <= {
        "buyer",
        "cart",
        "order",
        "reminder",
        "ticket",
        "waiting",
    }


def test_route_that_declares_nothing_is_not_built(monkeypatch):
    @get("/ajar")
    async def left_ajar() -> None: ...

    monkeypatch.setattr(v1, "ROUTES", [*v1.ROUTES, left_ajar])
    with pytest.raises(AssertionError, match="left_ajar declares no access"):
        router()


async def test_every_other_route_declares_its_access_too(client):
    assert without_access(routes(client, below="/")) == []


async def test_nothing_stands_beside_the_api(client):
    """The framework's own pages about the schema are not there."""
    beside = [path for _, path, _ in routes(client, below="/api") if not path.startswith("/api/v1/")]

    assert beside == []


async def test_public_routes_are_these_and_no_others(client):
    public = {(method, path) for method, path, access in routes(client) if access.kind == "public"}

    assert public == {
        ("GET", "/api/v1/openapi.json"),
        ("GET", "/api/v1/shops/{slug:str}"),
        ("GET", "/api/v1/shops/{slug:str}/events"),
        ("GET", "/api/v1/shops/{slug:str}/events/{event:str}"),
        ("GET", "/api/v1/shops/{slug:str}/events/{event:str}/live"),
        ("POST", "/api/v1/shops/{slug:str}/carts"),
        ("POST", "/api/v1/shops/{slug:str}/account/codes"),
        ("POST", "/api/v1/shops/{slug:str}/account/sessions"),
        ("POST", "/api/v1/shops/{slug:str}/waiting-list"),
        ("POST", "/api/v1/shops/{slug:str}/sale-reminders"),
    }


def filled(path, ids):
    return re.sub(r"\{(\w+):\w+\}", lambda hit: str(ids[hit[1]]), path)


BODIES = {
    ("POST", "/api/v1/images"): picture(),
    ("POST", "/api/v1/events"): event_body(),
    ("PATCH", "/api/v1/events/{event_id:uuid}"): {"title": "Mine now"},
    ("POST", "/api/v1/events/{event_id:uuid}/ticket-types"): type_body(),
    ("PATCH", "/api/v1/events/{event_id:uuid}/ticket-types/{type_id:uuid}"): {"price": 1},
    ("POST", "/api/v1/events/{event_id:uuid}/pools"): {"name": "Mine now", "capacity": 1},
    ("PATCH", "/api/v1/events/{event_id:uuid}/pools/{pool_id:uuid}"): {"capacity": 1},
    ("POST", "/api/v1/events/{event_id:uuid}/access-links"): {"name": "Mine now"},
    ("POST", "/api/v1/events/{event_id:uuid}/questions"): {"label": "Mine now?"},
    ("PATCH", "/api/v1/events/{event_id:uuid}/questions/{question_id:uuid}"): {"label": "Mine now?"},
    ("POST", "/api/v1/tax-rates"): {"name": "VAT", "ratePercentage": 19, "inclusive": True},
    ("PATCH", "/api/v1/tax-rates/{tax_rate_id:uuid}"): {"ratePercentage": 1},
    ("POST", "/api/v1/discounts"): {"code": "MINE", "percentage": 10},
    ("PATCH", "/api/v1/discounts/{discount_id:uuid}"): {"code": "MINE"},
    ("PATCH", "/api/v1/orders/{order_id:uuid}"): {"notes": "Mine now"},
    ("PATCH", "/api/v1/organization"): {"name": "Mine now"},
    ("POST", "/api/v1/orders/{order_id:uuid}/approval"): {"decision": "refuse"},
    ("POST", "/api/v1/orders/{order_id:uuid}/refunds"): {},
    ("PATCH", "/api/v1/customers/{customer_id:uuid}"): {"firstName": "Mine"},
    ("PATCH", "/api/v1/shops/{slug:str}/carts/{cart_id:uuid}"): {"items": lines((uuid4(), 1))},
    ("POST", "/api/v1/shops/{slug:str}/carts/{cart_id:uuid}/checkout"): {
        "customer": {"email": "jo@example.org"},
        "paymentMethod": "free",
    },
    ("PUT", "/api/v1/shops/{slug:str}/orders/{order_id:uuid}/attendees"): {"items": []},
    ("PUT", "/api/v1/tickets/{ticket_id:uuid}/attendee"): {"firstName": "Mine"},
    ("PUT", "/api/v1/shops/{slug:str}/tickets/{ticket_id:uuid}/attendee"): {"firstName": "Mine"},
    ("POST", "/api/v1/tickets/{ticket_id:uuid}/transfer"): {"email": "mine@example.org"},
    ("POST", "/api/v1/shops/{slug:str}/tickets/{ticket_id:uuid}/transfer"): {"email": "mine@example.org"},
    ("POST", "/api/v1/check-ins"): {"qr": "T1.X"},
}


async def ask(client, method, path, ids, headers):
    body = BODIES.get((method, path))
    if path.endswith("/check-ins"):
        body = {**body, "eventId": str(ids["event_id"])}
    return await client.request(method, filled(path, ids), headers=headers, **sent(body))


def sent(body):
    """A body as the client is given it: a file as it is, anything else as JSON."""
    return {"content": body} if isinstance(body, bytes) else {"json": body}


def told(answer, ids):
    """An answer without what differs between any two."""
    text = answer.text
    for value in ids.values():
        text = text.replace(str(value), "ID")
    return answer.status_code, re.sub(r'"requestId":"[^"]*"', "", text)


async def test_what_is_another_organizations_answers_as_if_it_did_not_exist(
    client, organization, stranger, theirs, untouched
):
    missing = {
        **theirs,
        **{name: uuid4() for name in theirs if name == "event" or name.endswith("_id")},
    }
    tried = []
    async with untouched(organization, stranger):
        for method, path, access in routes(client):
            if access.kind not in {"permission", "device"} or not (
                "{" in path or path.endswith("/check-ins")
            ):
                continue
            credentials = [organization.staff] + ([organization.door] if access.kind == "device" else [])
            for headers in credentials:
                real = await ask(client, method, path, theirs, headers)
                none = await ask(client, method, path, missing, headers)
                assert told(real, theirs) == told(none, missing), (method, path)
                refused(real, 404, "not_found")
                tried.append((method, path))
    assert len(tried) >= 9


async def test_holders_of_one_shop_open_nothing_in_another(
    client, database, organization, stranger, theirs, untouched
):
    shop = Shop(client, organization)
    event = await make_event(database, organization)
    order = await shop.order(event)
    ticket = KEYRING.holder_token("ticket", organization.id, UUID(order["tickets"][0]["id"]))
    mine = {"cart": (await shop.cart(event))["token"], "order": order["token"], "ticket": ticket}
    mine["buyer"] = await buyer_signed_in(database, organization, "jo@example.org")
    waiting_id = (await in_line(database, organization)).id
    mine["waiting"] = KEYRING.holder_token("waiting", organization.id, waiting_id)
    mine["reminder"] = KEYRING.holder_token("reminder", organization.id, uuid4())
    names = ("cart_id", "order_id", "reminder_id", "ticket_id", "waiting_id")
    missing = {**theirs, **dict.fromkeys(names, uuid4())}
    async with untouched(organization, stranger):
        for method, path, access in routes(client):
            if access.kind != "holder":
                continue
            for slug in (stranger.slug, organization.slug):
                for token in (
                    mine[access.detail],
                    theirs[access.detail]["token"] if slug == organization.slug else "fyc_x",
                ):
                    if access.detail == "buyer" and (token, slug) == (mine["buyer"], organization.slug):
                        continue  # nothing in this path is anybody else's
                    real = await ask(client, method, path, {**theirs, "slug": slug}, bearing(token))
                    none = await ask(client, method, path, {**missing, "slug": slug}, bearing(token))
                    assert told(real, theirs) == told(none, missing), (method, path)
                    refused(real, 404, "not_found")


async def test_nothing_opens_without_a_credential(client, organization, stranger, theirs, untouched):
    async with untouched(organization, stranger):
        for method, path, access in routes(client):
            if access.kind == "public":
                continue
            refused(await ask(client, method, path, theirs, {}), 401, "unauthenticated")
            for value in ("Bearer", "Bearer ", "Basic YTpi", "fyk_x"):
                refused(
                    await ask(client, method, path, theirs, {"Authorization": value}), 401, "unauthenticated"
                )


@pytest.mark.parametrize(
    "secret",
    [
        "x",
        "fyk_",
        "fyk_" + "A" * 43,
        "fyd_" + "A" * 43,
        "fys_x",
        "fyo_x",
        "fyc_x",
        "\xe9",
        "null",
        "' OR 1=1 --",
    ],
)
async def test_garbage_is_nobody(client, organization, stranger, theirs, untouched, secret):
    headers = {"Authorization": f"Bearer {secret}".encode("latin-1")}
    async with untouched(organization, stranger):
        for method, path, access in routes(client):
            if access.kind in {"permission", "device"}:
                refused(await ask(client, method, path, theirs, headers), 401, "unauthenticated")
            elif access.kind == "holder":
                refused(await ask(client, method, path, theirs, headers), 404, "not_found")


async def test_door_opens_the_door_alone(client, stranger, theirs, untouched):
    async with untouched(stranger):
        for method, path, access in routes(client):
            if access.kind == "permission":
                refused(await ask(client, method, path, theirs, stranger.door), 403, "forbidden")


async def test_each_permission_is_asked_for_by_name(client, database, stranger, theirs, untouched):
    """A key with everything but the one permission that a route names is refused by that name."""
    from foyer.domains.identity import issue_api_key

    asked = {access.detail for _, _, access in routes(client) if access.kind in {"permission", "device"}}
    keys = {}
    for name in asked:
        async with database.write(stranger.id) as tx:
            others = [one for one in PERMISSIONS if one != name]
            keys[name] = (
                await issue_api_key(tx, user_id=stranger.user_id, name="All but one", scopes=others)
            ).secret
    async with untouched(stranger):
        for method, path, access in routes(client):
            if access.kind in {"permission", "device"}:
                answer = await ask(client, method, path, theirs, bearing(keys[access.detail]))
                refused(answer, 403, "forbidden", None, access.detail)


async def test_credential_of_another_organization_has_no_business_in_a_shop(
    client, organization, stranger, theirs
):
    """Engineering 35: on public shop routes another organization's credential answers 404."""
    refused(
        await client.get(f"/api/v1/shops/{stranger.slug}/events", headers=organization.staff),
        404,
        "not_found",
    )
