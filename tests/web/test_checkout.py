"""Checkout of what costs something: prices taken apart, codes, invoices, requests, and a total that nobody changes unseen."""

import asyncio
import re

import pytest

from foyer.domains.events.types import TicketTypeDraft
from foyer.infra.db.engine import Database
from tests.support.world import make_event
from tests.web.conftest import CONTACT, hidden, words

TYPED = {
    **CONTACT,
    "attendees-0-firstName": "Åse & <Bo>",
    "attendees-1-email": "not yet an addr",
}


async def count(owner_sql, organization, table: str) -> int:
    query = f"SELECT count(*) FROM {table} WHERE organization_id = $1"
    return await owner_sql.fetchval(query, organization.id)


def typed_again(page: str) -> bool:
    """Whether everything of `TYPED` stands in the fields of a page."""
    fields = dict(re.findall(r'<input class="input" id="([^"]*)"[^>]*? value="([^"]*)"', page))
    return {**TYPED, "attendees-0-firstName": "Åse &amp; &lt;Bo&gt;"}.items() <= fields.items()


@pytest.fixture
async def event(database: Database, organization):
    return await make_event(
        database, organization, TicketTypeDraft(name="Seat", quantity=9, price=10_000),
        TicketTypeDraft(name="Tour", quantity=9, price=5_000, requires_approval=True, sort_order=1),
        TicketTypeDraft(name="Child", quantity=9, is_free=True, sort_order=2),
        TicketTypeDraft(name="Press", quantity=9, is_free=True, requires_approval=True, sort_order=3),
        service_fee_percentage=5, service_fee_fixed=50,
    )  # fmt: skip


async def test_event_shows_whole_prices_and_takes_them_apart(visitor, office, database, organization):
    vat = await office.rate("VAT", 19, inclusive=True)
    levy = await office.rate("City levy 2.25%", 2.25, inclusive=False)
    event = await make_event(
        database, organization, TicketTypeDraft(name="In", quantity=5, price=18_900, tax_rate_id=vat),
        TicketTypeDraft(name="On top", quantity=5, price=10_000, tax_rate_id=levy, sort_order=1),
        TicketTypeDraft(name="Plain", quantity=5, price=10_000, sort_order=2),
        TicketTypeDraft(name="Gift", quantity=5, is_free=True, sort_order=3), service_fee_percentage=5, service_fee_fixed=50,
    )  # fmt: skip

    said = words((await visitor.open(f"/events/{event.slug}")).text)

    assert "Prices include all fees and taxes" in said
    assert "€198.95 €189.00 + €9.95 fee incl. 19% VAT €31.77" in said
    assert "€107.87 €100.00 + €5.50 fee + €2.37 City levy 2.25%" in said
    assert "Plain €105.50 €100.00 + €5.50 fee 5 left" in said
    assert "Gift Free No fee 5 left" in said


async def test_tickets_on_request_can_be_chosen_and_say_what_that_means(visitor, database, organization):
    event = await make_event(
        database, organization, TicketTypeDraft(name="Tour", quantity=30, price=5_000, requires_approval=True)
    )

    page = await visitor.open(f"/events/{event.slug}")

    assert f'id="quantity-{event.ticket_types[0].id}"' in page.text
    assert "On request: the organizer decides" in words(page.text)
    assert "nothing is charged before" in words(page.text)
    assert (await visitor.reserve(event.slug, **{str(event.ticket_types[0].id): 1})).status_code == 303


@pytest.mark.parametrize(
    ("counts", "button", "next_step"),
    [
        ((2,), "Place order — €211.00 by invoice", "Invoice You get the payment details from the organizer. Pay by"),
        ((1, 1), "Request tickets", "If they agree, you pay €158.50 by invoice."),
        ((0, 0, 0, 2), "Request tickets", "Nothing is charged before. If not, your places go back on sale."),
        ((0, 0, 2), "Get 2 tickets", "Total Free"),
    ],
)  # fmt: skip
async def test_button_and_words_say_what_happens(visitor, event, counts, button, next_step):
    said = words((await visitor.open(await visitor.cart(event, *counts))).text)

    assert button in said
    assert next_step in said
    assert ("Discount code" in said) == bool(sum(counts[:2]))
    assert ("Pay by" in said) == button.startswith("Place")


