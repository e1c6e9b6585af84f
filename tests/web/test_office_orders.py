"""Orders in the office: found, settled, given back. What is refused changes nothing, what is pressed twice happens once."""

import asyncio
import csv
import io
import re
from html import unescape
from uuid import uuid4

import pytest

from foyer.domains.events.types import TicketTypeDraft
from foyer.domains.orders.types import OrderStatus
from foyer.domains.tickets.types import TicketStatus
from tests.support.world import KEYRING, make_event
from tests.web.conftest import CONTACT, hidden, order_id, words
from tests.web.desk import at_desk

SEAT = TicketTypeDraft(name="Seat", quantity=50, price=1_050)
BOARD = TicketTypeDraft(name="Board", quantity=50, price=2_500, requires_approval=True)


@pytest.fixture
async def desk(client, database, organization):
    async with at_desk(client, database, organization) as desk:
        yield desk
        assert await desk.books() == []


@pytest.fixture
async def event(database, organization):
    return await make_event(database, organization, SEAT, BOARD)


@pytest.fixture
async def waiting(visitor, event):
    """An order of two seats that waits for its payment."""
    return order_id(await visitor.order(event, 2))


@pytest.fixture
async def paid(desk, waiting):
    answer = await desk.send(f"/orders/{waiting}/payment")
    assert answer.status_code == 303
    return waiting


async def test_order_is_found_by_number_name_and_address_and_by_its_state(desk, waiting):
    order = await desk.order(waiting)
    shown = f"/office/orders/{waiting}"
    for query in (
        f"?q={order.order_number[:5].lower()}", "?q=mira", "?q=berg", "?q=mira%20berg", "?q=mira@lund", "?state=payment-due",
        f"?event={order.event_id}", "?payment=manual", "?since=today", "?sort=oldest", "?state=nonsense&after=",
    ):  # fmt: skip
        assert shown in await desk.page(f"/orders{query}"), query
    for query in ("?q=nobody", "?state=paid", f"?event={uuid4()}", "?payment=free"):
        assert shown not in await desk.page(f"/orders{query}"), query


async def test_list_is_walked_both_ways(desk, visitor, event):
    made = [str(order_id(await visitor.order(event, 1))) for _ in range(27)]
    first = await desk.page("/orders")
    assert [one for one in made if one in first] == made[2:]
    older = first.rpartition('class="pager"')[2].rpartition('href="/office')[2].partition('"')[0]
    last = await desk.page(older.replace("&amp;", "&"))
    assert [one for one in made if one in last] == made[:2]
    assert "27 orders" in words(last)


async def test_nobody_is_said_to_have_paid_for_what_is_free(desk, visitor, database, organization):
    free = TicketTypeDraft(name="Free seat", quantity=9, is_free=True)
    order = order_id(await visitor.order(await make_event(database, organization, free), 1))
    for path in ("/orders", f"/orders/{order}"):
        page = await desk.page(path)
        assert re.search(r'class="badge is-good"[^>]*>(?:<svg.*?</svg>)?\s*Confirmed', page, re.DOTALL)
        assert not re.search(r'class="badge[^>]*>(?:<svg.*?</svg>)?\s*Paid', page, re.DOTALL)


async def test_order_says_everything_that_happened(desk, paid):
    await desk.refund(paid, ticket=str((await desk.tickets(paid))[0].id), reason="Cannot come")
    await desk.send(f"/orders/{paid}/notes", {"notes": "Called", "version": (await desk.order(paid)).version})
    seen = words(await desk.page(f"/orders/{paid}"))
    for told in (
        "Mira Berg, 2 tickets Partly refunded", "Paid by invoice €21.00", "Refunded -€10.50", "Left of it €10.50", "Ordered 2 × Seat",
        "Marked as paid By Ola Owner", "Refunded €10.50 1 ticket. Cannot come. By Ola Owner", "Notes changed By Ola Owner",
    ):  # fmt: skip
        assert told in seen.replace("−", "-"), told


async def test_order_is_marked_as_paid_once(desk, waiting):
    for _ in range(2):
        answer = await desk.send(f"/orders/{waiting}/payment")
        assert answer.headers["location"] == f"/office/orders/{waiting}?done=paid"
    assert (await desk.order(waiting)).status is OrderStatus.CONFIRMED
    assert len(await desk.tickets(waiting)) == 2


async def test_order_that_was_paid_is_not_cancelled(desk, paid):
    answer = await desk.send(f"/orders/{paid}/cancellation")

    assert (answer.status_code, "refund it instead" in words(answer.text)) == (409, True)
    assert (await desk.order(paid)).status is OrderStatus.CONFIRMED


