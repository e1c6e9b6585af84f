"""Mails about a sale that is still to open: at once how to take it back, one when it opens, and none that is no longer true."""

from datetime import timedelta

import pytest

from foyer.domains.checkout import cancel_event, erase_customer
from foyer.domains.notifications.jobs import tell_of_sales
from foyer.domains.waiting import CRON
from tests.support.waiting import OPENS_IN, not_yet, remind
from tests.support.world import KEYRING

JO = "jo@example.org"


@pytest.fixture
async def event(mailroom):
    """An event whose sale is still to open, and of which somebody wants to hear."""
    event = await not_yet(mailroom.trade.database, mailroom.trade.organization)
    await remind(mailroom.trade.database, mailroom.trade.organization, event, JO)
    return event


async def standing(owner, mailroom):
    query = "SELECT id, customer_id FROM sale_reminders WHERE organization_id = $1"
    return await owner.fetch(query, mailroom.trade.id)


async def open_sale(mailroom):
    mailroom.trade.jump(OPENS_IN + timedelta(minutes=1))
    await tell_of_sales(mailroom.tools)


async def test_reminder_is_told_at_once_and_the_sale_once_when_it_opens(mailroom, owner_sql, event):
    for _ in range(4):
        await remind(mailroom.trade.database, mailroom.trade.organization, event, JO)
    ((reminder_id, _),) = await standing(owner_sql, mailroom)
    told = await mailroom.fresh()
    assert list(told) == [(f"We remind you: {event.title}", JO)]
    assert [kind for kind, _, _ in await mailroom.log()] == ["reminder_set"] * 3, "whoever asks all day"
    key = KEYRING.holder_token("reminder", mailroom.trade.id, reminder_id)
    assert f"/sale-reminders/{reminder_id}?key={key}" in next(iter(told.values())).text

    await tell_of_sales(mailroom.tools)
    assert list(await mailroom.fresh()) == [], "the sale has not opened"
    await open_sale(mailroom)
    await tell_of_sales(mailroom.tools)
    told = await mailroom.fresh()

    assert list(told) == [(f"On sale now: {event.title}", JO)]
    assert "Seat 0" in next(iter(told.values())).text
    assert f"/events/{event.slug}" in next(iter(told.values())).text
    assert await standing(owner_sql, mailroom) == []
    assert [kind for kind, _, _ in await mailroom.log()] == [*["reminder_set"] * 3, "sale_opened"]


async def test_what_opens_together_is_told_in_one_mail(mailroom, owner_sql):
    together, apart = [
        await not_yet(mailroom.trade.database, mailroom.trade.organization, count=2) for _ in range(2)
    ]
    for event in (together, apart):
        for place in range(2):
            await remind(mailroom.trade.database, mailroom.trade.organization, event, JO, place=place)
    same = "UPDATE ticket_types SET sales_start_date = $2 WHERE event_id = $1"
    await owner_sql.execute(same, together.id, together.ticket_types[0].sales_start_date)
    await mailroom.work()

    mailroom.trade.jump(OPENS_IN + timedelta(hours=2))
    await tell_of_sales(mailroom.tools)

    assert await standing(owner_sql, mailroom) == []
    told = "SELECT subject_id FROM mail_log WHERE organization_id = $1 AND template = 'sale_opened'"
    about = [row[0] for row in await owner_sql.fetch(told, mailroom.trade.id)]
    assert (about.count(together.id), about.count(apart.id)) == (1, 2)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE events SET visibility = 'private' WHERE id = $1",
        "UPDATE ticket_types SET is_hidden = true WHERE event_id = $1",
        "UPDATE ticket_types SET sales_start_date = sales_start_date + interval '9 days' WHERE event_id = $1",
        "UPDATE events SET status = 'cancelled' WHERE id = $1",
    ],
    ids=["private", "hidden", "put off", "cancelled"],
)
async def test_sale_that_is_not_open_to_everybody_is_not_told(mailroom, owner_sql, event, change):
    await owner_sql.execute(change, event.id)

    await open_sale(mailroom)
    await mailroom.work()

    assert [kind for kind, _, _ in await mailroom.log()] == ["reminder_set"]


async def test_sale_that_is_called_off_before_its_mail_leaves_is_not_told(mailroom, owner_sql, event):
    await mailroom.fresh()
    await open_sale(mailroom)
    async with mailroom.trade.database.write(mailroom.trade.id) as tx:
        await cancel_event(tx, event.id, actor=mailroom.trade.organization.owner)

    assert list(await mailroom.fresh()) == []
    assert (await mailroom.log())[-1] == ("sale_opened", JO, "dropped")


async def test_who_wants_to_hear_is_written_to_in_their_language(mailroom):
    event = await not_yet(mailroom.trade.database, mailroom.trade.organization)
    await remind(mailroom.trade.database, mailroom.trade.organization, event, JO, language="de")
    assert list(await mailroom.fresh()) == [(f"Wir erinnern Sie: {event.title}", JO)]

    await open_sale(mailroom)

    assert list(await mailroom.fresh()) == [(f"Jetzt im Verkauf: {event.title}", JO)]


async def test_who_was_erased_hears_of_no_sale(mailroom, owner_sql, event):
    ((_, customer_id),) = await standing(owner_sql, mailroom)
    async with mailroom.trade.database.write(mailroom.trade.id) as tx:
        await erase_customer(tx, customer_id, actor=mailroom.trade.organization.owner)
    assert await standing(owner_sql, mailroom) == []

    await open_sale(mailroom)

    assert list(await mailroom.fresh()) == []


async def test_reminders_go_with_what_they_were_about(mailroom, owner_sql, event):
    (forget,) = CRON
    for change in ("title = title", "status = 'cancelled'"):
        await owner_sql.execute(f"UPDATE events SET {change} WHERE id = $1", event.id)
        await forget.do(mailroom.tools)
        assert len(await standing(owner_sql, mailroom)) == 1, "it is to come, or they are to be told"
    mailroom.trade.jump(event.ends_at - await mailroom.trade.now())

    await forget.do(mailroom.tools)

    assert await standing(owner_sql, mailroom) == []