async def test_taxes_on_top_are_rows_and_taxes_within_a_note(visitor, office, database, organization):
    vat, levy = await office.rate("VAT", 19, inclusive=True), await office.rate("Levy", 2.25, inclusive=False)
    event = await make_event(
        database, organization, TicketTypeDraft(name="In", quantity=5, price=18_900, tax_rate_id=vat),
        TicketTypeDraft(name="On top", quantity=5, price=10_000, tax_rate_id=levy, sort_order=1),
    )  # fmt: skip

    said = words((await visitor.open(await visitor.cart(event, 1, 2))).text)

    assert "2.25% Levy €4.50 Total €393.50 Includes 19% VAT €30.18" in said


async def test_code_comes_on_and_off_and_nothing_typed_is_lost(visitor, office, event, owner_sql):
    await office.code("EARLY10", percentage=10)
    path = await visitor.cart(event, 2)

    on = await visitor.send(f"{path}/code", {**TYPED, "discountCode": " early10 "})
    off = await visitor.send(f"{path}/code", {**TYPED, "takeCodeOff": "1"})

    assert (on.status_code, off.status_code) == (200, 200)
    assert "EARLY10 You save €20.00 Remove" in words(on.text)
    assert "Discount EARLY10 −€20.00 Service fees €10.00" in words(on.text)
    assert "Place order — €190.00 by invoice" in words(on.text)
    assert hidden(on.text, "expectedTotal") == "19000"
    assert "Place order — €211.00 by invoice" in words(off.text)
    assert "EARLY10" not in off.text
    assert typed_again(on.text)
    assert typed_again(off.text)
    assert "Place order — €211.00 by invoice" in words((await visitor.open(path)).text)


@pytest.mark.parametrize(
    ("typed", "status", "sentence"),
    [
        ("", 422, "Type the code first."), ("   ", 422, "Type the code first."), ("NEVER", 422, "There is no such code."),
        ("x" * 41, 422, "There is no such code."), ("GONE", 409, "This code was used as often as it can be."),
        ("MANY", 422, "This code needs 3 tickets."), ('"><b>', 422, "There is no such code."),
    ],
)  # fmt: skip
async def test_refusal_of_a_code_stands_beside_its_field(visitor, office, event, typed, status, sentence):
    await office.code("GONE", percentage=10, max_uses=1)
    await office.code("MANY", percentage=10, minimum_quantity=3)
    path = await visitor.cart(event, 2)
    if typed == "GONE":
        async with office.database.write(office.organization.id) as tx:
            desk = await tx.desk()
            await desk.execute(
                "UPDATE pools SET held = 1 WHERE organization_id = $1 AND capacity = 1",
                office.organization.id,
            )

    answer = await visitor.send(f"{path}/code", {**TYPED, "discountCode": typed})

    assert answer.status_code == status
    beside = re.search(r'id="discountCode-error">(.*?)</p>', answer.text, re.DOTALL)
    assert sentence in beside[1]
    assert 'aria-describedby="discountCode-error"' in answer.text
    assert "needs a look" not in answer.text  # the browser comes back to the field itself
    assert typed_again(answer.text)
    assert "Place order — €211.00 by invoice" in words(answer.text)


