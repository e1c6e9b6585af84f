"""Mails to who waits: one when they join, one when places are held for them, and none that is no longer true."""

from datetime import timedelta

import pytest

from foyer.domains.checkout import cancel_event, erase_customer
from foyer.domains.events.types import TicketTypeDraft
from foyer.domains.notifications.actions import crowds
from foyer.domains.notifications.actions.crowds import tell_guests
from foyer.domains.notifications.types import TellGuests
from foyer.domains.waiting import CRON, join_line
from foyer.domains.waiting.desk import offer_next
from foyer.domains.waiting.types import WaitingWish
from foyer.kernel.actor import visitor
from tests.support.waiting import join, line, not_yet, remind, standing
from tests.support.world import KEYRING

JO = "jo@example.org"
CANCELLED = "An evening is cancelled"
JOINED, OFFERED = "You are on the waiting list: An evening", "There are places for you: An evening"


@pytest.fixture
async def sale(mailroom):
    """An event whose only place is held, and the cart that holds it."""
    event = await mailroom.trade.event(TicketTypeDraft(name="Seat", quantity=1, is_free=True))
    cart = await mailroom.trade.reserve(event.id, {event.ticket_types[0].id: 1})
    return event, event.ticket_types[0].id, cart.id


async def give_back(mailroom, event, cart_id):
    await mailroom.trade.edit(event.id, cart_id, releases=True)
    async with mailroom.trade.database.batch(mailroom.trade.id) as connection:
        await offer_next(connection, mailroom.trade.counter(event.id), KEYRING.new_session)


async def test_joining_and_the_offer_are_told_with_the_link_to_the_place(mailroom, sale):
    event, kind, cart = sale
    for _ in range(5):
        await join(mailroom.trade, event, kind, 1, JO)
    assert [one[:2] for one in await mailroom.log()] == []
    joined = await mailroom.fresh()
    assert list(joined) == [(JOINED, JO)]
    assert [kind for kind, _, _ in await mailroom.log()] == ["waiting_joined"] * 3, "whoever asks all day"

    await give_back(mailroom, event, cart)
    offered = await mailroom.fresh()

    assert list(offered) == [(OFFERED, JO)]
    (place,) = await line(mailroom.trade, event)
    key = KEYRING.holder_token("waiting", mailroom.trade.id, place.id)
    for mail in (*joined.values(), *offered.values()):
        assert f"/waiting/{place.id}?key={key}" in mail.text


async def test_offer_that_has_lapsed_is_not_told(mailroom, sale):
    event, kind, cart = sale
    await join(mailroom.trade, event, kind, 1, JO)
    await give_back(mailroom, event, cart)
    mailroom.trade.jump(timedelta(hours=3))
    await mailroom.trade.sweep()

    assert list(await mailroom.fresh()) == []
    assert sorted(await mailroom.log()) == [
        ("waiting_joined", JO, "dropped"),
        ("waiting_offered", JO, "dropped"),
    ]


async def test_who_waits_is_written_to_in_their_language(mailroom, sale):
    event, kind, _ = sale
    wish = WaitingWish(event_id=event.id, ticket_type_id=kind, quantity=1, email=JO)
    async with mailroom.trade.database.write(mailroom.trade.id) as tx:
        await join_line(tx, wish, language="de", actor=visitor(mailroom.trade.id))

    assert list(await mailroom.fresh()) == [("Sie stehen auf der Warteliste: An evening", JO)]


async def test_who_was_erased_stands_in_no_line(mailroom, sale):
    event, kind, cart = sale
    await join(mailroom.trade, event, kind, 1, JO)
    (place,) = await line(mailroom.trade, event)
    async with mailroom.trade.database.write(mailroom.trade.id) as tx:
        await erase_customer(tx, place.customer_id, actor=mailroom.trade.organization.owner)

    await give_back(mailroom, event, cart)

    assert await line(mailroom.trade, event) == []
    assert list(await mailroom.fresh()) == []


async def test_who_lost_the_offer_and_asks_again_is_sent_it_again(mailroom, sale):
    event, kind, cart = sale
    await join(mailroom.trade, event, kind, 1, JO)
    await give_back(mailroom, event, cart)
    assert (OFFERED, JO) in await mailroom.fresh()

    await join(mailroom.trade, event, kind, 1, JO)
    again = await mailroom.fresh()

    assert list(again) == [(OFFERED, JO)]
    (place,) = await line(mailroom.trade, event)
    assert f"/waiting/{place.id}?key=" in again[OFFERED, JO].text


