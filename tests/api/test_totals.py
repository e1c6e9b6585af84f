"""The largest total an order can have: what is above is refused before places are held, or wherever it comes about."""

import pytest

from foyer.domains.events import create_discount
from foyer.domains.events.types import DiscountDraft, TicketTypeDraft
from foyer.kernel.money import AMOUNT_MAX, ORDER_TOTAL_MAX
from tests.api.asking import CUSTOMER, bearing, lines, refused, taken
from tests.support.world import make_event

MANY = 1_000


@pytest.fixture
async def event(database, organization):
    kind = TicketTypeDraft(name="Box", quantity=5_000, price=AMOUNT_MAX, max_per_order=MANY)
    return await make_event(database, organization, kind, service_fee_percentage=0.0, service_fee_fixed=1)


async def test_cart_above_the_largest_total_is_refused_before_it_holds_anything(shop, event, untouched):
    kind = event.ticket_types[0].id
    async with untouched(shop.organization):
        answer = await shop.reserve(event, (kind, MANY))
        refused(answer, 422, "over_limit", "items", "choose fewer tickets")
    cart = await shop.cart(event, (kind, MANY - 1))
    async with untouched(shop.organization):
        refused(await shop.change(cart, (kind, MANY)), 422, "over_limit", "items", "choose fewer tickets")
    order = taken(await shop.check_out(cart, paymentMethod="manual"), 201)
    assert order["total"] == (MANY - 1) * (AMOUNT_MAX + 1) <= ORDER_TOTAL_MAX


async def test_code_that_held_a_total_down_cannot_come_off(shop, database, event, untouched):
    kind = event.ticket_types[0].id
    async with database.write(shop.organization.id) as tx:
        await create_discount(
            tx,
            DiscountDraft(code="half", percentage=50.0, uses_per_customer=1),
            actor=shop.organization.owner,
        )
    first = await shop.cart(event, (kind, 1))
    second = await shop.cart(event, (kind, 1))
    path = f"{shop.path}/carts"
    body = {"items": lines((kind, MANY)), "discountCode": "half"}
    for cart, change in ((first, {"discountCode": "half"}), (second, body)):
        taken(await shop.client.patch(f"{path}/{cart['id']}", json=change, headers=bearing(cart["token"])))
    async with untouched(shop.organization):
        answer = await shop.client.patch(
            f"{path}/{second['id']}", json={"discountCode": None}, headers=bearing(second["token"])
        )
        refused(answer, 422, "over_limit", "items")

    taken(await shop.check_out(first, paymentMethod="manual", customer=CUSTOMER), 201)
    refused(await shop.check_out(second, paymentMethod="manual"), 409, "code_exhausted", "discountCode")
    async with untouched(shop.organization):
        refused(await shop.check_out(second, paymentMethod="manual"), 422, "over_limit", "items")
    taken(await shop.change(second, (kind, 2)))
    taken(await shop.check_out(second, paymentMethod="manual"), 201)
