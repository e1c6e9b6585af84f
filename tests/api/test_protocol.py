"""What every answer has in common: problems, ids, headers, bodies, keys for what may come twice, the document."""

import asyncio
import re

import pytest

from tests.api.asking import bearing, event_body, lines, pool_of, refused, taken
from tests.support.world import make_event

SECURITY = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
}


@pytest.mark.parametrize(("path", "text"), [("/livez", "alive"), ("/readyz", "ready")])
async def test_health(client, path, text):
    answer = await client.get(path)

    assert (answer.status_code, answer.text, answer.headers["content-type"]) == (
        200,
        text,
        "text/plain; charset=utf-8",
    )


@pytest.mark.parametrize(
    "path",
    [
        "/livez",
        "/api/v1/openapi.json",
        "/api/v1/events",
        "/api/v1/nowhere",
        "/nowhere",
        "/api/v1/shops/nobody",
    ],
)
async def test_every_answer_has_an_id_and_is_guarded(client, path):
    answer = await client.get(path)

    assert {name: answer.headers[name] for name in SECURITY} == SECURITY
    assert re.fullmatch("[0-9A-HJKMNP-TV-Z]{16}", answer.headers["x-request-id"])
    assert answer.headers.get_list("x-request-id") == [answer.headers["x-request-id"]]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("proxy-1234.a_B", True),
        ("short", False),
        ("x" * 65, False),
        ("a b c d e f", False),
        ("<script>x", False),
    ],
)
async def test_id_of_a_proxy_is_kept_where_it_looks_like_one(client, given, kept):
    answer = await client.get("/api/v1/nowhere", headers={"X-Request-Id": given})

    assert (answer.headers["x-request-id"] == given) is kept
    assert answer.json()["requestId"] == answer.headers["x-request-id"]


async def test_unknown_path_and_wrong_method_are_told_as_problems(client, organization):
    refused(await client.get("/api/v1/nowhere"), 404, "not_found", None, "GET /api/v1/nowhere")
    answer = await client.put("/api/v1/events", headers=organization.staff)
    refused(answer, 405, "method_not_allowed", None, "PUT")
    assert {"GET", "POST"} <= set(answer.headers["allow"].replace(" ", "").split(","))
    assert (await client.get("/nowhere")).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"{]",
        b'{"title": }',
        b"\xff\xfe",
        b'"a',
        b"{'a': 1}",
        b'"\\ud800"',
    ],
)
async def test_what_is_not_json_is_malformed(office, untouched, body):
    headers = {**office.organization.staff, "Content-Type": "application/json"}
    async with untouched(office.organization):
        answer = await office.client.post("/api/v1/events", content=body, headers=headers)
    refused(answer, 400, "malformed", None, "not JSON")


@pytest.mark.parametrize("body", [b"[]", b"null", b"5", b'"text"', b"true"])
async def test_json_of_another_kind_is_refused(office, body):
    headers = {**office.organization.staff, "Content-Type": "application/json"}

    refused(
        await office.client.post("/api/v1/events", content=body, headers=headers),
        422,
        "invalid_field",
        "body",
        "an object",
    )


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml"],
)
async def test_other_content_is_refused(office, untouched, kind):
    async with untouched(office.organization):
        answer = await office.client.post(
            "/api/v1/events", content=b"{}", headers={**office.organization.staff, "Content-Type": kind}
        )
    refused(answer, 400, "malformed", None, "application/json")


async def test_body_has_a_limit(office, untouched):
    async with untouched(office.organization):
        refused(await office.create(description="x" * (256 * 1024)), 413, "too_large", None, "256 kB")
    refused(await office.create(description="x" * 200_000), 422, "invalid_field", "description")


async def test_refusal_without_a_credential_says_how(client):
    answer = await client.get("/api/v1/events")

    refused(answer, 401, "unauthenticated", None, "Authorization: Bearer")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.headers["cache-control"] == "no-store"


