"""Events on sale: what may not be done to them any more, and what their organizer is told."""

from datetime import timedelta

from tests.api.asking import refused, taken
from tests.support.world import make_event, today


async def test_event_on_sale_cannot_be_moved_into_the_past(office, database, untouched):
    event = await make_event(database, office.organization)
    day = str(today() - timedelta(days=2))
    change = {"startDate": day, "endDate": day}
    async with untouched(office.organization):
        answer = await office.edit(event.id, change)
        refused(answer, 422, "invalid_field", "endDate", "has to end in the future")

    later = str(today() + timedelta(days=2))
    moved = taken(await office.edit(event.id, {"startDate": day, "endDate": later}))
    assert (moved["status"], moved["endDate"]) == ("published", later)


async def test_draft_may_lie_in_the_past(office, database):
    event = await make_event(database, office.organization, publish=False)
    day = str(today() - timedelta(days=2))

    assert taken(await office.edit(event.id, {"startDate": day, "endDate": day}))["endDate"] == day


async def test_what_nobody_can_buy_is_told(office):
    event = await office.event(venueName="Hall", address="Street 1", visibility="private")
    await office.type(event["id"], name="Crew", isHidden=True)
    await office.type(event["id"], name="Press", isHidden=True)
    await office.type(event["id"], name="Seat")

    warned = taken(await office.ask("POST", f"/events/{event['id']}/publication"))["warnings"]

    assert [one["field"] for one in warned] == ["visibility", "ticketTypes"]
    assert "private" in warned[0]["detail"]
    assert "2 ticket types are hidden" in warned[1]["detail"]
