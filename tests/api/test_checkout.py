"""Checkout: a cart becomes an order once, and the tickets are the buyer's."""

import asyncio
import re

import pytest

from foyer.domains.events.types import TicketTypeDraft
from tests.api.asking import CUSTOMER, bearing, facts_of, pool_of, refused, taken
from tests.support.world import make_event


def free(name="Free", quantity=10, **more):
    return TicketTypeDraft(name=name, quantity=quantity, is_free=True, **more)


async def test_order_is_confirmed_with_a_ticket_for_each_place(shop, database, owner_sql):
    event = await make_event(database, shop.organization, free(), free("More"), capacity=20)
    first, second = (kind.id for kind in event.ticket_types)
    cart = await shop.cart(event, (first, 3), (second, 2))

    order = taken(await shop.check_out(cart), 201)

    assert re.fullmatch("[0-9A-HJKMNP-TV-Z]{8}", order["orderNumber"])
    assert (order["status"], order["paymentStatus"], order["paymentMethod"]) == ("confirmed", "paid", "free")
    assert [order[name] for name in ("subtotal", "discountAmount", "fees", "taxes", "total")] == [0] * 5
    kinds = [ticket["ticketTypeId"] for ticket in order["tickets"]]
    assert (kinds.count(str(first)), kinds.count(str(second)), len(kinds)) == (3, 2, 5)
    for ticket in order["tickets"]:
        assert re.fullmatch("[0-9A-HJKMNP-TV-Z]{16}", ticket["code"])
        assert (len(ticket["qrCode"]), ticket["qrCode"][:3], ticket["status"]) == (146, "T1.", "valid")
        attendee = {name: ticket["attendeeInfo"][name] for name in ("firstName", "lastName", "email")}
        assert attendee == {"firstName": "Jo", "lastName": "Buyer", "email": "jo@example.org"}
    assert (
        len({ticket["code"] for ticket in order["tickets"]})
        == len({ticket["qrCode"] for ticket in order["tickets"]})
        == 5
    )
    assert await pool_of(owner_sql, "events", event.id) == (20, 0, 5)
    assert await pool_of(owner_sql, "ticket_types", first) == (10, 0, 3)
    assert await facts_of(owner_sql, shop.organization) == ["event.published", "order.confirmed"]


async def test_double_checkout_is_the_same_order(shop, database, owner_sql, untouched):
    event = await make_event(database, shop.organization)
    cart = await shop.cart(event, (event.ticket_types[0].id, 2))
    order = taken(await shop.check_out(cart), 201)
    async with untouched(shop.organization):
        again = taken(await shop.check_out(cart), 200)
        other = taken(await shop.check_out(cart, customer={"email": "mallory@example.org"}), 200)

    def sort(one):
        return {**one, "tickets": sorted(one["tickets"], key=lambda ticket: ticket["id"])}

    assert sort(again) == sort(order) == sort(other)


async def test_many_checkouts_at_once_make_one_order(shop, database, owner_sql):
    event = await make_event(database, shop.organization)
    cart = await shop.cart(event)

    answers = await asyncio.gather(*(shop.check_out(cart) for _ in range(8)))

    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert await pool_of(owner_sql, "events", event.id) == (2_000_000_000, 0, 1)
    assert await facts_of(owner_sql, shop.organization) == ["event.published", "order.confirmed"]


async def test_order_is_shown_by_its_token_and_not_by_its_number(shop, database, untouched):
    event = await make_event(database, shop.organization)
    order, other = await shop.order(event), await shop.order(event)
    async with untouched(shop.organization):
        shown = taken(await shop.show_order(order))
        for token in (
            other["token"],
            order["orderNumber"],
            "fyc_" + order["orderNumber"],
            shop.organization.api_key,
            "x",
        ):
            refused(await shop.show_order(order, token), 404, "not_found")
        refused(await shop.client.get(f"{shop.path}/orders/{order['id']}"), 401, "unauthenticated")
        by_number = await shop.client.get(
            f"{shop.path}/orders/{order['orderNumber']}", headers=bearing(order["token"])
        )
        refused(by_number, 404, "not_found")

    assert {name: shown[name] for name in ("id", "orderNumber", "total", "items", "status")} == {
        name: order[name] for name in ("id", "orderNumber", "total", "items", "status")
    }
    assert [(one["code"], one["qrCode"]) for one in shown["tickets"]] == [
        (one["code"], one["qrCode"]) for one in order["tickets"]
    ]
    assert shown["customer"]["email"] == "jo@example.org"
    assert (shown["refundedAmount"], shown["eventId"]) == (0, str(event.id))