async def test_code_that_was_typed_and_not_applied_counts_before_anything_is_ordered(
    visitor, office, event, organization, owner_sql
):
    await office.code("EARLY10", percentage=10)
    path = await visitor.cart(event, 1)
    form = {**CONTACT, "expectedTotal": "10550", "discountCode": "early10"}

    shown = await visitor.send(f"{path}/checkout", form)
    again = await visitor.send(f"{path}/checkout", form)
    confirmed = {**CONTACT, "expectedTotal": hidden(shown.text, "expectedTotal")}
    placed = await visitor.send(f"{path}/checkout", confirmed)

    assert "EARLY10 was applied. The total is €95.00 now; press once more to order." in words(shown.text)
    assert (again.status_code, "The total is €95.00 now" in words(again.text)) == (409, True)
    assert placed.status_code == 303
    assert await count(owner_sql, organization, "orders") == 1


async def test_wrong_code_at_the_button_orders_nothing(visitor, event, organization, owner_sql):
    path = await visitor.cart(event, 1)
    form = {**TYPED, "expectedTotal": "10550", "discountCode": "NEVER"}

    answer = await visitor.send(f"{path}/checkout", form)

    assert answer.status_code == 422
    assert "Discount code : There is no such code." in words(answer.text)
    assert await count(owner_sql, organization, "orders") == 0


async def test_code_used_too_often_comes_off_and_the_new_total_is_confirmed(
    visitor, office, event, organization, owner_sql
):
    await office.code("ONCE", percentage=50, uses_per_customer=1)
    for total in ("5300", "10550"):
        path = await visitor.cart(event, 1)
        await visitor.send(f"{path}/code", {"discountCode": "ONCE"})
        answer = await visitor.send(f"{path}/checkout", {**CONTACT, "expectedTotal": "5300"})
        if total == "5300":
            assert answer.status_code == 303, answer.text

    assert answer.status_code == 409
    assert "so it came off. The total is €105.50 now." in words(answer.text)
    assert hidden(answer.text, "expectedTotal") == "10550"
    assert 'value="Mira"' in answer.text
    assert await count(owner_sql, organization, "orders") == 1
    placed = await visitor.send(f"{path}/checkout", {**CONTACT, "expectedTotal": "10550"})
    assert placed.status_code == 303


@pytest.mark.parametrize("seen", ["10000", "", "x", "-1", "1" * 30, "١٠٥٥٠"])
async def test_total_that_was_not_seen_is_not_ordered(visitor, event, organization, owner_sql, seen):
    path = await visitor.cart(event, 1)

    answer = await visitor.send(f"{path}/checkout", {**CONTACT, "expectedTotal": seen})

    assert answer.status_code == 409
    assert "The total is €105.50 now; please look at it once more." in words(answer.text)
    assert hidden(answer.text, "expectedTotal") == "10550"
    assert await count(owner_sql, organization, "orders") == 0


async def test_ordering_twice_by_invoice_makes_one_order(visitor, event, organization, owner_sql):
    path = await visitor.cart(event, 1)
    form = {**CONTACT, "expectedTotal": "10550"}

    answers = await asyncio.gather(*(visitor.send(f"{path}/checkout", form) for _ in range(3)))
    late = await visitor.send(f"{path}/code", {"discountCode": "LATE"})

    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["location"] for answer in (*answers, late)}) == 1
    assert await count(owner_sql, organization, "orders") == 1
    assert await count(owner_sql, organization, "tickets") == 0


async def test_codes_of_a_foreign_cart_or_from_another_site_change_nothing(
    visitor, other_visitor, office, event
):
    await office.code("EARLY10", percentage=10)
    path = await visitor.cart(event, 1)
    form = {"discountCode": "EARLY10"}

    foreign = await other_visitor.send(f"{path}/code", form)
    crossed = await visitor.send(f"{path}/code", form, **{"Sec-Fetch-Site": "cross-site"})

    assert (foreign.status_code, crossed.status_code) == (404, 403)
    assert "EARLY10" not in (await visitor.open(path)).text


