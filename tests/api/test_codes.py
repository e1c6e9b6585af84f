"""Discount codes, taxes and invoices as a buyer meets them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from foyer.domains.events import create_discount, create_tax_rate, delete_discount, edit_ticket_type
from foyer.domains.events.types import DiscountDraft, TaxRateDraft, TicketTypeDraft
from tests.api.asking import CUSTOMER, bearing, facts_of, pool_of, refused, taken
from tests.support.world import make_event

SUMS = ("subtotal", "discountAmount", "fees", "taxes", "total")


def seat(name="Seat", price=1000, **more):
    return TicketTypeDraft(name=name, quantity=20, price=price, **more)


@pytest.fixture
def code(database, organization):
    async def make(name="ten", **more):
        async with database.write(organization.id) as tx:
            return await create_discount(
                tx, DiscountDraft(**{"code": name, "percentage": 10.0, **more}), actor=organization.owner
            )

    return make


@pytest.fixture
def tax(database, organization):
    async def make(rate, *, inclusive):
        async with database.write(organization.id) as tx:
            draft = TaxRateDraft(name=f"VAT {rate}", rate_percentage=rate, inclusive=inclusive)
            return (await create_tax_rate(tx, draft, actor=organization.owner)).id

    return make


async def patch(shop, cart, **body):
    path = f"{shop.path}/carts/{cart['id']}"
    return await shop.client.patch(path, json=body, headers=bearing(cart["token"]))


def sums(body):
    return [body[name] for name in SUMS]


async def uses(owner_sql, discount):
    query = "SELECT held, sold FROM pools p JOIN discounts d ON d.pool_id = p.id WHERE d.id = $1"
    return tuple(await owner_sql.fetchrow(query, discount.id))


async def test_code_goes_on_and_comes_off(shop, database, owner_sql, code):
    event = await make_event(database, shop.organization, seat())
    discount = await code()
    cart = await shop.cart(event, (event.ticket_types[0].id, 3))

    on = taken(await patch(shop, cart, discountCode="  TeN "))
    assert (on["discountCode"], sums(on)) == ("ten", [3000, 300, 0, 0, 2700])
    assert on["items"][0]["unitDiscount"] == 100
    assert on["expiresAt"] == cart["expiresAt"], "an edit never moves the end"
    assert await uses(owner_sql, discount) == (1, 0)
    again = taken(await patch(shop, cart, discountCode="ten"))
    assert (sums(again), await uses(owner_sql, discount)) == (sums(on), (1, 0))
    more = taken(
        await patch(shop, cart, items=[{"ticketTypeId": cart["items"][0]["ticketTypeId"], "quantity": 5}])
    )
    assert sums(more) == [5000, 500, 0, 0, 4500]
    off = taken(await patch(shop, cart, discountCode=None))
    assert (off["discountCode"], sums(off)) == (None, [5000, 0, 0, 0, 5000])
    assert await uses(owner_sql, discount) == (0, 0)
    assert taken(await shop.look(cart)) == off
    assert await facts_of(owner_sql, shop.organization) == ["event.published"], "a cart tells nobody"


async def test_one_change_does_everything_or_nothing(shop, database, owner_sql, code, untouched):
    event = await make_event(database, shop.organization, seat(), seat("Box", 5000))
    first, second = (str(kind.id) for kind in event.ticket_types)
    await code()
    cart = await shop.cart(event, (first, 1))
    lines = [{"ticketTypeId": first, "quantity": 0}, {"ticketTypeId": second, "quantity": 2}]
    async with untouched(shop.organization):
        refused(
            await patch(shop, cart, items=lines, discountCode="nope"), 422, "code_invalid", "discountCode"
        )
        too_many = [{"ticketTypeId": second, "quantity": 11}]
        refused(
            await patch(shop, cart, items=too_many, discountCode="ten"),
            422,
            "over_limit",
            "items[0].quantity",
        )
        odd = {"email": "nobody"}
        refused(await patch(shop, cart, items=lines, customer=odd), 422, "invalid_field", "customer.email")
        refused(await patch(shop, cart, total=1), 422, "invalid_field", "total")
    changed = taken(await patch(shop, cart, items=lines, discountCode="ten", customer=CUSTOMER))
    assert [(line["ticketTypeId"], line["quantity"]) for line in changed["items"]] == [(second, 2)]
    assert (sums(changed), changed["customer"]["email"]) == ([10_000, 1000, 0, 0, 9000], "jo@example.org")
    assert await pool_of(owner_sql, "ticket_types", first) == (20, 0, 0)
    assert await pool_of(owner_sql, "ticket_types", second) == (20, 2, 0)


NOW, DAY, BERLIN, WRITTEN = (
    datetime.now(UTC),
    timedelta(days=1),
    ZoneInfo("Europe/Berlin"),
    "%a %d %b %Y, %H:%M %Z",
)


@pytest.mark.parametrize(
    ("terms", "says"),
    [
        (
            {"starts_at": NOW + DAY},
            f"counts from {(NOW + DAY).astimezone(BERLIN):{WRITTEN}}.",
        ),
        (
            {"ends_at": NOW - DAY},
            f"counted until {(NOW - DAY).astimezone(BERLIN):{WRITTEN}}.",
        ),
        ({"percentage": None, "amount": 100, "currency": "JPY"}, "another currency"),
        ({"minimum_quantity": 3}, "needs 3 tickets"),
        ({"other_type": True}, "other tickets"),
        ({"deleted": True}, "no such code"),
    ],
)
async def test_code_that_does_not_count_says_why(shop, database, code, untouched, terms, says):
    event = await make_event(database, shop.organization, seat(), seat("Box"))
    terms = dict(terms)
    if terms.pop("other_type", False):
        terms["ticket_type_ids"] = [event.ticket_types[1].id]
    deleted = terms.pop("deleted", False)
    discount = await code(**terms)
    if deleted:
        async with database.write(shop.organization.id) as tx:
            await delete_discount(tx, discount.id, actor=shop.organization.owner)
    cart = await shop.cart(event, (event.ticket_types[0].id, 2))
    async with untouched(shop.organization):
        refused(await patch(shop, cart, discountCode="ten"), 422, "code_invalid", "discountCode", says)


async def test_code_of_another_house_does_not_exist(shop, stranger, database, untouched):
    async with database.write(stranger.id) as tx:
        await create_discount(tx, DiscountDraft(code="theirs", percentage=50.0), actor=stranger.owner)
    cart = await shop.cart(await make_event(database, shop.organization, seat()))
    async with untouched(shop.organization, stranger):
        refused(
            await patch(shop, cart, discountCode="theirs"),
            422,
            "code_invalid",
            "discountCode",
            "no such code",
        )


async def test_code_that_takes_nothing_off_is_not_used_up(shop, database, owner_sql, code, untouched):
    event = await make_event(
        database, shop.organization, TicketTypeDraft(name="Free", quantity=5, is_free=True)
    )
    await code()
    cart = await shop.cart(event)
    async with untouched(shop.organization):
        refused(
            await patch(shop, cart, discountCode="ten"), 422, "code_invalid", "discountCode", "nothing off"
        )


async def test_code_comes_off_when_too_few_tickets_are_left(shop, database, owner_sql, code):
    event = await make_event(database, shop.organization, seat())
    discount = await code(minimum_quantity=3)
    kind = event.ticket_types[0].id
    cart = await shop.cart(event, (kind, 3))
    assert taken(await patch(shop, cart, discountCode="ten"))["discountAmount"] == 300

    fewer = taken(await shop.change(cart, (kind, 2)))
    assert (fewer["discountCode"], sums(fewer)) == (None, [2000, 0, 0, 0, 2000])
    assert await uses(owner_sql, discount) == (0, 0)


async def test_exhausted_code_is_refused_and_free_again_when_its_cart_goes(
    shop, database, owner_sql, code, untouched
):
    event = await make_event(database, shop.organization, seat())
    discount = await code(max_uses=1)
    first, second = await shop.cart(event), await shop.cart(event)
    taken(await patch(shop, first, discountCode="ten"))
    async with untouched(shop.organization):
        refused(await patch(shop, second, discountCode="ten"), 409, "code_exhausted", "discountCode")
    assert (await shop.drop(first)).status_code == 204
    assert await uses(owner_sql, discount) == (0, 0)
    taken(await patch(shop, second, discountCode="ten"))


async def test_full_discount_makes_a_free_order_without_fee_and_tax(shop, database, owner_sql, code, tax):
    rate = await tax(19.0, inclusive=False)
    event = await make_event(
        database, shop.organization, seat(tax_rate_id=rate), service_fee_percentage=10.0, service_fee_fixed=50
    )
    discount = await code(percentage=100.0)
    cart = await shop.cart(event, (event.ticket_types[0].id, 2))
    assert sums(cart) == [2000, 0, 300, 438, 2738], "10 % and 0.50 on 10.00, then 19 % on 11.50, per ticket"

    assert sums(taken(await patch(shop, cart, discountCode="ten"))) == [2000, 2000, 0, 0, 0]
    order = taken(await shop.check_out(cart, paymentMethod="manual"), 201)
    assert (order["status"], order["paymentMethod"], order["discountCode"]) == ("confirmed", "free", "ten")
    assert len(order["tickets"]) == 2
    assert await uses(owner_sql, discount) == (0, 1)
    assert (
        await owner_sql.fetchval(
            "SELECT count(*) FROM transactions WHERE organization_id = $1", shop.organization.id
        )
        == 0
    )


async def test_included_tax_is_told_and_not_added(shop, database, tax):
    rates = [await tax(19.0, inclusive=True), await tax(7.0, inclusive=False)]
    event = await make_event(
        database, shop.organization, seat(tax_rate_id=rates[0]), seat("Book", 2000, tax_rate_id=rates[1])
    )
    first, second = (kind.id for kind in event.ticket_types)
    offered = taken(await shop.offer(event.id))["ticketTypes"]
    assert [(one["tax"], one["taxIncluded"], one["total"]) for one in offered] == [
        (160, True, 1000),
        (140, False, 2140),
    ]

    cart = await shop.cart(event, (first, 2), (second, 1))
    assert sums(cart) == [4000, 0, 0, 140, 4140]
    lines = [
        {"name": "VAT 19.0", "rateBps": 1900, "base": 2000, "amount": 320, "included": True},
        {"name": "VAT 7.0", "rateBps": 700, "base": 2000, "amount": 140, "included": False},
    ]
    assert cart["taxLines"] == lines
    order = taken(await shop.check_out(cart, paymentMethod="manual"), 201)
    assert (order["taxLines"], order["total"]) == (lines, 4140)


async def test_invoice_waits_without_tickets_and_can_be_given_up(shop, database, owner_sql, code, untouched):
    event = await make_event(database, shop.organization, seat(), manual_payment_hours=48)
    discount = await code(max_uses=1)
    kind = event.ticket_types[0].id
    cart = await shop.cart(event, (kind, 2))
    taken(await patch(shop, cart, discountCode="ten"))
    order = taken(await shop.check_out(cart, paymentMethod="manual"), 201)

    assert (order["status"], order["paymentStatus"], order["tickets"]) == ("pending", "pending", [])
    assert (order["redirectUrl"], order["approval"]) == (None, None)
    waits = datetime.fromisoformat(order["expiresAt"]) - datetime.fromisoformat(order["createdAt"])
    assert waits == timedelta(hours=48)
    assert await pool_of(owner_sql, "ticket_types", kind) == (20, 2, 0)
    assert await uses(owner_sql, discount) == (1, 0)
    held = taken(await shop.show_order(order))
    assert (held["status"], held["tickets"], held["total"]) == ("pending", [], 1800)
    path = f"{shop.path}/orders/{order['id']}/cancellation"
    async with untouched(shop.organization):
        refused(await shop.client.post(path, headers=bearing(cart["token"])), 404, "not_found")
        refused(await shop.client.post(path), 401, "unauthenticated")
    gone = taken(await shop.client.post(path, headers=bearing(order["token"])))
    assert (gone["status"], gone["cancelReason"], gone["paymentStatus"]) == ("cancelled", "buyer", "failed")
    assert await pool_of(owner_sql, "ticket_types", kind) == (20, 0, 0)
    assert await uses(owner_sql, discount) == (0, 0)
    async with untouched(shop.organization):
        refused(
            await shop.client.post(path, headers=bearing(order["token"])), 409, "state_conflict", "status"
        )
    assert await facts_of(owner_sql, shop.organization) == [
        "event.published",
        "order.placed",
        "order.cancelled",
    ]


async def test_confirmed_order_is_not_given_up_by_its_buyer(shop, database, untouched):
    event = await make_event(database, shop.organization)
    order = await shop.order(event)
    path = f"{shop.path}/orders/{order['id']}/cancellation"
    async with untouched(shop.organization):
        answer = await shop.client.post(path, headers=bearing(order["token"]))
        refused(answer, 409, "state_conflict", "status", "ask the organizer")


async def test_total_that_was_shown_is_the_total_that_is_charged(shop, database, untouched):
    event = await make_event(database, shop.organization, seat())
    kind = event.ticket_types[0]
    cart = await shop.cart(event, (kind.id, 1))
    async with untouched(shop.organization):
        answer = await shop.check_out(cart, paymentMethod="manual", expectedTotal=999)
        refused(answer, 409, "state_conflict", "expectedTotal", "10.00")
        refused(await shop.check_out(cart), 422, "invalid_field", "paymentMethod", "10.00")
        refused(
            await shop.check_out(cart, paymentMethod="shells"),
            422,
            "invalid_field",
            "paymentMethod",
            "“free” where nothing is to be paid or “manual” to pay the organizer directly.",
        )
    async with database.write(shop.organization.id) as tx:
        await edit_ticket_type(
            tx, event.id, kind.id, lambda draft: replace(draft, price=9000), actor=shop.organization.owner
        )
    order = taken(await shop.check_out(cart, paymentMethod="manual", expectedTotal=1000), 201)
    assert order["total"] == 1000, "a later price changes no cart"


async def test_box_office_sells_in_the_name_of_its_staff(shop, database, owner_sql):
    event = await make_event(database, shop.organization, seat())
    answer = await shop.reserve(event, (event.ticket_types[0].id, 1), headers=shop.organization.staff)
    order = taken(await shop.check_out(taken(answer, 201), paymentMethod="manual"), 201)
    sellers = await owner_sql.fetch(
        "SELECT c.user_id, o.user_id FROM carts c JOIN orders o ON o.cart_id = c.id WHERE o.id = $1::text::uuid",
        order["id"],
    )
    assert [tuple(row) for row in sellers] == [(shop.organization.user_id,) * 2]