async def test_order_is_cancelled_once(desk, waiting):
    for _ in range(2):
        assert (await desk.send(f"/orders/{waiting}/cancellation")).status_code == 303
    assert (await desk.order(waiting)).status is OrderStatus.CANCELLED


async def test_order_that_asks_is_approved_or_refused_with_a_reason(desk, visitor, event):
    asked = [order_id(await visitor.order(event, 0, 1)) for _ in range(2)]
    assert str(asked[0]) in await desk.page("/orders?state=to-approve")
    long = await desk.send(f"/orders/{asked[0]}/approval", {"decision": "refuse", "reason": "x" * 501})
    assert long.status_code == 422
    assert "Use at most 500 characters." in words(long.text) + long.text
    assert (await desk.order(asked[0])).status is OrderStatus.PENDING

    assert (
        await desk.send(f"/orders/{asked[0]}/approval", {"decision": "refuse", "reason": "Full"})
    ).status_code == 303
    assert (await desk.send(f"/orders/{asked[1]}/approval", {"decision": "approve"})).status_code == 303
    assert (await desk.order(asked[0])).status is OrderStatus.CANCELLED
    assert str(asked[1]) in await desk.page("/orders?state=payment-due")


async def test_named_ticket_goes_back_once(desk, paid):
    first, second = await desk.tickets(paid)
    path = f"/orders/{paid}/refund"
    page = await desk.page(f"{path}?ticket={second.id}")
    assert "Refund €10.50" in page
    assert "€10.50 of this order stays paid" in words(page)
    form = {name: hidden(page, name) for name in ("version", "way", "expected")} | {"ticket": str(second.id)}
    first_press, second_press = [await desk.send(path, form) for _ in range(2)]

    assert (first_press.status_code, second_press.status_code) == (303, 409)
    seen = await desk.page(first_press.headers["location"].removeprefix("/office"))
    assert "Please transfer the money yourself." in seen, "nothing moves money that came by invoice"
    assert "/office.js" in seen, "the shortcut to the search works on every page"
    after = {one.id: one.status for one in await desk.tickets(paid)}
    assert after == {first.id: TicketStatus.VALID, second.id: TicketStatus.REFUNDED}
    assert (await desk.order(paid)).refunded_amount == 1_050


async def test_amount_goes_back_once_however_often_it_is_pressed_at_once(desk, paid):
    """Of presses that come together each has seen the order before the others: only the lock tells who was first."""
    page = await desk.page(f"/orders/{paid}/refund?way=amount&amount=3.20")
    form = {name: hidden(page, name) for name in ("version", "way", "expected")} | {"amount": "3.20"}
    answers = await asyncio.gather(*(desk.send(f"/orders/{paid}/refund", form) for _ in range(6)))

    assert sorted(answer.status_code for answer in answers) == [303] + [409] * 5
    assert (await desk.order(paid)).refunded_amount == 320


async def test_what_was_not_seen_does_not_go_back(desk, paid):
    """Without a script the button still names the amount of what was chosen before."""
    tickets = [str(one.id) for one in await desk.tickets(paid)]
    page = await desk.page(f"/orders/{paid}/refund?ticket={tickets[0]}")
    form = {name: hidden(page, name) for name in ("version", "way", "expected")}
    answer = await desk.send(f"/orders/{paid}/refund", {**form, "ticket": tickets})

    assert answer.status_code == 409
    assert "comes to €21.00" in words(answer.text)
    assert (await desk.order(paid)).refunded_amount == 0


@pytest.mark.parametrize(
    ("amount", "says"), [("", "how much"), ("22", "At most"), ("-1", "like 12.50"), ("x", "like 12.50")]
)
async def test_amount_that_cannot_go_back_is_told_beside_the_field(desk, paid, amount, says):
    answer = await desk.refund(paid, way="amount", amount=amount, reason="Sorry")

    assert answer.status_code in {409, 422}
    assert says in answer.text
    assert "Sorry" in answer.text
    assert (await desk.order(paid)).refunded_amount == 0


async def test_amount_goes_back_and_the_tickets_stay_good(desk, paid):
    assert (await desk.refund(paid, way="amount", amount="3.20")).status_code == 303

    assert (await desk.order(paid)).refunded_amount == 320
    assert {one.status for one in await desk.tickets(paid)} == {TicketStatus.VALID}


async def own_page(visitor, link):
    """The link to the first ticket on the page of an order."""
    found = re.search(r'href="(/[^"]*/tickets/[^"/]*)"', (await visitor.http.get(link)).text)
    return unescape(found[1])