async def called_off(mailroom, event):
    """Cancel an event, while the clock for letting go of what is old comes by before anybody has been told."""
    (forget,) = CRON
    async with mailroom.trade.database.write(mailroom.trade.id) as tx:
        await cancel_event(tx, event.id, actor=mailroom.trade.organization.owner)
    await forget.do(mailroom.tools)
    return await mailroom.fresh()


async def test_who_waits_is_told_once_that_there_is_nothing_to_wait_for(mailroom, monkeypatch):
    """The first in line was offered the place, one was erased, one waits in two lines; somebody waits for another event."""
    monkeypatch.setattr(crowds, "GUESTS_MAX", 2)
    seats = [TicketTypeDraft(name=name, quantity=1, is_free=True) for name in ("Seat", "Box")]
    event, other = await mailroom.trade.event(*seats), await mailroom.trade.event(seats[0])
    kind, box = (one.id for one in event.ticket_types)
    carts = [(await mailroom.trade.reserve(event.id, {one: 1})).id for one in (kind, box)]
    await mailroom.trade.reserve(other.id, {other.ticket_types[0].id: 1})
    people = ["first@example.org", "gone@example.org", "second@example.org", "third@example.org"]
    for email in people:
        await join(mailroom.trade, event, kind, 1, email)
    await join(mailroom.trade, event, box, 1, "third@example.org")
    await join(mailroom.trade, other, other.ticket_types[0].id, 1, JO)
    await give_back(mailroom, event, carts[0])
    gone = (await line(mailroom.trade, event))[1].customer_id
    async with mailroom.trade.database.write(mailroom.trade.id) as tx:
        await erase_customer(tx, gone, actor=mailroom.trade.organization.owner)
    await mailroom.fresh()

    told = await called_off(mailroom, event)

    assert set(told) == {(CANCELLED, email) for email in people if not email.startswith("gone")}
    assert "it cost you nothing" in " ".join(told[CANCELLED, "third@example.org"].text.split())
    assert await standing(mailroom.trade, event) == ["lapsed", "left", "left", "left"]
    assert await standing(mailroom.trade, other) == ["waiting"]
    await tell_guests(mailroom.tools, mailroom.trade.id, TellGuests(event_id=event.id))
    await tell_guests(mailroom.tools, mailroom.trade.id, TellGuests(event_id=other.id))
    assert await mailroom.fresh() == {}
    assert [kind for kind, _, _ in await mailroom.log()].count("waiting_ended") == len(told)
    assert await standing(mailroom.trade, other) == ["waiting"], "it takes place"


async def test_who_wanted_to_hear_of_a_sale_hears_that_it_is_off_and_who_waits_too_hears_it_once(
    mailroom, owner_sql
):
    event = await not_yet(mailroom.trade.database, mailroom.trade.organization, count=2)
    for email, place in ((JO, 0), (JO, 1), ("ida@example.org", 0)):
        await remind(mailroom.trade.database, mailroom.trade.organization, event, email, place=place)
    kind = event.ticket_types[1].id
    await owner_sql.execute("UPDATE ticket_types SET sales_start_date = NULL WHERE id = $1", kind)
    await owner_sql.execute("UPDATE pools SET capacity = 0 WHERE organization_id = $1", mailroom.trade.id)
    await join(mailroom.trade, event, kind, 1, JO)
    await mailroom.fresh()

    told = await called_off(mailroom, event)

    assert set(told) == {(f"{event.title} is cancelled", email) for email in (JO, "ida@example.org")}
    ended = [email for kind, email, _ in await mailroom.log() if kind == "waiting_ended"]
    assert sorted(ended) == ["ida@example.org", JO]
    left = "SELECT count(*) FROM sale_reminders WHERE organization_id = $1"
    assert await owner_sql.fetchval(left, mailroom.trade.id) == 0


@pytest.mark.parametrize(
    ("change", "kept"),
    [("status = 'completed'", [JO]), ("deleted_at = foyer_now()", [JO]), (None, [JO]), ("status = 'cancelled'", [JO, "ida@example.org"])],
)  # fmt: skip
async def test_line_ends_with_its_event(mailroom, sale, owner_sql, change, kept):
    event, kind, cart = sale
    (forget,) = CRON
    for email in (JO, "ida@example.org"):
        await join(mailroom.trade, event, kind, 1, email)
    await give_back(mailroom, event, cart)
    await forget.do(mailroom.tools)
    assert await standing(mailroom.trade, event) == ["offered", "waiting"], "the event is still to come"
    if change is None:
        mailroom.trade.jump(event.ends_at - await mailroom.trade.now())
    else:
        await owner_sql.execute(f"UPDATE events SET {change} WHERE id = $1", event.id)

    await forget.do(mailroom.tools)

    assert [one.email for one in await line(mailroom.trade, event)] == kept, (
        "who was offered, and who is to be told"
    )