async def test_document_lists_every_route(client):
    document = taken(await client.get("/api/v1/openapi.json"))
    app = client._transport.app.app
    routes = {
        (method.lower(), re.sub(r"\{(\w+):\w+\}", r"{\1}", route.path))
        for route in app.routes if route.path.startswith("/api/v1/") and route.path != "/api/v1/openapi.json"
        for method in route.methods - {"OPTIONS", "HEAD"}
    }  # fmt: skip
    listed = {(method, path) for path, methods in document["paths"].items() for method in methods}

    assert listed == routes
    assert len(routes) >= 20
    assert document["info"]["title"] == "Foyer"


# keys for what may come twice


async def test_key_makes_an_event_once(office, owner_sql, untouched):
    first = await office.ask("POST", "/events", event_body(), Idempotency_Key="one")
    async with untouched(office.organization):
        again = await office.ask("POST", "/events", event_body(), Idempotency_Key="one")
        mismatch = await office.ask("POST", "/events", event_body(title="Other"), Idempotency_Key="one")
    other = await office.ask("POST", "/events", event_body(), Idempotency_Key="two")

    assert taken(first, 201) == taken(again, 201)
    assert first.headers["etag"] == again.headers["etag"]
    refused(mismatch, 422, "idempotency_mismatch", "Idempotency-Key")
    assert taken(other, 201)["id"] != first.json()["id"]


async def test_key_of_a_refused_request_is_free_again(office):
    refused(
        await office.ask("POST", "/events", event_body(title=" "), Idempotency_Key="one"),
        422,
        "invalid_field",
        "title",
    )

    taken(await office.ask("POST", "/events", event_body(), Idempotency_Key="one"), 201)


async def test_key_used_many_times_at_once_makes_one_event(office, owner_sql):
    answers = await asyncio.gather(
        *(office.ask("POST", "/events", event_body(), Idempotency_Key="one") for _ in range(5))
    )

    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.json()["id"] for answer in answers if answer.status_code == 201}) == 1
    assert (
        await owner_sql.fetchval(
            "SELECT count(*) FROM events WHERE organization_id = $1", office.organization.id
        )
        == 1
    )


async def test_same_key_of_somebody_else_is_another_key(office, client, stranger):
    mine = await office.ask("POST", "/events", event_body(), Idempotency_Key="one")
    theirs = await client.post(
        "/api/v1/events", json=event_body(title="Other"), headers={**stranger.staff, "Idempotency-Key": "one"}
    )

    assert taken(mine, 201)["id"] != taken(theirs, 201)["id"]


async def test_key_belongs_to_its_path(office):
    event = await office.event()
    body = {"name": "Seat", "quantity": 1, "price": 5}
    path = f"/events/{event['id']}/ticket-types"
    first = taken(await office.ask("POST", path, body, Idempotency_Key="one"), 201)

    assert taken(await office.ask("POST", path, body, Idempotency_Key="one"), 201) == first
    refused(
        await office.ask("POST", "/events", event_body(), Idempotency_Key="one"),
        422,
        "idempotency_mismatch",
        "Idempotency-Key",
    )


@pytest.mark.parametrize("key", ["", "x" * 256, "a\tb", "\xe9"])
async def test_odd_key_is_refused(office, shop, database, untouched, key):
    event = await make_event(database, office.organization)
    async with untouched(office.organization):
        headers = {**office.organization.staff, "Idempotency-Key": key.encode("latin-1")}
        answer = await office.client.post("/api/v1/events", json=event_body(), headers=headers)
        refused(answer, 422, "invalid_field", "Idempotency-Key")
        refused(
            await shop.reserve(event, headers={"Idempotency-Key": key.encode("latin-1")}),
            422,
            "invalid_field",
            "Idempotency-Key",
        )


async def test_key_without_a_session_has_to_be_random(shop, database, untouched):
    """Visitors without a session are nobody in particular: who guesses a key would get the cart with its token."""
    event = await make_event(database, shop.organization)
    async with untouched(shop.organization):
        answer = await shop.reserve(event, headers={"Idempotency-Key": "1"})
        refused(answer, 422, "invalid_field", "Idempotency-Key", "16")


