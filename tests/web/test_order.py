"""The page of an order in every state, and the way out of one that waits."""

import asyncio
import io
import re
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from foyer.domains.checkout.types import WantedRefund
from foyer.domains.events.types import TicketTypeDraft
from foyer.domains.orders.types import CancelReason
from foyer.infra.db.engine import Database
from tests.support.world import make_event
from tests.web.conftest import order_id, words
from tests.web.test_shop import held

MAIL = "mailto:desk@example.org?subject=Order%20"
CODES = re.compile(r'class="qr" role="img"')


@pytest.fixture
async def event(database: Database, organization):
    return await make_event(
        database, organization, TicketTypeDraft(name="Seat", quantity=9, price=10_000),
        TicketTypeDraft(name="Tour", quantity=9, price=5_000, requires_approval=True, sort_order=1),
        TicketTypeDraft(name="Press", quantity=9, is_free=True, requires_approval=True, sort_order=2),
        TicketTypeDraft(name="Child", quantity=9, is_free=True, sort_order=3), title="Lantern Night",
    )  # fmt: skip


async def said(visitor, link: str) -> str:
    answer = await visitor.http.get(link)
    assert answer.status_code == 200
    return words(answer.text)


async def test_order_by_invoice_says_what_to_pay_until_when_and_to_whom(visitor, event, owner_sql):
    link = await visitor.order(event, 2)
    query = "SELECT order_number, expires_at FROM orders WHERE id = $1"
    number, until = await owner_sql.fetchrow(query, order_id(link))

    page = await visitor.http.get(link)

    shown = words(page.text)
    reference = f"{number[:4]}-{number[4:]}"
    assert "Almost there Your places are held. Pay €200.00 by" in shown
    assert f"Payment reference {reference}" in shown
    assert f"Pay until {until.astimezone(ZoneInfo('Europe/Berlin')):%a %-d %b %Y, %H:%M %Z}" in shown
    assert "Your tickets appear here as soon as the money is there." in shown
    assert f'{MAIL}{reference}"' in page.text
    assert "To pay €200.00" in shown
    assert not CODES.search(page.text)


async def test_paid_order_has_its_tickets(visitor, office, event):
    link = await visitor.order(event, 2)
    await office.paid(link)

    page = await visitor.http.get(link)

    assert "You’re in. 2 tickets for" in words(page.text)
    assert "Paid by invoice €200.00" in words(page.text)
    assert len(CODES.findall(page.text)) == 2
    assert "Cancel this order" not in page.text


async def test_each_ticket_has_its_own_paper_and_is_handed_on_from_the_order(visitor, event, owner_sql):
    link = await visitor.order(event, 0, 0, 0, 3)
    page = (await visitor.http.get(link)).text
    prints, gives = [
        sorted(set(re.findall(rf'href="([^"]+/{way}\?[^"]+)"', page))) for way in ("ticket.pdf", "transfer")
    ]
    assert (len(prints), len(gives)) == (3, 3)
    assert page.count('<details class="ticket-fold') == 2
    paper = PdfReader(io.BytesIO((await visitor.http.get(prints[0])).content))
    assert len(paper.pages) == 1

    assert "Who gets this ticket?" in await said(visitor, gives[0])
    given = await visitor.http.post(
        gives[0], data={"email": "ida@example.org"}, headers={"Sec-Fetch-Site": "same-origin"}
    )

    assert given.status_code == 200
    after = (await visitor.http.get(link)).text
    assert "1 ticket handed on." in words(after)
    assert gives[0] not in after
    assert prints[0] not in after
    assert len(CODES.findall(after)) == 2
    await owner_sql.execute(
        "UPDATE organization_settings SET ticket_transfers_enabled = false WHERE organization_id = $1",
        visitor.shop.id,
    )
    assert not re.search(r"/transfer\?", (await visitor.http.get(link)).text)


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [((0, 1), "€50.00 if the organizer agrees"), ((0, 0, 2), "these tickets are free")],
)
async def test_request_waits_for_the_organizer(visitor, event, counts, sentence):
    shown = await said(visitor, await visitor.order(event, *counts))

    assert "Your request is in Test House decides about your" in shown
    assert "Nothing to pay yet" in shown
    assert sentence in shown
    assert "Decided by" in shown
    assert "Cancel this order" in shown


async def test_request_that_was_granted_can_be_paid_or_is_there(visitor, office, event):
    paid, free = await visitor.order(event, 0, 1), await visitor.order(event, 0, 0, 1)
    for link in (paid, free):
        await office.approve(link)

    assert "The organizer said yes Your place is held. Pay €50.00 by" in await said(visitor, paid)
    assert "You’re in. 1 ticket for" in await said(visitor, free)


CANCELLED = [
    (CancelReason.UNPAID, "It was not paid in time, so its places went back on sale. Nothing was charged."),
    (CancelReason.BUYER, "You cancelled it, and its places went back on sale. Nothing was charged."),
    (CancelReason.STAFF, "The organizer cancelled it. Nothing was charged."),
    (CancelReason.EVENT_CANCELLED, "The event did not take place. Nothing was charged."),
]


@pytest.mark.parametrize(("reason", "sentence"), CANCELLED)
async def test_cancelled_order_says_why_and_leads_back(visitor, office, event, reason, sentence):
    link = await visitor.order(event, 1)
    await office.cancel(link, reason)

    page = await visitor.http.get(link)

    assert f"This order is cancelled {sentence}" in words(page.text)
    assert f'href="/{visitor.shop.slug}/events/{event.slug}">Back to the event' in page.text
    assert "Cancel this order" not in page.text


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("The tour is full. <b>", "The organizer could not accept it: “ The tour is full. <b> ” Nothing was charged."),
        (None, "The organizer could not accept it. Nothing was charged."),
    ],
)  # fmt: skip
async def test_refused_order_gives_the_reason(visitor, office, event, reason, sentence):
    link = await visitor.order(event, 0, 1)
    await office.refuse(link, reason)

    assert f"This order is cancelled {sentence}" in await said(visitor, link)


