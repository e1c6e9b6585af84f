"""The shop: what is listed, what can be reserved, and in which words it is refused."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from foyer.domains.events.types import TicketTypeDraft, Visibility
from tests.api.asking import Shop, pool_of, refused, taken
from tests.support.world import make_event, make_organization, today

MISSING = "0190a000-0000-7000-8000-000000000000"
SOON = datetime.now(UTC).replace(microsecond=0) + timedelta(days=10)


def free(name="Free", quantity=10, **more):
    return TicketTypeDraft(name=name, quantity=quantity, is_free=True, **more)


async def titles(shop, query=""):
    return [one["title"] for one in taken(await shop.client.get(f"{shop.path}/events{query}"))["items"]]


async def test_only_public_published_coming_events_are_listed(shop, database, owner_sql):
    house = shop.organization
    await make_event(database, house, title="Draft", publish=False)
    await make_event(database, house, title="Unlisted", visibility=Visibility.UNLISTED)
    await make_event(database, house, title="Private", visibility=Visibility.PRIVATE)
    cancelled = await make_event(database, house, title="Cancelled")
    over = await make_event(database, house, title="Over")
    deleted = await make_event(database, house, title="Deleted")
    day = today() + timedelta(days=5)
    await make_event(database, house, title="Later", category="Talk", city="Bonn")
    await make_event(database, house, title="100% sooner", start_date=day, end_date=day)
    await owner_sql.execute("UPDATE events SET status = 'cancelled' WHERE id = $1", cancelled.id)
    await owner_sql.execute("UPDATE events SET deleted_at = foyer_now() WHERE id = $1", deleted.id)
    await owner_sql.execute(
        "UPDATE events SET starts_at = foyer_now() - interval '2 h', ends_at = foyer_now() - interval '1 h' WHERE id = $1",
        over.id,
    )

    assert await titles(shop) == ["100% sooner", "Later"]
    assert await titles(shop, "?q=LATER") == ["Later"]
    assert await titles(shop, "?q=bonn") == ["Later"]
    assert await titles(shop, "?category=Talk") == ["Later"]
    assert await titles(shop, "?q=%25") == ["100% sooner"]
    assert await titles(shop, "?q=_") == []
    assert await titles(shop, "?q=%5C") == []


@pytest.mark.parametrize("path", ["/events?q=%00", "/events?category=%00", "/events/%00", "/events/a%00b"])
async def test_unprintable_question_is_not_our_mistake(shop, path):
    assert (await shop.client.get(shop.path + path)).status_code in {200, 404, 422}


async def test_pages_of_the_shop_stand_while_events_are_added(shop, database):
    for days in (3, 1, 2, 5, 4):
        day = today() + timedelta(days=days)
        await make_event(database, shop.organization, title=str(days), start_date=day, end_date=day)
    first = taken(await shop.client.get(f"{shop.path}/events?limit=2"))
    day = today() + timedelta(days=1)
    await make_event(database, shop.organization, title="added", start_date=day, end_date=day)
    second = taken(await shop.client.get(f"{shop.path}/events?limit=2&cursor={first['nextCursor']}"))
    third = taken(await shop.client.get(f"{shop.path}/events?limit=2&cursor={second['nextCursor']}"))

    assert [[one["title"] for one in page["items"]] for page in (first, second, third)] == [
        ["1", "2"],
        ["3", "4"],
        ["5"],
    ]
    assert third["nextCursor"] is None
    for query, field in (("limit=0", "limit"), ("limit=101", "limit"), ("cursor=x", "cursor")):
        refused(await shop.client.get(f"{shop.path}/events?{query}"), 422, "invalid_field", field)


async def test_event_is_found_by_id_and_by_slug(shop, database):
    event = await make_event(
        database, shop.organization, free(), description="<p onclick=x>Hi<script>bad()</script></p>"
    )

    by_id = taken(await shop.offer(event.id))
    by_slug = taken(await shop.offer(event.slug))
    assert {**by_id, "asOf": ""} == {**by_slug, "asOf": ""}
    assert by_id["event"]["description"] == "<p>Hi</p>"
    assert set(by_id["ticketTypes"][0]) == {
        "id", "name", "description", "price", "fee", "tax", "taxName", "taxRateBps", "taxIncluded", "total", "isFree", "requiresApproval", "minPerOrder", "maxPerOrder",
        "availableQuantity", "state", "salesStartDate", "salesEndDate", "sortOrder",
    }  # fmt: skip


@pytest.mark.parametrize(
    "slug",
    ["0123456789abcdef0123456789abcdef", "0190a000-0000-7000-8000-000000000000", "events", "a--b-", "A"],
)
async def test_address_that_reads_as_something_else_is_refused(office, untouched, slug):
    """Events are opened by id or by slug, so a slug must not read as an id."""
    async with untouched(office.organization):
        refused(await office.create(slug=slug), 422, "invalid_field", "slug")


@pytest.mark.parametrize("hidden", ["draft", "private", "deleted"])
async def test_event_that_is_not_shown_does_not_exist(shop, database, owner_sql, untouched, hidden):
    event = await make_event(
        database, shop.organization, publish=hidden != "draft",
        visibility=Visibility.PRIVATE if hidden == "private" else Visibility.PUBLIC,
    )  # fmt: skip
    if hidden == "deleted":
        await owner_sql.execute("UPDATE events SET deleted_at = foyer_now() WHERE id = $1", event.id)
    async with untouched(shop.organization):
        answers = [await shop.offer(event.id), await shop.offer(event.slug), await shop.reserve(event)]
        missing = await shop.offer(MISSING)
    for answer in answers:
        assert refused(answer, 404, "not_found")["detail"] == refused(missing, 404, "not_found")["detail"]


async def test_unlisted_event_is_sold_by_direct_link(shop, database):
    event = await make_event(database, shop.organization, visibility=Visibility.UNLISTED)

    assert taken(await shop.offer(event.slug))["event"]["id"] == str(event.id)
    await shop.cart(event)


async def test_shop_shows_itself_and_nothing_of_its_rules(shop):
    answer = taken(await shop.client.get(shop.path))

    assert set(answer) == {
        "slug", "name", "email", "phone", "website", "logo", "primaryColor", "secondaryColor", "refundPolicy",
        "privacyPolicyUrl", "termsOfServiceUrl",
    }  # fmt: skip
    for slug in ("nobody-here", shop.organization.slug.upper(), "%00", "x" * 200):
        refused(await shop.client.get(f"/api/v1/shops/{slug}/events"), 404, "not_found")


async def test_reserving_holds_places_for_a_quarter_of_an_hour(shop, database, owner_sql):
    event = await make_event(database, shop.organization, free(), free("More"), capacity=15)
    first, second = event.ticket_types
    cart = await shop.cart(event, (first.id, 1), (second.id, 2), (first.id, 2))

    assert sorted((line["name"], line["quantity"], line["subtotal"]) for line in cart["items"]) == [
        ("Free", 3, 0),
        ("More", 2, 0),
    ]
    held = datetime.fromisoformat(cart["expiresAt"]) - datetime.fromisoformat(cart["createdAt"])
    assert (held, cart["status"], cart["currency"], cart["total"]) == (
        timedelta(minutes=15),
        "active",
        "EUR",
        0,
    )
    assert await pool_of(owner_sql, "ticket_types", first.id) == (10, 3, 0)
    assert await pool_of(owner_sql, "events", event.id) == (15, 5, 0)
    assert await owner_sql.fetchval("SELECT count(*) FROM facts WHERE subject_id = $1", cart["id"]) == 0


async def test_lines_keep_their_order(shop, database):
    event = await make_event(database, shop.organization, *(free(f"Type {number}") for number in range(8)))
    cart = await shop.cart(event, *((kind.id, 1) for kind in event.ticket_types))

    looked = taken(await shop.look(cart))
    assert [line["id"] for line in looked["items"]] == [line["id"] for line in cart["items"]]


async def test_prices_come_with_their_fees(client, database):
    house = await make_organization(database, service_fee_bps=500, service_fee_fixed=50)
    shop = Shop(client, house)
    event = await make_event(database, house, TicketTypeDraft(name="Gold", quantity=9, price=18_900), free())
    gold, nothing = event.ticket_types

    offered = {
        one["id"]: (one["price"], one["fee"], one["total"])
        for one in taken(await shop.offer(event.id))["ticketTypes"]
    }
    assert offered == {str(gold.id): (18_900, 995, 19_895), str(nothing.id): (0, 0, 0)}
    cart = await shop.cart(event, (gold.id, 2), (nothing.id, 1))
    sums = {name: cart[name] for name in ("subtotal", "discountAmount", "fees", "taxes", "total")}
    assert sums == {"subtotal": 37_800, "discountAmount": 0, "fees": 1_990, "taxes": 0, "total": 39_790}


async def test_fixed_fee_is_not_charged_in_another_currency(client, database):
    house = await make_organization(database, service_fee_bps=300, service_fee_fixed=50)
    event = await make_event(
        database, house, TicketTypeDraft(name="Gold", quantity=9, price=10_000), currency="JPY"
    )

    cart = await Shop(client, house).cart(event)
    assert (cart["fees"], cart["currency"]) == (300, "JPY")


async def test_session_has_one_live_cart(shop, database, owner_sql):
    event = await make_event(database, shop.organization)
    cart = await shop.cart(event)
    session = cart["sessionId"]

    again = taken(await shop.reserve(event, (event.ticket_types[0].id, 5), sessionId=session), 200)
    assert again == cart
    assert await pool_of(owner_sql, "events", event.id) == (2_000_000_000, 1, 0)
    other = await shop.cart(event)
    assert (other["id"] != cart["id"], other["sessionId"] != session) == (True, True)
    taken_back = await shop.drop(cart)
    assert taken_back.status_code == 204
    assert (await shop.cart(event, sessionId=session))["id"] != cart["id"]


@pytest.mark.parametrize("session", ["", "made-up", "A" * 38, "\xe9", " "])
async def test_session_of_our_own_making_is_refused(shop, database, untouched, session):
    event = await make_event(database, shop.organization)
    async with untouched(shop.organization):
        refused(await shop.reserve(event, sessionId=session), 422, "invalid_field", "sessionId")


async def test_session_whose_cart_has_lapsed_gets_a_new_one(shop, database, owner_sql):
    """Also in the moment before the sweeper has come by."""
    event = await make_event(database, shop.organization)
    cart = await shop.cart(event)
    await owner_sql.execute(
        "UPDATE carts SET created_at = created_at - interval '1 h', expires_at = foyer_now() - interval '1 s' WHERE id = $1",
        cart["id"],
    )

    assert (await shop.cart(event, sessionId=cart["sessionId"]))["id"] != cart["id"]


REFUSED_LINES = [
    ([], "invalid_field", "items", "1 to 50"),
    ([("first", 0)], "under_minimum", "items[0].quantity", "at least one"),
    ([("first", -1)], "under_minimum", "items[0].quantity", "at least one"),
    ([("first", 1001)], "over_limit", "items[0].quantity", "1000"),
    ([("first", 10**30)], "over_limit", "items[0].quantity", "1000"),
    ([("first", 1)], "under_minimum", "items[0].quantity", "First: take at least 2"),
    ([("first", 5)], "over_limit", "items[0].quantity", "First: take at most 4"),
    ([("second", 1), ("first", 5)], "over_limit", "items[1].quantity", "First"),
    ([("first", 3), ("first", 2)], "over_limit", None, "First: take at most 4"),
    ([("second", 1), ("second", 1), ("hidden", 1)], "invalid_field", "items[2].ticketTypeId", "no such ticket"),
    ([("hidden", 1)], "invalid_field", "items[0].ticketTypeId", "no such ticket"),
    ([("missing", 1)], "invalid_field", "items[0].ticketTypeId", "no such ticket"),
    ([("elsewhere", 1)], "invalid_field", "items[0].ticketTypeId", "no such ticket"),
    ([("strange", 1)], "invalid_field", "items[0].ticketTypeId", "no such ticket"),
]  # fmt: skip


@pytest.mark.parametrize(("wanted", "code", "field", "says"), REFUSED_LINES)
async def test_line_that_cannot_be_had(shop, database, untouched, stranger, wanted, code, field, says):
    kinds = (free("First", min_per_order=2, max_per_order=4), free("Second"), free("Hidden", is_hidden=True))
    event = await make_event(database, shop.organization, *kinds)
    other = await make_event(database, shop.organization)
    strange = await make_event(database, stranger)
    ids = {kind.name.lower(): kind.id for kind in event.ticket_types}
    ids |= {"missing": MISSING, "elsewhere": other.ticket_types[0].id, "strange": strange.ticket_types[0].id}
    body = {
        "eventId": str(event.id),
        "items": [{"ticketTypeId": str(ids[name]), "quantity": many} for name, many in wanted],
    }
    async with untouched(shop.organization, stranger):
        answer = await shop.client.post(f"{shop.path}/carts", json=body)

    refused(answer, 422, code, field or answer.json().get("field"), says)
    assert "Hidden" not in [one["name"] for one in taken(await shop.offer(event.id))["ticketTypes"]]


async def test_sold_out_says_how_many_are_left(shop, database, untouched):
    event = await make_event(database, shop.organization, free(quantity=5), free("Other", quantity=5))
    kind = event.ticket_types[0].id
    await shop.cart(event, (kind, 3))
    async with untouched(shop.organization):
        refused(
            await shop.reserve(event, (kind, 3)), 409, "sold_out", "items[0].quantity", "Free: only 2 left."
        )
    await shop.cart(event, (kind, 2))
    async with untouched(shop.organization):
        other = event.ticket_types[1].id
        refused(
            await shop.reserve(event, (other, 1), (kind, 1)),
            409,
            "sold_out",
            "items[1].quantity",
            "Free is sold out.",
        )
    assert [one["state"] for one in taken(await shop.offer(event.id))["ticketTypes"]] == [
        "sold_out",
        "on_sale",
    ]


@pytest.mark.parametrize(
    ("sales", "state", "says"),
    [
        ({"sales_start_date": SOON}, "not_yet", "Free is on sale from {}."),
        ({"sales_end_date": SOON - timedelta(days=20)}, "ended", "Free was on sale until {}."),
    ],
)
@pytest.mark.parametrize("of", ["event", "type"])
async def test_window_is_told_with_its_date_in_the_zone_of_the_event(
    shop, database, untouched, of, sales, state, says
):
    more, changes = (sales, {}) if of == "type" else ({}, sales)
    event = await make_event(
        database, shop.organization, free(**more), time_zone="America/New_York", **changes
    )
    date = f"{next(iter(sales.values())).astimezone(ZoneInfo('America/New_York')):%a %d %b %Y, %H:%M %Z}"
    async with untouched(shop.organization):
        refused(await shop.reserve(event), 409, "not_on_sale", "items[0].ticketTypeId", says.format(date))
    assert taken(await shop.offer(event.id))["ticketTypes"][0]["state"] == state


@pytest.mark.parametrize("field", ["salesStartDate", "salesEndDate"])
@pytest.mark.parametrize(
    "moment", ["0001-01-01T01:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:00:00-12:00"]
)
async def test_window_at_the_edge_of_the_calendar_is_refused(office, untouched, field, moment):
    event = await office.event()
    async with untouched(office.organization):
        refused(
            await office.add_type(event["id"], name="Seat", **{field: moment}),
            422,
            "invalid_field",
            field,
            "between",
        )


async def test_narrower_window_counts(shop, database):
    now = datetime.now(UTC).replace(microsecond=0)
    kind = free(sales_start_date=now - timedelta(days=9), sales_end_date=now + timedelta(days=1))
    event = await make_event(
        database,
        shop.organization,
        kind,
        sales_start_date=now - timedelta(days=1),
        sales_end_date=now + timedelta(days=9),
    )

    offered = taken(await shop.offer(event.id))["ticketTypes"][0]
    ends = [datetime.fromisoformat(offered[name]) for name in ("salesStartDate", "salesEndDate")]
    assert (ends, offered["state"]) == ([now - timedelta(days=1), now + timedelta(days=1)], "on_sale")


async def test_approval_type_holds_places_and_says_so(shop, database):
    event = await make_event(database, shop.organization, free(requires_approval=True))

    assert taken(await shop.offer(event.id))["ticketTypes"][0]["state"] == "by_approval"
    assert (await shop.cart(event))["status"] == "active"


@pytest.mark.parametrize(("status", "says"), [("cancelled", "cancelled"), ("completed", "over")])
async def test_event_that_is_no_more_sells_nothing(shop, database, owner_sql, untouched, status, says):
    event = await make_event(database, shop.organization)
    await owner_sql.execute("UPDATE events SET status = $2 WHERE id = $1", event.id, status)
    async with untouched(shop.organization):
        refused(await shop.reserve(event), 409, "not_on_sale", "items[0].ticketTypeId", says)


async def test_event_of_another_shop_does_not_exist(shop, database, stranger, untouched):
    event = await make_event(database, stranger)
    async with untouched(shop.organization, stranger):
        refused(await shop.reserve(event), 404, "not_found")
        refused(await shop.offer(event.id), 404, "not_found")
        refused(await shop.offer(event.slug), 404, "not_found")