async def test_key_makes_a_cart_once(shop, database, owner_sql, untouched):
    event = await make_event(database, shop.organization)
    kind = event.ticket_types[0].id
    key = {"Idempotency-Key": "a key that nobody guesses"}
    cart = taken(await shop.reserve(event, (kind, 2), headers=key), 201)
    async with untouched(shop.organization):
        assert taken(await shop.reserve(event, (kind, 2), headers=key), 200) == cart
        refused(
            await shop.reserve(event, (kind, 3), headers=key), 422, "idempotency_mismatch", "Idempotency-Key"
        )
    answers = await asyncio.gather(
        *(
            shop.reserve(event, (kind, 1), headers={"Idempotency-Key": "another key that nobody guesses"})
            for _ in range(6)
        )
    )

    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201]
    assert await pool_of(owner_sql, "events", event.id) == (2_000_000_000, 3, 0)


async def test_key_of_another_event_is_a_mismatch(shop, database, untouched):
    event, other = (
        await make_event(database, shop.organization),
        await make_event(database, shop.organization),
    )
    key = {"Idempotency-Key": "a key that nobody guesses"}
    taken(await shop.reserve(event, headers=key), 201)
    async with untouched(shop.organization):
        refused(await shop.reserve(other, headers=key), 422, "idempotency_mismatch", "Idempotency-Key")


async def test_body_of_a_reservation_is_read_strictly(shop, database, untouched):
    event = await make_event(database, shop.organization)
    kind = str(event.ticket_types[0].id)
    good = {"eventId": str(event.id), "items": lines((kind, 1))}
    cases = [
        ({"items": good["items"]}, "eventId"), ({**good, "eventId": "x"}, "eventId"), ({**good, "eventId": 5}, "eventId"),
        ({"eventId": str(event.id)}, "items"), ({**good, "items": {}}, "items"), ({**good, "items": [5]}, "items[0]"),
        ({**good, "items": [{"ticketTypeId": kind}]}, "items[0].quantity"), ({**good, "items": lines((kind, "1"))}, "items[0].quantity"),
        ({**good, "items": lines((kind, 1.5))}, "items[0].quantity"), ({**good, "items": lines((kind, True))}, "items[0].quantity"),
        ({**good, "items": [{**lines((kind, 1))[0], "unitPrice": 0}]}, "items[0].unitPrice"), ({**good, "userId": kind}, "userId"),
        ({**good, "total": 0}, "total"), ({**good, "items": lines(*[(kind, 1)] * 51)}, "items"),
    ]  # fmt: skip
    async with untouched(shop.organization):
        answers = [(await shop.client.post(f"{shop.path}/carts", json=body), field) for body, field in cases]
    for answer, field in answers:
        refused(answer, 422, "invalid_field", field)


async def test_answers_of_holders_are_not_kept_by_anybody(shop, database):
    event = await make_event(database, shop.organization)
    cart = await shop.cart(event)
    for answer in (await shop.look(cart), await shop.client.get("/api/v1/events", headers=bearing("x"))):
        assert "no-store" in answer.headers["cache-control"]


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/api/v1/openapi.json", "/"])
async def test_head_is_answered_like_get(client, path):
    assert (await client.head(path)).status_code == (await client.get(path)).status_code == 200


@pytest.mark.parametrize("path", ["/api/v1/events", "/api/v1/check-ins", "/api/v1/openapi.json"])
async def test_options_tell_the_methods(client, path):
    answer = await client.options(path)

    assert answer.status_code == 204
    assert answer.headers["allow"]


@pytest.mark.parametrize("verb", ["publication", "cancellation"])
@pytest.mark.parametrize(("body", "status"), [("{", 400), ('{"zzz": 1}', 422), ("[]", 422)])
async def test_nothing_is_done_on_half_a_wish(office, client, untouched, verb, body, status):
    event = await office.event()
    await office.type(event["id"])
    async with untouched(office.organization):
        answer = await client.post(
            f"/api/v1/events/{event['id']}/{verb}", content=body, headers=office.organization.staff
        )
        assert answer.status_code == status


@pytest.mark.parametrize("name", ["bogus", "id", "version", "start_date"])
async def test_null_makes_no_field_of_a_word_that_is_none(office, untouched, name):
    event = await office.event()
    kind = await office.type(event["id"])
    async with untouched(office.organization):
        refused(await office.edit(event["id"], {name: None}), 422, "invalid_field", name, "no such field")
        refused(await office.edit_type(kind, {name: None}), 422, "invalid_field", name, "no such field")
