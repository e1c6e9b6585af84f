"""Every state that a buyer can meet has its page: it says what happened, what happens to the money, and what to do next.

Each test goes through a whole machine, so a state that somebody adds without words fails here.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from html import unescape
from itertools import product
from uuid import UUID

import pytest
from msgspec.structs import replace as changed

from foyer.domains.carts import offer
from foyer.domains.carts.types import CartStatus
from foyer.domains.events import on_sale
from foyer.domains.events.types import EventStatus, HolderTerms, SaleState, TicketTypeDraft
from foyer.domains.orders import find_order
from foyer.domains.orders.types import (
    Approval,
    ApprovalStatus,
    CancelReason,
    Order,
    OrderStatus,
    PaymentStatus,
)
from foyer.domains.organizations import shop as shop_in
from foyer.domains.payments.types import Refund, RefundStatus
from foyer.domains.tickets import Signer, tickets_of_order
from foyer.domains.tickets.types import TicketStatus
from foyer.domains.waiting import waiting
from foyer.domains.waiting.types import WaitingStatus
from foyer.kernel.ids import uuid7
from foyer.web.shared.pages import OrderPage, StateKind, StatePage, TicketPage, WaitingPage
from foyer.web.shared.pages.order import OrderState
from foyer.web.shared.render import markup
from foyer.web.shared.words import LANGUAGE
from foyer.web.storefront.browse import event_page_of
from foyer.web.storefront.cards import ticket_view
from tests.support.waiting import in_line
from tests.support.world import KEYRING, make_event
from tests.web.conftest import order_id, words

SEAT = TicketTypeDraft(name="Seat", quantity=9, price=1_000)
STAND = "UPDATE carts SET status = $2 WHERE id = $1"
MONEY = re.compile(r"charged|taken|went back|goes back|your money|Pay €|nothing later|Paid")
"""One of these words tells every buyer what has become of their money."""
PAYMENTS = {
    OrderStatus.PENDING: {PaymentStatus.PENDING, PaymentStatus.FAILED},
    OrderStatus.CONFIRMED: {PaymentStatus.PAID},
    OrderStatus.PARTIAL_REFUND: {PaymentStatus.PARTIAL_REFUND},
    OrderStatus.REFUNDED: {PaymentStatus.REFUNDED},
    OrderStatus.CANCELLED: set(PaymentStatus),
}
"""How an order can be paid while it is what it is."""
STANDS = (EventStatus.PUBLISHED, EventStatus.CANCELLED)
MAIN = re.compile(r'class="button[^"]*button-main')
HEADLINE = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)


def said(template: str, page: object) -> tuple[str, str]:
    """A page in English and its headline, which German says in its own words."""
    drawn = {}
    for language in ("de", "en"):
        token = LANGUAGE.set(language)
        drawn[language] = markup(template, page)
        LANGUAGE.reset(token)
    headlines = {language: HEADLINE.findall(text)[0].strip() for language, text in drawn.items()}
    assert headlines["en"], page
    assert headlines["en"] != headlines["de"], page
    return drawn["en"], unescape(headlines["en"])


@pytest.fixture
async def paid(visitor, office, database, organization) -> OrderPage:
    """The page of an order of two seats that is paid."""
    link = await visitor.order(await make_event(database, organization, SEAT), 2)
    await office.paid(link)
    async with database.read(organization.id) as tx:
        order = await find_order(tx, order_id(link))
        sale, shop = await on_sale(tx, event_id=order.event_id), await shop_in(tx)
        tickets = await tickets_of_order(tx, order.id, Signer(KEYRING))
        now = await tx.now()
    views = [ticket_view(one, order, sale.event) for one in tickets]
    return OrderPage(
        shop=shop, event=sale.event, order=order, tickets=views, refunds=[], invoices=[], key="k", as_of=now
    )


def variants(order: Order) -> Iterator[Order]:
    """The order in everything that its machines can make of it."""
    assert PAYMENTS.keys() == set(OrderStatus)
    assert set.union(*PAYMENTS.values()) == set(PaymentStatus)
    for status, payments in PAYMENTS.items():
        for payment in payments:
            yield changed(order, status=status, payment_status=payment)
    for reason in CancelReason:
        yield changed(
            order, status=OrderStatus.CANCELLED, payment_status=PaymentStatus.PENDING, cancel_reason=reason
        )
    for word, status in product(ApprovalStatus, (OrderStatus.PENDING, OrderStatus.CANCELLED)):
        approval = Approval(status=word, decided_by=None, decided_at=None, reason=None)
        yield changed(order, status=status, payment_status=PaymentStatus.PENDING, approval=approval)


async def test_order_in_every_state_says_what_happened_and_what_happens_to_the_money(paid):
    seen = {}
    for order, method, event_status in product(variants(paid.order), ("manual", "card"), STANDS):
        event = changed(paid.event, status=event_status)
        page = replace(paid, order=changed(order, payment_method=method), event=event)
        text, headline = said("shop/order.html", page)
        assert MONEY.search(words(text)), (order.status, order.payment_status, headline)
        assert text.count("button-main") == (page.is_over or page.is_at_provider), "one action that is clear"
        seen.setdefault(page.state, set()).add(headline)

    assert seen.keys() == set(OrderState)
    assert sum(map(len, seen.values())) == len(set.union(*seen.values())), "each state has its own headline"


async def test_every_reason_of_a_cancelled_order_has_its_sentence(paid):
    sentences = {}
    for reason in (None, *CancelReason):
        order = changed(paid.order, status=OrderStatus.CANCELLED, cancel_reason=reason)
        text, _ = said("shop/order.html", replace(paid, order=order))
        sentences[reason] = re.search(r'class="subline">(.*?)</p>', text, re.DOTALL)[1]
    assert len(set(sentences.values())) == len(sentences)


async def test_ticket_in_every_state_says_whether_it_opens_the_door(paid):
    view = paid.tickets[0]
    said_of = {
        TicketStatus.VALID: "to be shown at the door", TicketStatus.USED: "Used",
        TicketStatus.CANCELLED: "Ticket cancelled", TicketStatus.REFUNDED: "Ticket refunded",
    }  # fmt: skip
    assert said_of.keys() == set(TicketStatus)
    for status, sentence in said_of.items():
        card = ticket_view(changed(view.ticket, status=status), paid.order, paid.event)
        text, _ = said("shop/order.html", replace(paid, tickets=[card]))
        assert sentence in text
        alone = TicketPage(
            shop=paid.shop, event=paid.event, order=paid.order, view=card, key="k", terms=HolderTerms(paid.event.status, paid.event.time_zone, paid.as_of), lets_hand_on=False,
            as_of=paid.as_of,
        )  # fmt: skip
        assert (status.value in said("shop/ticket.html", alone)[1]) == (not card.is_open)


async def test_order_and_ticket_do_not_ask_to_come_to_what_has_been(paid):
    (view, *_rest), ended = paid.tickets, paid.event.ends_at
    alone = TicketPage(
        shop=paid.shop, event=paid.event, order=paid.order, view=view, key="k", lets_hand_on=False, as_of=ended,
        terms=HolderTerms(paid.event.status, paid.event.time_zone, paid.as_of),
    )  # fmt: skip
    there = "https://meet.example.org/evening"
    online = replace(paid, joining_link=there), replace(alone, joining_link=there)
    for name, page in zip(("shop/order.html", "shop/ticket.html"), online, strict=True):
        assert there in said(name, replace(page, as_of=ended - timedelta(seconds=1)))[0]
        assert there not in said(name, replace(page, as_of=ended))[0]
    order, ticket = said("shop/order.html", replace(paid, as_of=ended)), said("shop/ticket.html", alone)

    assert order[1] == ticket[1] == "This event is over"
    assert "Add to calendar" not in order[0] + ticket[0]
    assert "Show it at the door" not in ticket[0]
    gone = replace(view, ticket=changed(view.ticket, status=TicketStatus.REFUNDED), qr_svg="")
    partly, _ = said("shop/order.html", replace(paid, as_of=ended, tickets=[view, gone]))
    assert "1 ticket was for" in partly
    assert "still work" not in partly
    was_in = replace(view, ticket=changed(view.ticket, status=TicketStatus.USED, checked_in_at=paid.as_of))
    assert "This ticket let its holder in on" in said("shop/ticket.html", replace(alone, view=was_in))[0]


async def test_refund_in_every_state_is_told(paid):
    said_of = {
        RefundStatus.DUE: "goes back to you", RefundStatus.PENDING: "is on its way back",
        RefundStatus.COMPLETED: "went back to you", RefundStatus.FAILED: "could not be given back yet",
    }  # fmt: skip
    assert said_of.keys() == set(RefundStatus)
    for status, sentence in said_of.items():
        refund = Refund(
            id=uuid7(), order_id=paid.order.id, user_id=None, provider="manual", amount=2_000, currency="EUR",
            reason=None, status=status, transaction_id=None, error_message=None, lines=[], created_at=paid.as_of,
            updated_at=paid.as_of,
        )  # fmt: skip
        text, _ = said("shop/order.html", replace(paid, refunds=[refund]))
        assert f"€20.00 {sentence}" in words(text)


async def test_place_in_line_in_every_state_says_what_to_do(database, organization):
    standing = await in_line(database, organization)
    headlines = set()
    async with database.read(organization.id) as tx:
        place, sale, shop = (
            await waiting(tx, standing.id),
            await on_sale(tx, event_id=standing.event_id),
            await shop_in(tx),
        )
        now = await tx.now()
    for status in WaitingStatus:
        page = WaitingPage(
            shop=shop, event=sale.event, waiting=changed(place, status=status, offered_until=now), key="k"
        )
        text, headline = said("shop/waiting.html", page)
        assert re.search(r'<p class="quiet">[^<]{20}', text)
        assert 'class="button' in text.partition("<main")[2]
        headlines.add(headline)
    assert len(headlines) == len(WaitingStatus)


async def test_event_and_ticket_type_in_every_state_say_whether_and_when(database, organization):
    event = await make_event(database, organization, SEAT)
    async with database.read(organization.id) as tx:
        found, shop = await offer(tx, event_id=event.id), await shop_in(tx)
    (kind,) = found.ticket_types
    later = found.as_of + timedelta(days=4)
    said_of = {
        SaleState.ON_SALE: "9 left", SaleState.BY_APPROVAL: "On request: the organizer decides",
        SaleState.NOT_YET: "On sale", SaleState.SOLD_OUT: "Sold out", SaleState.ENDED: "Sales have ended",
        SaleState.CANCELLED: "This event is cancelled", SaleState.OVER: "This event is over",
    }  # fmt: skip
    assert said_of.keys() == set(SaleState)
    whole = {SaleState.CANCELLED: EventStatus.CANCELLED, SaleState.OVER: EventStatus.COMPLETED}
    for state, sentence in said_of.items():
        shown = changed(
            found, event=changed(found.event, status=whole.get(state, EventStatus.PUBLISHED)),
            ticket_types=[changed(kind, state=state, sales_start_date=later)],
        )  # fmt: skip
        page = event_page_of(shop, shown)
        assert page.state is state
        text = markup("shop/event.html", page)
        assert sentence in words(text), state
        assert page.standing(shown.ticket_types[0])
        assert MAIN.search(text.partition("<main")[2]) or state is SaleState.ENDED, "one action that is clear"


async def test_event_is_shown_in_every_state_but_as_a_draft(visitor, database, organization, owner_sql):
    shown = {
        EventStatus.DRAFT: (404, "open the link in the mail about your order"),
        EventStatus.PUBLISHED: (200, "Reserve tickets"),
        EventStatus.CANCELLED: (200, "This event is cancelled"),
        EventStatus.COMPLETED: (200, "This event is over"),
    }
    for status in EventStatus:
        event = await make_event(database, organization, SEAT)
        await owner_sql.execute("UPDATE events SET status = $2 WHERE id = $1", event.id, status.value)
        answer = await visitor.open(f"/events/{event.slug}")
        assert (answer.status_code, shown[status][1] in words(answer.text)) == (shown[status][0], True), (
            status
        )
    nowhere = await visitor.http.get("/no-such-shop")
    assert (nowhere.status_code, "To the start" in nowhere.text) == (404, True)


async def test_cart_in_every_state_leads_on(visitor, database, organization, owner_sql):
    event = await make_event(database, organization, SEAT)
    path = await visitor.cart(event, 2)
    leads = {
        CartStatus.ACTIVE: "Contact",
        CartStatus.EXPIRED: "You gave these places back No money was taken.",
        CartStatus.ABANDONED: "You gave these places back No money was taken.",
    }
    assert leads.keys() | {CartStatus.CONVERTED} == set(CartStatus)
    for status, sentence in leads.items():
        await owner_sql.execute(STAND, UUID(path.rpartition("/")[2]), status.value)
        assert sentence in words((await visitor.open(path)).text)
    await owner_sql.execute("UPDATE events SET sales_end_date = foyer_now() WHERE id = $1", event.id)
    assert "Seat : Sales have ended" in words((await visitor.open(path)).text)
    await owner_sql.execute("UPDATE events SET status = 'cancelled' WHERE id = $1", event.id)
    assert "This event is cancelled No money was taken" in words((await visitor.open(path)).text)

    visitor.http.cookies.clear()
    path = await visitor.cart(await make_event(database, organization, SEAT), 2)
    link = await visitor.place(path)
    assert (await visitor.open(path)).headers["location"] == link, CartStatus.CONVERTED


@pytest.mark.parametrize("kind", StateKind)
def test_whatever_ends_a_way_has_an_icon_a_sentence_and_a_way_on(kind):
    text, _ = said("shop/state.html", StatePage(kind=kind))
    assert re.search(r'class="tile tile-round is-\w+"><svg', text)
    assert re.search(r'<p class="quiet">[^<]{20}', text)
    assert MAIN.search(text)