async def test_request_nobody_decided_says_so(visitor, office, event):
    link = await visitor.order(event, 0, 1)
    await office.cancel(link, CancelReason.UNPAID)

    assert "The organizer did not decide in time" in await said(visitor, link)


async def test_tickets_that_were_cancelled_are_told_of_and_carry_no_code(visitor, office, event):
    link = await visitor.order(event, 0, 0, 0, 2)
    await office.cancel(link, CancelReason.STAFF)

    page = await visitor.http.get(link)

    assert "This order is cancelled The organizer cancelled it." in words(page.text)
    assert "2 tickets no longer work At every door" in words(page.text)
    assert "torn ticket" not in page.text
    assert not CODES.search(page.text)


async def test_partly_refunded_order_shows_the_good_tickets_first(visitor, office, event, owner_sql):
    link = await visitor.order(event, 3)
    await office.paid(link)
    line = await owner_sql.fetchval("SELECT id FROM order_items WHERE order_id = $1", order_id(link))
    await office.refund(link, [WantedRefund(order_item_id=line, quantity=2)])

    page = await visitor.http.get(link)

    shown = words(page.text)
    assert "You’re in. 1 ticket still works for" in shown
    assert "€200.00 of €300.00 went back to you." in shown
    assert "2 tickets no longer work At every door" in shown
    assert len(CODES.findall(page.text)) == 1
    assert CODES.search(page.text).start() < page.text.index("is-void")
    assert "Paid by invoice €300.00 Refunded −€200.00" in shown


async def test_refunded_order_says_how_much_went_back(visitor, office, event):
    link = await visitor.order(event, 2)
    await office.paid(link)
    await office.refund(link)

    page = await visitor.http.get(link)

    assert "This order is refunded €200.00 went back to you. The tickets no longer work" in words(page.text)
    assert not CODES.search(page.text)


async def test_refund_on_its_way_is_told(visitor, office, event):
    link = await visitor.order(event, 2)
    await office.paid(link)
    await office.refund(link, performs=False)

    page = await visitor.http.get(link)

    assert "€200.00 is on its way back" in words(page.text)
    assert len(CODES.findall(page.text)) == 2


async def test_order_of_a_cancelled_event_opens_no_door(visitor, office, event):
    paid, waiting = await visitor.order(event, 1), await visitor.order(event, 1)
    await office.paid(paid)
    await office.call_off(event.id)

    page = await visitor.http.get(paid)

    assert "This event is cancelled The organizer writes to mira@lund.example about your money." in words(
        page.text
    )
    assert not CODES.search(page.text)
    shown = await said(visitor, waiting)
    assert "This event is cancelled It does not take place. Nothing was charged" in shown
    assert "Cancel this order" not in shown
    assert "See other events" in shown


@pytest.mark.parametrize("counts", [(2,), (0, 2), (0, 0, 2)], ids=["invoice", "request", "free request"])
async def test_buyer_gives_up_an_order_that_waits(visitor, event, organization, owner_sql, counts):
    link = await visitor.order(event, *counts)
    assert await held(owner_sql, organization) == 2

    pressed = await visitor.press(link)
    again = await visitor.press(link)

    assert (pressed.status_code, pressed.headers["location"]) == (303, link)
    assert (again.status_code, again.headers["location"]) == (303, link)
    assert await held(owner_sql, organization) == 0
    assert "You cancelled it" in await said(visitor, link)


async def test_pressing_at_the_same_moment_gives_up_once(visitor, event, organization, owner_sql):
    link = await visitor.order(event, 2)

    answers = await asyncio.gather(*(visitor.press(link) for _ in range(4)))

    assert {answer.status_code for answer in answers} == {303}
    assert await held(owner_sql, organization) == 0
    told = "SELECT count(*) FROM facts WHERE organization_id = $1 AND type = 'order.cancelled'"
    assert await owner_sql.fetchval(told, organization.id) == 1


async def test_order_that_was_paid_meanwhile_is_not_given_up(visitor, office, event):
    link = await visitor.order(event, 2)
    await office.paid(link)

    answer = await visitor.press(link)

    assert answer.status_code == 409
    assert "The order is confirmed; please ask the organizer." in words(answer.text)
    assert len(CODES.findall(answer.text)) == 2


async def test_only_the_whole_link_gives_up_an_order(visitor, event, organization, owner_sql):
    link, other = await visitor.order(event, 2), await visitor.order(event, 1)
    bare, _, key = link.partition("?key=")

    for wrong in (bare, f"{bare}?key=", f"{bare}?key={key[:-1]}", f"{bare}?{other.partition('?')[2]}"):
        assert (await visitor.press(wrong)).status_code == 404
    crossed = await visitor.http.post(
        f"{bare}/cancellation?key={key}", headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert crossed.status_code == 403
    assert await held(owner_sql, organization) == 3


async def test_address_of_the_cancellation_leads_to_the_order(visitor, event):
    link = await visitor.order(event, 1)
    bare, _, key = link.partition("?key=")

    back, lost = (
        await visitor.http.get(f"{bare}/cancellation?key={key}"),
        await visitor.http.get(f"{bare}/cancellation"),
    )

    assert (back.status_code, back.headers["location"]) == (303, link)
    assert lost.status_code == 404
