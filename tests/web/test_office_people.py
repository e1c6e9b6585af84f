"""Attendees, customers, the day in numbers and the search: what each shows, to whom, and of whose house."""

from uuid import uuid4

import pytest

from foyer.domains.customers import customer_for_staff
from foyer.domains.events.types import TicketTypeDraft
from foyer.domains.tickets.types import TicketStatus
from tests.support.world import make_event
from tests.web.conftest import order_id, words
from tests.web.desk import at_desk

SEAT = TicketTypeDraft(name="Seat", quantity=50, price=1_050)
FREE = TicketTypeDraft(name="Guest list", quantity=50, is_free=True)


@pytest.fixture
async def desk(client, database, organization):
    async with at_desk(client, database, organization) as desk:
        yield desk


@pytest.fixture
async def event(database, organization):
    return await make_event(database, organization, FREE, SEAT)


@pytest.fixture
async def bought(visitor, event):
    return order_id(await visitor.order(event, 1))


@pytest.fixture
async def ticket(desk, bought):
    return (await desk.tickets(bought))[0]


async def status_of(desk, ticket):
    return (await desk.tickets(ticket.order_id))[0].status


async def test_attendee_is_found_by_name_address_and_code(desk, event, ticket):
    shown = f"/office/attendees/{ticket.id}"
    for query in ("", "?q=mira", "?q=Berg", "?q=mira@lund", f"?q={ticket.code[:6].lower()}", "?state=expected",
                  f"?event={event.id}&type={ticket.ticket_type_id}"):  # fmt: skip
        assert shown in await desk.page(f"/attendees{query}"), query
    for query in ("?q=nobody", "?state=inside", f"?event={uuid4()}"):
        assert shown not in await desk.page(f"/attendees{query}"), query


async def test_attendee_is_let_in_once_and_the_check_in_undone(desk, ticket):
    path = f"/attendees/{ticket.id}/check-in"
    for _ in range(2):
        answer = await desk.send(path, {"back": "/office/attendees?state=expected"})
        assert answer.headers["location"] == "/office/attendees?state=expected&done=in"
    assert await status_of(desk, ticket) is TicketStatus.USED
    assert words(await desk.page(f"/attendees/{ticket.id}")).count("Came in Mira Berg") == 1

    answer = await desk.send(f"{path}/undo", {"back": "//evil.example/office/attendees"})
    assert answer.headers["location"] == f"/office/attendees/{ticket.id}?done=undone"
    assert await status_of(desk, ticket) is TicketStatus.VALID


async def test_attendee_is_changed_or_told_what_is_wrong(desk, ticket):
    wrong = await desk.send(f"/attendees/{ticket.id}", {"firstName": "Mira", "email": "nobody"})
    assert wrong.status_code == 422
    assert 'value="nobody"' in wrong.text
    assert (await desk.tickets(ticket.order_id))[0].attendee_info == ticket.attendee_info

    answer = await desk.send(f"/attendees/{ticket.id}", {"firstName": "Ida", "lastName": "Ruiz", "email": ""})
    assert answer.status_code == 303
    named = (await desk.tickets(ticket.order_id))[0].attendee_info
    assert (named.first_name, named.last_name, named.email) == ("Ida", "Ruiz", None)
    assert "Ida Ruiz" in await desk.page("/attendees?q=ruiz")


async def test_customer_is_corrected_and_erased_once(desk, bought):
    customer = (await desk.order(bought)).customer_id
    form = {"email": "mira@lund.example", "firstName": "Mira", "lastName": "Sund", "address.country": "Lund"}
    wrong = await desk.send(f"/customers/{customer}", form)
    assert (wrong.status_code, "Use the two letters of the country" in wrong.text) == (422, True)
    assert (await desk.send(f"/customers/{customer}", {**form, "address.country": "se"})).status_code == 303
    assert f"/office/customers/{customer}" in await desk.page("/customers?q=sund")
    assert "1 order" in words(await desk.page(f"/customers/{customer}"))

    for _ in range(2):
        assert (await desk.send(f"/customers/{customer}/erasure")).status_code == 303
    async with desk.database.read(desk.organization.id) as tx:
        assert (await customer_for_staff(tx, customer)).email is None
    assert "mira@lund" not in await desk.page(f"/customers/{customer}") + await desk.page(f"/orders/{bought}")


async def test_customer_whose_order_waits_is_not_erased(desk, visitor, event):
    waiting = order_id(await visitor.order(event, 0, 1))
    customer = (await desk.order(waiting)).customer_id
    answer = await desk.send(f"/customers/{customer}/erasure")

    assert (answer.status_code, "still waits" in words(answer.text)) == (409, True)
    assert (await desk.order(waiting)).customer.email == "mira@lund.example"