async def test_token_of_a_cart_does_not_open_its_order(shop, database):
    event = await make_event(database, shop.organization)
    cart = await shop.cart(event)
    order = taken(await shop.check_out(cart), 201)

    refused(await shop.show_order(order, cart["token"]), 404, "not_found")
    refused(await shop.look({**cart, "token": order["token"]}), 404, "not_found")


async def test_paid_cart_is_not_given_away(shop, database, untouched):
    kinds = (TicketTypeDraft(name="Gold", quantity=5, price=1_050), free())
    event = await make_event(database, shop.organization, *kinds)
    cart = await shop.cart(event, *((kind.id, 1) for kind in event.ticket_types))
    async with untouched(shop.organization):
        refused(await shop.check_out(cart), 422, "invalid_field", "paymentMethod", "€10.50")
        refused(await shop.check_out(cart, paymentMethod="card"), 422, "invalid_field", "paymentMethod")


REFUSALS = [
    ({"customer": {}}, "customer.email"),
    *(({"customer": {"email": address}}, "customer.email") for address in ("", "jo", "jo@example", "jo@@example.org", "a b@example.org", 5, None)),
    ({"customer": {"email": "jo@example.org\nx@example.org"}}, "customer.email"),
    ({"customer": {**CUSTOMER, "firstName": "x" * 101}}, "customer.firstName"),
    ({"customer": {**CUSTOMER, "lastName": ["x"]}}, "customer.lastName"),
    ({"customer": {**CUSTOMER, "marketing": "yes"}}, "customer.marketing"),
    ({"customer": {**CUSTOMER, "address": {"country": "XX"}}}, "customer.address.country"),
    ({"customer": {**CUSTOMER, "address": {"city": "x" * 201}}}, "customer.address.city"),
    ({"customer": {**CUSTOMER, "nosuch": 1}}, "customer.nosuch"),
    ({"customer": None}, "customer"),
    ({"paymentMethod": None}, "paymentMethod"),
    ({"paymentMethod": "FREE"}, "paymentMethod"),
    ({"total": 0}, "total"),
    ({"userId": "0190a000-0000-7000-8000-000000000000"}, "userId"),
    ({"attendees": "Jo"}, "attendees"),
]  # fmt: skip


async def test_odd_checkout_is_refused_by_the_name_of_its_field(shop, database, untouched):
    event = await make_event(database, shop.organization)
    cart = await shop.cart(event)
    async with untouched(shop.organization):
        answers = [(await shop.check_out(cart, **changes), field) for changes, field in REFUSALS]
    for answer, field in answers:
        refused(answer, 422, "invalid_field", field)


async def test_attendees_are_named_in_the_order_of_their_tickets(shop, database):
    event = await make_event(database, shop.organization, free(), free("More"))
    first, second = (str(kind.id) for kind in event.ticket_types)
    people = [
        {"ticketTypeId": second, "firstName": " Ann "},
        {
            "ticketTypeId": first,
            "firstName": "Bo",
            "email": "Bo@EXAMPLE.org",
            "additionalFields": {"Diet": " none "},
        },
    ]
    order = await shop.order(event, (first, 2), (second, 1), attendees=people)

    named = sorted(
        (one["ticketTypeId"] == first, one["attendeeInfo"]["firstName"]) for one in order["tickets"]
    )
    assert named == [(False, "Ann"), (True, "Bo"), (True, "Jo")]
    bo = next(one["attendeeInfo"] for one in order["tickets"] if one["attendeeInfo"]["firstName"] == "Bo")
    assert bo == {
        "firstName": "Bo",
        "lastName": None,
        "email": "Bo@example.org",
        "phone": None,
        "additionalFields": {"Diet": "none"},
    }