async def hand_on(visitor, ticket):
    wish, ours = {"email": "ida@example.org"}, {"Sec-Fetch-Site": "same-origin"}
    return await visitor.http.post(ticket.replace("?", "/transfer?"), data=wish, headers=ours)


async def test_address_is_changed_and_the_old_link_opens_nothing(desk, visitor, event, organization):
    link = await visitor.order(event, 1)
    wrong = await desk.send(f"/orders/{order_id(link)}/email", {"email": "nobody"})
    assert wrong.status_code == 422
    assert 'value="nobody"' in wrong.text
    await desk.send(f"/orders/{order_id(link)}/payment", {})
    ticket = await own_page(visitor, link)
    assert (await visitor.http.get(ticket)).status_code == 200
    (before,) = await desk.tickets(order_id(link))

    assert (
        await desk.send(f"/orders/{order_id(link)}/email", {"email": "new@lund.example"})
    ).status_code == 303
    for old in (link, ticket):
        assert (await visitor.http.get(old)).status_code == 404
    assert (await hand_on(visitor, ticket)).status_code == 404
    (after,) = await desk.tickets(order_id(link))
    assert (after.id, after.code, after.transferred_at) == (before.id, before.code, None)
    assert "new@lund.example" in await desk.page(f"/orders/{order_id(link)}")
    key = KEYRING.holder_token("order", organization.id, order_id(link), 2)
    theirs = await own_page(visitor, f"{link.partition('?')[0]}?key={key}")
    assert (await hand_on(visitor, theirs)).status_code == 200
    gone = await visitor.http.get(theirs)
    assert "This ticket was handed on" in words(gone.text)


async def test_notes_that_somebody_else_changed_are_not_overwritten(desk, waiting):
    version = (await desk.order(waiting)).version
    assert (
        await desk.send(f"/orders/{waiting}/notes", {"notes": "Mine", "version": version})
    ).status_code == 303
    answer = await desk.send(f"/orders/{waiting}/notes", {"notes": "Theirs", "version": version})

    assert answer.status_code == 412
    assert (await desk.order(waiting)).notes == "Mine"


async def test_several_are_marked_as_paid_each_on_its_own(desk, visitor, event):
    pay, board = order_id(await visitor.order(event, 1)), order_id(await visitor.order(event, 0, 1))
    answer = await desk.send("/orders/bulk/payment", {"order": [str(pay), str(board), str(uuid4()), "x"]})

    seen = words(answer.text)
    assert "1 of 3 marked as paid." in seen
    assert "The order waits for approval; decide on it first." in seen
    assert (await desk.order(pay)).status is OrderStatus.CONFIRMED
    assert (await desk.order(board)).status is OrderStatus.PENDING


async def test_files_run_nothing_in_a_spreadsheet(desk, visitor, event):
    evil = {"firstName": '=HYPERLINK("http://x","y")', "lastName": "+1|cmd", "email": "+x@lund.example"}
    path = await visitor.cart(event, 1)
    form = {**CONTACT, **evil, "expectedTotal": hidden((await visitor.open(path)).text, "expectedTotal")}
    made = order_id((await visitor.send(f"{path}/checkout", form)).headers["location"])
    await desk.send(f"/orders/{made}/payment")
    for path in ("/orders/export", f"/orders/export?order={made}", "/attendees/export", "/customers/export"):
        answer = await desk.open(path)
        assert answer.headers["content-type"].startswith("text/csv")
        rows = list(csv.reader(io.StringIO(answer.text)))
        assert len(rows) == 2, path
        assert [cell for cell in rows[1] if cell[:1] in set("=+-@\t\r")] == [], path
        assert '\'=HYPERLINK("http://x","y")' in rows[1], path


async def test_page_shows_what_was_typed_as_text(desk, visitor, event):
    path = await visitor.cart(event, 1)
    evil = {**CONTACT, "firstName": "<script>x</script>", "lastName": '"><img src=x>'}
    form = {**evil, "expectedTotal": hidden((await visitor.open(path)).text, "expectedTotal")}
    made = order_id((await visitor.send(f"{path}/checkout", form)).headers["location"])
    await desk.send(f"/orders/{made}/notes", {"notes": "<script>y</script>"})
    await desk.send(f"/orders/{made}/payment")
    ticket = (await desk.tickets(made))[0].id
    customer = (await desk.order(made)).customer_id
    for page in ("", "/orders", f"/orders/{made}", f"/orders/{made}/refund", f"/attendees/{ticket}", "/attendees",
                 f"/customers/{customer}", "/customers", "/search?q=%3Cscript", "/feed"):  # fmt: skip
        text = await desk.page(page)
        assert "<script>x" not in text, page
        assert "<script>y" not in text, page
        assert "<img src=x" not in text, page