async def test_day_is_told_in_numbers_and_currencies_stay_apart(desk, database, organization, visitor, event):
    paid = order_id(await visitor.order(event, 0, 2))
    await desk.send(f"/orders/{paid}/payment")
    await visitor.order(event, 0, 1)  # not paid: not sold
    yen = await make_event(
        database, organization, TicketTypeDraft(name="Seat", quantity=9, price=3_000), currency="JPY"
    )
    there = order_id(await visitor.order(yen, 1))
    await desk.send(f"/orders/{there}/payment")

    euros, yens = words(await desk.page("?currency=EUR")), words(await desk.page("?currency=JPY"))
    assert "Revenue €21.00" in euros
    assert "Tickets 2" in euros
    assert "Orders 1 " in euros
    assert "€21.00 so far, where last" in euros
    assert "Revenue ¥3,000" in yens
    only = words(await desk.page(f"?event={yen.id}"))
    assert "Revenue ¥3,000" in only
    assert "€21.00" not in only


async def test_feed_says_nothing_while_nothing_happens(desk, visitor, event):
    first = (await desk.page("/feed")).partition('hx-get="/office')[2].partition('"')[0].replace("&amp;", "&")
    assert (await desk.open(first)).status_code == 204
    await visitor.order(event, 1)
    assert "Guest list" in await desk.page(first)


async def test_empty_office_and_its_search_say_what_comes_next(desk):
    for path, says in (("", "Your first event"), ("/orders", "No orders yet"), ("/attendees", "Nobody yet"),
                       ("/customers", "No customers yet"), ("/search?q=zz", "Nothing begins like that")):  # fmt: skip
        assert says in await desk.page(path), path


async def test_search_finds_events_orders_and_customers(desk, event, bought):
    number = (await desk.order(bought)).order_number
    for q, href in (
        ("evening", f"/office/events/{event.id}"),
        (number[:4], f"/office/orders/{bought}"),
        ("mira", "/office/customers/"),
    ):
        assert href in await desk.page(f"/search?q={q}"), q


MAY = {
    "support": {"/orders", "/attendees", "/customers", "/orders/{order}", "/customers/{customer}"},
    "analyst": {"/orders", "/attendees", "/orders/{order}", "/orders/export", "/attendees/export"},
}
PAGES = MAY["support"] | MAY["analyst"] | {"/orders/{order}/refund", "/customers/export"}
DEEDS = {
    "analyst": ("/orders/{order}/payment", "/orders/{order}/email", "/orders/{order}/notes", "/orders/bulk/payment",
                "/attendees/{ticket}/check-in", "/attendees/{ticket}", "/customers/{customer}/erasure", "/orders/{order}/refund"),
    "support": ("/orders/{order}/refund", "/attendees/{ticket}", "/customers/{customer}", "/customers/{customer}/erasure"),
}  # fmt: skip


@pytest.mark.parametrize("role", sorted(MAY))
async def test_roles_see_and_do_what_they_may(client, database, organization, desk, bought, ticket, role):
    ids = {"order": bought, "ticket": ticket.id, "customer": (await desk.order(bought)).customer_id}
    before = await desk.order(bought)
    async with at_desk(client, database, organization, role) as other:
        for path in sorted(PAGES):
            status = (await other.open(path.format(**ids))).status_code
            assert status == (200 if path in MAY[role] else 403), path
        for path in DEEDS[role]:
            answer = await other.send(
                path.format(**ids), {"email": "x@y.example", "notes": "x", "order": str(bought)}
            )
            assert answer.status_code == 403, path
        assert words(await other.page("/search?q=mira")).count("Customers") == int(role == "support")

    assert await desk.order(bought) == before
    assert await status_of(desk, ticket) is TicketStatus.VALID


async def test_what_belongs_to_others_does_not_exist(client, database, stranger, desk, bought, ticket, event):
    before, customer = await desk.order(bought), (await desk.order(bought)).customer_id
    async with at_desk(client, database, stranger) as other:
        for path in (
            f"/orders/{bought}",
            f"/orders/{bought}/refund",
            f"/orders/{bought}/invoices/{uuid4()}",
            f"/attendees/{ticket.id}",
            f"/customers/{customer}",
        ):
            assert (await other.open(path)).status_code == 404, path
        for path in (f"/orders/{bought}/payment", f"/orders/{bought}/email", f"/orders/{bought}/notes", f"/orders/{bought}/cancellation",
                     f"/orders/{bought}/refund", f"/orders/{bought}/approval", f"/orders/{bought}/mail", f"/attendees/{ticket.id}",
                     f"/attendees/{ticket.id}/check-in", f"/attendees/{ticket.id}/check-in/undo", f"/customers/{customer}",
                     f"/customers/{customer}/erasure"):  # fmt: skip
            form = {"email": "x@y.example", "notes": "x", "decision": "approve"}
            assert (await other.send(path, form)).status_code == 404, path
        for path in (
            "/orders",
            "/attendees",
            "/customers",
            "/feed",
            "",
            f"?event={event.id}",
            f"/orders?event={event.id}",
            "/search?q=mira",
        ):
            text = await other.page(path)
            assert "Mira" not in text, path
            assert "An evening" not in text, path
        assert len((await other.open(f"/orders/export?order={bought}")).text.splitlines()) == 1

    assert await desk.order(bought) == before
    assert await status_of(desk, ticket) is TicketStatus.VALID