async def test_code_for_a_lapsed_cart_says_so_and_keeps_what_was_typed(visitor, event, owner_sql):
    path = await visitor.cart(event, 2)
    cart = path.rpartition("/")[2]
    lapse = "UPDATE carts SET created_at = created_at - interval '1 hour', expires_at = foyer_now() WHERE id::text = $1"
    await owner_sql.execute(lapse, cart)

    answer = await visitor.send(f"{path}/code", {**TYPED, "discountCode": "EARLY10"})

    assert answer.status_code == 410
    assert "Take the same 2 tickets" in words(answer.text)
    assert "data-countdown" not in answer.text
    assert f'data-at="/{visitor.shop.slug}{path}"' in answer.text, "a way back does not send it again"
    assert [hidden(answer.text, name) for name in CONTACT] == list(CONTACT.values())


@pytest.mark.parametrize("button", ["checkout", "code", "release", "change"])
async def test_tab_that_comes_late_is_led_to_the_order_whatever_it_sends(
    visitor, event, organization, owner_sql, button
):
    path = await visitor.cart(event, 2)
    change = f"/events/{event.slug}/tickets?cart={path.rpartition('/')[2]}"
    page = (await visitor.open(change)).text
    assert "You are changing the tickets in your cart. Back to the checkout" in words(page)
    assert ("Update tickets" in words(page), "Reserve 2 tickets" in words(page)) == (True, False)
    order = await visitor.place(path)

    if button == "change":
        answer = await visitor.send(
            f"/events/{event.slug}/reserve",
            {"cart": hidden(page, "cart"), f"quantity-{event.ticket_types[0].id}": "3"},
        )
        again = f"/{organization.slug}{path}"
        assert (await visitor.open(change)).headers["location"] == answer.headers["location"] == again
        answer = await visitor.open(path)
    else:
        answer = await visitor.send(f"{path}/{button}", {"email": "", "discountCode": "NEVER"})

    assert (answer.status_code, answer.headers["location"]) == (303, order)
    assert [await count(owner_sql, organization, table) for table in ("carts", "orders")] == [1, 1]


async def test_address_of_the_code_form_leads_to_checkout(visitor, event):
    path = await visitor.cart(event, 1)

    answer = await visitor.open(f"{path}/code")

    assert (answer.status_code, answer.headers["location"]) == (303, f"/{visitor.shop.slug}{path}")


async def test_contact_stays_with_the_cart_in_every_tab(visitor, event, organization, owner_sql):
    path = await visitor.cart(event, 1)
    for typed in ({**CONTACT, "email": "mira@"}, {}, {"email": "x" * 300}):
        assert (await visitor.send(f"{path}/contact", typed)).status_code == 204
    query = "SELECT customer ->> 'email' FROM carts WHERE organization_id = $1"
    assert await owner_sql.fetchval(query, organization.id) is None

    assert (await visitor.send(f"{path}/contact", CONTACT)).status_code == 204

    assert await owner_sql.fetchval(query, organization.id) == CONTACT["email"]
    again = (await visitor.open(path)).text
    assert all(f'value="{value}"' in again for value in CONTACT.values())
    await visitor.send(f"{path}/code", {**CONTACT, "email": "other@lund.example", "discountCode": "NEVER"})
    assert await owner_sql.fetchval(query, organization.id) == CONTACT["email"], (
        "what was refused keeps nothing"
    )
    await visitor.place(path)
    assert (await visitor.send(f"{path}/contact", {"email": "late@lund.example"})).status_code == 204
    assert await owner_sql.fetchval(query, organization.id) == CONTACT["email"]


async def test_contact_that_comes_while_its_order_is_placed_is_no_trouble(visitor, event):
    """Each turn's contact and order are on their way at once: who comes second meets an order, and says nothing of it."""
    for _ in range(2):
        path = await visitor.cart(event, 1)
        late = [{**CONTACT, "email": f"late{turn}@lund.example"} for turn in range(16)]
        order, *kept = await asyncio.gather(
            visitor.place(path), *(visitor.send(f"{path}/contact", typed) for typed in late)
        )
        assert "/orders/" in order
        assert {answer.status_code for answer in kept} == {204}