async def test_odd_attendees_are_refused(shop, database, untouched):
    event = await make_event(database, shop.organization, free(), free("More"))
    first, second = (str(kind.id) for kind in event.ticket_types)
    cart = await shop.cart(event, (first, 1))
    cases = [
        ([{"ticketTypeId": first}] * 2, "attendees"),
        ([{"ticketTypeId": second}], "attendees"),
        ([{"ticketTypeId": first, "email": "jo"}], "attendees[0].email"),
        ([{"ticketTypeId": first, "firstName": "x" * 101}], "attendees[0].firstName"),
        ([{"ticketTypeId": first, "additionalFields": {"a": "x" * 501}}], "attendees[0].additionalFields"),
        (
            [{"ticketTypeId": first, "additionalFields": {str(one): "" for one in range(21)}}],
            "attendees[0].additionalFields",
        ),
        ([{"ticketTypeId": first}] * 1001, "attendees"),
    ]
    async with untouched(shop.organization):
        answers = [(await shop.check_out(cart, attendees=people), field) for people, field in cases]
    for answer, field in answers:
        refused(answer, 422, "invalid_field", field)


async def test_empty_cart_is_no_order(shop, database, untouched):
    event = await make_event(database, shop.organization)
    cart = await shop.cart(event)
    taken(await shop.change(cart, (event.ticket_types[0].id, 0)))
    async with untouched(shop.organization):
        refused(await shop.check_out(cart), 409, "state_conflict", "items", "empty")


async def test_buyer_is_linked_and_never_changed(shop, database, owner_sql):
    event = await make_event(database, shop.organization)
    first = await shop.order(event)
    again = await shop.order(
        event, customer={"email": "JO@Example.org", "firstName": "Other", "phone": "1", "marketing": True}
    )
    rows = await owner_sql.fetch(
        "SELECT id, email, first_name, phone, marketing FROM customers WHERE organization_id = $1",
        shop.organization.id,
    )

    assert [tuple(row)[1:] for row in rows] == [("jo@example.org", "Jo", None, False)]
    ids = await owner_sql.fetch(
        "SELECT DISTINCT customer_id FROM orders WHERE organization_id = $1", shop.organization.id
    )
    assert [row[0] for row in ids] == [rows[0]["id"]]
    shown = taken(await shop.show_order(again))["customer"]
    assert (
        shown["firstName"],
        shown["phone"],
        taken(await shop.show_order(first))["customer"]["firstName"],
    ) == ("Other", "1", "Jo")


async def test_same_buyer_at_two_organizations_is_two_customers(shop, client, database, stranger, owner_sql):
    from tests.api.asking import Shop

    for one in (shop, Shop(client, stranger)):
        await one.order(await make_event(database, one.organization))
    query = "SELECT count(*), count(DISTINCT id) FROM customers WHERE organization_id = ANY($1::uuid[])"

    assert tuple(await owner_sql.fetchrow(query, [shop.organization.id, stranger.id])) == (2, 2)


async def test_event_cancelled_meanwhile_is_told_as_such(shop, office, database, untouched):
    event = await make_event(database, shop.organization)
    cart = await shop.cart(event)
    taken(await office.ask("POST", f"/events/{event.id}/cancellation"))
    async with untouched(shop.organization):
        refused(await shop.check_out(cart), 409, "not_on_sale", None, "cancelled")


async def test_event_that_ended_meanwhile_sells_nothing(shop, database, owner_sql, untouched):
    event = await make_event(database, shop.organization)
    cart = await shop.cart(event)
    await owner_sql.execute(
        "UPDATE events SET starts_at = foyer_now() - interval '2 h', ends_at = foyer_now() WHERE id = $1",
        event.id,
    )
    async with untouched(shop.organization):
        refused(await shop.check_out(cart), 409, "not_on_sale", None, "over")


@pytest.mark.parametrize("table", ["events", "ticket_types"])
async def test_sales_that_ended_meanwhile_are_over(shop, database, owner_sql, untouched, table):
    """Outside the window neither reserving nor checking out."""
    event = await make_event(database, shop.organization)
    cart = await shop.cart(event)
    row = event.id if table == "events" else event.ticket_types[0].id
    await owner_sql.execute(
        f"UPDATE {table} SET sales_end_date = foyer_now() - interval '1 s' WHERE id = $1", row
    )
    async with untouched(shop.organization):
        answer = await shop.check_out(cart)
        assert (answer.status_code, answer.json().get("code")) == (409, "not_on_sale")


async def test_shop_without_guests_refuses_a_guest(shop, database, owner_sql, untouched):
    await owner_sql.execute(
        "UPDATE organization_settings SET allow_guest_checkout = false WHERE organization_id = $1",
        shop.organization.id,
    )
    event = await make_event(database, shop.organization)
    cart = await shop.cart(event)
    async with untouched(shop.organization):
        assert (await shop.check_out(cart)).status_code in {401, 403}
