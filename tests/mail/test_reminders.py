"""Carts that were left behind: one reminder each, only where the organizer and the buyer want it."""

import re
from datetime import timedelta

import pytest

from foyer.domains.customers.types import Customer
from foyer.domains.events import delete_event
from foyer.domains.events.types import TicketTypeDraft
from foyer.domains.notifications.jobs import remind
from tests.support.world import running_app, settings_for

FREE = TicketTypeDraft(name="Free", quantity=50, is_free=True)
JO = "jo@example.org"
SUBJECT = "Still want to come to An evening?"


@pytest.fixture
async def house(mailroom, owner_sql):
    await owner_sql.execute(
        "UPDATE organization_settings SET abandoned_cart_mails = true WHERE organization_id = $1",
        mailroom.trade.id,
    )
    return mailroom


async def leave(house, event, email=JO, *, wants=True):
    trade = house.trade
    cart = await trade.reserve(event.id, {event.ticket_types[0].id: 2})
    if email:
        await trade.edit(event.id, cart.id, customer=Customer(email=email, marketing=wants))
    return cart


async def later(house, **span):
    house.trade.jump(timedelta(**span))
    await house.trade.sweep()
    await remind(house.tools)
    return sorted(await house.fresh())


async def test_one_reminder_for_each_buyer_who_left_an_address(house):
    event = await house.trade.event(FREE)
    for email in (JO, None, "lu@example.org", JO):
        await leave(house, event, email)
    await leave(house, event, "no@example.org", wants=False)

    assert await later(house, minutes=20) == []  # they may be at it still
    assert await later(house, hours=1, minutes=5) == [(SUBJECT, JO), (SUBJECT, "lu@example.org")]
    assert await later(house, hours=1) == []
    assert await later(house, hours=30) == []


async def test_link_in_a_reminder_takes_the_same_tickets_again_in_any_browser(house, app_url, tmp_path):
    event = await house.trade.event(FREE)
    left = await leave(house, event)
    house.trade.jump(timedelta(minutes=20))
    await house.trade.sweep()
    house.trade.jump(timedelta(hours=2))
    await remind(house.tools)
    text = (await house.fresh())[SUBJECT, JO].text
    (path,) = re.findall(rf"http://localhost:8000(/\S+/carts/{left.id}\?key=\S+)", text)
    same_origin = {"Sec-Fetch-Site": "same-origin"}
    async with running_app(settings_for(tmp_path), app_url) as client:
        page = await client.get(path)
        for broken in (path[:-1], path.partition("?")[0]):
            assert (await client.get(broken)).status_code == 404
        for shut in (
            "/checkout",
            "/code",
            "/contact",
            "/release",
        ):  # it is read by whoever has the link, and nothing else
            address = path.replace("?", f"{shut}?")
            assert (await client.post(address, headers=same_origin)).status_code == 404
        (action,) = re.findall(r'action="(/[^"]+/reserve)"', page.text)
        fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text))
        taken = await client.post(action, data=fields, headers=same_origin)
        again = await client.get(taken.headers["location"])

    assert page.status_code == 410
    assert "Take the same 2 tickets" in page.text
    assert fields["email"] == JO
    assert taken.status_code == 303
    assert str(left.id) not in taken.headers["location"]
    assert '2 × <span dir="auto">Free' in again.text


async def test_nobody_is_reminded_who_ordered_or_whose_house_does_not_want_it(house, owner_sql):
    trade = house.trade
    event = await trade.event(FREE)
    await leave(house, event)
    await trade.buy(
        event, {event.ticket_types[0].id: 1}, JO.upper().replace("EXAMPLE.ORG", "example.org"), "free"
    )
    await house.fresh()
    await later(house, minutes=20)
    assert await later(house, hours=2) == []
    await owner_sql.execute(
        "UPDATE organization_settings SET abandoned_cart_mails = false WHERE organization_id = $1", trade.id
    )
    await leave(house, event, "lu@example.org")
    await later(house, minutes=20)
    assert await later(house, hours=2) == []


async def test_nobody_is_reminded_of_an_event_that_was_deleted_meanwhile(house):
    event, kept = await house.trade.event(FREE), await house.trade.event(FREE)
    await leave(house, event)
    await leave(house, kept, "lu@example.org")
    house.trade.jump(timedelta(minutes=20))
    await house.trade.sweep()
    house.trade.jump(timedelta(hours=2))
    await remind(house.tools)
    async with house.trade.database.write(house.trade.id) as tx:
        await delete_event(tx, event.id, actor=house.trade.organization.owner)

    assert sorted(await house.fresh()) == [(SUBJECT, "lu@example.org")]


async def test_old_carts_are_let_be(house):
    event = await house.trade.event(FREE)
    await leave(house, event)
    house.trade.jump(timedelta(minutes=20))
    await house.trade.sweep()

    assert await later(house, hours=25) == []


async def test_who_says_no_once_hears_no_more(house, app_url, tmp_path):
    event, other = await house.trade.event(FREE), await house.trade.event(FREE, title="A matinée")
    await leave(house, event)
    house.trade.jump(timedelta(minutes=20))
    await house.trade.sweep()
    house.trade.jump(timedelta(hours=2))
    await remind(house.tools)
    mail = (await house.fresh())[SUBJECT, JO]
    headers = dict(mail.headers)
    link = headers["List-Unsubscribe"].strip("<>")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in mail.text
    path = link.removeprefix("http://localhost:8000")
    async with running_app(settings_for(tmp_path), app_url) as client:
        form = await client.get(path)
        assert form.status_code == 200
        assert re.search(r"<form[^>]+method=\"post\"", form.text)
        for broken in (path[:-1], path.partition("?")[0]):
            assert (await client.post(broken)).status_code == 404
        # As the server of a mail program does it: no page of ours, no cookie.
        answer = await client.post(path, data={"List-Unsubscribe": "One-Click"})
        again = await client.post(path, headers={"Sec-Fetch-Site": "cross-site"})
    assert (answer.status_code, again.status_code) == (200, 200)
    await leave(house, other)
    await later(house, minutes=20)

    assert await later(house, hours=2) == []
